"""story_desk: people at the desk, over HTTP: who comes in, what they do to a file, what they see.

usage: story_desk.py TIDEWAITER [WORD ...]

Each story is a function whose name is a sentence; WORDs choose those with all of them in the name.
A story has a store and a server of its own.
"""
import contextlib
import functools
import http.client
import json
import os
import sqlite3
import subprocess
import sys

from desk_server import (ENVIRONMENT, PASSWORD, PROGRAM, TRADER, WAIT_S, Passkey, Person,
                         base64url, contract, invite, season, server, story, tell_stories)

# --- Coming in -----------------------------------------------------------------------------------

@story
def the_first_administrator_comes_in_by_a_link_that_works_once(desk):
    link = desk.first_link()
    admin = Person(desk)
    session = admin.by_link(link)
    assert session['role'] == 'administrator' and session['verified'], session
    assert admin.must(200, 'GET', '/api/v1/session')['name'] == 'admin'
    again = Person(desk)
    again.must(401, 'POST', '/api/v1/session/link/challenge', {'link': link.split('link=')[1]})
    cookie = admin.ask('POST', '/api/v1/session/passkey/challenge', {}).headers['Set-Cookie']
    assert cookie is None


@story
def a_cookie_is_for_this_site_alone_and_no_script_reads_it(desk):
    admin = Person(desk)
    admin.by_link(desk.first_link())
    asked = admin.must(200, 'POST', '/api/v1/session/passkey/challenge', {})
    reply = admin.ask('POST', '/api/v1/session/passkey', admin.passkey.answer(asked['challenge']))
    assert 'HttpOnly' in reply.headers['Set-Cookie'], reply
    assert 'SameSite=Strict' in reply.headers['Set-Cookie'], reply


@story
def a_password_is_the_other_way_in_and_guessing_is_slowed_down(desk):
    admin = desk.administrator()
    link = admin.must(201, 'POST', '/api/v1/users', {'name': 'olga', 'displayName': 'Olga',
                                                     'role': 'officer'})['link']
    olga = Person(desk)
    short = {'link': link.split('link=')[1], 'password': 'short'}
    problem = olga.must(400, 'POST', '/api/v1/session/link', short)
    assert problem['field'] == 'password', problem
    olga.come_in('/api/v1/session/link', {**short, 'password': PASSWORD})
    olga.must(204, 'DELETE', '/api/v1/session')
    olga.must(401, 'GET', '/api/v1/session')
    session = olga.come_in('/api/v1/session', {'name': 'olga', 'password': PASSWORD})
    assert not session['verified'], session
    guesser = Person(desk)
    seen = [guesser.ask('POST', '/api/v1/session', {'name': 'olga', 'password': f'wrong one {n}'})
            for n in range(7)]
    assert [reply.status for reply in seen[:4]] == [401] * 4, seen[0]
    assert seen[-1].status == 429 and seen[-1].headers['Retry-After'], seen[-1]
    unknown = Person(desk).ask('POST', '/api/v1/session', {'name': 'nobody', 'password': 'x' * 20})
    assert unknown.json()['detail'] == seen[0].json()['detail'] if unknown.status == 401 else True


@story
def a_passkey_that_does_not_fit_is_turned_away(desk):
    admin = desk.administrator()
    admin.by_passkey()
    admin.by_passkey(401, signature=base64url(b'\x30\x06\x02\x01\x01\x02\x01\x01'))
    asked = admin.must(200, 'POST', '/api/v1/session/passkey/challenge', {})
    answer = admin.passkey.answer(asked['challenge'])
    admin.come_in('/api/v1/session/passkey', answer)
    admin.come_in('/api/v1/session/passkey', answer, 401)       # a challenge is good once
    own = admin.passkey.answer(base64url(os.urandom(32)))       # and one of ours
    admin.come_in('/api/v1/session/passkey', own, 401)
    asked = admin.must(200, 'POST', '/api/v1/session/passkey/challenge', {})
    unverified = admin.passkey.answer(asked['challenge'], flags=0x01)
    admin.come_in('/api/v1/session/passkey', unverified, 401)


@story
def a_copy_of_a_passkey_is_noticed_by_its_counter(desk):
    admin = desk.administrator()
    admin.by_passkey()
    used = admin.passkey.count
    admin.passkey.count = used - 1          # a copy knows nothing of what came after it
    problem = admin.by_passkey(401)
    assert 'counts backwards' in problem['detail'], problem
    admin.passkey.count = used
    admin.by_passkey()


@story
def what_changes_something_needs_the_token_of_the_page(desk):
    admin = desk.administrator()
    user = {'name': 'olga', 'displayName': 'Olga', 'role': 'officer'}
    admin.must(401, 'POST', '/api/v1/users', user, X_CSRF_Token='')
    admin.must(401, 'POST', '/api/v1/users', user, X_CSRF_Token='0' * 64)
    admin.must(201, 'POST', '/api/v1/users', user)


@story
def a_cookie_that_is_none_of_ours_is_nobodys(desk):
    admin = desk.administrator()
    good = admin.cookie.split('=')[1]
    values = ['', 'x', good[:-1], good + '0', good.upper() + '=', '0' * len(good), '"' + good + '"',
              '%00' + good, 'a' * 4000, good[::-1], '../../' + good, f'{good[:10]} {good[10:]}']
    for value in values:
        reply = Person(desk).ask('GET', '/api/v1/users', Cookie=f'tidewaiter={value}')
        assert reply.status == 401, (value, reply)
    for cookies in (f'other={good}', f'tidewaiter2={good}', f'tidewaiter=; tidewaiter={good}',
                    ';;;=;', f'tidewaiter ={good}'):
        reply = Person(desk).ask('GET', '/api/v1/users', Cookie=cookies)
        assert reply.status == 401, (cookies, reply)
    both = Person(desk).ask('GET', '/api/v1/users', Cookie=admin.cookie,
                            Authorization='Bearer tw_0')
    assert both.status == 401, both
    admin.must(200, 'GET', '/api/v1/users')


@story
def who_is_stopped_is_out_at_once_and_after_a_restart(desk):
    admin = desk.administrator()
    olga = invite(admin, 'olga', 'officer')
    olga.must(200, 'GET', '/api/v1/queue')
    admin.must(204, 'POST', '/api/v1/users/olga', {'stopped': True})
    olga.must(401, 'GET', '/api/v1/queue')
    olga.by_passkey(401)
    desk.end()
    desk.start()
    olga.passkey.origin = admin.passkey.origin = desk.origin
    olga.by_passkey(401)
    admin.by_passkey()
    admin.must(204, 'POST', '/api/v1/users/olga', {'stopped': False})
    olga.by_passkey()
    olga.must(200, 'GET', '/api/v1/queue')


@story
def a_program_comes_by_a_token_with_a_scope_and_an_end(desk):
    admin = desk.administrator()
    olga = invite(admin, 'olga', 'officer')
    token = olga.must(201, 'POST', '/api/v1/tokens', {'label': 'lists', 'scope': ['read']})
    program = Person(desk)
    bearer = {'Authorization': f'Bearer {token["token"]}'}
    program.must(200, 'GET', '/api/v1/queue', **bearer)
    program.must(403, 'POST', '/api/v1/files/A/claim', {}, **bearer)
    olga.must(204, 'DELETE', f'/api/v1/tokens/{token["id"]}')
    program.must(401, 'GET', '/api/v1/queue', **bearer)


@story
def somebody_adds_another_passkey_and_removes_a_lost_one(desk):
    admin = desk.administrator()
    olga = invite(admin, 'olga', 'officer')
    mine = olga.must(200, 'GET', '/api/v1/account')
    assert mine['name'] == 'olga' and mine['role'] == 'officer' and not mine['password'], mine
    lost = base64url(olga.passkey.credential)
    assert [key['credential'] for key in mine['passkeys']] == [lost], mine
    problem = olga.must(409, 'DELETE', f'/api/v1/account/passkeys/{lost}')
    assert 'only way' in problem['detail'], problem

    asked = olga.must(200, 'POST', '/api/v1/account/passkeys/challenge', {})
    assert asked['name'] == 'olga' and asked['rpId'] == 'localhost', asked
    another = Passkey(desk.folder, desk.origin)
    made = another.register(asked['challenge'], 'on my ring')
    other_browser = Person(desk)
    other_browser.passkey = olga.passkey
    other_browser.by_passkey()
    mine = olga.must(201, 'POST', '/api/v1/account/passkeys', made)
    assert [key['label'] for key in mine['passkeys']] == ['a key', 'on my ring'], mine
    olga.must(409, 'POST', '/api/v1/account/passkeys', made) # a challenge is good once

    olga.must(204, 'DELETE', f'/api/v1/account/passkeys/{lost}')
    other_browser.must(401, 'GET', '/api/v1/queue')
    other_browser.by_passkey(401)
    olga.must(200, 'GET', '/api/v1/queue')
    olga.must(409, 'DELETE', f'/api/v1/account/passkeys/{lost}')
    olga.must(409, 'DELETE', '/api/v1/account/passkeys/not-one')
    olga.passkey = another
    olga.by_passkey()

    token = olga.must(201, 'POST', '/api/v1/tokens', {'label': 'lists', 'scope': ['all']})
    shown = olga.must(200, 'GET', '/api/v1/account')['tokens']
    assert shown == [{'endsAt': token['endsAt'], 'id': token['id'], 'label': 'lists',
                      'scope': ['all']}], shown
    bearer = {'Authorization': f'Bearer {token["token"]}'}
    problem = Person(desk).must(409, 'POST', '/api/v1/account/passkeys/challenge', {}, **bearer)
    assert 'program' in problem['detail'], problem
    Person(desk).must(401, 'GET', '/api/v1/account')


@story
def a_password_alone_is_no_proof_where_there_is_a_passkey(desk):
    admin = desk.administrator()
    link = admin.must(201, 'POST', '/api/v1/users', {'name': 'olga', 'displayName': 'Olga',
                                                     'role': 'officer'})['link']
    olga = Person(desk)
    olga.come_in('/api/v1/session/link', {'link': link.split('link=')[1], 'password': PASSWORD})
    for label in ('the first', 'the second'):
        asked = olga.must(200, 'POST', '/api/v1/account/passkeys/challenge', {})
        olga.passkey = Passkey(desk.folder, desk.origin)
        olga.must(201, 'POST', '/api/v1/account/passkeys',
                  olga.passkey.register(asked['challenge'], label))
        if label == 'the first': # and he came in by a password
            olga.must(409, 'POST', '/api/v1/account/passkeys/challenge', {})
        olga.by_passkey()
    credentials = [key['credential'] for key in
                   olga.must(200, 'GET', '/api/v1/account')['passkeys']]
    for credential in credentials: # the password is a way in
        olga.must(204, 'DELETE', f'/api/v1/account/passkeys/{credential}')
    assert olga.must(200, 'GET', '/api/v1/account')['passkeys'] == []


# --- At work -------------------------------------------------------------------------------------

@story
def a_red_one_is_asked_about_answered_inspected_and_decided(desk):
    admin = desk.administrator()
    olga, ben = invite(admin, 'olga', 'officer'), invite(admin, 'ben', 'officer')
    queue = olga.must(200, 'GET', '/api/v1/queue?limit=5')
    assert queue['waiting'] > 0 and len(queue['rows']) <= 5, queue
    ucr, declarant = queue['rows'][0]['file'], queue['rows'][0]['declarant']
    trader = invite(admin, 'tom', 'trader', declarant)
    other = invite(admin, 'tina', 'trader', 'XM00000000')

    seen = olga.must(200, 'GET', f'/api/v1/files/{ucr}')
    assert 'claim' in seen['may'] and seen['score'] >= 0, seen['may']
    olga.act(ucr, 'claim')
    assert 'hands of user:olga' in ben.act(ucr, 'claim', status=409)['detail']
    ben.act(ucr, 'decide', {'decision': 'release', 'reason': 'mine'}, status=409)
    asked = olga.act(ucr, 'request', {'text': 'the invoice, please', 'type': 'N380'})
    assert asked['state'] == 'awaiting-documents', asked['state']

    other.must(404, 'GET', f'/api/v1/files/{ucr}')
    mine = trader.must(200, 'GET', f'/api/v1/files/{ucr}')
    text = json.dumps(mine)
    assert 'score' not in text and 'olga' not in text and 'worth' not in text, text
    request = mine['requests'][0]
    assert request['open'] and request['text'] == 'the invoice, please', request
    paper = trader.must(201, 'POST', '/api/v1/documents', b'%PDF-1.7 an invoice',
                        Content_Type='application/pdf')
    given = trader.act(ucr, 'supply', {
        'request': request['fact'],
        'attachments': [{'name': 'invoice.pdf', 'sha256': paper['sha256'], 'type': 'N380'}]})
    assert given['state'] == 'under-control', given['state']
    got = olga.must(200, 'GET', f'/api/v1/files/{ucr}/documents/{paper["sha256"]}')
    assert got.body == b'%PDF-1.7 an invoice', got
    assert 'sandbox' in got.headers['Content-Security-Policy'], got
    other.must(404, 'GET', f'/api/v1/files/{ucr}/documents/{paper["sha256"]}')

    olga.act(ucr, 'inspect', {'found': ['undervaluation'], 'minutes': 40,
                              'recovered': {'currency': 'EUR', 'value': '812.50'}})
    olga.act(ucr, 'decide', {'decision': 'release'}, status=400)
    refused = olga.act(ucr, 'decide', {'decision': 'refuse', 'reason': 'the price is not real'})
    assert refused['state'] == 'refused' and refused['recovered']['value'] == '812.50', refused
    olga.act(ucr, 'decide', {'decision': 'examine', 'reason': 'again'}, status=409)
    sue = invite(admin, 'sue', 'supervisor')
    overruled = sue.act(ucr, 'decide', {'decision': 'examine', 'reason': 'look once more'})
    assert overruled['state'] == 'under-control', overruled['state']
    assert overruled['facts'][-1]['body']['overrules'] == refused['decision']['fact'], overruled
    facts = trader.must(200, 'GET', f'/api/v1/files/{ucr}')['facts']
    kinds = [fact['kind'] for fact in facts]
    assert kinds[-3:] == ['inspected', 'decided', 'decided'] and 'claimed' not in kinds, kinds
    assert 'minutes' not in facts[-3]['body'], facts[-3]


@story
def who_decides_must_have_shown_himself_by_a_passkey(desk):
    admin = desk.administrator()
    link = admin.must(201, 'POST', '/api/v1/users', {'name': 'olga', 'displayName': 'Olga',
                                                     'role': 'officer'})['link']
    olga = Person(desk)
    olga.come_in('/api/v1/session/link', {'link': link.split('link=')[1], 'password': PASSWORD})
    ucr = olga.must(200, 'GET', '/api/v1/queue')['rows'][0]['file']
    olga.act(ucr, 'claim')
    problem = olga.act(ucr, 'decide', {'decision': 'release', 'reason': 'seen'}, status=409)
    assert 'passkey' in problem['detail'], problem


@story
def who_looked_before_another_decided_is_told_to_look_again(desk):
    admin = desk.administrator()
    olga = invite(admin, 'olga', 'officer')
    ucr = olga.must(200, 'GET', '/api/v1/queue')['rows'][0]['file']
    seen = olga.must(200, 'GET', f'/api/v1/files/{ucr}')['factsCount']
    olga.act(ucr, 'claim', {'after': seen})
    problem = olga.act(ucr, 'unclaim', {'after': seen}, status=409)
    assert 'looked at' in problem['detail'], problem


@story
def what_an_official_looks_at_and_who_was_turned_away_is_in_the_ledger(desk):
    admin = desk.administrator()
    olga = invite(admin, 'olga', 'officer')
    ucr = olga.must(200, 'GET', '/api/v1/queue')['rows'][0]['file']
    olga.must(200, 'GET', f'/api/v1/files/{ucr}')
    Person(desk).must(401, 'POST', '/api/v1/session', {'name': 'olga', 'password': 'not it at all'})
    desk.end()
    shown = subprocess.run([PROGRAM, 'ledger', 'check', '--store', desk.store],
                           capture_output=True, check=True, env=ENVIRONMENT).stdout
    assert b'true' in shown, shown
    with open(f'{desk.store}/views.sqlite', 'rb') as views:
        assert b'~diary/' in views.read()


# --- Lists and figures ---------------------------------------------------------------------------

def pages_of(person, path):
    """All rows of a list, three to a page, whatever the number of pages."""
    rows, cursor = [], ''
    while True:
        mark = '&' if '?' in path else '?'
        page = person.must(200, 'GET', f'{path}{mark}limit=3{cursor}')
        assert len(page['rows']) <= 3, page
        rows += page['rows']
        if 'next' not in page:
            return rows
        cursor = f'&cursor={page["next"]}'


@story
def an_officer_chooses_from_the_queue_by_office_type_and_hands(desk):
    admin = desk.administrator()
    olga, ben = invite(admin, 'olga', 'officer'), invite(admin, 'ben', 'officer')
    whole = olga.must(200, 'GET', '/api/v1/queue?limit=200')
    rows = whole['rows']
    assert len(rows) == whole['waiting'] > 6 and 'next' not in whole, whole['waiting']
    assert pages_of(olga, '/api/v1/queue') == rows
    assert {row['office'] for row in rows} <= set(whole['offices']), whole['offices']
    assert {row['type'] for row in rows} <= set(whole['types']), whole['types']
    for member, values in (('office', whole['offices']), ('type', whole['types'])):
        for value in values:
            found = pages_of(olga, f'/api/v1/queue?{member}={value}')
            assert found == [row for row in rows if row[member] == value], (member, value)

    first, second = rows[0]['file'], rows[1]['file']
    olga.act(first, 'claim')
    asked = ben.act(second, 'request', {'text': 'the invoice, please'})
    ben.act(second, 'claim')
    mine = pages_of(olga, '/api/v1/queue?claimed=mine')
    assert [row['file'] for row in mine] == [first] and mine[0]['claimedBy'] == 'user:olga', mine
    free = [row['file'] for row in pages_of(olga, '/api/v1/queue?claimed=nobody')]
    assert free == [row['file'] for row in rows[2:]], free
    any_of_them = pages_of(olga, '/api/v1/queue?claimed=anybody')
    assert [row['file'] for row in any_of_them] == [row['file'] for row in rows]
    assert any_of_them[1]['requestsOpen'] == 1 and asked['requests'][0]['open'], any_of_them[1]
    for wrong in ('claimed=me', 'cursor=q1', 'limit=0', 'limit=201'):
        problem = olga.must(400, 'GET', f'/api/v1/queue?{wrong}')
        assert problem['hint'], problem


@story
def one_box_finds_a_file_by_what_somebody_knows_of_it(desk):
    admin = desk.administrator()
    olga = invite(admin, 'olga', 'officer')
    rows = pages_of(olga, '/api/v1/search')
    assert len(rows) > 250 and len({row['file'] for row in rows}) == len(rows), len(rows)
    one = next(row for row in rows if row.get('reference') and row.get('commodity'))
    assert [row['file'] for row in pages_of(olga, f'/api/v1/search?text={one["file"]}')] == \
        [one['file']]
    small = f'/api/v1/search?text={one["file"].lower()}%20'
    assert [row['file'] for row in pages_of(olga, small)] == [one['file']]
    assert one in pages_of(olga, f'/api/v1/search?text={one["reference"]}')
    trader = one['declarant']
    found = pages_of(olga, f'/api/v1/search?text={trader}')
    assert found == [row for row in rows
                     if trader in (row.get('declarant'), row.get('importer'), row.get('exporter'))]
    code = one['commodity'][:4]
    assert pages_of(olga, f'/api/v1/search?text={code}') == \
        [row for row in rows if row.get('commodity', '').startswith(code)]
    assert pages_of(olga, f'/api/v1/search?text={one["origin"].lower()}') == \
        [row for row in rows if row.get('origin') == one['origin']]
    assert not pages_of(olga, '/api/v1/search?text=no-such-thing')

    day, state = one['lodgedAt'][:10], one['state']
    asked = f'office={one["office"]}&state={state}&from={day}&to={day}'
    chosen = pages_of(olga, f'/api/v1/search?{asked}')
    assert chosen == [row for row in rows if row['office'] == one['office'] and
                      row['state'] == state and row['lodgedAt'][:10] == day]
    assert not pages_of(olga, '/api/v1/search?to=2001-01-01')
    for wrong in ('state=lost', 'from=2026-02-30', 'text=A&cursor=x1', 'cursor=c1'):
        olga.must(400, 'GET', f'/api/v1/search?{wrong}')


@story
def a_trader_lists_his_own_declarations_and_nobody_elses(desk):
    admin = desk.administrator()
    olga = invite(admin, 'olga', 'officer')
    rows = pages_of(olga, '/api/v1/search')
    declarant = rows[0]['declarant']
    tom = invite(admin, 'tom', 'trader', declarant)
    mine = pages_of(tom, '/api/v1/declarations')
    assert [row['file'] for row in mine] == \
        [row['file'] for row in rows if row['declarant'] == declarant]
    assert 'score' not in json.dumps(mine) and 'claimedBy' not in json.dumps(mine), mine[0]
    released = pages_of(tom, '/api/v1/declarations?state=released')
    assert released == [row for row in mine if row['state'] == 'released']
    tom.must(403, 'GET', '/api/v1/search')
    tom.must(403, 'GET', '/api/v1/figures')
    olga.must(403, 'GET', '/api/v1/declarations')
    token = tom.must(201, 'POST', '/api/v1/tokens', {'label': 'lists', 'scope': ['read']})
    by_token = Person(desk).must(200, 'GET', '/api/v1/declarations?limit=200',
                                 Authorization=f'Bearer {token["token"]}')
    assert by_token['rows'] == mine, by_token
    tina = invite(admin, 'tina', 'trader', 'XM00000000')
    assert not pages_of(tina, '/api/v1/declarations')


@story
def the_figures_say_what_a_recount_of_the_files_says(desk):
    admin = desk.administrator()
    olga, ann = invite(admin, 'olga', 'officer'), invite(admin, 'ann', 'analyst')
    ucr = olga.must(200, 'GET', '/api/v1/queue')['rows'][0]['file']
    olga.act(ucr, 'inspect', {'found': ['undervaluation'],
                              'recovered': {'currency': 'EUR', 'value': '812.50'}})
    rows = pages_of(olga, '/api/v1/search')
    days = sorted({row['lodgedAt'][:10] for row in rows})
    figures = ann.must(200, 'GET', f'/api/v1/figures?from={days[0]}&to={days[-1]}')
    assert [day['date'] for day in figures['days'] if day['lodged']] == days, figures['days']
    assert figures['currency'] == 'EUR' and figures['from'] == days[0], figures

    def owed(some):
        return round(sum(float(row['owed']['value']) for row in some if 'owed' in row), 2)

    for group in ([day, [row for row in rows if row['lodgedAt'][:10] == day['date']]]
                  for day in figures['days']):
        assert group[0]['lodged'] == len(group[1]), group[0]
        assert float(group[0]['owed']['value']) == owed(group[1]), group[0]
    for office in figures['byOffice']:
        some = [row for row in rows if row['office'] == office['office']]
        assert office['lodged'] == len(some), office
        assert float(office['owed']['value']) == owed(some), office
    total = {name: sum(day[name] for day in figures['days'])
             for name in ('lodged', 'refused', 'released', 'documents', 'examined', 'held',
                          'inspected', 'found')}
    assert total['inspected'] == total['found'] == 1, total
    assert sum(float(day['recovered']['value']) for day in figures['days']) == 812.5, figures
    decided = sum(total[name] for name in ('refused', 'released', 'documents', 'examined', 'held'))
    assert decided == total['lodged'] == len(rows), total
    assert total['refused'] == sum(row['state'] == 'refused' for row in rows), total
    cleared = sum(step['count'] for step in figures['clearance'])
    assert cleared == sum(row['state'] in ('released', 'cleared') for row in rows), cleared
    assert 'upToSeconds' not in figures['clearance'][-1], figures['clearance']

    office = figures['offices'][0]
    one = ann.must(200, 'GET', f'/api/v1/figures?office={office}&from={days[0]}&to={days[-1]}')
    assert [row['office'] for row in one['byOffice']] == [office], one
    assert len(ann.must(200, 'GET', '/api/v1/figures')['days']) == 30
    for wrong in ('from=2026-01-02&to=2026-01-01', 'from=2020-01-01', 'to=yesterday'):
        ann.must(400, 'GET', f'/api/v1/figures?{wrong}')


@story
def who_reads_anothers_declaration_has_looked_at_a_file(desk):
    admin = desk.administrator()
    olga = invite(admin, 'olga', 'officer')
    row = olga.must(200, 'GET', '/api/v1/queue')['rows'][0]
    tom = invite(admin, 'tom', 'trader', row['declarant'])

    def noted():
        with contextlib.closing(sqlite3.connect(f'{desk.store}/views.sqlite')) as views:
            return views.execute("SELECT sum(facts_count) FROM declarations"
                                 " WHERE file LIKE '~diary/%'").fetchone()[0]

    desk.end()
    before = noted()
    desk.start()
    for person in (olga, tom):
        person.passkey.origin = desk.origin
        person.by_passkey()
        person.must(200, 'GET', f'/api/v1/declarations/{row["file"]}')
    desk.end()
    assert noted() == before + 2 + 1, (before, noted()) # both signed in; one looked


@story
def a_proof_is_given_out_and_verifies(desk):
    admin = desk.administrator()
    olga = invite(admin, 'olga', 'auditor')
    ucr = olga.must(200, 'GET', '/api/v1/queue')['rows'][0]['file']
    proof = olga.ask('GET', f'/api/v1/files/{ucr}/proof')
    with open(f'{desk.folder}/proof.json', 'wb') as file:
        file.write(proof.body)
    done = subprocess.run([PROGRAM, 'verify', f'{desk.folder}/proof.json', '--key',
                           f'{desk.store}/ledger/vkey'], capture_output=True, check=False,
                          env=ENVIRONMENT)
    assert done.stdout.startswith(b'true'), done


# --- What a trader may -----------------------------------------------------------------------------

def lodged(person, ucr):
    """The declaration of a file, as an official sees it."""
    return person.must(200, 'GET', f'/api/v1/files/{ucr}')['declaration']


def waiting(olga, state):
    rows = olga.must(200, 'GET', '/api/v1/queue?limit=200')['rows']
    return next(row for row in rows if row['state'] == state)


@story
def an_estimate_says_what_lodging_would_say_and_keeps_nothing(desk):
    admin = desk.administrator()
    trader = invite(admin, 'tom', 'trader', 'XM13135924')
    olga = invite(admin, 'olga', 'officer')
    row = olga.must(200, 'GET', '/api/v1/queue')['rows'][0]
    declaration = {**lodged(olga, row['file']), 'ucr': '6XM13135924-E1',
                   'functionalReferenceId': 'E1'}
    declaration['declarant'] = {**declaration['declarant'], 'id': 'XM13135924'}
    found = trader.must(200, 'POST', '/api/v1/estimate', declaration)
    assert found['owed'] == found['assessed']['total'], found
    assert found['customsValue'] == found['valued']['total'], found
    text = json.dumps(found)
    assert 'score' not in text and 'decision' not in text and 'worth' not in text, text
    trader.must(404, 'GET', '/api/v1/files/6XM13135924-E1')

    trader.must(201, 'POST', '/api/v1/declarations', declaration)
    kept = trader.must(200, 'GET', '/api/v1/files/6XM13135924-E1')
    assert kept['owed'] == found['owed'], kept['owed']
    checked = next(fact['body'] for fact in kept['facts'] if fact['kind'] == 'checked')
    assert checked['findings'] == found['findings'], checked

    typed = trader.must(200, 'POST', '/api/v1/estimate', {'typeCode': 'IMA'})
    assert any(f['severity'] == 'error' for f in typed['findings']), typed
    assert 'owed' not in typed and 'valued' not in typed, typed
    problem = trader.must(400, 'POST', '/api/v1/estimate', {'typCode': 'IMA'})
    assert problem['line'] == 1 and problem['title'], problem
    admin.must(403, 'POST', '/api/v1/estimate', declaration)
    Person(desk).must(401, 'POST', '/api/v1/estimate', declaration)


@story
def what_an_officer_examines_is_neither_amended_nor_withdrawn(desk):
    admin = desk.administrator()
    olga = invite(admin, 'olga', 'officer')
    row = waiting(olga, 'under-control')
    trader = invite(admin, 'tom', 'trader', row['declarant'])
    ucr, declaration = row['file'], lodged(olga, row['file'])
    mine = trader.must(200, 'GET', f'/api/v1/files/{ucr}')
    assert mine['may'] == ['supply'], mine['may']
    for way, function in (('amend', '13'), ('withdraw', '1')):
        problem = trader.must(409, 'POST', f'/api/v1/declarations/{ucr}/{way}',
                              {**declaration, 'functionCode': function})
        assert 'examined or held' in problem['detail'] and '173' in problem['detail'], problem
        assert 'officer' in problem['hint'], problem
    olga.act(ucr, 'claim')
    olga.act(ucr, 'request', {'text': 'the invoice, please', 'type': 'N380'})
    assert trader.must(200, 'GET', f'/api/v1/files/{ucr}')['may'] == ['supply']
    olga.act(ucr, 'decide', {'decision': 'refuse', 'reason': 'no such goods'})
    problem = trader.must(409, 'POST', f'/api/v1/declarations/{ucr}/amend',
                          {**declaration, 'functionCode': '13'})
    assert 'officer refused it' in problem['detail'] and 'anew' in problem['hint'], problem
    assert olga.must(200, 'GET', f'/api/v1/files/{ucr}')['version'] == 1


@story
def people_are_told_what_others_did_to_their_files(desk):
    admin = desk.administrator()
    olga, ben = invite(admin, 'olga', 'officer'), invite(admin, 'ben', 'officer')
    sue = invite(admin, 'sue', 'supervisor')
    row = waiting(olga, 'under-control')
    ucr = row['file']
    trader = invite(admin, 'tom', 'trader', row['declarant'])
    other = invite(admin, 'tina', 'trader', 'XM00000000')

    def told(person, query=''):
        return person.must(200, 'GET', f'/api/v1/notices{query}')

    def kinds(person):
        return [notice['kind'] for notice in told(person)['rows'] if notice['file'] == ucr]

    assert told(trader) == {'rows': []}, told(trader)  # what the desk decided at once is no notice
    olga.act(ucr, 'claim')
    olga.act(ucr, 'request', {'text': 'the invoice, please', 'type': 'N380'})
    asked = told(trader)['rows'][0]
    assert asked['kind'] == 'requested' and asked['text'] == 'the invoice, please', asked
    assert asked['file'] == ucr and asked['state'] == 'awaiting-documents', asked
    trader.act(ucr, 'supply', {'request': asked['fact'], 'text': 'it is on its way'})
    answered = told(olga)['rows'][0]
    assert answered['kind'] == 'supplied' and answered['text'] == 'it is on its way', answered
    olga.act(ucr, 'inspect', {'found': ['undervaluation'], 'minutes': 40})
    olga.act(ucr, 'decide', {'decision': 'refuse', 'reason': 'the price is not real'})
    sue.act(ucr, 'decide', {'decision': 'examine', 'reason': 'look once more'})
    overruled = told(olga)['rows'][0]
    assert overruled['kind'] == 'decided' and overruled['decision'] == 'examine', overruled
    assert kinds(olga) == ['decided', 'supplied'], told(olga)
    assert kinds(trader) == ['decided', 'decided', 'inspected', 'requested'], told(trader)
    assert kinds(ben) == [] and told(other) == {'rows': []}
    ben.act(ucr, 'claim')
    sue.act(ucr, 'claim')
    assert kinds(ben) == ['claimed'], told(ben)
    first = told(trader, '?limit=1')
    assert len(first['rows']) == 1 and first['next'], first
    second = told(trader, f'?limit=1&cursor={first["next"]}')
    assert [first['rows'][0], second['rows'][0]] == told(trader)['rows'][:2], second
    trader.must(400, 'GET', '/api/v1/notices?cursor=x')
    admin.must(403, 'GET', '/api/v1/notices')
    before = told(trader)['rows'], told(olga)['rows']

    desk.end()
    desk.start()
    for person in (trader, olga):
        person.passkey.origin = desk.origin
        person.by_passkey()
    assert (told(trader)['rows'], told(olga)['rows']) == before
    desk.end()
    subprocess.run([PROGRAM, 'rebuild', '--store', desk.store], capture_output=True, check=True,
                   env=ENVIRONMENT)
    desk.start()
    for person in (trader, olga):
        person.passkey.origin = desk.origin
        person.by_passkey()
    assert (told(trader)['rows'], told(olga)['rows']) == before


@story
def a_trader_proves_his_file_without_what_he_may_not_see(desk):
    admin = desk.administrator()
    olga = invite(admin, 'olga', 'officer')
    row = olga.must(200, 'GET', '/api/v1/queue')['rows'][0]
    ucr = row['file']
    trader = invite(admin, 'tom', 'trader', row['declarant'])
    other = invite(admin, 'tina', 'trader', 'XM00000000')
    olga.act(ucr, 'claim')
    other.must(404, 'GET', f'/api/v1/files/{ucr}/proof')
    whole = olga.must(200, 'GET', f'/api/v1/files/{ucr}/proof')
    proof = trader.must(200, 'GET', f'/api/v1/files/{ucr}/proof')
    text = json.dumps(proof)
    assert 'scored' not in text and 'olga' not in text and 'claimed' not in text, text
    assert proof['format'].endswith('file-extract@v1') and whole['format'].endswith('proof@v1')
    assert len(proof['facts']) == len(whole['facts']), proof
    for shown, known in zip(proof['facts'], whole['facts']):
        withheld = known['fact']['kind'] in ('scored', 'decided', 'claimed')
        assert ('commitment' in shown) == withheld and ('salt' in shown) != withheld, shown
    verdict = Person(desk).must(200, 'POST', '/api/v1/verify', proof)
    assert verdict['verdict'] == 'true' and verdict['withheld'] == 3, verdict
    assert '3 withheld behind it' in verdict['sentence'] and 'decision' not in verdict, verdict
    moved = proof['facts'][:4] + [proof['facts'][5], proof['facts'][4]] + proof['facts'][6:]
    verdict = Person(desk).must(200, 'POST', '/api/v1/verify', {**proof, 'facts': moved})
    assert verdict['verdict'] == 'not-sealed', verdict

    season = subprocess.run([PROGRAM, 'simulate', '--per-day', '20'], capture_output=True,
                            check=True, env=ENVIRONMENT).stdout
    names = [json.loads(line)['ucr'] for line in season.splitlines()[:40]]
    statuses = [olga.ask('GET', f'/api/v1/declarations/{name}/status').json() for name in names]
    released, who = next((status['file'], status['declarant']) for status in statuses
                         if status.get('state') == 'released')
    mine = invite(admin, 'tess', 'trader', who)
    verdict = mine.must(200, 'POST', '/api/v1/verify',
                        mine.must(200, 'GET', f'/api/v1/files/{released}/proof'))
    assert verdict['decision'] == 'release' and 'none is withheld behind' in verdict['sentence']
# --- Officers' rules ------------------------------------------------------------------------------

def rule_of(one, name='NEW-01', effects='score 10 examine'):
    """A rule that hits declarations of that one's first commodity."""
    code = one['items'][0]['classifications'][0]['id']
    return f'rule {name} "goods under {code}" {effects} when\n' \
           f'    any item (commodity = "{code}")'


def lodge_again(trader, one, number):
    """The same once more, as another consignment; the file as officers see it."""
    again = {**one, 'ucr': f'{one["ucr"]}-{number}', 'functionalReferenceId': f'AGAIN-{number}'}
    return trader.must(201, 'POST', '/api/v1/declarations', again)


def released(desk, admin):
    """A declaration that nobody looked at, and its trader."""
    trader = invite(admin, 'tom', 'trader', TRADER)
    for one in season(40, seed=9):
        reply = trader.ask('POST', '/api/v1/declarations', one)
        if reply.status == 201 and reply.json()['state'] == 'released':
            return one, trader
    raise AssertionError('none was released')


def scored(official, ucr):
    facts = official.must(200, 'GET', f'/api/v1/files/{ucr}')['facts']
    return next(fact['body'] for fact in facts if fact['kind'] == 'scored')


@story
def a_rule_is_written_tried_switched_on_catches_the_next_and_is_switched_off(desk):
    admin = desk.administrator()
    ann, sue = invite(admin, 'ann', 'analyst'), invite(admin, 'sue', 'supervisor')
    olga = invite(admin, 'olga', 'officer')
    one, trader = released(desk, admin)
    before = ann.must(200, 'GET', '/api/v1/rules')
    assert all(row['from'] == 'books' and row['on'] for row in before['rows']), before

    text = rule_of(one)
    tried = ann.must(200, 'POST', '/api/v1/rules/try', {'text': text, 'last': 50})
    assert tried['tried'] == 50 and tried['hits'] >= 1 and not tried['endedEarly'], tried
    assert one['ucr'] in [row['file'] for row in tried['rows']], tried
    assert tried['alreadyStopped'] < tried['hits'] == len(tried['rows']), tried

    rule = ann.must(201, 'POST', '/api/v1/rules', {'text': text, 'reason': 'a tip'})
    assert rule['text'] == text and rule['owner'] == 'user:ann' and not rule['on'], rule
    assert lodge_again(trader, one, 1)['state'] == 'released'
    ann.must(403, 'POST', '/api/v1/rules/NEW-01/on', {'reason': 'mine'})
    olga.must(403, 'POST', '/api/v1/rules', {'text': text, 'reason': 'mine'})
    sue.must(400, 'POST', '/api/v1/rules/NEW-01/on', {})
    rule = sue.must(200, 'POST', '/api/v1/rules/NEW-01/on', {'reason': 'looks right'})
    assert rule['on'] and rule['reason'] == 'looks right' and rule['may'] == ['off'], rule

    caught = lodge_again(trader, one, 2)
    assert caught['state'] == 'under-control', caught
    said, now = scored(olga, caught['file']), olga.must(200, 'GET', '/api/v1/rules')
    assert 'NEW-01' in [reason['rule'] for reason in said['reasons']], said
    assert said['rules'] == now['version'] != before['version'], (said, now['version'])
    first = now['rows'][0]
    assert first['name'] == 'NEW-01' and first['may'] == [] and first['hits'] == 1, first
    assert first['inspected'] == 0 and first['recovered']['value'] == '0.00', first
    assert sum(row['hits'] for row in now['rows'] if row['from'] == 'books') > 0, now
    sue.must(409, 'POST', '/api/v1/rules/NEW-01/on', {'reason': 'again'})

    desk.end()
    desk.start()
    for person in sue, olga, trader:
        person.passkey.origin = desk.origin
        person.by_passkey()
    assert olga.must(200, 'GET', '/api/v1/rules') == now
    assert lodge_again(trader, one, 3)['state'] == 'under-control'
    rule = sue.must(200, 'POST', '/api/v1/rules/NEW-01/off', {'reason': 'it finds nothing'})
    assert not rule['on'] and rule['reason'] == 'it finds nothing', rule
    free = lodge_again(trader, one, 4)
    assert free['state'] == 'released', free
    assert scored(olga, free['file'])['rules'] == before['version']


@story
def a_rule_that_cannot_be_read_is_refused_at_its_place_in_the_text(desk):
    admin = desk.administrator()
    ann = invite(admin, 'ann', 'analyst')
    wrong = 'rule NEW-01 "telephones" score 300 when\n    any item (comodity starts with "8517")'
    for path, more in ('/api/v1/rules', {'reason': 'a tip'}), ('/api/v1/rules/try', {}):
        problem = ann.must(400, 'POST', path, {'text': wrong, **more})
        assert (problem['line'], problem['column'], problem['field']) == (2, 15, 'text'), problem
        assert problem['detail'] == "there is no name 'comodity'", problem
        assert 'commodity' in problem['hint'], problem
    good = wrong.replace('comodity', 'commodity')
    long = good + '#' * 20000
    assert ann.must(400, 'POST', '/api/v1/rules', {'text': long, 'reason': 'x'})['field'] == 'text'
    assert ann.must(400, 'POST', '/api/v1/rules', {'text': good})['field'] == 'reason'
    ann.must(201, 'POST', '/api/v1/rules', {'text': good, 'reason': 'a tip'})
    ann.must(409, 'POST', '/api/v1/rules', {'text': good, 'reason': 'a tip'})
    taken = ann.must(200, 'GET', '/api/v1/rules')['rows'][-1]['name'] # of the books
    ann.must(409, 'POST', '/api/v1/rules', {'text': good.replace('NEW-01', taken), 'reason': 'x'})
    ann.must(400, 'POST', '/api/v1/rules/try', {'text': good, 'last': 0})
    assert ann.must(400, 'POST', '/api/v1/rules/try', {'text': good, 'last': 20001})['hint']


@story
def who_wrote_a_rule_switches_it_on_only_where_nobody_else_may(desk):
    admin = desk.administrator()
    sue = invite(admin, 'sue', 'supervisor')
    text = 'rule NEW-01 "heavy" score 5 when gross_mass > 100000'
    sue.must(201, 'POST', '/api/v1/rules', {'text': text, 'reason': 'a tip'})
    max_ = invite(admin, 'max', 'supervisor')
    row = sue.must(200, 'GET', '/api/v1/rules')['rows'][0]
    assert row['name'] == 'NEW-01' and row['may'] == [], row
    problem = sue.must(409, 'POST', '/api/v1/rules/NEW-01/on', {'reason': 'mine'})
    assert 'who wrote' in problem['detail'], problem
    past = {'reason': 'till then', 'until': '2020-01-01'}
    assert max_.must(409, 'POST', '/api/v1/rules/NEW-01/on', past)['field'] == 'until'
    rule = max_.must(200, 'POST', '/api/v1/rules/NEW-01/on', {**past, 'until': '2999-12-31'})
    assert rule['until'] == '2999-12-31', rule
    sue.must(200, 'POST', '/api/v1/rules/NEW-01/off', {'reason': 'enough'})
    admin.must(204, 'POST', '/api/v1/users/max', {'stopped': True})
    assert sue.must(200, 'GET', '/api/v1/rules')['rows'][0]['may'] == ['on']
    sue.must(200, 'POST', '/api/v1/rules/NEW-01/on', {'reason': 'I am alone'})
    sue.must(409, 'POST', '/api/v1/rules/NEW-99/on', {'reason': 'there is none'})


# --- Events --------------------------------------------------------------------------------------

def next_event(answer):
    event = {}
    while True:
        line = answer.readline().decode().rstrip('\n')
        if not line and event:
            contract().hold_event('/api/v1/events', event['data'].encode())
            return event
        name, _, value = line.partition(': ')
        if name in ('id', 'event', 'data'):
            event[name] = value


@story
def an_open_desk_hears_of_a_change_and_goes_on_where_it_was(desk):
    admin = desk.administrator()
    olga, ben = invite(admin, 'olga', 'officer'), invite(admin, 'ben', 'officer')
    ucr = olga.must(200, 'GET', '/api/v1/queue')['rows'][0]['file']

    def listen(**headers):
        connection = http.client.HTTPConnection('localhost', desk.port, timeout=WAIT_S)
        connection.request('GET', '/api/v1/events?topic=queue', None,
                           {'Cookie': ben.cookie, **headers})
        return connection, connection.getresponse()

    connection, answer = listen()
    assert answer.status == 200 and answer.headers['Content-Type'] == 'text/event-stream'
    olga.act(ucr, 'claim')
    heard = next_event(answer)
    assert json.loads(heard['data'])['kind'] == 'claimed', heard
    connection.close()
    olga.act(ucr, 'unclaim')
    olga.act(ucr, 'claim')
    connection, answer = listen(**{'Last-Event-ID': heard['id']})
    kinds = [json.loads(next_event(answer)['data'])['kind'] for _ in range(2)]
    assert kinds == ['unclaimed', 'claimed'], kinds
    connection.close()
    connection, answer = listen(**{'Last-Event-ID': '1'})
    assert next_event(answer)['event'] == 'reset'
    connection.close()


sys.exit(tell_stories(sys.argv[2:], functools.partial(server, declarations=300)))
