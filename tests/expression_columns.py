"""expression_columns: whole columns of real schedules are read, and nearly all can be worked out.

What cannot says why; every rate's canonical text is read to the same formula (expression_peer sees
to that). Symbols of programmes are held against those that a pattern finds here. Needs the data
beside the project; without it the test is skipped.

usage: expression_columns.py PROGRAM [--list]; --list shows what is manual.
"""
import collections
import csv
import json
import os
import re
import subprocess
import sys

ROOT = os.environ.get('TIDEWAITER_ROOT', os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RATES = f'{ROOT}/../shared/data/rates'
PROGRAM = sys.argv[1]
LIST = '--list' in sys.argv
SYMBOLS = re.compile(r'\(\s*((?:[A-Z]{1,3}[+*]*\s*,?\s*)+)\)')
failures = []


def table(name):
    with open(f'{RATES}/{name}', encoding='utf-8-sig', newline='') as file:
        return list(csv.DictReader(file))


def fields(name, key):
    """Every value of a key, wherever it is in the file."""
    def walk(value):
        if isinstance(value, dict):
            if isinstance(value.get(key), str):
                yield value[key]
            for inner in value.values():
                yield from walk(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from walk(inner)
    with open(f'{RATES}/{name}', encoding='utf-8') as file:
        return list(walk(json.load(file)))


def ask(word, currency, flags, cells):
    lines = ''.join(f'{word}\t{currency}\t{flags}\t' + re.sub(r'[\t\r\n]', ' ', cell) + '\n'
                    for cell in cells)
    done = subprocess.run([PROGRAM], input=lines, capture_output=True, text=True)
    answers = done.stdout.split('\n')[:-1]
    if done.returncode != 0 or len(answers) != len(cells):
        sys.exit(f'{done.stderr}\n{len(answers)} answers to {len(cells)} cells')
    return answers


def judge(name, said, wanted):
    """said: pairs of words and answer."""
    counts = collections.Counter(answer.split(' ')[0] for _, answer in said)
    share = 100 * counts['formula'] / len(said)
    reasons = collections.Counter(answer.split(' ')[1] for _, answer in said
                                  if answer.startswith('manual'))
    print(f'{name}: {len(said)} rates, {share:.2f} % can be worked out; manual: '
          + (', '.join(f'{count} {reason}' for reason, count in reasons.most_common()) or 'none'))
    if share < wanted:
        failures.append(f'{name}: {share:.2f} %, and {wanted} % are wanted')
    for words, answer in said:
        if not answer.startswith(('formula', 'manual')):
            failures.append(f'{name}: {words!r}: {answer}')
    if LIST:
        for (words, answer), count in collections.Counter(
                pair for pair in said if not pair[1].startswith('formula')).most_common():
            print(f'  {count} {answer}: {words[:150]!r}')


def column(name, currency, flags, cells, count, wanted):
    cells = [cell for cell in cells if cell.strip()]
    if len(cells) != count:
        failures.append(f'{name}: {len(cells)} cells, and {count} were expected')
    judge(name, list(zip(cells, ask('read', currency, flags, cells))), wanted)


def programmes(name, currency, cells, count, wanted, bracketed):
    cells = [cell for cell in cells if cell.strip('\u200b \r\n')]
    if len(cells) != count:
        failures.append(f'{name}: {len(cells)} cells, and {count} were expected')
    said = []
    for cell, answer in zip(cells, ask('column', currency, '-', cells)):
        parts = answer.split('\t')
        if not parts[0].isdigit():
            failures.append(f'{name}: {cell!r}: {answer}')
            continue
        said += [(cell, rate) for rate in parts[3::3]]
        if not bracketed:
            continue
        found = [re.findall(r'[A-Z]{1,3}[+*]*', group) for group in SYMBOLS.findall(cell)]
        ours = [symbols.split(',') for symbols in parts[1::3] if symbols]
        if found != ours:
            failures.append(f'{name}: {cell!r}: {ours}')
    judge(name, said, wanted)


def main():
    if not os.path.isdir(RATES):
        print(f'skipped: there is no {RATES}')
        sys.exit(77)
    us = table('us_hts_2026_rev4.csv')
    uk = table('uk_global_tariff_2021.csv')
    column('US general', 'USD', '-', [row['General Rate of Duty'] for row in us], 13876, 99)
    column('US column 2', 'USD', '-', [row['Column 2 Rate of Duty'] for row in us], 13509, 99)
    column('UK', 'GBP', '-', [row['ukgt_duty_rate'] for row in uk], 11830, 99.9)
    column('EU', 'EUR', 'p', [row['cet_duty_rate'] for row in uk], 11830, 99.9)
    column('Eurasian union', 'EUR', 'p', fields('eaeu_ett_2026.json', 'duty_rate'), 13319, 99.9)
    programmes('US special', 'USD', [row['Special Rate of Duty'] for row in us], 9670, 92, True)
    programmes('Australia', 'AUD', fields('au_s3.json', 'dutyRate'), 6783, 99, False)
    programmes('Australia, agreements', 'AUD', fields('au_fta.json', 'dutyRate'), 3908, 95, False)
    for failure in failures[:40]:
        print(failure)
    sys.exit(bool(failures))


main()
