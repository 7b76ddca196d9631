"""hs2022: the codes that come with the project are those of the Harmonized System, the words ours.

Always: data/nomenclature/hs2022.csv against itself. With ../shared/data/hs beside the project also
against published lists: the same codes in the same sections, and no label that is, or has a run of
six words in common with, a text that others wrote.
"""
import csv
import os
import re
import sys
import unicodedata

ROOT = os.environ.get('TIDEWAITER_ROOT', os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SHARED = f'{ROOT}/../shared/data/hs'
FILLERS = {'TOTAL', '99', '9999', '999999'}  # of the United Nations' list, for what is not known
FREE = '77'  # a chapter that the Harmonized System keeps free, so no list has it
COUNTS = {'section': 21, 2: 97, 4: 1228, 6: 5612}
LABEL_MAX, RUN = 70, 6
ROMAN = ('I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX XXI').split()
wrong = []


def hold(right, text):
    if not right:
        wrong.append(text)


def level(code):
    return 'section' if code in ROMAN else len(code)


def words(text):
    return re.findall(r'[a-z0-9]+', text.lower())


def read():
    with open(f'{ROOT}/data/nomenclature/hs2022.csv', encoding='utf-8') as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith('#')))
    hold(list(rows[0]) == ['code', 'label'], 'the columns are not code and label')
    return rows


def check_codes(rows):
    codes = [row['code'] for row in rows if row['code'] not in ROMAN]
    hold([row['code'] for row in rows if row['code'] in ROMAN] == ROMAN, 'sections out of order')
    for before, code in zip(codes, codes[1:]):
        hold(before < code, f'{code} does not follow {before}')
    known = set(codes)
    for code in codes:
        hold(re.fullmatch(r'(\d\d){1,3}', code), f'{code} is no code')
        hold(len(code) == 2 or code[:-2] in known, f'{code} has no code above it')
    for row, following in zip(rows, rows[1:]):
        hold(row['code'] not in ROMAN or len(following['code']) == 2, f'{row["code"]} is empty')
    for kind, wanted in COUNTS.items():
        count = sum(level(row['code']) == kind for row in rows)
        hold(count == wanted, f'{count} codes at {kind}, and there are {wanted}')
    for code in ('240411', '300693', '848510', '852411', '854921', '880621', '970521'):
        hold(code in known, f'{code}, which came in 2022, is missing')
    for code in ('6908', '8469', '8520', '8803', '854810'):
        hold(code not in known, f'{code} is no longer in the edition of 2022')
    hold(not any(code.startswith(FREE) and code != FREE for code in known), f'{FREE} is not free')


def check_labels(rows):
    seen = {}
    for row in rows:
        code, label = row['code'], row['label']
        if level(code) == 6:
            hold(label == '', f'{code}: a subheading has a label')
            continue
        hold(label != '', f'{code}: no label')
        hold(len(label) <= LABEL_MAX, f'{code}: {len(label)} characters')
        hold(label == unicodedata.normalize('NFC', ' '.join(label.split())), f'{code}: blanks')
        hold(not label.endswith('.'), f'{code}: a full stop')
        hold(label not in seen, f'{code}: the label of {seen.get(label)}')
        seen[label] = code


def check_interpretation(rows):
    """The six rules are there, each with an example, and every code that they name exists."""
    known = {row['code'] for row in rows}
    with open(f'{ROOT}/data/nomenclature/interpretation.md', encoding='utf-8') as file:
        text = file.read()
    rules = re.split(r'^## ', text, flags=re.M)[1:]
    hold([rule[:2] for rule in rules] == [f'{n}.' for n in range(1, 7)], 'not six rules in order')
    for rule in rules:
        hold(re.search(r'^\*[^*]+\*', rule, flags=re.M), f'rule {rule[:1]} has no example')
    named = re.findall(r'(?<![\d.])(?:\d{6}|\d{4})(?!\d)', text)
    hold(len(named) > 10, 'the rules name too few codes')
    for code in named:
        hold(code in known, f'interpretation.md names {code}, which is no code')


def shared(name, encoding='utf-8'):
    with open(f'{SHARED}/{name}', encoding=encoding) as file:
        return list(csv.DictReader(file))


def check_published_codes(rows, published):
    section, ours = '', {}
    for row in rows:
        section = row['code'] if row['code'] in ROMAN else section
        ours[row['code']] = section
    theirs = {row['hscode']: row['section'] for row in published if row['hscode'] not in FILLERS}
    for code in sorted(set(theirs) | set(ours) - set(ROMAN) - {FREE}):
        hold(ours.get(code) == theirs.get(code),
             f'{code}: section {ours.get(code)} here, {theirs.get(code)} in the published list')


def check_published_words(rows, texts):
    whole = {' '.join(words(text)) for text in texts}
    runs = set()
    for text in texts:
        listed = words(text)
        runs.update(tuple(listed[i:i + RUN]) for i in range(len(listed) - RUN + 1))
    for row in rows:
        listed = words(row['label'])
        hold(not listed or ' '.join(listed) not in whole, f'{row["code"]}: a text of others')
        for i in range(len(listed) - RUN + 1):
            run = tuple(listed[i:i + RUN])
            hold(run not in runs, f'{row["code"]}: "{" ".join(run)}" stands in a text of others')


def main():
    rows = read()
    check_codes(rows)
    check_labels(rows)
    check_interpretation(rows)
    if os.path.exists(f'{SHARED}/hs2022_datahub.csv'):
        published = shared('hs2022_datahub.csv')
        check_published_codes(rows, published)
        check_published_words(rows, [row['description'] for row in published] +
                              [row['name'] for row in shared('hs2022_sections.csv', 'utf-8-sig')] +
                              [row['description'] for row in shared('eu_cn_en.csv')])
    else:
        print(f'skipped in part: there is no {SHARED}')
    for text in wrong:
        print(text)
    print(f'{len(rows)} rows, {len(wrong)} wrong')
    return len(wrong) > 0


sys.exit(main())
