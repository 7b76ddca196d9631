"""story_http: the server as programs and mischief meet it.

usage: story_http.py TIDEWAITER HTTP_SERVE [WORD ...]

Each story is a function whose name is a sentence; WORDs choose those with all of them in the name.
A story has a store and a server of its own, on a port that the system chose; its callers are made
up (http_serve.c).
"""
import contextlib
import functools
import http.client
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import desk_server
from desk_server import (ENVIRONMENT, JSON, LODGE, NDJSON, PROGRAM, STREAM, TRADER, WAIT_S, Server,
                         ask_on, assert_problem, season, sound, story, until)

ANN = f'trader:{TRADER}:ann'
WITH_CALLERS = os.path.abspath(sys.argv[2])
server = functools.partial(desk_server.server, WITH_CALLERS)


# --- Lodging ---

@story
def a_declaration_is_lodged_once_and_answered_alike():
    with server() as s:
        one = sound()
        first = s.lodge(one)
        assert first.status == 201 and first.json()['answer'] == 'lodged', first
        assert first.headers['Location'] == f'{LODGE}/{one["ucr"]}', first
        again = s.lodge(one)
        assert again.status == 200 and again.json()['answer'] == 'repeated', again
        assert again.json()['state'] == first.json()['state'], again
        status = s.ask('GET', first.headers['Location'] + '/status', caller=ANN)
        assert status.json()['state'] == first.json()['state'], status
        assert s.ask('HEAD', first.headers['Location'], caller='auditor::bo').status == 200
        changed = dict(one, typeCode='XXX')
        assert_problem(s.lodge(changed), 409)


@story
def what_breaks_a_rule_is_refused_with_findings():
    with server() as s:
        one = sound()
        del one['items'][0]['classifications']
        said = assert_problem(s.lodge(one), 422, 'refused')
        assert said['findings'] and said['state'] == 'refused', said
        assert all({'rule', 'text', 'field'} <= set(f) for f in said['findings']), said


@story
def what_cannot_be_read_is_told_with_its_place():
    with server() as s:
        said = assert_problem(s.lodge(b'{\n "ucr": 5}'), 400)
        assert (said['line'], said['field']) == (2, 'ucr'), said
        assert_problem(s.lodge(b''), 400)
        assert_problem(s.lodge(b'<Declaration'), 400)
        assert_problem(s.lodge(b'{}', Content_Type='text/csv'), 415)


@story
def a_wco_message_is_taken_like_json():
    text = subprocess.run([PROGRAM, 'simulate', '--per-day', '3', '--format', 'xml'],
                          capture_output=True, check=True, env=ENVIRONMENT).stdout
    first = text.strip().split(b'\n')[0]
    with server() as s:
        told = s.lodge(first, Content_Type='application/xml')
        assert_problem(told, 400)  # another is its declarant
        declarant = told.json()['detail'].split("'")[1]
        told = s.lodge(first, f'trader:{declarant}:ann', Content_Type='application/xml')
        assert told.status in (201, 422), told


@story
def the_same_key_and_body_get_the_same_answer():
    with server() as s:
        one = sound()
        first = s.lodge(one, Idempotency_Key='k-1')
        again = s.lodge(one, Idempotency_Key='k-1')
        assert (first.status, again.status) == (201, 201), again
        assert first.body == again.body and again.headers['Idempotent-Replayed'] == 'true'
        assert again.headers['Location'] == first.headers['Location']
        assert_problem(s.lodge(dict(one, ucr='other'), Idempotency_Key='k-1'), 422,
                       'key-of-another')
        assert_problem(s.lodge(one, Idempotency_Key='k' * 200), 400)
        # The key is the caller's own: another's is another.
        assert s.lodge(one, f'trader:{TRADER}:bo', Idempotency_Key='k-1').status == 200


@story
def who_does_not_wait_is_told_where_to_look():
    with server() as s:
        one = sound()
        told = s.lodge(one, Prefer='wait=1, respond-async')
        assert told.status == 202 and told.headers['Location'].endswith('/status'), told
        until = time.monotonic() + WAIT_S
        while True:
            status = s.ask('GET', told.headers['Location'], caller=ANN)
            if status.status == 200 or time.monotonic() > until:
                break
            time.sleep(0.02)
        assert status.status == 200 and status.json()['file'] == one['ucr'], status
        assert_problem(s.lodge(b'{', Prefer='respond-async'), 400)


@story
def an_amendment_and_a_withdrawal_say_what_they_are():
    with server() as s:
        ann = ANN
        lodged = ((d, s.lodge(d).json().get('state')) for d in season(400))
        open_ones = (d for d, state in lodged if state in ('refused', 'awaiting-documents'))
        one, another = next(open_ones), next(open_ones)
        path = f'{LODGE}/{one["ucr"]}'
        assert_problem(s.lodge(one, path=path + '/amend'), 400)
        amended = dict(one, functionCode='13', typeCode=one['typeCode'])
        assert_problem(s.lodge(dict(amended, ucr='6XM1'), path=path + '/amend'), 400)
        assert_problem(s.lodge(dict(amended, ucr='6XM1'), path=f'{LODGE}/6XM1/amend'), 404)
        assert s.lodge(amended, path=path + '/amend').status in (201, 422)
        assert_problem(s.lodge(amended, path=path + '/withdraw'), 400)
        assert s.ask('GET', path, caller=ann).json()['version'] == 2
        path = f'{LODGE}/{another["ucr"]}'
        told = s.lodge(dict(another, functionCode='1'), path=path + '/withdraw')
        assert told.status == 201 and told.json()['state'] == 'withdrawn', told


# --- Who may ---

@story
def nobody_lodges_and_nobody_reads_without_signing_in():
    with desk_server.server() as s:
        one = sound()
        assert_problem(s.lodge(one), 401)
        assert_problem(s.ask('GET', f'{LODGE}/{one["ucr"]}'), 401)
        assert s.ask('GET', '/api/v1/openapi.json').status == 200


@story
def what_is_anothers_is_not_there():
    with server() as s:
        one = sound()
        path = f'{LODGE}/{one["ucr"]}'
        assert s.lodge(one).status == 201
        bo = 'trader:XM99999999:bo'
        assert_problem(s.lodge(one, bo), 400)
        theirs = dict(one, declarant={'id': 'XM99999999'})
        assert_problem(s.lodge(theirs, bo), 409)
        for function, verb in (('13', 'amend'), ('1', 'withdraw')):
            assert_problem(s.lodge(dict(theirs, functionCode=function), bo,
                                   path=f'{path}/{verb}'), 404)
        for behind in ('', '/status'):
            known, unknown = (s.ask('GET', f'{p}{behind}', caller=bo).json()
                              for p in (path, f'{LODGE}/6XM0'))
            assert known['status'] == 404
            known['detail'] = known['detail'].replace(one['ucr'], '6XM0')
            known['instance'] = known['instance'].replace(one['ucr'], '6XM0')
            assert known == unknown, (known, unknown)
        assert_problem(s.ask('GET', path, caller='administrator::root'), 403)
        assert_problem(s.lodge(one, 'officer::cy'), 403)
        assert_problem(s.lodge(one, 'trader::di'), 403)


@story
def a_trader_does_not_see_how_risks_are_weighed():
    with server() as s:
        one = next(d for d in season(60) if s.lodge(d).json().get('state') == 'under-control')
        path = f'{LODGE}/{one["ucr"]}'
        own = s.ask('GET', path, caller=ANN)
        assert own.status == 200, own
        assert not {'score', 'worth'} & set(own.json()), own
        assert 'scored' not in {f['kind'] for f in own.json()['facts']}, own
        assert b'risk' not in own.body, own
        assert own.json()['decision']['by'] == 'desk' and 'who' not in own.json()['decision'], own
        seen = s.ask('GET', path, caller='officer::cy').json()
        assert 'scored' in {f['kind'] for f in seen['facts']} and 'score' in seen, seen


# --- Streams ---

@story
def a_stream_answers_each_line_in_order():
    lines = [json.dumps(d).encode() for d in season(3000)]
    lines[7] = b'{"ucr": 7}'
    lines[9] = b''
    lines[11] = b'{"x":"' + b'y' * (5 << 20) + b'"}'
    lines[1000] = lines[0]
    with server() as s:
        told = s.ask('POST', STREAM, b'\n'.join(lines), ANN,
                     Content_Type=NDJSON)
        assert told.status == 200 and told.headers['Content-Type'] == NDJSON, told
        said = [json.loads(line) for line in told.body.split(b'\n') if line]
        assert [a['line'] for a in said] == [n for n in range(1, 3001) if n != 10]
        by_line = {a['line']: a for a in said}
        assert by_line[8]['answer'] == 'unreadable' and by_line[8]['problem']['field'] == 'ucr'
        assert by_line[12]['problem']['status'] == 413, by_line[12]
        assert by_line[1001]['answer'] == 'repeated', by_line[1001]
        assert all(a['findings'] for a in said if a['answer'] == 'refused')
        again = s.ask('POST', STREAM, b'\n'.join(lines), ANN,
                      Content_Type=NDJSON)
        counted = {json.loads(line)['answer'] for line in again.body.split(b'\n') if line}
        assert counted == {'repeated', 'unreadable'}, counted
        assert s.ask('POST', STREAM, b'', ANN, Content_Type=NDJSON).body == b''


@story
def a_stream_that_breaks_off_harms_nothing():
    lines = [json.dumps(d).encode() for d in season(2000)]
    body = b'\n'.join(lines)
    head = (f'POST {STREAM} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {ANN}\r\n'
            f'Content-Length: {len(body)}\r\n\r\n').encode()
    with server() as s:
        for _ in range(3):
            with socket.create_connection(('127.0.0.1', s.port)) as peer:
                peer.sendall(head + body[:len(body) // 2])
        told = s.ask('POST', STREAM, body, ANN, Content_Type=NDJSON)
        assert told.body.count(b'\n') == 2000, told
        s.is_well()


@story
def a_stream_is_read_while_it_is_being_sent():
    lines = [json.dumps(d).encode() + b'\n' for d in season(700)]
    head = (f'POST {STREAM} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {ANN}\r\n'
            f'Idempotency-Key: today/1\r\nContent-Length: {sum(map(len, lines))}\r\n\r\n').encode()
    path = '/api/v1/streams/today%2F1'
    with server() as s, socket.create_connection(('127.0.0.1', s.port)) as sender:
        assert s.ask('GET', path, caller=ANN).status == 404
        sender.sendall(head + b''.join(lines[:400]))
        # Answers go into the hands of who sends them before he has sent the rest.
        with contextlib.closing(s.connect()) as connection:
            until('it begins', lambda: s.ask('HEAD', path, caller=ANN).status == 200)
            connection.request('GET', path, headers={'Authorization': f'Bearer {ANN}'})
            answers = connection.getresponse()
            early = [json.loads(answers.readline()) for _ in range(400)]
            assert [a['line'] for a in early] == list(range(1, 401))
            assert all(s.ask('GET', f'{LODGE}/{a["file"]}', caller=ANN).status ==
                       200 for a in early[::50])
            assert s.ask('GET', path, caller=f'trader:{TRADER}:bob').status == 404
            # A line alone does not wait for others.
            sender.sendall(lines[400])
            assert json.loads(answers.readline())['line'] == 401
            sender.sendall(b''.join(lines[401:]))
            late = [json.loads(line) for line in answers]
            assert [a['line'] for a in late] == list(range(402, 701))
        again = s.ask('GET', path, caller=ANN)
        assert again.body.count(b'\n') == 700
        assert {json.loads(line)['answer'] for line in again.body.split(b'\n') if line} <= {
            'lodged', 'refused'}


@story
def what_was_kept_of_a_stream_that_broke_off_is_read_by_its_key():
    lines = [json.dumps(d).encode() + b'\n' for d in season(300)]
    head = (f'POST {STREAM} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {ANN}\r\n'
            'Idempotency-Key: %s\r\nContent-Length: 100000000\r\n\r\n')
    with server() as s:
        for key in range(6):
            with socket.create_connection(('127.0.0.1', s.port)) as sender:
                sender.sendall((head % key).encode() + b''.join(lines[:100]))
                path = f'/api/v1/streams/{key}'
                until('it begins', lambda path=path: s.ask('HEAD', path, caller=ANN).status == 200)
        kept = s.ask('GET', '/api/v1/streams/5', caller=ANN)
        assert 0 < kept.body.count(b'\n') <= 100, kept
        # The oldest of one account give way.
        assert s.ask('GET', '/api/v1/streams/1', caller=ANN).status == 404
        s.is_well()


# --- Mischief ---

GET = b'GET /healthz HTTP/1.1\r\nHost: x\r\n'
POST = (f'POST {LODGE} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {ANN}\r\n'
        'Content-Type: application/json\r\n').encode()


def statuses(got):
    """The status of each answer in a row of them."""
    found = []
    for piece in got.split(b'HTTP/1.1 ')[1:]:
        found.append(int(piece[:3]))
    return found


@story
def a_length_that_can_be_read_in_two_ways_is_refused_and_ends_the_connection():
    hidden = b'GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n'
    chunked = b'0\r\n\r\n'
    cases = [
        b'Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n' + chunked,
        b'Transfer-Encoding: chunked\r\nContent-Length: 60\r\n\r\n' + chunked,
        b'Content-Length: 0\r\nContent-Length: 40\r\n\r\n',
        b'Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello',
        b'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n' + chunked,
        b'Transfer-Encoding: xchunked\r\n\r\n' + chunked,
        b'Transfer-Encoding: gzip, chunked\r\n\r\n' + chunked,
        b'Transfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n',
        b'Content-Length: +5\r\n\r\nhello',
        b'Content-Length: 5, 5\r\n\r\nhello',
        b'Content-Length: 0x5\r\n\r\nhello',
        b'Content-Length: -1\r\n\r\n',
        b'Content-Length: 99999999999999999999999\r\n\r\n',
        b'Content-Length : 0\r\n\r\n',
    ]
    with server() as s:
        for head in (GET, POST):
            for case in cases:
                got = s.raw(head + case + hidden)
                assert b'ready' not in got, (case, got)
                assert all(400 <= status < 500 for status in statuses(got)), (case, got)
        s.is_well()


@story
def a_path_reaches_nothing_but_what_it_names():
    paths = ['/ledger/tile/../checkpoint', '/ledger/tile/0/../../../log.key', '/../var/log.key',
             '/%2e%2e/var/log.key', '/assets/..%2f..%2flog.key', '/assets/%2e%2e/x',
             '/ledger/tile/0/000%00', '/ledger/tile/0/x000/000', '/ledger/tile/0/1', '//',
             '/ledger//checkpoint', '/ledger/checkpoint/', '/ledger/tile/8/000', '/healthz%00',
             '/ledger/tile/0/000.p/256', '/ledger/tile/0/000.p/0', '/ledger/tile/0/000.p/01',
             '/ledger/tile/-1/000', '/ledger/tile/entries/000.p', '/%', '/%4', '/%zz', '/%ff',
             '/ledger/log.key', '/api/v1/declarations/%00/status', 'healthz', '*', '/a\\b',
             'http://x/healthz', f'{LODGE}/~user%2Froot', f'{LODGE}/~diary%2F2026-01-01/status',
             '/' + 'a' * 5000, '/' + '/'.join('a' * 40)]
    with server() as s:
        assert s.lodge(sound()).status == 201
        for path in paths:
            got = s.raw(f'GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer auditor::ann\r\n'
                        'Connection: close\r\n\r\n'.encode())
            assert all(400 <= status < 500 for status in statuses(got)), (path, got)
            assert b'PRIVATE' not in got and b'tidewaiter.example' not in got, (path, got)
        got = s.raw(b'GET /healthz\0 HTTP/1.1\r\nHost: x\r\n\r\n')
        assert statuses(got) in ([], [400], [404], [200]), got
        got = s.raw(GET + b'X-Odd: a\0b\r\n\r\n')
        assert statuses(got) in ([], [400], [200]), got
        s.is_well()


@story
def what_is_too_large_is_refused():
    with server() as s:
        assert statuses(s.raw(GET + b'X-Long: ' + b'a' * 60000 + b'\r\n\r\n')) in ([431], [])
        many = b''.join(b'X-%d: %s\r\n' % (n, b'v' * 40) for n in range(3000))
        assert statuses(s.raw(GET + many + b'\r\n')) in ([431], [])
        got = s.raw(POST + b'Content-Length: 5000000\r\n\r\n{')
        assert statuses(got) == [413], got
        got = s.raw(GET + b'Content-Length: 10\r\n\r\n0123456789')
        assert statuses(got) == [413], got
        chunk = b'%x\r\n%s\r\n' % (65536, b' ' * 65536)
        got = s.raw(POST + b'Transfer-Encoding: chunked\r\n\r\n' + chunk * 80 + b'0\r\n\r\n')
        assert statuses(got) in ([413], []), got[:300]
        got = s.raw(POST + b'Transfer-Encoding: chunked\r\n\r\n' + b'ffffffffffffffffff\r\n')
        assert statuses(got) in ([400], [413], []), got
        s.is_well()


@story
def odd_requests_get_an_answer_or_an_end():
    cases = [b'\r\n\r\n', b'\0' * 100, b'GET\r\n\r\n', b'GET / HTTP/9.9\r\n\r\n', b'\x16\x03\x01\x02',
             b'GET /healthz HTTP/1.1\r\n\r\n', GET + b'Broken header\r\n\r\n', GET + b': x\r\n\r\n',
             GET + b' folded\r\n\r\n', b'FOO /healthz HTTP/1.1\r\nHost: x\r\n\r\n',
             b'CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n', b'TRACE / HTTP/1.1\r\nHost: x\r\n\r\n',
             b'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n', b'GET  /healthz  HTTP/1.1\r\nHost: x\r\n\r\n',
             POST + b'Content-Length: 100\r\n\r\n{"half":', POST[:50], GET[:9],
             POST + b'Transfer-Encoding: chunked\r\n\r\nzz\r\n', b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
             POST + b'Expect: 100-continue\r\nContent-Length: 9999999\r\n\r\n']
    with server() as s:
        for case in cases:
            got = statuses(s.raw(case))
            assert all(status == 100 or 200 <= status < 600 for status in got), (case, got)
            assert 500 not in got, (case, got)
        assert s.ask('DELETE', LODGE).headers['Allow'] == 'POST, GET, HEAD'
        assert s.ask('POST', '/healthz', b'').headers['Allow'] == 'GET, HEAD'
        s.is_well()
        reply = s.ask('GET', '/metrics')
        assert b'tidewaiter_http_under_way 1\n' in reply.body, reply


@story
def who_sends_slowly_does_not_keep_others_out():
    with server() as s:
        slow = []
        for n in range(300):
            peer = socket.create_connection(('127.0.0.1', s.port))
            peer.sendall((GET if n % 2 else POST + b'Content-Length: 1000\r\n\r\n{')[:-1])
            slow.append(peer)
        for n in range(20):
            s.is_well()
            for peer in slow[n::20]:
                peer.sendall(b'a')
        assert s.lodge(sound()).status == 201
        for peer in slow:
            peer.close()


@story
def requests_in_a_row_are_answered_in_a_row():
    with server() as s:
        one = json.dumps(sound()).encode()
        lodge = POST + b'Content-Length: %d\r\n\r\n%s' % (len(one), one)
        got = s.raw(lodge + GET + b'\r\n' + lodge + GET + b'\r\n')
        assert statuses(got) == [201, 200, 200, 200], got
        got = s.raw(b''.join(bytes([b]) for b in lodge[:0]), [lodge[n:n + 97] for n in
                                                              range(0, min(len(lodge), 970), 97)]
                    + [lodge[970:]])
        assert statuses(got) == [200], got
        # A refused request with a body does not take the next one along.
        refused = POST.replace(b'trader:', b'nobody:') + b'Content-Length: 5\r\n\r\nhello'
        assert statuses(s.raw(refused + GET + b'\r\n')) == [401, 200]


@story
def one_address_has_its_share_of_connections():
    with server(options=('--per-address', '6', '--threads', '2')) as s:
        held = [socket.create_connection(('127.0.0.1', s.port)) for _ in range(6)]
        for peer in held:
            peer.sendall(GET)
        time.sleep(0.2)
        assert s.raw(GET + b'\r\n') == b''
        for peer in held:
            peer.close()
        until = time.monotonic() + WAIT_S
        while not (got := s.raw(GET + b'\r\n')) and time.monotonic() < until:
            time.sleep(0.05)
        assert statuses(got) == [200], got


@story
def a_store_that_goes_away_under_load_is_503_and_comes_back_by_itself():
    with server() as s:
        told, wanted, ended = [], season(6000), threading.Event()

        def send(own):
            for one in own:
                if ended.is_set():
                    return
                reply = s.lodge(one)
                told.append((one['ucr'], reply.status))
                if reply.status == 503:
                    assert reply.headers['Retry-After'], reply
                    time.sleep(0.05)

        def until(status, what):
            """Waits for an answer of that status to what is sent from now on."""
            begin, limit = len(told), time.monotonic() + WAIT_S
            while status not in {seen for _, seen in told[begin:]}:
                assert time.monotonic() < limit, f'{what}: {told[begin:][-5:]}'
                time.sleep(0.01)
        threads = [threading.Thread(target=send, args=(wanted[n::4],)) for n in range(4)]
        for thread in threads:
            thread.start()
        try:
            until(201, 'at first')
            _, most = resource.prlimit(s.process.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(s.process.pid, resource.RLIMIT_FSIZE, (0, most))  # the disk is full
            until(503, 'without a store')
            assert s.ask('GET', '/readyz').status == 503
            s.is_well()
            resource.prlimit(s.process.pid, resource.RLIMIT_FSIZE, (most, most))
            until(201, 'with it again')
        finally:
            ended.set()
            for thread in threads:
                thread.join()
        assert s.ask('GET', '/readyz').status == 200
        kept = [ucr for ucr, status in told if status in (200, 201, 422)]
        assert {status for _, status in told} <= {200, 201, 422, 503}, told[-5:]
        s.end()
        again = Server(s.folder, WITH_CALLERS)
        for ucr in kept:
            status = again.ask('GET', f'{LODGE}/{ucr}/status', caller='auditor::ann')
            assert status.status == 200, (ucr, status)
        again.end()


@story
def script_in_a_text_is_a_text():
    script = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    with server() as s:
        one = sound()
        one['items'][0]['description'] = script
        assert s.lodge(one).status in (201, 422)
        reply = s.ask('GET', f'{LODGE}/{one["ucr"]}', caller=ANN)
        assert reply.json()['declaration']['items'][0]['description'] == script, reply
        odd = s.ask('GET', '/api/v1/declarations/%3Cscript%3Ealert(1)%3C%2Fscript%3E',
                    caller='auditor::ann')
        assert odd.status == 404 and 'script' in odd.json()['detail'], odd
        page = s.ask('POST', '/api/v1/documents', f'<html>{script}'.encode(),
                     ANN, Content_Type='text/html')
        assert page.status == 415, page
        for answer in (reply, odd, page):
            kind = answer.headers['Content-Type']
            assert kind in (JSON, 'application/problem+json'), answer
            assert answer.headers['X-Content-Type-Options'] == 'nosniff', answer


# --- The ledger, and operation ---

@story
def the_ledger_is_served_as_files_that_verify():
    with server() as s:
        one = sound()
        assert s.lodge(one).status == 201
        until = time.monotonic() + WAIT_S
        while (note := s.ask('GET', '/ledger/checkpoint')).status != 200 and \
                time.monotonic() < until:
            time.sleep(0.05)
        assert note.headers['Cache-Control'] == 'no-cache', note
        size = int(note.body.split(b'\n')[1])
        tile = s.ask('GET', f'/ledger/tile/0/000.p/{size}')
        assert tile.status == 200 and len(tile.body) == 32 * size, tile
        assert 'immutable' in tile.headers['Cache-Control'], tile
        assert s.ask('GET', f'/ledger/tile/entries/000.p/{size}').status == 200
        port = s.port
    assert port


@story
def a_proof_is_verified_and_a_forged_one_is_not():
    with server() as s:
        one = sound()
        assert s.lodge(one).status == 201
        folder = s.folder
        s.end()
        subprocess.run([PROGRAM, 'prove', one['ucr'], '--store', f'{folder}/var', '--output',
                        f'{folder}/proof.json'], check=True, capture_output=True, env=ENVIRONMENT)
        with open(f'{folder}/proof.json', 'rb') as file:
            proof = file.read()
        again = Server(folder, WITH_CALLERS)
        told = again.ask('POST', '/api/v1/verify', proof, Content_Type=JSON)
        assert told.json()['verdict'] == 'true' and told.json()['file'] == one['ucr'], told
        forged = proof.replace(b'release', b'examine')
        told = again.ask('POST', '/api/v1/verify', forged, Content_Type=JSON)
        assert told.json()['verdict'] != 'true', told
        told = again.ask('POST', '/api/v1/verify', b'[]', Content_Type=JSON)
        assert told.json()['verdict'] != 'true', told
        again.end()


@story
def the_document_says_what_can_be_asked():
    with server() as s:
        document = s.ask('GET', '/api/v1/openapi.json').json()
        assert document['openapi'] == '3.1.0'
        text = json.dumps(document)
        for path, methods in document['paths'].items():
            for method, row in methods.items():
                assert row['summary'] and row['responses'] and row['x-roles'], (path, method)
                for name in [p['name'] for p in row['parameters'] if p['in'] == 'path']:
                    assert '{' + name + '}' in path, (path, name)
        names = [row['operationId'] for m in document['paths'].values() for row in m.values()]
        assert len(names) == len(set(names)), names
        for piece in text.split('"#/components/schemas/')[1:]:
            assert piece.split('"')[0] in document['components']['schemas'], piece[:60]
        assert s.ask('GET', '/readyz').body == b'ready\n'


@story
def other_machines_are_let_in_only_behind_tls():
    with tempfile.TemporaryDirectory() as folder:
        told = subprocess.run([PROGRAM, 'serve', '--store', f'{folder}/var', '--listen',
                               '0.0.0.0:0'], capture_output=True, env=ENVIRONMENT, check=False)
        assert told.returncode == 3 and b'--behind-tls' in told.stderr, told
        told = subprocess.run([PROGRAM, 'serve', '--store', f'{folder}/var', '--listen', 'x'],
                              capture_output=True, env=ENVIRONMENT, check=False)
        assert told.returncode == 3 and b'127.0.0.1:8080' in told.stderr, told


# --- The end ---

@story
def what_was_under_way_is_answered_before_the_end():
    with server() as s:
        answers, wanted = [], season(400)

        def send(own):
            for one in own:
                with contextlib.suppress(OSError, http.client.HTTPException):
                    answers.append((one['ucr'], s.lodge(one).status))
        threads = [threading.Thread(target=send, args=(wanted[n::8],)) for n in range(8)]
        for thread in threads:
            thread.start()
        while len(answers) < 40:
            time.sleep(0.005)
        s.process.send_signal(signal.SIGTERM)
        for thread in threads:
            thread.join()
        s.end()
        again = Server(s.folder, WITH_CALLERS)
        for ucr, status in answers:
            if status in (201, 422):
                assert again.ask('GET', f'{LODGE}/{ucr}/status', caller='auditor::ann').status == 200
        again.end()


@story
def what_was_acknowledged_is_there_after_a_kill():
    with server() as s:
        acknowledged, wanted = [], season(1500)

        def send(own):
            connection = http.client.HTTPConnection('127.0.0.1', s.port, timeout=WAIT_S)
            with contextlib.suppress(OSError, http.client.HTTPException):
                for one in own:
                    told = ask_on(connection, 'POST', LODGE, json.dumps(one).encode(),
                                  ANN, Content_Type=JSON)
                    if told.status in (201, 422):
                        acknowledged.append(one['ucr'])
        threads = [threading.Thread(target=send, args=(wanted[n::16],)) for n in range(16)]
        for thread in threads:
            thread.start()
        while len(acknowledged) < 200:
            time.sleep(0.005)
        s.process.kill()
        for thread in threads:
            thread.join()
        s.process.wait()
        again = Server(s.folder, WITH_CALLERS)
        for ucr in acknowledged:
            told = again.ask('GET', f'{LODGE}/{ucr}/status', caller='auditor::ann')
            assert told.status == 200, (ucr, told)
        again.end()
        s.process = again.process


sys.exit(desk_server.tell_stories(sys.argv[3:]))
