"""http_desk: how fast the desk answers over HTTP: lodging, reading, listening.

usage: http_desk.py BUILD [DECLARATIONS]   (100000; the queue and search want 1000000)

Starts tests/http_serve with callers that it makes up, on a new store in the temporary folder, talks
to it over loopback alone, and prints a table of what was measured. The load comes from the same
machine. Everything is bounded: by counts, and each answer by a minute.
"""
import contextlib
import http.client
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time

BUILD = os.path.abspath(sys.argv[1])
DECLARATIONS = int(sys.argv[2]) if len(sys.argv) > 2 else 100000
LISTENERS = 2000
WAIT_S = 60
OFFICER = {'Authorization': 'Bearer officer:XM000001:olga'}
TRADER = {'Authorization': 'Bearer trader:XM10855252:load'}


def run(*words, **how):
    return subprocess.run([os.path.join(BUILD, words[0]), *words[1:]], capture_output=True,
                          text=True, check=False, **how).stdout


def season(*words):
    """Declarations of the simulated port, all of one declarant: over HTTP one lodges his own."""
    return re.sub(r'"declarant":{"id":"\w+"', '"declarant":{"id":"XM10855252"',
                  run('tidewaiter', 'simulate', *words))


def row(what, measured, wanted=''):
    print(f'| {what} | {measured} | {wanted} |', flush=True)


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


class Server:
    def __init__(self, store):
        self.process = subprocess.Popen(
            [f'{BUILD}/http_serve', 'serve', '--simulated', '--store', store, '--listen',
             '127.0.0.1:0'],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.port = int(self.process.stdout.readline().decode().rsplit(':', 1)[1])

    def memory_kib(self):
        with open(f'/proc/{self.process.pid}/status', encoding='ascii') as status:
            return int(re.search(r'VmRSS:\s+(\d+)', status.read())[1])

    def connection(self):
        return http.client.HTTPConnection('127.0.0.1', self.port, timeout=WAIT_S)

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(WAIT_S)


@contextlib.contextmanager
def serving(store):
    server = Server(store)
    try:
        yield server
    finally:
        server.end()


def ask(connection, path, headers):
    connection.request('GET', path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, (path, answer.status, body[:500])
    return json.loads(body)


def waits_ms(server, paths, headers):
    """How long each answer takes, one after the other on one connection."""
    connection, waits = server.connection(), []
    for path in paths:
        began = time.perf_counter()
        ask(connection, path, headers)
        waits.append((time.perf_counter() - began) * 1000)
    connection.close()
    return waits


def row_of_waits(what, waits, wanted):
    row(what, f'p50 {percentile(waits, .5):.1f} ms, p99 {percentile(waits, .99):.1f} ms', wanted)


# --- Lodging -------------------------------------------------------------------------------------

def lodge_singles(folder):
    with serving(f'{folder}/singles') as server:
        run('http_load', str(server.port), '5000', '64', '0', '9')          # warm
        fast = [run('http_load', str(server.port), '20000', '64', '0', str(seed)).strip()
                for seed in (1, 2, 3)]
        rates = [float(re.search(r' (\d+)/s', line)[1]) for line in fast]
        row('single declarations, 64 connections, durable', f'{percentile(rates, .5):.0f}/s',
            '5,000/s')
        half = run('http_load', str(server.port), '20000', '64', '2500', '4')
        row('their waits at 2,500/s', re.search(r'p50.*?p99 [\d.]+ ms', half)[0], 'p99 < 100 ms')


def stream(port, lines):
    """One stream of lines; gives the answers that came."""
    with socket.create_connection(('127.0.0.1', port), WAIT_S) as peer:
        head = ('POST /api/v1/declarations/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n'
                f'Authorization: {TRADER["Authorization"]}\r\nConnection: close\r\n'
                f'Content-Type: application/x-ndjson\r\nContent-Length: {len(lines)}\r\n\r\n')
        left, answers = memoryview(head.encode() + lines), 0
        peer.setblocking(False)
        while True:
            readable, writable, _ = select.select([peer], [peer] if left else [], [], WAIT_S)
            assert readable or writable, 'nothing came for a minute'
            if writable:
                left = left[peer.send(left[:1 << 18]):]
            if readable:
                piece = peer.recv(1 << 18)
                if not piece:
                    return answers
                answers += piece.count(b'\n')


def lodge_many(folder, lines, count):
    shares = []
    for turn in range(3):
        began = time.perf_counter()
        run('tidewaiter', 'declare', '-', '--simulated', '--store', f'{folder}/bulk{turn}',
            input=lines)
        bulk = count / (time.perf_counter() - began)
        with serving(f'{folder}/stream{turn}') as server:
            began = time.perf_counter()
            answers = stream(server.port, lines.encode())
            streamed = count / (time.perf_counter() - began)
        assert answers >= count, answers
        shares.append((streamed / bulk, streamed, bulk))
    share, streamed, bulk = sorted(shares)[1]
    row('NDJSON stream', f'{streamed:.0f}/s, {share:.0%} of {bulk:.0f}/s from a file', '80 %')


# --- Reading -------------------------------------------------------------------------------------

def read(server):
    connection = server.connection()
    queue = ask(connection, '/api/v1/queue?limit=200', OFFICER)
    files = [one['file'] for one in queue['rows']]
    page, cursor = [], ''
    for _ in range(5):
        found = ask(connection, f'/api/v1/search?text=8517&limit=200{cursor}', OFFICER)
        page += found['rows']
        cursor = f'&cursor={found["next"]}' if found.get('next') else ''
    files += [one['file'] for one in page]
    one = page[0]
    connection.close()
    paths = [f'/api/v1/files/{name.replace("/", "%2F")}' for name in files[:1000]]
    row_of_waits('file page, the API', waits_ms(server, paths, OFFICER), 'p99 < 10 ms')
    row_of_waits('queue, first page and with filters', waits_ms(server, [
        '/api/v1/queue', f'/api/v1/queue?office={one["office"]}', '/api/v1/queue?claimed=nobody',
        f'/api/v1/queue?type={one["type"]}&limit=200'] * 100, OFFICER), 'p99 < 50 ms')
    row_of_waits('search', waits_ms(server, [
        f'/api/v1/search?text={text}' for text in
        (one['file'], one['reference'], one['declarant'], one['commodity'], '85', 'XM', 'CN')
    ] * 60, OFFICER), 'p99 < 50 ms')
    row_of_waits('figures of a year', waits_ms(server, [
        '/api/v1/figures?from=2026-01-01&to=2026-12-31'] * 100, OFFICER), '')


# --- Listening -----------------------------------------------------------------------------------

def listen(server):
    before = server.memory_kib()
    listeners = [socket.create_connection(('127.0.0.1', server.port), WAIT_S)
                 for _ in range(LISTENERS)]
    poll = select.epoll()
    for peer in listeners:
        peer.sendall(b'GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\n'
                     b'Authorization: ' + OFFICER['Authorization'].encode() + b'\r\n\r\n')
        poll.register(peer, select.EPOLLIN)
    time.sleep(5)
    by_number = {peer.fileno(): peer for peer in listeners}
    while hear(poll, by_number, 0.5):
        pass
    more = server.memory_kib() - before
    waits = []
    for line in season('--per-day', '20', '--seed', '77').splitlines():
        answered = lodge_one(server, line)
        heard = set()
        while len(heard) < LISTENERS:
            numbers = hear(poll, by_number, WAIT_S)
            assert numbers, f'{len(heard)} of {LISTENERS} heard of it'
            now = time.perf_counter()
            waits += [(now - answered) * 1000 for number in numbers if number not in heard]
            heard.update(numbers)
    row(f'memory of {LISTENERS} listeners', f'{more / 1024:.0f} MiB', '< 60 MiB')
    row('from the lodging\'s answer to a listener', f'p50 {percentile(waits, .5):.0f} ms, '
        f'p99 {percentile(waits, .99):.0f} ms', 'p99 < 200 ms')
    for peer in listeners:
        peer.close()


def hear(poll, by_number, wait_s):
    numbers = [number for number, _ in poll.poll(wait_s)]
    for number in numbers:
        by_number[number].recv(1 << 16)
    return numbers


def lodge_one(server, line):
    connection = server.connection()
    connection.request('POST', '/api/v1/declarations', line.encode(),
                       {**TRADER, 'Content-Type': 'application/json'})
    status = connection.getresponse().status
    assert status in (200, 201, 422), status
    return time.perf_counter()


with tempfile.TemporaryDirectory(prefix='http-desk-') as place:
    print('| what | measured | wanted |\n| --- | --- | --- |')
    lodge_singles(place)
    many = season('--days', '2', '--per-day', '50000')
    lodge_many(place, many, 100000)
    whole = many
    if DECLARATIONS != 100000:
        whole = season('--days', '50', '--per-day', str(DECLARATIONS // 50), '--seed', '5')
    run('tidewaiter', 'declare', '-', '--simulated', '--store', f'{place}/port', input=whole)
    with serving(f'{place}/port') as desk:
        read(desk)
        listen(desk)
