"""story_books: an administration loads its tariff, and somebody asks what goods would cost.

usage: story_books.py TIDEWAITER [WORD ...]
"""
import json
import os

from command_line import (FAILED, SHARED, SOME_REFUSED, Skipped, run, story, tell_stories, write)

HEAD = 'commodity,origin,regime,type,rate,from,to,law,text,kind,document,quota,additional\n'
GROUPS = 'group,country\nPARTNERS,KR\nPARTNERS,JP\n'
LINES = ('code,from,to,units,label\n22,,,,drinks\n2208,,,,spirits\n220830,,,LPA,whisky\n'
         '8471,,,,computers\n847130,,,C62,portable computers\n')
MEASURES = HEAD + '''\
2208,*,*,A00,10 %,,,Act 1,customs duty,,,,
2208,PARTNERS,3,A00,Free,,,Act 2,preference,,,,
2208,*,*,X10,28 EUR/l of pure alcohol,,,Act 3,excise,,,,
8471,*,*,A00,2 %,,2026-06-30,Act 1,customs duty,,,,
8471,*,*,A00,3 %,2026-07-01,,Act 1,customs duty,,,,
8471,CN,*,A30,12.5 %,,,Act 4,anti-dumping duty,anti-dumping,,,
,*,*,B00,20 %,,,Act 5,value added tax,,,,
'''
AS_OF = ('--as-of', '2026-01-01', '--country', 'XM', '--currency', 'EUR')


def imported(measures=MEASURES, lines=LINES, status=0, *words):
    files = (write('groups.csv', GROUPS), write('lines.csv', lines),
             write('measures.csv', measures))
    return run('books', 'import', *files, *AS_OF, '--json', *words, status=status)


def ask(code, *words, status=0):
    told = run('duty', code, '--json', *words, status=status)
    return json.loads(told.out)


def owed(origin):
    return {due['type']: due.get('amount') for due in origin['dues']
            if due['standing'] == 'owed'}


def books():
    return sorted(os.listdir('var/tariff')) if os.path.isdir('var/tariff') else []


# --- Loading -------------------------------------------------------------------------------------

@story
def a_tariff_is_loaded_once_and_named_by_its_content():
    told = imported().json('version', 'lines', 'measures')
    assert (told['lines'], told['measures']) == (5, 7), told
    assert books() == [f'XM-2026-01-01-{told["version"]}.book'], books()
    assert imported().json('version')['version'] == told['version']
    assert len(books()) == 1
    run('books', 'list').says('2026-01-01', 'XM', 'EUR', told['version'])
    run('books', 'formats').says('us-hts', 'eaeu-ett', 'measures')


@story
def what_is_wrong_is_told_by_line_and_nothing_is_written():
    wrong = {
        '8471,*,*,A00,5 %,2026-03-01,2026-06-30,Act 9,at odds,,,,\n': "'2 %'",
        '8471,*,*,A00,99999999999999999999 %,,,Act 9,too much,,,,\n': 'digits',
        '84X1,*,*,A00,5 %,,,Act 9,no code,,,,\n': 'commodity code',
        '8472,*,*,A00,5 %,,,Act 9,unknown,,,,\n': 'not in the nomenclature',
        '8471,STRANGERS,*,A00,5 %,,,Act 9,unknown,,,,\n': 'no group',
        '847130,*,*,A00,5 %,,2026-02-01,Act 9,a,,,,\n847130,*,*,A00,5 %,2026-02-05,,Act 9,b,,,,\n':
            'gap',
        '8471,*,*,A00,5 %,2026-13-01,,Act 9,no day,,,,\n': 'month',
        '8471,*,*,A00,5 %,,,,no law,,,,\n': 'nothing is said',
        '8471,*,*,A00,5 %,,,Act 9,no kind,tribute,,,\n': 'kind',
        '8471,*,*\n': 'fields',
    }
    for row, words in wrong.items():
        told = imported(MEASURES + row, LINES, SOME_REFUSED)
        found = told.json()['troubles'] + [flaw for file in told.json()['files']
                                           for flaw in file['flaws']]
        assert len(found) == 1 and words in found[0]['text'], (row, found)
        assert found[0]['line'] in (9, 10), (row, found)
        assert books() == [], books()


@story
def what_is_there_stays_when_the_next_import_is_refused():
    version = imported().json()['version']
    imported(MEASURES + '8471,*,*,A00,9 %,2026-07-01,,Act 9,at odds,,,,\n', LINES, SOME_REFUSED)
    assert books() == [f'XM-2026-01-01-{version}.book']
    ask('847130', '--origin', 'US', '--value', '100', '--date', '2026-02-01')


@story
def a_dry_run_counts_and_writes_nothing():
    told = imported(MEASURES + '2208,US,*,A00,as the Minister may say,,,Act 9,manual,,,,\n', LINES,
                    0, '--dry-run').json()
    column = told['files'][2]['columns'][0]
    assert (column['parsed'], column['evaluable'], column['manual']) == (8, 7, 1), column
    assert column['obstacles'] == {'words': 1}, column
    assert books() == []


@story
def a_dry_run_needs_nothing_but_the_file():
    told = run('books', 'import', '--dry-run', write('m.csv', MEASURES.replace('PARTNERS', 'KR')),
               '--json').json()
    assert told['files'][0]['columns'][0]['evaluable'] == 7, told
    both = write('uk.csv', 'commodity,description,cet_duty_rate,ukgt_duty_rate\n'
                 '01012100,horses,11.5%,10.0%\n')
    shown = run('books', 'import', '--dry-run', both)
    shown.says('cet_duty_rate', 'ukgt_duty_rate', 'no book was written')
    run('books', 'import', both, '--as-of', '2026-01-01', status=FAILED).says('--country')
    run('books', 'import', both, '--as-of', '2026-01-01', '--country', 'FR', '--currency', 'EUR',
        status=FAILED).says('GB and of the EU')


@story
def a_file_of_no_known_kind_is_refused_with_what_to_do():
    told = run('books', 'import', write('a.csv', 'a,b\n1,2\n'), *AS_OF, status=FAILED)
    told.says('begins as none', 'books formats')
    run('books', 'import', 'nowhere.csv', *AS_OF, status=FAILED).says('nowhere.csv')
    run('books', 'import', write('m.csv', MEASURES), status=FAILED).says('--as-of')
    run('books', 'import', 'm.csv', '--as-of', '2026-01-01', status=FAILED).says('--country')
    run('books', 'import', 'm.csv', '--as-of', '2026-01-01', '--country', 'XM',
        status=FAILED).says('--currency')


@story
def a_book_that_was_changed_is_not_used():
    imported()
    path = f'var/tariff/{books()[0]}'
    with open(path, 'r+b') as file:
        file.seek(1000)
        byte = file.read(1)
        file.seek(1000)
        file.write(bytes([byte[0] ^ 1]))
    run('duty', '847130', '--value', '100', status=FAILED).says('damaged', 'check')


@story
def what_changed_between_two_books_is_told():
    first = imported().json()['version']
    changed = MEASURES.replace('10 %', '11 %').replace(
        '8471,CN,*,A30,12.5 %,,,Act 4,anti-dumping duty,anti-dumping,,,\n', '')
    second = imported(changed + '2208,US,*,A00,1 %,,,Act 9,new,,,,\n',
                      LINES + '847141,,,,others\n').json()['version']
    told = run('books', 'diff', first, second)
    told.says('+ 847141', '~ 2208', '10 % -> 11 %', '- 8471', 'anti-dumping', '+ 2208',
              'lines: 1 added, 0 removed, 0 changed; measures: 1 added, 1 removed, 1 changed')
    lines = [json.loads(line) for line in
             run('books', 'diff', first, second, '--json').out.splitlines()]
    assert sorted(line['change'] for line in lines) == ['added', 'added', 'changed', 'removed']
    run('books', 'diff', first, first).says('0 changed; measures: 0 added, 0 removed, 0 changed')
    run('books', 'diff', first, 'ffff', status=FAILED).says('there is no book', 'books list')


# --- Asking --------------------------------------------------------------------------------------

@story
def the_answer_can_be_followed_line_by_line():
    imported()
    told = run('duty', '8471300000', '--origin', 'CN', '--value', '1200', 'EUR', '--freight',
               '80', 'EUR', '--qty', '2', '--date', '2026-05-01')
    told.says('portable computers', '1280.00 EUR (CIF)', '2 % of 1280.00 EUR = 25.60 EUR', 'Act 1',
              '12.5 % of 1280.00 EUR = 160.00 EUR', '20 % of 1465.60 EUR = 293.12 EUR',
              'owed 478.72 EUR')


@story
def the_day_decides_which_rate_is_in_force():
    imported()
    for day, amount in (('2026-06-30', '20.00 EUR'), ('2026-07-01', '30.00 EUR')):
        told = ask('847130', '--origin', 'US', '--value', '1000', '--date', day)
        assert owed(told['origins'][0])['A00'] == amount, told


@story
def what_is_missing_is_asked():
    imported()
    told = ask('2208300000', '--origin', 'US', '--value', '1000')['origins'][0]
    assert not told['known'], told
    assert [m for c in told['dues'] for m in c.get('missing', [])], told
    told = ask('2208300000', '--origin', 'US', '--value', '1000', '--quantities',
               '10 LPA')['origins'][0]
    assert told['known'] and owed(told) == {
        'A00': '100.00 EUR', 'X10': '280.00 EUR', 'B00': '276.00 EUR'}, told


@story
def a_preference_must_be_claimed_and_the_answer_says_so():
    imported()
    asked = ('2208300000', '--origin', 'KR,US', '--value', '1000', '--quantities', '10 LPA')
    told = run('duty', *asked)
    told.says('[unclaimed]; it needs the claim of preference 3', 'landed cost')
    korea, states = ask(*asked, '--preference', '300')['origins']
    assert owed(korea)['A00'] == '0.00 EUR' and owed(states)['A00'] == '100.00 EUR'
    assert [c['amount'] for c in korea['dues'] if c['standing'] == 'higher'] == ['100.00 EUR']


@story
def a_code_that_is_too_short_is_told_what_stands_below_it():
    imported(MEASURES.replace('\n8471,', '\n847130,'))
    told = run('duty', '8471', '--origin', 'US', '--value', '1000')
    told.says('no customs duty for 8471', '847130', 'portable computers', 'owed at least')
    told = run('duty', '8471410000', '--origin', 'US', '--value', '1000')
    told.says('no customs duty for 8471410000; below 8471 it has:', '847130')


@story
def a_subheading_filled_up_with_zeros_is_the_one_code_below_it():
    imported(MEASURES, LINES + '8471300100,,,,the only ones\n')
    told = run('duty', '8471300000', '--origin', 'US', '--value', '1000', '--date', '2026-02-01')
    told.says('8471300100  the only ones', 'the only code of the book below 8471300000',
              '2 % of 1000.00 EUR')


@story
def other_money_needs_a_rate():
    imported()
    run('duty', '847130', '--value', '100', 'USD', status=FAILED).says('--rates')
    rates = write('rates.csv', 'date_from,currency,rate\n2026-01-01,USD,0.9\n')
    told = ask('847130', '--origin', 'US', '--value', '100', 'USD', '--rates', rates, '--date',
               '2026-02-01')
    assert told['customsValue'] == '90.00 EUR', told


@story
def exchange_rates_and_taxes_come_with_the_book():
    monthly = write('fx.csv', 'Date,Country,Exchange rate\n2026-01-01,Euro,0.8\n'
                    '2026-01-01,United Kingdom,0.6\n2026-02-01,Euro,0.9\n')
    taxes = write('vat.csv', 'start_date,stop_date,territory_codes,currency_code,rate,rate_type,'
                  'description\n2020-01-01,2026-02-01,"XM\nXN",EUR,0.175,standard,\n'
                  '2026-02-01,,XM,EUR,0.2,standard,\n2026-02-01,,XN,EUR,0.3,standard,\n')
    measures = write('m.csv', HEAD + '8471,*,*,A00,10 %,,,Act 1,customs duty,,,,\n')
    run('books', 'import', measures, monthly, taxes, *AS_OF)
    told = ask('8471', '--origin', 'US', '--value', '100', 'GBP', '--date', '2026-01-15')
    # 0.8 / 0.6 = 1.3333333333
    assert told['customsValue'] == '133.33 EUR', told
    assert owed(told['origins'][0]) == {'A00': '13.33 EUR', 'B00': '25.67 EUR'}, told
    shown = run('duty', '8471', '--value', '100', 'USD', '--date', '2026-02-15')
    shown.says('90.00 EUR (0.9000000000 for 1 USD, from 2026-02-01)', '20 % of 99.00 EUR')
    twice = write('twice.csv', 'date_from,currency,rate\n2026-01-01,USD,0.8\n')
    run('books', 'import', measures, monthly, twice, *AS_OF,
        status=SOME_REFUSED).says('USD has a rate from that day')


# --- Real tariffs --------------------------------------------------------------------------------

def real(name):
    path = os.path.join(SHARED, 'rates', name)
    if not os.path.exists(path):
        raise Skipped(f'{name} is not there')
    return path


@story
def the_schedule_of_the_united_states_is_read_whole():
    told = run('books', 'import', real('us_hts_2026_rev4.csv'), '--as-of', '2026-01-01',
               '--country', 'US', '--json').json()
    general = told['files'][0]['columns'][0]
    assert general['name'] == 'General Rate of Duty' and general['lines'] == 13876, general
    assert general['parsed'] == 13876 and general['evaluable'] >= 0.95 * 13876, general
    assert sum(general['obstacles'].values()) == general['manual'], general
    assert told['files'][0]['unreadable'] == 0 and told['troublesCount'] == 0, told['troubles']
    shirts = ask('6109100004', '--origin', 'CN,RU', '--value', '1200', '--date', '2026-06-01')
    assert [owed(o)['A00'] for o in shirts['origins']] == ['198.00 USD', '1080.00 USD'], shirts


@story
def other_unions_are_read_too():
    for name, country, currency, lines, share in (
            ('uk_global_tariff_2021.csv', 'GB', 'GBP', 11830, 0.97),
            ('uk_global_tariff_2021.csv', 'EU', 'EUR', 11830, 0.95),
            ('eaeu_ett_2026.json', 'RU', 'EUR', 13319, 0.97)):
        told = run('books', 'import', real(name), '--as-of', '2026-01-01', '--country', country,
                   '--currency', currency, '--dry-run', '--json', status=None).json()
        column = told['files'][0]['columns'][0]
        assert column['lines'] == column['parsed'] == lines, column
        assert column['evaluable'] >= share * lines, column


@story
def two_rates_for_one_code_on_one_day_are_refused_by_line():
    told = run('books', 'import', real('eaeu_ett_2026.json'), '--as-of', '2026-01-01',
               '--country', 'RU', '--json', status=SOME_REFUSED).json()
    assert told['troublesCount'] > 0 and all(t['line'] for t in told['troubles']), told
    assert books() == []
    run('books', 'import', real('eaeu_ett_2026.json'), '--as-of', '2026-01-01', '--country', 'RU',
        '--leave-out')
    at_odds, other = ask('2707501000', '--value', '100'), ask('0102291000', '--value', '100')
    assert not at_odds['origins'][0]['known'] and other['origins'][0]['known'], (at_odds, other)


@story
def what_is_at_odds_can_be_left_out():
    wrong = (MEASURES + '8471,*,*,A00,9 %,2026-07-01,,Act 9,at odds,,,,\n84X1,*,*,A00,1 %,,,a,b,,,,\n'
             '8472,*,*,A00,5 %,,,Act 9,unknown,,,,\n')
    told = imported(wrong, LINES + '8471,,,,again\n', 0, '--leave-out').json()
    assert told['troublesCount'] == 3 and told['measures'] == 6 and told['lines'] == 5, told
    asked = ('8471', '--origin', 'US', '--value', '100', '--date')
    assert owed(ask(*asked, '2026-06-01')['origins'][0])['A00'] == '2.00 EUR'
    later = ask(*asked, '2026-08-01')['origins'][0]
    assert not later['known'] and 'A00' not in owed(later), later


tell_stories()
