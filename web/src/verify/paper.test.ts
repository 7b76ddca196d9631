import { beforeAll, describe, expect, test } from 'vitest';
import { utf8 } from './bytes';
import { verifyPaper } from './paper';
import { FILE, type Key, makeKey, makePaper, ORIGIN, sampleFacts } from './sample';
import type { Verdict, Why } from './verdict';

const LEAVES = [1, 2, 5, 8];
let key: Key, paper: string;

beforeAll(async () => {
    key = await makeKey(ORIGIN);
    paper = await makePaper({ facts: sampleFacts, leaves: LEAVES, keys: [key] });
});

async function verdictOf(text: string, vkey = key.vkey): Promise<[Verdict, Why['code']]> {
    const { verdict, why } = await verifyPaper(utf8(text), vkey);
    return [verdict, why.code];
}

test('a paper is true with the key that signed it', async () => {
    const found = await verifyPaper(utf8(paper), key.vkey);
    expect(found.verdict).toBe('true');
    expect(found.why).toEqual({
        code: 'sealed',
        facts: 4,
        file: FILE,
        origin: ORIGIN,
        size: '10',
        decision: 'release',
    });
    expect(found.facts.map((fact) => fact.kind)).toEqual([
        'declared',
        'checked',
        'scored',
        'decided',
    ]);
    expect(found.key).toBe(key.vkey);
});

test('without a key, or with another, nobody can tell', async () => {
    const other = await makeKey(ORIGIN);
    expect(await verdictOf(paper, '')).toEqual(['cannot-tell', 'no-key']);
    expect(await verdictOf(paper, 'no key')).toEqual(['cannot-tell', 'key-unreadable']);
    expect(await verdictOf(paper, other.vkey)).toEqual(['cannot-tell', 'not-signed-by-given-key']);
    const named = paper.replace(key.vkey, other.vkey);
    expect(await verdictOf(named)).toEqual(['cannot-tell', 'not-signed-by-named-key']);
    expect(await verdictOf(named, other.vkey)).toEqual(['cannot-tell', 'not-signed-by-named-key']);
});

test('a witness alone does not make a paper true', async () => {
    const witness = await makeKey('witness.example', 4);
    const seen = await makePaper({ facts: sampleFacts, leaves: LEAVES, keys: [key, witness] });
    expect(await verdictOf(seen, witness.vkey)).toEqual(['cannot-tell', 'witness-alone']);
    expect(await verdictOf(seen)).toEqual(['true', 'sealed']);
});

test('a key of another log does not sign for this one', async () => {
    const other = await makeKey('elsewhere.example/log');
    const signed = await makePaper({ facts: sampleFacts, leaves: LEAVES, keys: [other] });
    expect(await verdictOf(signed, other.vkey)).toEqual(['cannot-tell', 'not-signed-by-named-key']);
});

describe('each kind of tampering has its verdict', () => {
    test.each<[string, string, Verdict, Why['code']]>([
        ['"n":1', '"n":2', 'not-sealed', 'fact-changed'],
        ['release', 'hold', 'not-sealed', 'fact-changed'],
        ['27T00:00:00.001Z', '27T00:00:00.000Z', 'not-sealed', 'fact-changed'],
        ['"who":"desk"', '"who":"me"', 'not-sealed', 'fact-changed'],
        ['1111', '1112', 'not-sealed', 'fact-changed'],
        ['index 2', 'index 3', 'not-sealed', 'fact-changed'],
        ['"seq":2', '"seq":3', 'not-sealed', 'fact-of-other-file'],
        [
            '"file":"26TW-SAMPLE-1","format"',
            '"file":"26TW-SAMPLE-2","format"',
            'not-sealed',
            'fact-of-other-file',
        ],
        ['ledger\\n10\\n', 'ledger\\n11\\n', 'forged', 'signature-not-by-key'],
        ['{"checkpoint":"customs', '{"checkpoint":"Customs', 'forged', 'signature-not-by-key'],
        ['index 1\\n', 'extra AAAA\\nindex 1\\n', 'malformed', 'proof-unreadable'],
        ['index 1\\n', 'index 01\\n', 'malformed', 'proof-unreadable'],
        ['tlog-proof@v1', 'tlog-proof@v2', 'malformed', 'proof-unreadable'],
        ['file-proof@v1', 'file-proof@v2', 'malformed', 'not-a-proof'],
        ['"salt":"0000', '"salt":"000', 'malformed', 'not-a-proof'],
        ['"kind":"checked"', '"kind":"Checked"', 'malformed', 'not-a-proof'],
        ['{"checkpoint"', '{"note":"urgent","checkpoint"', 'malformed', 'not-a-proof'],
        ['{"checkpoint"', '{"file":"another","checkpoint"', 'malformed', 'not-a-proof'],
        ['{"fact"', '{"note":1,"fact"', 'malformed', 'not-a-proof'],
        ['"facts":[', '"facts":[1,', 'malformed', 'not-a-proof'],
        ['"key":"customs', '"key":"Customs', 'malformed', 'not-a-proof'],
    ])('%s as %s is %s', async (from, to, verdict, code) => {
        expect(paper).toContain(from);
        const changed = paper.replace(from, to);
        expect(await verdictOf(changed)).toEqual([verdict, code]);
        expect(await verdictOf(changed, '')).toEqual([verdict, code]);
    });
});

test('facts are sealed in their order, and none is left out before the end', async () => {
    const [one, two, three] = sampleFacts as [never, never, never];
    const swapped = await makePaper({ facts: [one, three, two], leaves: [1, 2, 5], keys: [key] });
    expect(await verdictOf(swapped)).toEqual(['not-sealed', 'fact-of-other-file']);
    const backward = await makePaper({ facts: [one, two], leaves: [5, 2], keys: [key] });
    expect(await verdictOf(backward)).toEqual(['not-sealed', 'fact-changed']);
    const short = await makePaper({ facts: [one, two], leaves: [1, 2], keys: [key] });
    const { verdict, why } = await verifyPaper(utf8(short), key.vkey);
    expect([verdict, why]).toEqual([
        'true',
        { code: 'sealed', facts: 2, file: FILE, origin: ORIGIN, size: '10', decision: 'none' },
    ]);
});

describe('an extract', () => {
    async function extract(withheld: number[]): Promise<string> {
        return makePaper({ facts: sampleFacts, leaves: LEAVES, keys: [key], withheld });
    }

    // The paper with those of its places, in that order.
    function reordered(text: string, order: number[]): string {
        const whole = JSON.parse(text) as { facts: unknown[] };
        return JSON.stringify({ ...whole, facts: order.map((i) => whole.facts[i]) });
    }

    test('is true, and says what it withholds', async () => {
        const text = await extract([2]);
        expect(text).not.toContain('score');
        const found = await verifyPaper(utf8(text), key.vkey);
        expect(found.why).toEqual({
            code: 'sealed-in-part',
            facts: 4,
            withheld: 1,
            behind: 0,
            file: FILE,
            origin: ORIGIN,
            size: '10',
            decision: 'release',
        });
        expect(found.facts.map((fact) => fact.seq)).toEqual([1, 2, 4]);
        expect(await verdictOf(text, '')).toEqual(['cannot-tell', 'no-key']);
    });

    test('says how many places behind the decision are withheld', async () => {
        const { why } = await verifyPaper(utf8(await extract([1, 3])), key.vkey);
        expect(why).toMatchObject({ code: 'sealed-in-part', decision: 'none', behind: 2 });
        const [one, two, three, four] = sampleFacts as [never, never, never, object];
        const early = { ...four, seq: 2 };
        const facts = [one, early, three, { ...(two as object), seq: 4 }];
        const text = await makePaper({ facts, leaves: LEAVES, keys: [key], withheld: [2] });
        const found = await verifyPaper(utf8(text), key.vkey);
        expect(found.why).toMatchObject({ decision: 'release', behind: 1, withheld: 1 });
    });

    test.each<[string, number[], number[], Verdict, Why['code']]>([
        ['as it was', [1, 2], [0, 1, 2, 3], 'true', 'sealed-in-part'],
        ['dropped', [1, 2], [0, 1, 3], 'not-sealed', 'fact-of-other-file'],
        ['doubled', [1, 2], [0, 1, 1, 3], 'not-sealed', 'fact-changed'],
        ['doubled and kept', [1, 2], [0, 1, 1, 2, 3], 'not-sealed', 'fact-changed'],
        ['swapped', [1, 2], [0, 2, 1, 3], 'not-sealed', 'fact-changed'],
        ['moved to the front', [1, 2], [1, 0, 2, 3], 'not-sealed', 'fact-of-other-file'],
        ['moved to the end', [1], [0, 2, 3, 1], 'not-sealed', 'fact-of-other-file'],
        ['the first dropped', [0], [1, 2, 3], 'not-sealed', 'fact-of-other-file'],
        ['the last dropped, which nobody sees', [2, 3], [0, 1, 2], 'true', 'sealed-in-part'],
        ['nothing shown', [1, 2], [1, 2], 'malformed', 'not-a-proof'],
        ['nothing withheld', [3], [0, 1, 2], 'malformed', 'not-a-proof'],
    ])('%s', async (_, withheld, order, verdict, code) => {
        expect(await verdictOf(reordered(await extract(withheld), order))).toEqual([verdict, code]);
    });

    test.each<[string, string, Verdict, Why['code']]>([
        ['file-extract', 'file-proof', 'malformed', 'not-a-proof'],
        ['{"commitment":"', '{"commitment":"A', 'malformed', 'not-a-proof'],
        ['{"commitment":"', '{"salt":"","commitment":"', 'malformed', 'not-a-proof'],
        ['index 5', 'index 6', 'not-sealed', 'fact-changed'],
    ])('with %s as %s is %s', async (from, to, verdict, code) => {
        const text = await extract([2]);
        expect(text).toContain(from);
        expect(await verdictOf(text.replace(from, to))).toEqual([verdict, code]);
    });
});

test('a paper may be laid out anew', async () => {
    const spaced = JSON.stringify(JSON.parse(paper), null, '\t').replace('"n"', '"\\u006e"');
    expect(await verdictOf(` \r\n${spaced}\n`)).toEqual(['true', 'sealed']);
});

// Two bits of each byte: one that moves on, and the one between small and capital letters.
test('no changed byte leaves the verdict true, and no shortened paper', async () => {
    const bytes = utf8(
        await makePaper({ facts: sampleFacts.slice(0, 2), leaves: [1, 2], keys: [key] }),
    );
    const missed: string[] = [];
    const verdicts = new Set<Verdict>();
    for (let at = 0; at < bytes.length; at++) {
        for (const bit of new Set([at % 8, 5])) {
            const changed = bytes.slice();
            changed[at] = (changed[at] as number) ^ (1 << bit);
            const { verdict } = await verifyPaper(changed, key.vkey);
            if (verdict === 'true') missed.push(`bit ${bit} of byte ${at}`);
            verdicts.add(verdict);
        }
        const { verdict } = await verifyPaper(bytes.slice(0, at), key.vkey);
        if (verdict !== 'malformed') missed.push(`the first ${at} bytes are ${verdict}`);
    }
    expect(missed).toEqual([]);
    expect([...verdicts].sort()).toEqual(
        expect.arrayContaining(['forged', 'malformed', 'not-sealed']),
    );
}, 120_000);

test.each([
    '',
    '1',
    '[]',
    '"paper"',
    'null',
    '{}',
    '{"facts":[]}',
    '\ufeff{}',
    '['.repeat(100_000),
    '{"checkpoint":1,"facts":1,"file":1,"format":1,"key":1}',
])('what is no paper is malformed: %.40s', async (text) => {
    expect(await verdictOf(text)).toEqual(['malformed', 'not-a-proof']);
});
