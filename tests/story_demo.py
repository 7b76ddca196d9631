"""story_demo: the port of Meridia: a season that goes on, and anybody may work in it.

usage: story_demo.py TIDEWAITER [WORD ...]

Each story is a function whose name is a sentence; WORDs choose those with all of them in the name.
"""
import contextlib
import datetime
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

from desk_server import (ENVIRONMENT, PROGRAM, WAIT_S, Person, know_contract, season, server,
                         story, tell_stories, until)

SMALL = ('--days', '3', '--per-day', '40', '--seed', '9')


class Demo:
    """The demonstration in a folder, until it is ended."""

    def __init__(self, folder, *options, listen=('--listen', '127.0.0.1:0')):
        self.folder, self.store = folder, f'{folder}/meridia'
        self.log = f'{folder}/log'
        with open(self.log, 'ab') as log:
            self.process = subprocess.Popen(
                [PROGRAM, 'demo', '--store', self.store, *listen, *options],
                stdout=subprocess.PIPE, stderr=log, env=ENVIRONMENT)
        self.said = ''
        while 'http://localhost:' not in self.said:
            line = self.process.stdout.readline().decode()
            assert line, self.trouble()
            self.said += line
        self.origin = self.said.rstrip('/\n').split('\n')[-1]
        self.port = int(self.origin.rsplit(':', 1)[1])
        know_contract(self)

    def connect(self):
        return http.client.HTTPConnection('localhost', self.port, timeout=WAIT_S)

    def trouble(self):
        with open(self.log, encoding='utf-8') as log:
            return f'{self.said}\n{log.read()}'

    def guest(self, name):
        person = Person(self)
        session = person.come_in('/api/v1/session/demo', {'name': name})
        assert session['simulated'] and session['verified'], session
        return person

    def end(self, number=signal.SIGINT):
        self.process.send_signal(number)
        assert self.process.wait(WAIT_S) == 0, self.trouble()
        assert 'ERROR:' not in self.trouble() and 'runtime error' not in self.trouble()


@contextlib.contextmanager
def demo(*options, **how):
    with tempfile.TemporaryDirectory(prefix='story-') as folder:
        one = Demo(folder, *SMALL, *options, **how)
        try:
            yield one
        except BaseException:
            one.process.kill()
            raise
        one.end()


def waiting(person):
    return person.must(200, 'GET', '/api/v1/queue?limit=100')


# --- The store ---

@story
def the_demonstration_opens_on_a_port_with_a_past():
    with demo('--speed', '0') as d:
        assert 'Meridia' in d.said and 'nothing in it is real' in d.said, d.said
        officer = d.guest('demo-officer')
        queue = waiting(officer)
        assert 0 < queue['waiting'] == len(queue['rows']) <= 60, queue
        now = datetime.datetime.now(datetime.timezone.utc)
        for row in queue['rows']:
            at = datetime.datetime.fromisoformat(row['lodgedAt'].replace('Z', '+00:00'))
            assert at < now and now - at < datetime.timedelta(days=4), row
        file = officer.must(200, 'GET', f'/api/v1/files/{queue["rows"][0]["file"]}')
        assert file['facts'][0]['at'][:10] <= now.isoformat()[:10], file
        assert officer.must(200, 'GET', f'/api/v1/files/{file["file"]}/proof')
        with open(f'{d.store}/ledger/checkpoint', encoding='utf-8') as checkpoint:
            assert checkpoint.readline() == 'tidewaiter.example/simulated\n'


@story
def the_second_start_goes_on_with_the_same_season():
    with tempfile.TemporaryDirectory(prefix='story-') as folder:
        first = Demo(folder, *SMALL, '--speed', '0')
        before = waiting(first.guest('demo-supervisor'))
        first.end()
        again = Demo(folder, '--speed', '0', '--seed', '9')
        assert waiting(again.guest('demo-supervisor')) == before
        again.end(signal.SIGTERM)
        other = subprocess.run([PROGRAM, 'demo', '--store', f'{folder}/meridia', '--seed', '8'],
                               capture_output=True, env=ENVIRONMENT, check=False)
        assert other.returncode == 3 and b'--seed 9 --per-day 40 --days 3' in other.stderr, other


@story
def a_history_that_was_broken_off_goes_on_where_it_was():
    with tempfile.TemporaryDirectory(prefix='story-') as folder:
        words = [PROGRAM, 'demo', '--store', f'{folder}/meridia', '--days', '3', '--per-day', '200']
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env=ENVIRONMENT) as broken:
            until('the season is kept', lambda: os.path.exists(f'{folder}/meridia/season'))
            broken.send_signal(signal.SIGTERM)
            out, err = broken.communicate(timeout=WAIT_S)
        assert broken.returncode == 0 and b'localhost' not in out, (out, err)
        whole = Demo(folder, '--speed', '0')
        admin = whole.guest('demo-analyst')
        assert waiting(admin)['waiting'] > 0
        whole.end()
        shown = subprocess.run([PROGRAM, 'rebuild', '--store', whole.store, '--json'],
                               capture_output=True, env=ENVIRONMENT, check=True).stdout
        files = json.loads(shown.rstrip().split(b'\n')[-1])['files']
        assert files > 600, files


@story
def what_is_real_does_not_come_in_and_a_real_store_is_no_demonstration():
    with tempfile.TemporaryDirectory(prefix='story-') as folder:
        one = Demo(folder, *SMALL, '--speed', '0')
        one.end()
        with open(f'{folder}/real.ndjson', 'w', encoding='utf-8') as file:
            file.write('{"typeCode":"IMA","functionalReferenceId":"R1"}\n')
        lodged = subprocess.run([PROGRAM, 'declare', f'{folder}/real.ndjson', '--store', one.store],
                                capture_output=True, env=ENVIRONMENT, check=False)
        assert lodged.returncode == 3 and b'--store' in lodged.stderr, lodged
        subprocess.run([PROGRAM, 'queue', '--store', f'{folder}/real'], capture_output=True,
                       env=ENVIRONMENT, check=True)
        refused = subprocess.run([PROGRAM, 'demo', '--store', f'{folder}/real'],
                                 capture_output=True, env=ENVIRONMENT, check=False)
        assert refused.returncode == 3 and b'is one of real data' in refused.stderr, refused


@story
def the_next_port_is_taken_when_the_first_is_in_use():
    with socket.socket() as busy:
        busy.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError): # somebody else has it: as good
            busy.bind(('127.0.0.1', 8080))
            busy.listen()
        with demo('--speed', '0', listen=()) as d:
            assert d.port > 8080 and 'port 8080' in d.said, d.said
            assert d.guest('demo-officer')


# --- The season goes on ---

@story
def declarations_come_and_officers_work_while_it_runs():
    with demo('--speed', '20000') as d:
        analyst = d.guest('demo-analyst')

        def size():
            with open(f'{d.store}/ledger/checkpoint', encoding='utf-8') as file:
                return int(file.read().split('\n')[1])
        before = size()
        until('it goes on', lambda: size() > before + 100)
        assert waiting(analyst)['waiting'] > 0


@story
def a_document_that_a_person_asks_for_comes_from_the_simulated_trader():
    with demo('--speed', '20000') as d:
        officer = d.guest('demo-officer')
        row = next(row for row in waiting(officer)['rows']
                   if row['state'] == 'under-control' and 'claimedBy' not in row and
                   row['declarant'] not in ('XM10000000', 'XM14751400'))
        path = f'/api/v1/files/{row["file"]}'
        officer.must(200, 'POST', f'{path}/claim', {})
        asked = officer.must(200, 'POST', f'{path}/request', {'text': 'the invoice, please'})
        assert asked['state'] == 'awaiting-documents', asked

        def supplied():
            file = officer.must(200, 'GET', path)
            return file if file['state'] == 'under-control' else None
        file = until('it is supplied', supplied)
        fact = next(fact for fact in file['facts'] if fact['kind'] == 'supplied')
        assert fact['who'] == 'simulated:trader' and 'imulated' in fact['body']['text'], fact
        assert file['claimedBy'] == 'user:demo-officer', file
        time.sleep(1) # nobody else touches what a person has in hand
        assert officer.must(200, 'GET', path)['factsCount'] == file['factsCount']
        released = officer.must(200, 'POST', f'{path}/decide',
                                {'decision': 'release', 'reason': 'papers seen'})
        assert released['state'] == 'released', released


# --- Its people ---

@story
def anybody_comes_in_as_one_of_its_people_with_one_click():
    with demo('--speed', '0') as d:
        nobody = Person(d)
        desk = nobody.must(200, 'GET', '/api/v1/desk')
        assert desk['simulated'] and len(desk['people']) == 7, desk
        roles = {'trader', 'officer', 'supervisor', 'analyst', 'auditor', 'administrator'}
        assert {one['role'] for one in desk['people']} == roles, desk
        for one in desk['people']:
            assert one['name'].startswith('demo-') and one['displayName'].startswith('Demo'), one
            session = d.guest(one['name']).must(200, 'GET', '/api/v1/session')
            assert session['role'] == one['role'], session
        nobody.must(404, 'POST', '/api/v1/session/demo', {'name': 'admin'})
        nobody.must(400, 'POST', '/api/v1/session/demo', {})
        for name in ('demo-trader', 'demo-courier'):
            assert d.guest(name).must(200, 'GET', '/api/v1/session')['organisation']
        d.guest('demo-admin').must(204, 'POST', '/api/v1/users/demo-auditor', {'stopped': True})
        nobody.must(404, 'POST', '/api/v1/session/demo', {'name': 'demo-auditor'})


@story
def a_real_desk_has_no_such_people_and_takes_nothing_simulated():
    with server(real=True) as s:
        nobody = Person(s)
        assert nobody.must(200, 'GET', '/api/v1/desk') == {'simulated': False}
        nobody.must(404, 'POST', '/api/v1/session/demo', {'name': 'demo-officer'})
        admin = s.administrator()
        assert admin.must(200, 'GET', '/api/v1/session')['simulated'] is False
        one = season(5)[0]
        link = admin.must(201, 'POST', '/api/v1/users', {
            'name': 'ann', 'displayName': 'Ann', 'role': 'trader',
            'organisation': one['declarant']['id']})['link']
        ann = Person(s)
        ann.by_link(link)
        problem = ann.must(409, 'POST', '/api/v1/declarations', one)
        assert 'simulated' in problem['detail'], problem
        del one['statements']
        assert ann.must(201, 'POST', '/api/v1/declarations', one)['state']


sys.exit(tell_stories(sys.argv[2:]))
