"""story_hooks: traders' own servers are told what became of their files, by webhooks.

usage: story_hooks.py TIDEWAITER HTTP_SERVE [WORD ...]

Each story is a function whose name is a sentence; WORDs choose those with all of them in the name.
Receivers are real servers on loopback, which the operator names by --webhooks-to; they verify what
they get by the description of Standard Webhooks, apart from the program. Callers are made up
(http_serve.c).
"""
import base64
import contextlib
import hashlib
import hmac
import http.server
import json
import os
import ssl
import subprocess
import sys
import threading
import time

import desk_server
from desk_server import (ENVIRONMENT, JSON, LODGE, NDJSON, STREAM, TRADER, WAIT_S, assert_problem,
                         openssl, season, sound, story, until)

WITH_CALLERS = os.path.abspath(sys.argv[2])
HOOKS = '/api/v1/webhooks'
ANN, OLGA, EVE = f'trader:{TRADER}:ann', 'officer::olga', 'trader:XM99999999:eve'


# --- A receiver ---

class Receiver:
    """Takes webhooks at `url`; `answer` says what comes back to each: a status, or a function of the
    handler that answers itself."""

    def __init__(self, port=0, tls=None):
        self.secret, self.got, self.answer, self.refused = b'', [], 204, []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_POST(self):
                body = self.rfile.read(int(self.headers['Content-Length']))
                receiver.take(self.headers, body)
                if callable(receiver.answer):
                    receiver.answer(self)
                    return
                self.send_response(receiver.answer)
                self.send_header('Content-Length', '0')
                self.end_headers()

            do_GET = do_POST

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', port), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None
        if tls is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.place = f'127.0.0.1:{self.port}'
        self.url = f'http{"" if tls is None else "s"}://{self.place}/hook'
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    def take(self, headers, body):
        signed = f'{headers["webhook-id"]}.{headers["webhook-timestamp"]}.'.encode() + body
        wanted = base64.b64encode(hmac.new(self.secret, signed, hashlib.sha256).digest()).decode()
        fresh = abs(time.time() - int(headers['webhook-timestamp'])) < 300
        good = fresh and headers['webhook-signature'] == 'v1,' + wanted
        (self.got if good else self.refused).append(json.loads(body))
        if good:
            assert self.got[-1]['data']['id'] == headers['webhook-id'], headers

    def ids(self):
        return [int(one['data']['id']) for one in self.got]

    def files(self):
        return [one['data']['file'] for one in self.got]

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def set_up(s, receiver, caller=ANN, url=None):
    reply = s.ask('POST', HOOKS, json.dumps({'url': url or receiver.url}), caller,
                  Content_Type=JSON)
    assert reply.status == 201, reply
    made = reply.json()
    assert made['secret'].startswith('whsec_'), made
    receiver.secret = base64.b64decode(made['secret'][6:])
    return made['id']


def hooks_of(s, caller=ANN):
    reply = s.ask('GET', HOOKS, caller=caller)
    assert reply.status == 200, reply
    return reply.json()['rows']


def replay(s, number, after, caller=ANN, status=202):
    reply = s.ask('POST', f'{HOOKS}/{number}/replay', json.dumps({'after': str(after)}), caller,
                  Content_Type=JSON)
    assert reply.status == status, reply


def lodge_all(s, wanted):
    reply = s.ask('POST', STREAM, b'\n'.join(json.dumps(one).encode() for one in wanted), ANN,
                  Content_Type=NDJSON)
    assert reply.status == 200, reply
    return [one['ucr'] for one in wanted]


@contextlib.contextmanager
def desk(count=1, tls=None):
    """A server, and receivers whose places it was told."""
    with contextlib.ExitStack() as stack:
        receivers = [stack.enter_context(contextlib.closing(Receiver(tls=tls)))
                     for _ in range(count)]
        places = ','.join(one.place for one in receivers)
        yield stack.enter_context(desk_server.server(WITH_CALLERS, ('--webhooks-to', places))), \
            *receivers


# --- What is told ---

@story
def what_becomes_of_a_file_is_told_to_its_trader_and_signed():
    with desk() as (s, receiver):
        before = sound(1)
        assert s.lodge(before).status == 201
        number = set_up(s, receiver)
        one = sound()
        assert s.lodge(one).status == 201
        until('it is told', receiver.files)
        row = s.ask('GET', f'{LODGE}/{one["ucr"]}/status', caller=ANN).json()
        told = receiver.got[0]
        assert told['type'] == 'file.changed' and told['timestamp'] == row['lodgedAt'], told
        assert set(told) == {'type', 'timestamp', 'data'}, told
        assert told['data'] == {'id': told['data']['id'], 'file': one['ucr'], 'kind': 'declared',
                                'state': row['state'], 'decision': row['decision'],
                                'reference': row['reference']}, (told, row)
        shown = until('it is counted', lambda: [hook for hook in hooks_of(s)
                                                if hook.get('lastStatus')])
        assert shown == [{'id': number, 'url': receiver.url, 'madeAt': shown[0]['madeAt'],
                          'lastAt': shown[0]['lastAt'], 'lastStatus': 204, 'state': 'working',
                          'waiting': 0}], shown
        assert receiver.files() == [one['ucr']] and not receiver.refused, receiver.got
        figures = s.ask('GET', '/metrics').body
        assert b'webhook_tries_total{result="delivered"} 1\n' in figures, figures[-600:]
        assert b'tidewaiter_webhooks_waiting 0\n' in figures, figures[-600:]


@story
def what_a_trader_does_not_see_is_not_told():
    with desk() as (s, receiver):
        set_up(s, receiver)
        lodge_all(s, season(60))
        queue = s.ask('GET', '/api/v1/queue', caller=OLGA).json()['rows']
        ucr = queue[0]['file']
        until('all is told', lambda: len(receiver.got) >= 60)
        for what, body in (('claim', {}), ('inspect', {'found': ['quantity'], 'minutes': 5}),
                           ('request', {'text': 'the invoice, please'})):
            reply = s.ask('POST', f'/api/v1/files/{ucr}/{what}', json.dumps(body), OLGA,
                          Content_Type=JSON)
            assert reply.status == 200, reply
        until('the request is told', lambda: len(receiver.got) >= 62)
        told = [(one['data']['kind'], one['data']['file']) for one in receiver.got[60:]]
        assert told == [('inspected', ucr), ('requested', ucr)], told # and not that it was claimed
        text = json.dumps(receiver.got)
        assert 'olga' not in text and 'score' not in text and 'claimed' not in text, text


@story
def another_organisation_hears_nothing_and_reaches_nothing():
    with desk(2) as (s, mine, other):
        number = set_up(s, mine)
        another = set_up(s, other, EVE)
        lodge_all(s, season(30))
        until('all is told', lambda: len(mine.got) == 30)
        for hook in (number, '0' * 16, '%20'):
            reply = s.ask('DELETE', f'{HOOKS}/{hook}', caller=EVE)
            assert_problem(reply, 404)
        replay(s, number, 0, EVE, 404)
        assert [hook['id'] for hook in hooks_of(s, EVE)] == [another]
        assert s.ask('GET', HOOKS, caller=OLGA).status == 403
        assert s.ask('DELETE', f'{HOOKS}/{number}', caller=ANN).status == 204
        assert hooks_of(s) == []
        lodge_all(s, season(5, seed=2))
        time.sleep(0.5)
        assert len(mine.got) == 30 and other.got == [] and other.refused == [], other.got


@story
def many_are_told_in_order_each_once():
    with desk() as (s, receiver):
        set_up(s, receiver)
        ucrs = lodge_all(s, season(400))
        until('all is told', lambda: len(receiver.got) >= 400)
        assert receiver.ids() == sorted(set(receiver.ids())), receiver.ids()
        assert sorted(receiver.files()) == sorted(ucrs)
        until('none waits', lambda: hooks_of(s)[0]['waiting'] == 0)


# --- What goes wrong there ---

@story
def a_receiver_that_is_down_is_tried_again():
    with desk() as (s, receiver):
        set_up(s, receiver)
        receiver.close()
        ucrs = lodge_all(s, season(100))
        shown = until('it fails', lambda: [hook for hook in hooks_of(s)
                                           if hook['state'] == 'failing'])
        assert shown[0]['waiting'] == 100 and 'lastStatus' not in shown[0], shown
        assert shown[0]['trouble'], shown
        up = Receiver(receiver.port)
        try:
            up.secret = receiver.secret
            until('all is told', lambda: len(up.got) >= 100)
            assert sorted(up.files()) == sorted(ucrs)
            until('it works', lambda: hooks_of(s)[0]['state'] == 'working')
            assert 'trouble' not in hooks_of(s)[0]
            figures = s.ask('GET', '/metrics').body
            assert b'webhook_tries_total{result="failed"} 0\n' not in figures, figures[-600:]
        finally:
            receiver.close = up.close


@story
def one_that_is_gone_is_stopped_and_a_replay_starts_it_again():
    with desk() as (s, receiver):
        number = set_up(s, receiver)
        receiver.answer = 410
        ucrs = lodge_all(s, season(5))
        stopped = until('it is stopped', lambda: [hook for hook in hooks_of(s)
                                                  if hook['state'] == 'stopped'])
        assert stopped[0]['lastStatus'] == 410 and 'gone' in stopped[0]['trouble'], stopped
        assert len(receiver.got) == 1
        s.end()
        s.start()
        assert hooks_of(s)[0]['state'] == 'stopped' and 'gone' in hooks_of(s)[0]['trouble']
        ucrs += [one['ucr'] for one in season(3, seed=2) if s.lodge(one).status in (201, 422)]
        time.sleep(0.3)
        assert len(receiver.got) == 1
        receiver.answer = 200
        replay(s, number, 0)
        until('all is told', lambda: len(receiver.got) == 1 + len(ucrs))
        assert sorted(receiver.files()[1:]) == sorted(ucrs)
        assert receiver.ids()[0] == receiver.ids()[1] # the same event has the same id
        assert hooks_of(s)[0]['state'] == 'working'


@story
def after_three_days_of_nothing_but_failures_it_is_stopped():
    with desk() as (s, receiver):
        number = set_up(s, receiver)
        receiver.answer = 503
        assert s.lodge(sound()).status == 201
        until('it fails', lambda: hooks_of(s)[0]['state'] == 'failing')
        s.end()
        path = f'{s.store}/hooks/{number}' # where it is kept since when it fails
        with open(path, encoding='ascii') as file:
            size, position, since, failures = map(int, file.read().split())
        assert abs(time.time() * 1000 - since) < 1000 * WAIT_S and failures >= 1, since
        day_ms = 24 * 60 * 60 * 1000
        for days, state in ((2.9, 'failing'), (3, 'stopped')):
            with open(path, 'w', encoding='ascii') as file:
                file.write(f'{size} {position} {int(since - days * day_ms)} {failures}\n')
            before = len(receiver.got)
            s.start()
            until('it is tried again', lambda b=before: len(receiver.got) > b)
            until(state, lambda t=state: 'lastAt' in hooks_of(s)[0] and
                  hooks_of(s)[0]['state'] == t)
            s.end()
        s.start()
        shown = hooks_of(s)[0]
        assert shown['state'] == 'stopped' and '2xx' in shown['trouble'], shown


@story
def a_replay_begins_behind_the_event_that_is_named():
    with desk() as (s, receiver):
        number = set_up(s, receiver)
        lodge_all(s, season(150))
        until('all is told', lambda: len(receiver.got) == 150)
        ids = receiver.ids()
        replay(s, number, ids[49])
        until('all is told again', lambda: len(receiver.got) == 250)
        assert receiver.ids()[150:] == ids[50:]
        replay(s, number, ids[-1])
        assert s.ask('POST', f'{HOOKS}/{number}/replay', b'{"after":%d}' % ids[-1], ANN,
                     Content_Type=JSON).status == 202
        replay(s, number, 10 ** 15, status=400) # there is no such event
        replay(s, number, ids[-2])
        until('the last is told again', lambda: len(receiver.got) == 251)
        assert receiver.ids()[250] == ids[-1]
        assert_problem(s.ask('POST', f'{HOOKS}/{number}/replay', b'{"after":"x"}', ANN,
                             Content_Type=JSON), 400)


@story
def a_slow_receiver_holds_up_neither_the_desk_nor_others():
    with desk(2) as (s, slow, quick):
        hang = threading.Event()

        def dawdle(handler):
            hang.wait(WAIT_S)
            handler.send_response(204)
            handler.end_headers()
        slow.answer = dawdle
        for _ in range(4):
            set_up(s, slow)
        set_up(s, quick)
        began = time.monotonic()
        lodge_all(s, season(100))
        until('the quick one is told', lambda: len(quick.got) == 100)
        s.is_well()
        waiting = [hook['waiting'] for hook in hooks_of(s)]
        assert waiting == [100] * 4 + [0], waiting
        assert time.monotonic() - began < WAIT_S
        assert len(slow.got) + len(slow.refused) == 4
        hang.set()
        slow.answer = 204


@story
def an_answer_is_not_read_to_its_end_and_no_redirect_followed():
    with desk(2) as (s, receiver, elsewhere):
        set_up(s, receiver)

        def endless(handler):
            handler.send_response(200)
            handler.send_header('Content-Length', str(1 << 40))
            handler.end_headers()
            with contextlib.suppress(OSError):
                while True:
                    handler.wfile.write(b'x' * 65536)
        receiver.answer = endless
        assert s.lodge(sound()).status == 201
        until('it is taken', lambda: hooks_of(s)[0].get('lastStatus') == 200)
        assert hooks_of(s)[0]['state'] == 'working' and hooks_of(s)[0]['waiting'] == 0

        def redirect(handler):
            handler.send_response(307)
            handler.send_header('Location', elsewhere.url)
            handler.send_header('Content-Length', '0')
            handler.end_headers()
        receiver.answer = redirect
        assert s.lodge(sound(1)).status == 201
        until('it fails', lambda: hooks_of(s)[0]['state'] == 'failing')
        assert hooks_of(s)[0]['lastStatus'] == 307, hooks_of(s)
        assert elsewhere.got == [] and elsewhere.refused == []


# --- Where nothing is sent ---

@story
def what_is_not_public_is_not_sent_to():
    with desk(2) as (s, receiver, other):
        for url in ('http://example.com/', f'http://127.0.0.1:{receiver.port + 1}/', 'ftp://x/',
                    'https://127.0.0.1/', 'https://[::1]/', 'https://10.0.0.1/',
                    'https://169.254.169.254/', 'https://2130706433/', 'https://me@example.com/',
                    'nothing', ''):
            reply = s.ask('POST', HOOKS, json.dumps({'url': url}), ANN, Content_Type=JSON)
            assert reply.status == 400 and reply.json()['field'] == 'url', (url, reply)
        # A name says nothing of where it is: that is looked at when we connect.
        set_up(s, receiver, url=f'https://localhost:{other.port}/hook')
        assert s.lodge(sound()).status == 201
        until('it fails', lambda: hooks_of(s)[0]['state'] == 'failing')
        assert 'public internet' in hooks_of(s)[0]['trouble'], hooks_of(s)
        assert other.got == [] and other.refused == []


@story
def a_certificate_that_nobody_vouches_for_is_not_believed():
    folder = os.environ.get('TMPDIR', '/tmp')
    path = f'{folder}/story-hooks-{os.getpid()}.pem'
    key = openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=127.0.0.1',
                  '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', '-', '-out', '-')
    with open(path, 'wb') as file:
        file.write(key)
    try:
        with desk(tls=path) as (s, receiver):
            set_up(s, receiver)
            assert s.lodge(sound()).status == 201
            until('it fails', lambda: hooks_of(s)[0]['state'] == 'failing')
            assert 'certificate' in hooks_of(s)[0]['trouble'].lower(), hooks_of(s)
            assert receiver.got == [] and receiver.refused == []
    finally:
        os.unlink(path)


@story
def there_are_so_many_webhooks_of_one_organisation():
    with desk() as (s, receiver):
        for _ in range(8):
            number = set_up(s, receiver)
        reply = s.ask('POST', HOOKS, json.dumps({'url': receiver.url}), ANN, Content_Type=JSON)
        assert_problem(reply, 409)
        assert s.ask('DELETE', f'{HOOKS}/{number}', caller=ANN).status == 204
        set_up(s, receiver)
        assert len(hooks_of(s)) == 8


# --- Restarts ---

@story
def a_restart_loses_nothing_and_repeats_nothing():
    with desk() as (s, receiver):
        number = set_up(s, receiver)
        wanted = season(300)
        ucrs = lodge_all(s, wanted[:200])
        until('some is told', lambda: len(receiver.got) >= 50)
        s.end()
        s.start()
        ucrs += lodge_all(s, wanted[200:])
        until('all is told', lambda: len(set(receiver.files())) == 300)
        assert sorted(receiver.files()) == sorted(ucrs), len(receiver.got)
        assert receiver.ids() == sorted(receiver.ids())
        assert [hook['id'] for hook in hooks_of(s)] == [number]


@story
def after_a_kill_all_is_told_at_least_once_by_the_same_ids():
    with desk() as (s, receiver):
        set_up(s, receiver)
        wanted = season(300)
        ucrs = lodge_all(s, wanted[:200])
        until('some is told', lambda: len(receiver.got) >= 50)
        s.kill()
        s.start()
        ucrs += lodge_all(s, wanted[200:])
        until('all is told', lambda: set(receiver.files()) == set(ucrs))
        of_file = {}
        for one in receiver.got:
            assert of_file.setdefault(one['data']['file'], one['data']['id']) == one['data']['id']
        until('none waits', lambda: hooks_of(s)[0]['waiting'] == 0)


@story
def what_was_kept_of_how_far_it_is_may_be_lost_or_wrong():
    with desk() as (s, receiver):
        number = set_up(s, receiver)
        lodge_all(s, season(20))
        until('all is told', lambda: len(receiver.got) == 20)
        path, ids = f'{s.store}/hooks/{number}', receiver.ids()
        for text in (None, 'nonsense\n', f'{ids[9]} 4096 0 0\n', f'{ids[9]} 9999999 0 0\n',
                     f'{ids[9]} 77 0 0\n'):
            s.end()
            before = len(receiver.got)
            if text is None:
                os.unlink(path)
            else:
                with open(path, 'w', encoding='ascii') as file:
                    file.write(text)
            s.start()
            more = 10 if text and text[0] != 'n' else 20
            until(f'it is told behind {text!r}', lambda b=before, m=more:
                  len(receiver.got) >= b + m)
            assert receiver.ids()[before:] == ids[-more:], (text, receiver.ids()[before:])


@story
def secrets_stay_and_without_their_key_nothing_starts():
    with desk() as (s, receiver):
        set_up(s, receiver)
        key = f'{s.store}/hooks.key'
        assert os.stat(key).st_mode & 0o777 == 0o600
        for name in ('journal', 'views.sqlite'):
            found = subprocess.run(['grep', '-rc', '--text', base64.b64encode(receiver.secret),
                                    f'{s.store}/{name}'], capture_output=True, check=False)
            assert found.returncode != 0, found
        s.end()
        os.rename(key, key + '.away')
        told = subprocess.run([WITH_CALLERS, 'serve', '--store', s.store, '--listen',
                               '127.0.0.1:0'], capture_output=True, check=False, env=ENVIRONMENT)
        assert told.returncode == 3 and b'hooks.key' in told.stderr, told
        os.rename(key + '.away', key)
        s.start()
        assert s.lodge(sound()).status == 201
        until('it is told', receiver.files)
        assert receiver.refused == []


sys.exit(desk_server.tell_stories(sys.argv[3:]))
