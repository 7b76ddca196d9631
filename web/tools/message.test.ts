// Messages say what ICU says they say, and what is wrong with one is told.
import { describe, expect, test } from 'vitest';
import { type Say, sayIn } from '../src/words/say';
import { Message } from './message';

type Value = string | number;

function said(text: string, values: Record<string, Value> = {}, language = 'en'): string {
    const { code } = Message.read(text, language);
    const made = new Function('say', `return ${code};`) as (say: Say) => unknown;
    const message = made(sayIn(language));
    return typeof message === 'function' ? (message(values) as string) : (message as string);
}

const files = '{count, plural, =0 {no files} one {# file} other {# files}} of {name}';
const days =
    '{n, plural, zero {zero #} one {one} two {two} few {few #} many {many #} other {other #}}';

describe('a message', () => {
    test('without values is a text, whatever stands in it', () => {
        const text = 'a `b` ${c} \\ "d" <i>e</i>\u00a0: f’s #'.replace('{c}', "'{c}'");
        expect(said(text)).toBe('a `b` ${c} \\ "d" <i>e</i>\u00a0: f’s #');
    });

    test('has what is put into it, each by its name', () => {
        expect(said('{b} of {a}, {b}', { a: 'one', b: 'two' })).toBe('two of one, two');
        expect([...Message.read('{b} {a, number} {c, date}', 'en').values]).toEqual([
            ['b', 'text'],
            ['a', 'number'],
            ['c', 'date'],
        ]);
    });

    test('has the form that the number asks for, or the one for that very number', () => {
        const counts = [0, 1, 2, 1234];
        expect(counts.map((count) => said(files, { count, name: 'x' }))).toEqual([
            'no files of x',
            '1 file of x',
            '2 files of x',
            '1,234 files of x',
        ]);
    });

    test.each([
        [0, /^zero /],
        [1, /^one$/],
        [2, /^two$/],
        [3, /^few /],
        [11, /^many /],
        [100, /^other /],
    ])('has six forms in Arabic: %i', (n, form) => {
        expect(said(days, { n }, 'ar')).toMatch(form);
    });

    test('has the case of its name, and another for all that has none', () => {
        const text = '{by, select, desk {the desk} other {an officer}}';
        const names = ['desk', 'ada', 'toString'];
        expect(names.map((by) => said(text, { by }))).toEqual([
            'the desk',
            'an officer',
            'an officer',
        ]);
    });

    test('writes numbers and days as its language does', () => {
        expect(said('{n, number}', { n: 1234567 }, 'fr')).toMatch(/^1\s234\s567$/u);
        expect(said('{day, date}', { day: '2026-12-31' })).toBe('Dec 31, 2026');
        expect(said('{day, date, long}', { day: '2026-12-31' }, 'fr')).toBe('31 décembre 2026');
    });

    test('shows a day that is none as it stands', () => {
        expect(said('until {day, date}', { day: 'soon' })).toBe('until soon');
    });
});

test.each([
    ['en', ' ', 'it says nothing'],
    ['en', '{name', 'expect argument closing brace, at character 1'],
    ['en', '{by, select, desk {x}}', 'missing other clause, at character 22'],
    ['en', '{n, plural, other {x}}', '{n, plural} lacks one'],
    ['ar', '{n, plural, one {x} other {x}}', '{n, plural} lacks zero, two, few, many'],
    ['en', '{n, plural, one {x} few {y} other {z}}', '{n, plural} has few, this language has not'],
    ['en', '{n, plural, offset:1 one {x} other {y}}', '{n, plural} has an offset, not known here'],
    ['en', '{n, selectordinal, other {x}}', '{n, selectordinal} is not known here'],
    ['en', '{n, number, percent}', '{n, number} has a style, not known here'],
    ['en', '{day, date, ::yMd}', '{day, date} must be short, medium, long, full'],
    ['en', '{at, time}', '{at} is of a type that is not known here'],
    ['en', '{n} of {n, number}', '{n} is a text here and a number there'],
])('what is wrong is told: %s: %s', (language, text, told) => {
    expect(() => Message.read(text, language)).toThrow(told);
});
