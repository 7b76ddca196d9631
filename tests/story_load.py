"""story_load: declarations come in over HTTP, alone and in streams, and the server is killed again
and again; afterwards everything that was acknowledged is there, and nothing is twice.

usage: story_load.py TIDEWAITER HTTP_SERVE

A few seconds; with TIDEWAITER_LONG=yes ten minutes. Each sender sends what was not acknowledged once
more, as a client does that lost its connection, so that in the end all that was sent is kept once.
Meanwhile somebody looks at the checkpoint: each that was seen must be one of the history that is
there in the end, by roots worked out here from the public leaves (RFC 6962).
"""
import base64
import contextlib
import hashlib
import http.client
import json
import os
import random
import re
import subprocess
import sys
import threading
import time

import desk_server
from desk_server import (ENVIRONMENT, JSON, LODGE, NDJSON, PROGRAM, STREAM, TRADER, WAIT_S, season,
                         story)

WITH_CALLERS = os.path.abspath(sys.argv[2])
LONG = os.environ.get('TIDEWAITER_LONG') == 'yes'
LASTS_S = 600 if LONG else 8
SINGLES, STREAMS, LINES = 6, 2, 150
CALLER = {'Authorization': f'Bearer trader:{TRADER}:ann'}
TOO_EARLY_S = 0.05


class Load:
    """What is sent, and what became of it."""

    def __init__(self, s):
        self.server, self.samples = s, season(200)
        self.lock = threading.Lock()
        self.count, self.kept, self.checkpoints, self.wrong = 0, {}, {}, []
        self.ending = threading.Event()

    def numbered(self, number):
        """A declaration unlike all of other numbers."""
        one = dict(self.samples[number % len(self.samples)])
        one['ucr'] = f'6{TRADER}-L-{number}'
        one['functionalReferenceId'] = f'L-{number}'
        return one['ucr'], json.dumps(one).encode()

    def next(self):
        with self.lock:
            self.count += 1
            number = self.count
        return self.numbered(number)

    def keep(self, ucr, state):
        with self.lock:
            self.kept[ucr] = state

    def fail(self, *what):
        with self.lock:
            self.wrong.append(what)

    def connect(self):
        return http.client.HTTPConnection('127.0.0.1', self.server.port, timeout=WAIT_S)

    def until_taken(self, send):
        """Tries until the server is there and answers to the end."""
        end = time.monotonic() + 4 * WAIT_S
        while not self.wrong:
            try:
                return send()
            except (OSError, http.client.HTTPException, ValueError):
                assert time.monotonic() < end, 'the server does not come back'
                time.sleep(TOO_EARLY_S)
        return None


# --- Who sends ---

def send_singles(load):
    connection = None

    def send(body):
        nonlocal connection
        if connection is None:
            connection = load.connect()
        try:
            connection.request('POST', LODGE, body, {**CALLER, 'Content-Type': JSON})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except BaseException:
            connection.close()
            connection = None
            raise

    def taken(body):
        status, said = send(body)
        if status == 503:
            raise ValueError(said)
        return status, said
    while not load.ending.is_set() and not load.wrong:
        ucr, body = load.next()
        got = load.until_taken(lambda b=body: taken(b))
        if got is None or got[0] not in (200, 201, 422):
            load.fail(ucr, got)
        else:
            load.keep(ucr, got[1].get('state'))


def send_stream(load, own):
    """One stream: lines that were answered as kept are, whatever became of the connection."""
    left = dict(own)
    with contextlib.closing(load.connect()) as connection:
        connection.request('POST', STREAM, b'\n'.join(left.values()),
                           {**CALLER, 'Content-Type': NDJSON})
        answer = connection.getresponse()
        names = list(left)
        with contextlib.suppress(OSError, http.client.HTTPException):
            while line := answer.readline():
                if not line.endswith(b'\n'):
                    break # cut off in the middle
                said = json.loads(line)
                ucr = names[said['line'] - 1]
                if said['answer'] in ('lodged', 'refused', 'repeated'):
                    load.keep(ucr, said['state'])
                    left.pop(ucr)
                elif said.get('problem', {}).get('status') != 503:
                    load.fail(ucr, said)
    return left


def send_streams(load):
    while not load.ending.is_set() and not load.wrong:
        left = dict(load.next() for _ in range(LINES))
        while left and not load.wrong:
            left = load.until_taken(lambda own=left: send_stream(load, own)) or {}


def watch(load):
    """Every checkpoint that leaves the house, by size; two roots of one size would be two histories."""
    while not load.ending.is_set():
        with contextlib.suppress(OSError, http.client.HTTPException):
            with contextlib.closing(load.connect()) as connection:
                connection.request('GET', '/ledger/checkpoint')
                answer = connection.getresponse()
                text = answer.read().decode()
                if answer.status == 200:
                    _, size, root = text.split('\n')[:3]
                    if load.checkpoints.setdefault(int(size), root) != root:
                        load.fail('two histories', size, root)
        time.sleep(0.02)


# --- What must be so afterwards ---

def tile_path(number, width):
    name = f'{number % 1000:03d}'
    while number := number // 1000:
        name = f'x{number % 1000:03d}/{name}'
    return f'/ledger/tile/0/{name}' + (f'.p/{width}' if width < 256 else '')


def leaves(s, size):
    for number in range((size + 255) // 256):
        width = min(256, size - number * 256)
        tile = s.ask('GET', tile_path(number, width))
        assert tile.status == 200 and len(tile.body) == 32 * width, (number, tile)
        for at in range(0, len(tile.body), 32):
            yield tile.body[at:at + 32]


def root_of(edge):
    """The root of a tree whose right edge are these (height, hash)."""
    node = edge[-1][1]
    for _, left in reversed(edge[:-1]):
        node = hashlib.sha256(b'\x01' + left + node).digest()
    return node


def one_history(s, seen):
    """Are all of these sizes and roots of the tree that is served now?"""
    edge, size = [], 0
    for leaf in leaves(s, max(seen)):
        height = 0
        while edge and edge[-1][0] == height:
            leaf = hashlib.sha256(b'\x01' + edge.pop()[1] + leaf).digest()
            height += 1
        edge.append((height, leaf))
        size += 1
        if size in seen:
            assert base64.b64encode(root_of(edge)).decode() == seen[size], f'at {size}'
    assert size == max(seen)


def nothing_is_twice(s, load):
    figures = s.ask('GET', '/metrics').body.decode()
    counts = [int(n) for n in re.findall(r'^tidewaiter_files\{.*\} (\d+)$', figures, re.M)]
    assert sum(counts) == len(load.kept), (sum(counts), len(load.kept))
    names = list(load.kept)
    for ucr in random.sample(names, min(40, len(names))):
        file = s.ask('GET', f'{LODGE}/{ucr}', caller='auditor::bo').json()
        kinds = [fact['kind'] for fact in file['facts']]
        assert kinds.count('declared') == 1 and file['version'] == 1, (ucr, kinds)


def everything_is_there(s, load):
    """All of it sent again is known, in the state in which it was acknowledged."""
    for first in range(1, load.count + 1, 1000):
        own = dict(load.numbered(n) for n in range(first, min(first + 1000, load.count + 1)))
        with contextlib.closing(load.connect()) as connection:
            connection.request('POST', STREAM, b'\n'.join(own.values()),
                               {**CALLER, 'Content-Type': NDJSON})
            lines = [json.loads(line) for line in connection.getresponse()]
        assert [line['answer'] for line in lines] == ['repeated'] * len(own), lines[:3]
        assert [(line['file'], line['state']) for line in lines] == \
            [(ucr, load.kept[ucr]) for ucr in own]
    assert s.ask('GET', '/readyz').status == 200


@story
def what_was_acknowledged_outlives_kills_under_load():
    with desk_server.server(WITH_CALLERS) as s:
        load, kills = Load(s), 0
        workers = [threading.Thread(target=one, args=(load,)) for one in
                   [send_singles] * SINGLES + [send_streams] * STREAMS + [watch]]
        for worker in workers:
            worker.start()
        try:
            end = time.monotonic() + LASTS_S
            while (time.monotonic() < end or kills < 2) and not load.wrong:
                before = len(load.kept)
                time.sleep(random.uniform(0.3, 10 if LONG else 2))
                if len(load.kept) == before:
                    continue # it has to get to work first
                s.kill()
                kills += 1
                s.start()
        except BaseException as trouble:
            load.fail('the server', trouble)
            raise
        finally:
            load.ending.set()
            for worker in workers:
                worker.join()
        assert not load.wrong, load.wrong[:3]
        assert len(load.kept) == load.count, (len(load.kept), load.count)
        print(f'{load.count} declarations, {kills} kills, {len(load.checkpoints)} checkpoints')
        everything_is_there(s, load)
        nothing_is_twice(s, load)
        s.end()
        shown = subprocess.run([PROGRAM, 'ledger', 'check', '--store', s.store],
                               capture_output=True, check=False, env=ENVIRONMENT)
        assert shown.returncode == 0 and b'\ntrue: ' in shown.stdout, shown
        s.start()
        last = s.ask('GET', '/ledger/checkpoint').body.decode().split('\n')
        load.checkpoints.setdefault(int(last[1]), last[2])
        assert max(load.checkpoints) == int(last[1]), (max(load.checkpoints), last)
        assert load.checkpoints[int(last[1])] == last[2]
        one_history(s, load.checkpoints)


sys.exit(desk_server.tell_stories(sys.argv[3:]))
