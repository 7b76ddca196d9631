"""story_origin: a maker asks which rules of origin his product meets.

usage: story_origin.py TIDEWAITER [WORD ...]
"""
import json
import os

from command_line import (FAILED, ROOT, SOME_REFUSED, USAGE, run, story, tell_stories, write)

ORIGIN = os.path.join(ROOT, 'data', 'origin')
RULES = os.path.join(ORIGIN, 'meridia.json')


@story
def a_worksheet_says_which_rules_are_met_and_what_would_meet_the_others():
    sheet = os.path.join(ORIGIN, 'television.json')
    told = run('origin', 'worksheet', sheet, '--rules', RULES, os.path.join(ORIGIN, 'tca.json'))
    told.says('Invented demonstration data', 'alternative 1: not met', 'alternative 2: met',
              '0.10 EUR less of non-originating materials', 'no certificate of an authority is needed')
    found = run('origin', 'worksheet', sheet, RULES, '--json').json('rules', 'qualifies')
    first, second = found['rules'][0]['alternatives']
    assert (first['verdict'], second['verdict'], found['qualifies']) == ('not_met', 'met', 'met')
    share = first['conditions'][1]
    assert (share['percent_low'], share['percent_high'], share['percent_limit']) == (
        '46.88', '49.38', '50'), share
    with open(sheet, encoding='utf-8') as file:
        other = json.load(file)
    other['product']['ex_works'] = other['product']['fob'] = '150.00'
    write('dear.json', json.dumps(other))
    found = run('origin', 'worksheet', 'dear.json', RULES, '--json', status=SOME_REFUSED).json()
    assert found['qualifies'] == 'not_met', found
    other['scheme'] = 'nobody'
    write('nobody.json', json.dumps(other))
    run('origin', 'worksheet', 'nobody.json', RULES, status=FAILED).says("a scheme 'nobody'")
    write('broken.json', '{"format":"origin-worksheet-1",\n"price":1}')
    run('origin', 'worksheet', 'broken.json', RULES, status=FAILED).says('2:', "'price'", 'Members are')


@story
def files_of_rules_say_what_was_taken_and_what_was_not():
    taken = run('origin', 'rules', RULES, '--output', 'ours.json').says('took 2 schemes, 10 rules')
    assert 'manual' in taken.out
    first = run('origin', 'rules', RULES, '--json').json('rules', 'manual', 'refused')
    assert run('origin', 'rules', 'ours.json', '--json').json() == first
    rows = [{'heading': '8528', 'min': '8528000000', 'max': '8528999999',
             'rules': [{'rule': 'A change from any other heading.'}, {'rule': 'As agreed.'}]},
            {'heading': '85', 'min': '85', 'max': '86', 'rules': []}]
    write('abc.json', json.dumps({'rule_sets': rows}, indent=1))
    told = run('origin', 'rules', 'abc.json', '--manual', status=SOME_REFUSED)
    told.says('1 by figures', '1 manual', '1 rows refused', 'abc.json:16:3: refused',
              'abc:12:15: 8528: manual: As agreed.')


@story
def what_was_not_understood_is_usage():
    for words, said in ((('origin', 'guess'), "'worksheet' or 'rules'"),
                        (('origin', 'worksheet'), 'which worksheet?'),
                        (('origin',), 'it needs')):
        result = run(*words, status=USAGE)
        assert result.out == '' and said in result.err, result


tell_stories()
