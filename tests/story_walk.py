"""story_walk: every row of the table of routes, asked by every role.

usage: story_walk.py TIDEWAITER [WORD ...]

The rows are read from the server's own document, so that a new one is walked by itself. Who asks is
nobody, each role by its session, and each role by a token of each scope. What is sent is made from
the row's schema; what no schema can say stands in PARTS and BODIES. A row that can be asked nothing
sensible so fails: it says what to add here.
"""
import contextlib
import hashlib
import json
import os
import re
import sys
import tempfile
import time

from desk_server import (NDJSON, STREAM, WAIT_S, contract, exchange, invite, season, server, story,
                         tell_stories)

SCOPES = ('lodge', 'read', 'decide', 'all')
PAPER = b'%PDF-1.7 an invoice'
OTHER = 'XM00000000'
PAGES = {'index.html': b'<!DOCTYPE html>', 'icon.svg': b'<svg/>', 'assets/a-1.js': b'//'}

# What stands in a path, where its name says too little: by path, else by name.
PARTS = {
    '/ledger/tile/{path}': 'entries/000',
    '/desk/{path}': 'queue',
    '/assets/{name}': 'a-1.js',
    '/{name}': 'icon.svg',
    '/api/v1/rules/{name}/on': 'WALK-1',
    '/api/v1/rules/{name}/off': 'WALK-1',
    '/api/v1/users/{name}': 'spare',
    '/api/v1/tokens/{id}': '0' * 16,
    '/api/v1/account/passkeys/{credential}': 'AAAA',
    '/api/v1/streams/{key}': 'none',
    '/api/v1/webhooks/{id}': 'none',
    '/api/v1/webhooks/{id}/replay': 'none',
}
RULE = 'rule WALK-1 "heavy" score 1 when gross_mass > 100000'
# Bodies of which the schema does not say enough.
BODIES = {
    'changeUser': {'stopped': False},
    'inviteUser': {'name': 'newcomer', 'displayName': 'A newcomer', 'role': 'officer'},
    'setUpWebhook': {'url': 'https://hooks.example/'},
    'supply': {'text': 'there is no such paper'},
    'tryRule': {'text': RULE},
    'writeRule': {'text': RULE, 'reason': 'a walk'},
}
# What is not there but in another kind of store: 404 here.
ELSEWHERE = {'signInAsGuest'}  # in a simulated one
BYTES = {'application/pdf': PAPER, 'text/plain': b'a text'}


class Walk:
    """A desk with one of each role, their tokens, a file of a trader's with a document, and what
    is needed to ask each row something sensible."""

    def __init__(self, desk):
        self.desk, self.document = desk, contract().document
        self.makes = False  # what is asked for is made just before
        self.admin = desk.administrator()
        roles = self.document['components']['schemas']['Role']['enum']
        officer = invite(self.admin, 'officer', 'officer')
        row = officer.must(200, 'GET', '/api/v1/queue')['rows'][0]
        self.ucr, self.declarant = row['file'], row['declarant']
        self.people = {'administrator': self.admin, 'officer': officer}
        for role in roles:
            if role not in self.people:
                of = self.declarant if role == 'trader' else 'AG1' if role == 'agency' else ''
                self.people[role] = invite(self.admin, role, role, of)
        self.other = invite(self.admin, 'other', 'trader', OTHER)
        invite(self.admin, 'spare', 'officer')
        self.tokens = {(role, scope): self.token(person, scope)
                       for role, person in self.people.items() for scope in SCOPES}
        self.supply_paper()
        self.declarations = iter(season(200, 9, self.declarant))

    @staticmethod
    def token(person, scope):
        made = person.must(201, 'POST', '/api/v1/tokens', {'label': scope, 'scope': [scope]})
        return made['token']

    def supply_paper(self):
        officer, trader = self.people['officer'], self.people['trader']
        asked = officer.act(self.ucr, 'request', {'text': 'the invoice, please'})
        paper = trader.must(201, 'POST', '/api/v1/documents', PAPER,
                            Content_Type='application/pdf')
        trader.act(self.ucr, 'supply', {
            'request': asked['requests'][0]['fact'],
            'attachments': [{'name': 'invoice.pdf', 'sha256': paper['sha256']}]})

    # --- Rows ---

    def rows(self):
        return [(method.upper(), path, row) for path, methods in self.document['paths'].items()
                for method, row in methods.items()]

    def needs(self, row):
        """The scope that a token needs; empty: any will do."""
        token = next((way['token'] for way in row['security'] if 'token' in way), [])
        return token[0] if token else ''

    # --- What to send ---

    def make_webhook(self):
        made = self.people['trader'].must(201, 'POST', '/api/v1/webhooks', BODIES['setUpWebhook'])
        return made['id']

    def path_of(self, method, path, row, ucr=None):
        if self.makes and path.startswith('/api/v1/webhooks/{id}'):
            path = path.replace('{id}', self.make_webhook())
        if self.makes and path == '/api/v1/streams/{key}':
            self.people['trader'].must(200, 'POST', STREAM, b'', Content_Type=NDJSON,
                                       Idempotency_Key=PARTS[path])
        parts = {'ucr': ucr or self.ucr, 'sha256': hashlib.sha256(PAPER).hexdigest()}
        for part in [p['name'] for p in row['parameters'] if p['in'] == 'path']:
            if f'{{{part}}}' not in path:
                continue
            value = PARTS.get(path, parts.get(part))
            assert value, f'{method} {path}: say in PARTS what {{{part}}} is'
            path = path.replace(f'{{{part}}}', value)
        return path

    def example(self, schema):
        """What the schema needs, and nothing more."""
        schema = contract().resolved(schema)
        if 'anyOf' in schema:
            return self.example(schema['anyOf'][0])
        if 'const' in schema or 'enum' in schema:
            return schema.get('const') or schema['enum'][0]
        kind = schema.get('type', 'object')
        if kind == 'object':
            return {name: self.example(schema['properties'][name])
                    for name in schema.get('required', [])}
        if kind == 'string' and 'pattern' in schema:
            return next(text for text in ('0' * 64, '12.50', 'AAAA') if
                        re.match(schema['pattern'], text))
        formats = {'date': '2026-11-23', 'date-time': '2026-11-23T20:07:22.123Z'}
        text = formats.get(schema.get('format'), 'newcomer')
        return {'string': text, 'integer': 1, 'boolean': True, 'array': []}[kind]

    def body_of(self, row, ucr):
        """The media type and the body, or nothing."""
        if 'requestBody' not in row:
            return None, None
        kind, content = next(iter(row['requestBody']['content'].items()))
        if content.get('schema', {}).get('$ref', '').endswith('/Declaration'):
            code = {'amendDeclaration': '13', 'withdrawDeclaration': '1'}
            one = next(self.declarations)
            one['functionCode'] = code.get(row['operationId'], one.get('functionCode'))
            if row['operationId'] in code:
                one['ucr'] = ucr or self.ucr
            return kind, json.dumps(one).encode()
        if 'schema' not in content:
            return kind, BYTES[kind]
        body = BODIES.get(row['operationId'])
        return kind, json.dumps(self.example(content['schema']) if body is None else body).encode()

    # --- Asking ---

    def ask(self, method, path, row, headers, ucr=None):
        kind, body = self.body_of(row, ucr)
        sent = dict(headers)
        if kind is not None:
            sent['Content-Type'] = kind
        with contextlib.closing(self.desk.connect()) as connection:
            return exchange(connection, method, self.path_of(method, path, row, ucr), body, sent)

    def session(self, role):
        person = self.people[role]
        return {'Cookie': person.cookie, 'X-CSRF-Token': person.csrf}

    def callers(self, row):
        """Everybody: a name, what he sends, and whether he may."""
        may = row['x-roles']
        yield 'nobody', {}, 'nobody' in may
        for role in self.people:
            yield role, self.session(role), role in may
        for (role, scope), token in self.tokens.items():
            covers = scope == 'all' or self.needs(row) in ('', scope)
            yield f'{role} by a token to {scope}', {'Authorization': f'Bearer {token}'}, \
                'nobody' in may or (role in may and covers)

    def facts(self):
        """How many facts the ledger has by now."""
        note = self.desk.ask('GET', '/ledger/checkpoint')
        return int(note.body.split(b'\n')[1])

    def facts_at_rest(self):
        """How many there are when no more come: the checkpoint is published a little later."""
        seen = [self.facts()]
        while len(seen) < 4 or len(set(seen[-4:])) > 1:
            time.sleep(0.2)
            seen.append(self.facts())
        return seen[-1]

    def assert_facts(self, expected, what):
        """There will be so many facts, and no more."""
        until = time.monotonic() + WAIT_S
        while self.facts() < expected and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.3)
        assert self.facts() == expected, \
            f'{what}: the ledger has {self.facts()} facts, {expected} are expected'


def problem_of(reply):
    return reply.json()['type'].rsplit(':', 1)[1]


@contextlib.contextmanager
def walk():
    """A walk on a server that has pages."""
    with tempfile.TemporaryDirectory() as pages:
        for name, body in PAGES.items():
            os.makedirs(os.path.dirname(f'{pages}/{name}'), exist_ok=True)
            with open(f'{pages}/{name}', 'wb') as file:
                file.write(body)
        with server(options=('--pages', pages), declarations=120) as desk:
            yield Walk(desk)


# --- The stories ---------------------------------------------------------------------------------

@story
def who_may_not_is_turned_away_and_nothing_changes_but_the_diary(one):
    before, refused = one.facts_at_rest(), 0
    for method, path, row in one.rows():
        for name, headers, may in one.callers(row):
            if may:
                continue
            reply = one.ask(method, path, row, headers)
            expected = (401, 'not-signed-in') if name == 'nobody' else (403, 'not-allowed')
            assert (reply.status, problem_of(reply)) == expected, \
                f'{name}: {method} {path}: {reply}'
            refused += 1
    assert refused > 500, refused
    one.assert_facts(before + refused, f'{refused} were turned away')


@story
def without_the_token_of_the_page_a_session_changes_nothing(one):
    before, refused = one.facts_at_rest(), 0
    for method, path, row in one.rows():
        if method == 'GET':
            continue
        for role in one.people:
            for wrong in ({}, {'X-CSRF-Token': '0' * 64}):
                reply = one.ask(method, path, row, {'Cookie': one.people[role].cookie, **wrong})
                assert (reply.status, problem_of(reply)) == (401, 'credentials'), \
                    f'{role}: {method} {path}: {reply}'
                refused += 1
    one.assert_facts(before + refused, f'{refused} came without the token')


def is_sensible(row, reply):
    """Did the row do what it is for, or say that this is not the time for it?"""
    if 'nobody' in row['x-roles'] and reply.status == 401:
        return problem_of(reply) == 'credentials'
    if row['operationId'] in ELSEWHERE:
        return reply.status == 404
    return reply.status < 400 or reply.status in (409, 422)


@story
def who_may_is_let_through_on_every_row(one):
    one.makes = True
    for method, path, row in one.rows():
        replies = []
        for name, headers, may in one.callers(row):
            if not may or (row['operationId'] == 'signIn' and len(replies) > 1):
                continue  # who tries many passwords is slowed down
            reply = one.ask(method, path, row, headers)
            replies.append(reply)
            turned = reply.status in (401, 403) and problem_of(reply) != 'credentials'
            assert not turned, f'{name}: {method} {path}: {reply}'
            if (method, path) == ('DELETE', '/api/v1/session') and name in one.people:
                one.people[name].by_passkey()
        assert any(is_sensible(row, reply) for reply in replies), \
            f'{method} {path}: nobody got a sensible answer; say in PARTS or BODIES what to ' \
            f'send: {replies[-1]}'


@story
def anothers_file_is_not_there_on_any_row(one):
    nowhere = one.ucr[:-1] + ('0' if one.ucr[-1] != '0' else '1')
    asked = [(m, p, r) for m, p, r in one.rows() if '{ucr}' in p and 'trader' in r['x-roles']]
    assert len(asked) >= 5, asked
    one.declarations = iter(season(20, 9, OTHER))
    one.people['trader'] = one.other
    before = one.facts_at_rest()
    for method, path, row in asked:
        theirs, none = (one.ask(method, path, row, one.session('trader'), ucr)
                        for ucr in (one.ucr, nowhere))
        assert theirs.status == 404, f'{method} {path}: {theirs}'
        assert theirs.body.replace(one.ucr.encode(), nowhere.encode()) == none.body, \
            f'{method} {path}: {theirs} is not as {none}'
        different = {name for name in {*theirs.headers, *none.headers} - {'X-Request-Id', 'Date'}
                     if theirs.headers[name] != none.headers[name]}
        assert different <= {'Content-Length'}, (method, path, different)
    one.assert_facts(before + len(asked), 'each that was another trader\'s is in the diary')


sys.exit(tell_stories(sys.argv[2:], walk))
