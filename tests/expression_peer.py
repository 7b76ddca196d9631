"""expression_peer: another program works out the same duty, to the last digit.

Random expressions are written as canonical text (src/tariff/expression.h) and read here by a parser
of its own; what is owed is worked out in fractions, one step after the other, and compared with what
the program says: the total, which clamp won, every line, and what is missing. Where the program
refuses because a figure does not fit 128 bits, the figures must be that large.

usage: expression_peer.py PROGRAM [COUNT]; 5,000 expressions, or 100,000 with TIDEWAITER_LONG=yes.
"""
import os
import random
import re
import subprocess
import sys
from fractions import Fraction

PROGRAM = sys.argv[1]
LONG = os.environ.get('TIDEWAITER_LONG') == 'yes'
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 100000 if LONG else 5000

# sign in text: (code, dimension, how many of the dimension's first)
UNITS = {
    'kg': ('KGM', 'mass', '1'), 'g': ('GRM', 'mass', '0.001'), 't': ('TNE', 'mass', '1000'),
    'carat': ('CTM', 'mass', '0.0002'), 'lb': ('LBR', 'mass', '0.45359237'),
    'l': ('LTR', 'volume', '1'), 'hl': ('HLT', 'volume', '100'), 'm3': ('MTQ', 'volume', '1000'),
    'ml': ('MLT', 'volume', '0.001'), 'bbl': ('BLL', 'volume', '158.987294928'),
    'l pure alcohol': ('LPA', 'alcohol', '1'), 'proof litre': ('PFL', 'alcohol', '0.5'),
    'item': ('NAR', 'count', '1'), 'pair': ('PR', 'count', '2'), 'dozen': ('DZN', 'count', '12'),
    'gross': ('GRO', 'count', '144'), 'dozen pairs': ('DPR', 'count', '24'),
    'head': ('HEA', 'count', '1'), 'm': ('MTR', 'length', '1'), 'm2': ('MTK', 'area', '1'),
    'ft2': ('FTK', 'area', '0.09290304'), 'pack': ('NMP', 'packs', '1'),
    'jewel': ('JWL', 'jewels', '1'),
}
TOLD = {'DTN': ('mass', '100'), 'MIL': ('count', '1000'), 'HPA': ('alcohol', '100')}
BY_CODE = {code: (dimension, Fraction(many)) for code, dimension, many in UNITS.values()}
BY_CODE.update({code: (dimension, Fraction(many)) for code, (dimension, many) in TOLD.items()})
STRENGTHS = {'% vol': 'ASV', 'degree': 'ISD', '%': 'P1', 'line': 'LIN', 'jewel': 'JWL'}
SUBJECTS = ['net', 'gross', 'net drained', 'copper content', 'total sugars']
PARTS = ['case', 'strap', 'battery', 'lead content', 'movement']
PARAMETERS = ['EA', 'ADSZ', 'ADFM', 'EP']
MINOR = {'USD': 2, 'EUR': 2, 'JPY': 0, 'KWD': 3, 'GBP': 2}
RATES = {'USD': '0.923456', 'EUR': None, 'JPY': '0.0061', 'KWD': '3.01', 'GBP': '1.17'}
MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split()
DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
dice = random.Random(1)


# --- Making canonical text ---

def some_number(whole_max=200):
    kind = dice.random()
    if kind < 0.08:
        below = dice.choice([3, 6, 7, 9, 11])
        above = dice.randrange(1, below)
        shared = Fraction(above, below)
        whole = dice.randrange(40)
        if shared.denominator in (1, 2, 5, 10):
            return str(whole)
        return (f'{whole} ' if whole else '') + f'{shared.numerator}/{shared.denominator}'
    if kind < 0.4:
        return str(dice.randrange(whole_max))
    digits = dice.choice([1, 2, 2, 3, 4, 8])
    text = f'{dice.randrange(whole_max)}.{dice.randrange(10 ** digits):0{digits}}'
    return text.rstrip('0').rstrip('.')


def percent():
    text = some_number(120) + ' %'
    if dice.random() < 0.2:
        text += ' on the ' + ' and '.join(dice.sample(PARTS, dice.choice([1, 1, 2])))
    return text


def specific():
    unit = dice.choice(list(UNITS))
    per = dice.choice(['', '', '', '100 ', '1000 '])
    text = f'{some_number()} {dice.choice(list(MINOR))}/{per}{unit}'
    if dice.random() < 0.2:
        text += ' ' + dice.choice(SUBJECTS)
    if dice.random() < 0.15 and unit != 'jewel':
        strength = dice.choice(list(STRENGTHS))
        text += f' for each {strength}'
        if dice.random() < 0.1:
            text += ' sucrose'
        if dice.random() < 0.5:
            text += f' {dice.choice(["over", "under"])} {some_number(100)}'
    return text


def some_sum():
    if dice.random() < 0.05:
        return 'Free'
    terms = []
    for _ in range(dice.choice([1, 1, 1, 2, 2, 3])):
        kind = dice.random()
        terms.append('LINE' if kind < 0.05 else dice.choice(PARAMETERS) if kind < 0.15
                     else percent() if kind < 0.55 else specific())
    text = terms[0]
    for term in terms[1:]:
        text += (' - ' if dice.random() < 0.2 else ' + ') + term
    return text


def clamped():
    text = some_sum()
    for _ in range(dice.choice([0, 0, 0, 1, 1, 2])):
        text += f' {dice.choice(["MIN", "MAX"])} {some_sum()}'
    return text


def day_text(number):
    month = 0
    while number >= DAYS[month]:
        number -= DAYS[month]
        month += 1
    return f'{number + 1} {MONTHS[month]}'


def expression():
    if dice.random() > 0.1:
        return clamped()
    ends = sorted(dice.sample([i for i in range(366) if i not in (58, 59)], dice.choice([2, 3, 4])))
    pieces = []
    for i, start in enumerate(ends):  # the last one goes over New Year
        last = (ends[(i + 1) % len(ends)] - 1) % 366
        pieces.append(f'{clamped()} ({day_text(start)}-{day_text(last)})')
    if dice.random() < 0.3:
        pieces[-1] = pieces[-1][:pieces[-1].rindex(' (')]
    return ', '.join(pieces)


# --- Reading it ---

def number_of(text):
    return sum(Fraction(piece) for piece in text.split(' '))


NUMBER = r'((?:\d+ )?\d+/\d+|\d+(?:\.\d+)?)'


def longest(text, words):
    found = [w for w in words if text == w or text.startswith(w + ' ')]
    return max(found, key=len) if found else None


def term_of(text):
    if text in ('Free', 'LINE') or text in PARAMETERS:
        return {'kind': text if text in ('Free', 'LINE') else 'parameter', 'name': text}
    found = re.fullmatch(NUMBER + r' %(?: on the (.*))?', text)
    if found:
        return {'kind': '%', 'rate': number_of(found[1]),
                'parts': found[2].split(' and ') if found[2] else []}
    found = re.fullmatch(NUMBER + r' ([A-Z]{3})/(?:(\d+) )?(.*?)(?: for each (.*))?', text)
    term = {'kind': 'each', 'rate': number_of(found[1]), 'currency': found[2],
            'per': int(found[3] or 1), 'strength': None}
    term['unit'] = longest(found[4], UNITS)
    term['subject'] = found[4][len(term['unit']):].strip()
    if found[5]:
        strength = re.fullmatch(r'(.*?)(?: (over|under) ' + NUMBER + ')?', found[5])
        unit = longest(strength[1], STRENGTHS)
        term['strength'] = (unit, strength[1][len(unit):].strip(), strength[2],
                            number_of(strength[3]) if strength[3] else None)
    return term


def sums_of(text):
    pieces = re.split(r' (MIN|MAX) ', text)
    sums = []
    for clamp, piece in zip([None] + pieces[1::2], pieces[::2]):
        parts = re.split(r' ([+-]) ', piece)
        sums.append((clamp, [(sign, term_of(part))
                             for sign, part in zip(['+'] + parts[1::2], parts[::2])]))
    return sums


def day_number(text):
    day, month = text.split(' ')
    return (MONTHS.index(month) + 1) * 100 + int(day)


def holds(period, day):
    first, last = (day_number(end) for end in period.split('-'))
    return first <= day <= last if first <= last else day >= first or day <= last


def alternative_on(text, day):
    """The words for the day, or None."""
    for piece in re.split(r'(?<=\)), |, (?=[^(]*$)', text) if '(' in text else [text]:
        found = re.fullmatch(r'(.*?)(?: \((.*)\))?', piece)
        if found[2] is None or any(holds(period, day) for period in found[2].split(', ')):
            return found[1]
    return None


# --- Working it out ---

class Missing(Exception):
    pass


class Duty:
    def __init__(self, question):
        self.question = question
        self.missing = False
        self.bits = 0          # of the largest numerator, nothing cancelled
        self.denominator = 1   # of all terms

    def lacks(self):
        self.missing = True
        return Fraction(0)

    def told(self, dimension, subject, code=None):
        plain = ('', 'net')
        for unit, other, amount in self.question['quantities']:
            if code and unit != code:
                continue
            if not code and BY_CODE.get(unit, ('', 0))[0] != dimension:
                continue
            if other == subject or (other in plain and subject in plain):
                return Fraction(amount) * (1 if code else BY_CODE[unit][1])
        return None

    def strong(self, strength):
        unit, subject, bound, at = strength
        value = self.told(None, subject, STRENGTHS[unit])
        if value is None or bound is None:
            return value
        return max(Fraction(0), value - at if bound == 'over' else at - value)

    def measure(self, unit, subject, strength):
        """In units of the rate, times the strength; None when something is missing."""
        _, dimension, many = UNITS[unit]
        many = Fraction(many)
        value = self.told(dimension, subject)
        if strength is None:
            if value is None and dimension == 'alcohol' and subject == '':
                volume, percent_vol = self.told('volume', ''), self.told(None, '', 'ASV')
                if volume is not None and percent_vol is not None:
                    value = volume * percent_vol / 100
            return None if value is None else value / many
        strong = self.strong(strength)
        if value is not None and strong is not None:
            return value / many * strong
        if dimension == 'volume' and subject == '' and strength[:3] == ('% vol', '', None):
            alcohol = self.told('alcohol', '')
            if alcohol is not None:
                return alcohol * 100 / many
        return None

    def convert(self, amount, currency):
        into = self.question['currency']
        if currency != into:
            if RATES[currency] is None or into != 'EUR':
                return self.lacks()
            amount *= Fraction(RATES[currency])
        return amount * 10 ** MINOR[into]

    def worth(self, term):
        question = self.question
        if term['kind'] == 'Free':
            return Fraction(0)
        if term['kind'] == 'LINE':
            return self.lacks() if question['line'] is None else Fraction(question['line'])
        if term['kind'] == '%':
            values = [question['parts'].get(part) for part in term['parts']]
            if not term['parts']:
                values = [question['value']]
            if None in values:
                return self.lacks()
            return sum(values) * term['rate'] / 100
        if term['kind'] == 'parameter':
            told = question['parameters'].get(term['name'])
            if told is None:
                return self.lacks()
            amount, currency, per, unit, subject = told
            value = Fraction(1)
            if unit:
                value = self.measure(unit, subject, None)
                value = self.lacks() if value is None else value / per
            return self.convert(value * Fraction(amount), currency)
        value = self.measure(term['unit'], term['subject'], term['strength'])
        converted = self.convert(Fraction(0) if value is None else
                                 value / term['per'] * term['rate'], term['currency'])
        return self.lacks() if value is None else converted

    def add_up(self, terms):
        total, before, lines = Fraction(0), 0, []
        for sign, term in terms:
            amount = self.worth(term)
            total += amount if sign == '+' else -amount
            self.denominator = max(self.denominator, total.denominator)
            self.bits = max(self.bits, abs(total.numerator).bit_length())
            lines.append(rounded(total) - before)
            before = rounded(total)
        return total, lines


def rounded(value):
    """Halves away from zero."""
    size = abs(value)
    whole = (2 * size.numerator + size.denominator) // (2 * size.denominator)
    return whole if value >= 0 else -whole


def answer(text, question):
    """What the program must say, and how many bits the figures need."""
    duty = Duty(question)
    month, day = (int(part) for part in question['day'].split('-')[1:])
    words = alternative_on(text, month * 100 + day)
    if words is None:
        return 'manual season', 0
    total, won, rows = None, 0, []
    for i, (clamp, terms) in enumerate(sums_of(words)):
        value, lines = duty.add_up(terms)
        rows.append(lines)
        if i == 0 or (value > total if clamp == 'MIN' else value < total):
            total, won = value, i
    bits = duty.bits + duty.denominator.bit_length()
    if duty.missing:
        return 'missing', bits
    amounts = ','.join(f'{amount}{"" if i == won else "!"}'
                       for i, lines in enumerate(rows) for amount in lines)
    return f'owed {max(0, rounded(total))} {won} {amounts}', bits


# --- Asking ---

def amount(digits=7, scale_max=3):
    scale = dice.randrange(scale_max + 1)
    value = dice.randrange(10 ** dice.randrange(1, digits))
    return f'{value}.{dice.randrange(10 ** scale):0{scale}}' if scale else str(value)


def some_quantities(large):
    rows = []
    codes = [code for code, _, _ in UNITS.values()] + list(TOLD)
    for code in dice.sample(codes, len(codes) - dice.choice([0, 0, 0, 6])):
        for subject in [''] + dice.sample(SUBJECTS, dice.choice([0, 5, 5])):
            rows.append((code, subject, amount(17, 0) if large else amount()))
    dice.shuffle(rows)
    seen, kept = set(), []
    for code, subject, value in rows:  # the list of a peer's line is short
        key = (BY_CODE[code][0], subject)
        if key not in seen and len(kept) < 26:
            seen.add(key)
            kept.append((code, subject, value))
    for code in ('ASV', 'ISD', 'P1', 'LIN'):
        if dice.random() < 0.9:
            kept.append((code, dice.choice(['', '', 'sucrose']), amount(3)))
    return kept


def some_question():
    large = dice.random() < 0.02
    currency = dice.choice(['EUR'] * 12 + ['USD', 'JPY'])
    parameters = {}
    for name in PARAMETERS:
        if dice.random() < 0.9:
            unit = dice.choice(['', 'kg', 'kg', 'hl'])
            parameters[name] = (amount(4), dice.choice(list(MINOR)),
                                dice.choice([1, 100]), unit, '')
    return {
        'currency': currency,
        'value': None if dice.random() < 0.03 else dice.randrange(10 ** (17 if large else 9)),
        'day': f'{dice.randrange(2000, 2060)}-{dice.randrange(1, 13):02}-{dice.randrange(1, 29):02}',
        'quantities': some_quantities(large),
        'parts': {part: dice.randrange(10 ** 6) for part in PARTS if dice.random() < 0.97},
        'parameters': parameters,
        'line': None if dice.random() < 0.1 else dice.randrange(10 ** 6),
    }


def line_of(text, question):
    code = {'': '', **{sign: row[0] for sign, row in UNITS.items()}}
    return '\t'.join([
        'owed', text, question['currency'],
        '-' if question['value'] is None else str(question['value']), question['day'],
        ';'.join(':'.join(row) for row in question['quantities']),
        ';'.join(f'{part}:{value}' for part, value in question['parts'].items()),
        ';'.join(f'{name}:{row[0]}:{row[1]}:{row[2]}:{code[row[3]]}:{row[4]}'
                 for name, row in question['parameters'].items()),
        '-' if question['line'] is None else str(question['line'])])


def main():
    cases = [(expression(), some_question()) for _ in range(COUNT)]
    rates = 'date_from,currency,rate;' + ';'.join(
        f'1999-01-01,{currency},{rate}' for currency, rate in RATES.items() if rate)
    lines = [f'rates {rates}'.replace(' ', '\t', 1)]
    for text, question in cases:
        lines += [f'read\t-\t-\t{text}', line_of(text, question)]
    done = subprocess.run([PROGRAM], input='\n'.join(lines) + '\n', capture_output=True, text=True)
    said = done.stdout.split('\n')[1:-1]
    if done.returncode != 0 or len(said) != 2 * COUNT:
        print(done.stderr[-2000:])
        sys.exit(f'the program ended with {done.returncode} after {len(said)} answers')

    wrong, counts = 0, {}
    for (text, question), again, ours in zip(cases, said[::2], said[1::2]):
        ours = ours.split('\t')[0]
        wanted, bits = answer(text, question)
        word = ours.split(' ')[0]
        counts[word] = counts.get(word, 0) + 1
        if ours == 'error too-large' and bits >= 62:
            good = bits >= 110 or wanted.startswith('missing') or any(
                abs(int(x.rstrip('!'))) >= 2 ** 63
                for x in [wanted.split(' ')[1], *wanted.split(' ')[-1].split(',')])
        else:
            good = ours == wanted or (word == wanted == 'missing')
        if again != f'formula {text}':
            good = False
        if not good:
            wrong += 1
            if wrong <= 10:
                print(f'{text}\n  read as {again}\n  {line_of(text, question)}\n'
                      f'  said {ours}\n  not  {wanted} ({bits} bits)')
    print(f'{COUNT} expressions: {counts}, {wrong} wrong')
    sys.exit(wrong > 0 or counts.get('owed', 0) < COUNT // 3 or counts.get('error', 0) > COUNT // 20)


main()
