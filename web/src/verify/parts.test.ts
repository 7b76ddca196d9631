// The small parts of the verifier, each by itself.
import { expect, test } from 'vitest';
import { readBase64, readHex, utf8 } from './bytes';
import { isSoundPoint, LOW_ORDER_Y } from './ed25519';
import { canonicalJson, JsonError, readJson } from './json';
import { readKey, readNote } from './note';
import { inclusionHolds, leafHash } from './proof';
import { pathOf, rootOf } from './sample';

test('base64 is read in the one form it is written in', () => {
    expect(readBase64('AAECAw==')).toEqual(Uint8Array.of(0, 1, 2, 3));
    expect(readBase64('')).toEqual(new Uint8Array());
    for (const text of ['AAECAx==', 'AAECAw', 'AAE CAw==', 'AAECAw=', '=AAA', 'AA-_', 'AAAA\n'])
        expect(readBase64(text), text).toBeUndefined();
});

test('hex is read in small letters', () => {
    expect(readHex('00ff', 2)).toEqual(Uint8Array.of(0, 255));
    for (const text of ['00FF', '00f', '00ff00', '0x12', '00f '])
        expect(readHex(text, 2), text).toBeUndefined();
});

test.each([
    '',
    ' ',
    '{',
    '[1,]',
    '{"a":1,}',
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":2}',
    '01',
    '1.',
    '.5',
    '+1',
    '"\\x"',
    '"\n"',
    '"\\ud800"',
    "'a'",
    'nul',
    'NaN',
    '1 2',
    '{a:1}',
    '{"a" 1}',
    '\u00a01',
    `${'['.repeat(18)}${']'.repeat(18)}`,
])('a strict reader refuses %j', (text) => {
    expect(() => readJson(text)).toThrow(JsonError);
});

test.each([
    ['{"b":[1,2.50,-0,1e2],"a":null}', '{"a":null,"b":[1,2.5,0,100]}'],
    [' "\\u00e9\\/\\u0007" ', '"\u00e9/\\u0007"'],
    ['{"__proto__":1,"constructor":[true,false]}', '{"__proto__":1,"constructor":[true,false]}'],
])('the canonical form of %s', (text, canonical) => {
    expect(canonicalJson(readJson(text))).toBe(canonical);
});

test('every inclusion proof of every small tree holds, and for its own leaf alone', async () => {
    for (let size = 1; size <= 9; size++) {
        const leaves = await Promise.all(
            Array.from({ length: size }, (_, i) => leafHash(utf8(`${i}`))),
        );
        const root = await rootOf(leaves);
        for (let index = 0; index < size; index++) {
            const path = await pathOf(index, leaves);
            for (let other = 0; other <= size; other++) {
                const leaf = leaves[index] as typeof root;
                const holds = await inclusionHolds(path, BigInt(other), BigInt(size), leaf, root);
                expect(holds, `${index} as ${other} of ${size}`).toBe(other === index);
            }
        }
    }
});

// On the curve -x^2 + y^2 = 1 + d x^2 y^2, twice a point has y = 0 when x^2 = -y^2; a point with
// y = 0 has order 4. So 2 y^2 = 1 - d y^4 for points of order 8.
test('the points of low order are those of the curve', () => {
    const p = (1n << 255n) - 19n;
    const d = 0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3n;
    for (const y of LOW_ORDER_Y.slice(3)) expect((2n * y * y + d * y ** 4n - 1n) % p).toBe(0n);
    expect((LOW_ORDER_Y[3] as bigint) + (LOW_ORDER_Y[4] as bigint)).toBe(p);
    for (const y of [...LOW_ORDER_Y, p, p + 1n]) {
        const point = Uint8Array.from({ length: 32 }, (_, i) =>
            Number((y >> BigInt(8 * i)) & 255n),
        );
        expect(isSoundPoint(point)).toBe(false);
        point[31] = (point[31] as number) | 128; // the other x
        expect(isSoundPoint(point)).toBe(false);
    }
});

// The example key of golang.org/x/mod/sumdb/note.
test('a key fits its id', async () => {
    const vkey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    expect(await readKey(vkey)).toMatchObject({ name: 'PeterNeumann', type: 'log' });
    for (const changed of [
        vkey.replace('Peter', 'Pete'),
        vkey.replace('c7', 'C7'),
        `${vkey} `,
        vkey.replace('+ARpc', '+AhJc'),
        'a+b',
        '',
        vkey.replace('P', '\u2003P'),
    ])
        expect(await readKey(changed), changed).toBeUndefined();
});

test('a note is split at its last empty line', () => {
    const line = '\u2014 name AAAAAAA=\n';
    expect(readNote(`a\n\nb\n\n${line}`)?.text).toBe('a\n\nb\n');
    for (const text of [
        '',
        'a\n',
        'a\n\n',
        `a\n${line}`,
        `a\n\n${line}x`,
        `a\n\n${line}\n`,
        `a\r\n\n${line}`,
        'a\n\n- name AAAAAAA=\n',
        'a\n\n\u2014 name AAAA\n',
        `a\n\n${line.trim()}`,
    ])
        expect(readNote(text), text).toBeUndefined();
});
