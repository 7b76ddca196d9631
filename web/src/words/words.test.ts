// The messages of the pages: the same in every language, and one for each name that the API gives.
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { catalogue, types } from '../../tools/words';
import type {
    AnswerKind,
    Decision,
    FactKind,
    FileState,
    PlainAct,
    Role,
    Severity,
} from '../api/types';
import type { NotAProof, Verdict, Why } from '../verify/verdict';
import { type Language, languages, loadWords, type Words } from './words';

const every = Object.keys(languages) as Language[];

describe.each(every)('the messages in %s', (language) => {
    test('are those of English, and say the same values', () => {
        expect(catalogue(language).faults).toEqual([]);
    });

    test('are there when the pages ask for them', async () => {
        const words = await loadWords(language);
        expect(words.app.name).toBe('Tidewaiter');
        expect(words.app.signedInAs({ name: 'Ada' })).toContain('Ada');
    });
});

test('Portuguese counts as in Portugal, where none are many', async () => {
    const { queue } = await loadWords('pt');
    expect([0, 1, 2].map((count) => queue.waiting({ count }))).toEqual([
        '0 remessas à espera',
        '1 remessa à espera',
        '2 remessas à espera',
    ]);
});

test('the types are those of the English messages', async () => {
    const { file, text } = await types();
    if (process.env.TIDEWAITER_WRITE_DOCS !== undefined) writeFileSync(file, text);
    expect(readFileSync(file, 'utf8')).toBe(text);
});

// Held by tsc.
test('each name that the API or the verifier gives has its word, and there are no others', () => {
    expectTypeOf<keyof Words['state']>().toEqualTypeOf<FileState>();
    expectTypeOf<keyof Words['decision']>().toEqualTypeOf<Decision>();
    expectTypeOf<keyof Words['decide']>().toEqualTypeOf<Decision>();
    expectTypeOf<keyof Words['act']>().toEqualTypeOf<PlainAct>();
    expectTypeOf<keyof Words['role']>().toEqualTypeOf<Role>();
    expectTypeOf<keyof Words['kind']>().toEqualTypeOf<FactKind>();
    expectTypeOf<keyof Words['severity']>().toEqualTypeOf<Severity>();
    expectTypeOf<keyof Words['answer']>().toEqualTypeOf<AnswerKind>();
    expectTypeOf<keyof Words['verify']['verdict']>().toEqualTypeOf<Verdict>();
    expectTypeOf<keyof Words['verify']['why']>().toEqualTypeOf<Why['code']>();
    expectTypeOf<keyof Words['verify']['notAProof']>().toEqualTypeOf<NotAProof>();
});
