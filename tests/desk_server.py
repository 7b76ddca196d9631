"""desk_server: a server with a store of its own, and who talks to it; for the stories over HTTP.

A story is a function whose name is a sentence, decorated with @story; tell_stories() runs those
with all the WORDs of the command line in their names. All that is asked goes through exchange(),
but for bytes as they are (Server.raw), and is held to the server's own document (contract.py). Real
sockets, the standard library, and OpenSSL for passkeys: an authenticator of our own would agree
with our own mistakes.
"""
import base64
import contextlib
import hashlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback

from contract import Contract

PROGRAM = os.path.abspath(sys.argv[1])
ENVIRONMENT = dict(os.environ, LC_ALL='C.UTF-8',
                   ASAN_OPTIONS='detect_stack_use_after_return=1:quarantine_size_mb=16')
WAIT_S = 60
LODGE, STREAM = '/api/v1/declarations', '/api/v1/declarations/stream'
JSON, NDJSON = 'application/json', 'application/x-ndjson'
TRADER = 'XM10855252'
PASSWORD = 'a tide waits for nobody'


# --- What is asked, and what comes back ---

class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def __str__(self):
        return f'{self.status} {dict(self.headers)}\n{self.body[:3000]!r}'


contracts = []  # the document is the same from every server: it is asked for once


def contract():
    return contracts[0]


def know_contract(one):
    if not contracts:
        with contextlib.closing(one.connect()) as connection:
            connection.request('GET', '/api/v1/openapi.json')
            contracts.append(Contract(json.load(connection.getresponse())))


def exchange(connection, method, path, body, headers):
    """One request and its answer, on a connection that may have more of them."""
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    ends = answer.headers['Content-Type'] != 'text/event-stream'
    reply = Reply(answer.status, answer.headers, answer.read() if ends else b'')
    contract().hold(method, path, headers, body, reply)
    return reply


def named(headers):
    """Headers as Python can name them: underscores are dashes."""
    return {name.replace('_', '-'): value for name, value in headers.items()}


def ask_on(connection, method, path, body=None, caller=None, **headers):
    sent = named(headers)
    if caller is not None:
        sent['Authorization'] = f'Bearer {caller}'
    return exchange(connection, method, path, body, sent)


# --- A server ---

class Server:
    """Serves a store in `folder`, by `program`: tidewaiter, or http_serve, whose callers are made
    up. With `declarations`, so many are in the store before it starts. It is a store for what is
    simulated, as is all that stories lodge, unless it is to be `real`."""

    def __init__(self, folder, program=PROGRAM, options=(), declarations=0, real=False):
        self.folder, self.store = folder, f'{folder}/var'
        self.program, self.options = program, options
        self.kind = () if real else ('--simulated',)
        if declarations:
            season_of = subprocess.run([PROGRAM, 'simulate', '--per-day', str(declarations)],
                                       capture_output=True, check=True, env=ENVIRONMENT).stdout
            subprocess.run([PROGRAM, 'declare', '-', '--store', self.store, *self.kind],
                           input=season_of, capture_output=True, check=False, env=ENVIRONMENT)
        self.start()

    def start(self):
        with open(f'{self.folder}/log', 'ab') as log:
            self.process = subprocess.Popen(
                [self.program, 'serve', '--store', self.store, '--listen', '127.0.0.1:0',
                 *self.kind, *self.options], stdout=subprocess.PIPE, stderr=log, env=ENVIRONMENT,
                restore_signals=False)  # without SIGXFSZ: a full disk is an error, no end
        line = self.process.stdout.readline().decode()
        assert line.startswith('listening on http://127.0.0.1:'), f'it says {line!r}'
        self.port = int(line.rsplit(':', 1)[1])
        self.origin = f'http://localhost:{self.port}'
        know_contract(self)

    def ask(self, method, path, body=None, caller=None, **headers):
        """One request on a connection of its own; underscores in names of headers are dashes."""
        with contextlib.closing(self.connect()) as connection:
            return ask_on(connection, method, path, body, caller, **headers)

    def connect(self):
        return http.client.HTTPConnection('localhost', self.port, timeout=WAIT_S)

    def lodge(self, declaration, caller=f'trader:{TRADER}:ann', path=LODGE, **headers):
        body = declaration if isinstance(declaration, bytes) else json.dumps(declaration).encode()
        headers.setdefault('Content_Type', JSON)
        return self.ask('POST', path, body, caller, **headers)

    def raw(self, sent, parts=(), wait_s=WAIT_S):
        """What comes back for bytes as they are, until the other side ends or has nothing more."""
        with socket.create_connection(('127.0.0.1', self.port), timeout=wait_s) as peer:
            got = b''
            with contextlib.suppress(OSError):
                peer.sendall(sent)
                for part in parts:
                    time.sleep(0.05)
                    peer.sendall(part)
                peer.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionError, socket.timeout):
                while piece := peer.recv(65536):
                    got += piece
            return got

    def first_link(self):
        assert b'first administrator' in self.process.stdout.readline()
        return self.process.stdout.readline().decode().strip()

    def administrator(self):
        admin = Person(self)
        admin.by_link(self.first_link())
        return admin

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(WAIT_S)
        with open(f'{self.folder}/log', encoding='utf-8', errors='replace') as log:
            said = log.read()
        assert status == 0, f'the server ended with {status}\n{said}'
        assert 'ERROR:' not in said and 'runtime error' not in said, said

    def kill(self):
        self.process.kill()
        self.process.wait(WAIT_S)

    def is_well(self):
        reply = self.ask('GET', '/healthz')
        assert reply.status == 200, reply


@contextlib.contextmanager
def server(program=PROGRAM, options=(), declarations=0, real=False):
    folder = tempfile.mkdtemp(prefix='story-')
    try:
        one = Server(folder, program, options, declarations, real)
        try:
            yield one
        except BaseException:
            one.kill()
            raise
        one.end()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def season(count, seed=1, declarant=TRADER):
    """Declarations of one trader, no two alike."""
    text = subprocess.run([PROGRAM, 'simulate', '--days', '1', '--per-day', str(count), '--seed',
                           str(seed)], capture_output=True, check=True, env=ENVIRONMENT).stdout
    found = [json.loads(line) for line in text.split(b'\n') if line]
    for one in found:
        one['declarant']['id'] = declarant
    return found


def sound(number=0):
    """The n-th declaration of a season that nothing is wrong with."""
    return season(40)[number]


def until(said, what, wait_s=WAIT_S):
    """Waits until `what` gives something true, and gives that."""
    end = time.monotonic() + wait_s
    while not (got := what()):
        assert time.monotonic() < end, f'it did not happen: {said}'
        time.sleep(0.02)
    return got


def assert_problem(reply, status, kind=None):
    assert reply.status == status, reply
    assert reply.headers['Content-Type'] == 'application/problem+json', reply
    said = reply.json()
    assert said['status'] == status and said['title'] and said['detail'], reply
    assert kind is None or said['type'].endswith(':' + kind), reply
    return said


# --- A passkey, as an authenticator keeps it ---

def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=').decode()


def openssl(*words, given=None):
    return subprocess.run(['openssl', *words], input=given, capture_output=True, check=True).stdout


class Passkey:
    def __init__(self, folder, origin):
        self.origin, self.relying_party = origin, origin.split('//')[1].split(':')[0]
        self.path = f'{folder}/passkey-{os.urandom(4).hex()}.pem'
        with open(self.path, 'wb') as file:
            file.write(openssl('genpkey', '-algorithm', 'EC', '-pkeyopt',
                               'ec_paramgen_curve:P-256'))
        self.public_key = openssl('pkey', '-in', self.path, '-pubout', '-outform', 'DER')
        self.credential = os.urandom(16)
        self.count = 0

    def authenticator_data(self, flags, extra=b''):
        self.count += 1
        return (hashlib.sha256(self.relying_party.encode()).digest() + bytes([flags]) +
                self.count.to_bytes(4, 'big') + extra)

    def client_data(self, kind, challenge):
        return json.dumps({'type': kind, 'challenge': challenge, 'origin': self.origin,
                           'crossOrigin': False}).encode()

    def register(self, challenge, label='a key'):
        attested = (bytes(16) + len(self.credential).to_bytes(2, 'big') + self.credential +
                    b'\xa0')
        return {'credential': base64url(self.credential), 'label': label, 'algorithm': 'ES256',
                'publicKey': base64url(self.public_key),
                'clientData': base64url(self.client_data('webauthn.create', challenge)),
                'authenticatorData': base64url(self.authenticator_data(0x45, attested))}

    def answer(self, challenge, flags=0x05):
        client_data = self.client_data('webauthn.get', challenge)
        data = self.authenticator_data(flags)
        signature = openssl('dgst', '-sha256', '-sign', self.path,
                            given=data + hashlib.sha256(client_data).digest())
        return {'credential': base64url(self.credential), 'clientData': base64url(client_data),
                'authenticatorData': base64url(data), 'signature': base64url(signature)}


# --- Somebody at the desk ---

class Person:
    """A browser: cookie, CSRF token, and a passkey."""

    def __init__(self, desk):
        self.desk, self.cookie, self.csrf, self.passkey = desk, '', '', None

    def ask(self, method, path, body=None, **headers):
        sent = named(headers)
        if self.cookie:
            sent.setdefault('Cookie', self.cookie)
            sent.setdefault('X-CSRF-Token', self.csrf)
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            sent.setdefault('Content-Type', JSON)
        with contextlib.closing(self.desk.connect()) as connection:
            reply = exchange(connection, method, path, body, sent)
        if reply.headers['Set-Cookie']:
            self.cookie = reply.headers['Set-Cookie'].split(';')[0]
        return reply

    def must(self, status, method, path, body=None, **headers):
        reply = self.ask(method, path, body, **headers)
        assert reply.status == status, f'{method} {path}: {reply}'
        return reply.json() if reply.body[:1] == b'{' else reply

    def come_in(self, path, body, status=200):
        session = self.must(status, 'POST', path, body)
        if status == 200:
            self.csrf = session['csrf']
        return session

    def by_link(self, link):
        """Makes a passkey and comes in with it."""
        secret = link.split('link=')[1]
        asked = self.must(200, 'POST', '/api/v1/session/link/challenge', {'link': secret})
        self.passkey = Passkey(self.desk.folder, self.desk.origin)
        return self.come_in('/api/v1/session/link',
                            {'link': secret, **self.passkey.register(asked['challenge'])})

    def by_passkey(self, status=200, **changes):
        asked = self.must(200, 'POST', '/api/v1/session/passkey/challenge', {})
        answer = {**self.passkey.answer(asked['challenge']), **changes}
        return self.come_in('/api/v1/session/passkey', answer, status)

    def act(self, ucr, what, body=None, status=200):
        return self.must(status, 'POST', f'/api/v1/files/{ucr}/{what}', body or {})


def invite(admin, name, role, organisation=''):
    link = admin.must(201, 'POST', '/api/v1/users',
                      {'name': name, 'displayName': name.title(), 'role': role,
                       'organisation': organisation})['link']
    person = Person(admin.desk)
    person.by_link(link)
    return person


# --- Telling the stories ---

stories = []


def story(function):
    stories.append(function)
    return function


def tell(one, given):
    began = time.monotonic()
    try:
        with contextlib.ExitStack() as stack:
            one(*[stack.enter_context(make()) for make in given])
            contract().kept()
        print(f'[       OK ] {one.__name__} ({time.monotonic() - began:.1f} s)', flush=True)
        return True
    except Exception:  # a story that fails must not keep the others from being told
        print(f'{traceback.format_exc()}[  FAILED  ] {one.__name__}', flush=True)
        return False


def tell_stories(words, *given):
    """Tells the stories, each with what the context managers of `given` make. Gives the status to
    exit with."""
    chosen = [one for one in stories if all(word in one.__name__ for word in words)]
    told = [tell(one, given) for one in chosen]
    print(f'[  PASSED  ] {sum(told)} tests.')
    if not all(told):
        print(f'[  FAILED  ] {len(told) - sum(told)} tests.')
    return not all(told) or not chosen
