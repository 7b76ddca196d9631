// The program's own papers, and its own verifier's verdict on what became of them.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bytes, readHex, sha256, utf8 } from './bytes';
import { canonicalJson, type Json, readJson } from './json';
import { verifyPaper } from './paper';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const program = process.env.TIDEWAITER ?? join(root, 'build/tidewaiter');

describe.skipIf(!existsSync(program))('with the program', () => {
    let folder: string, store: string[], paper: Bytes, vkey: string;

    function run(...args: string[]): string {
        return execFileSync(program, args, { cwd: root, encoding: 'utf8' });
    }

    beforeAll(() => {
        folder = mkdtempSync(join(tmpdir(), 'tidewaiter-web-'));
        store = ['--store', join(folder, 'store')];
        const season = join(folder, 'season.ndjson');
        const proof = join(folder, 'proof.json');
        writeFileSync(season, run('simulate', '--per-day', '40'));
        const words = ['declare', season, '--simulated', ...store];
        spawnSync(program, words, { cwd: root }); // some are to be refused
        const ucr = /"ucr":"([^"]+)"/.exec(readFileSync(season, 'utf8'))?.[1] ?? '';
        run('prove', ucr, '--output', proof, ...store);
        paper = new Uint8Array(readFileSync(proof));
        vkey = readFileSync(join(folder, 'store/ledger/vkey'), 'utf8').trim();
    });

    afterAll(() => rmSync(folder, { recursive: true }));

    function verdictOfProgram(bytes: Bytes): string {
        const file = join(folder, 'changed.json');
        writeFileSync(file, bytes);
        const { stdout } = spawnSync(program, ['verify', file, '--key', vkey], {
            encoding: 'utf8',
        });
        return stdout.split(':')[0] ?? '';
    }

    test('what it proves is true here, too', async () => {
        const { verdict, why, facts } = await verifyPaper(paper, vkey);
        expect(verdict).toBe('true');
        expect(why).toMatchObject({ code: 'sealed', facts: facts.length });
        expect(facts[0]?.kind).toBe('declared');
        expect((await verifyPaper(paper, '')).why.code).toBe('no-key');
    });

    // As the server hands it to a trader: without the second fact, and the last but one.
    async function extractOf(bytes: Bytes): Promise<Bytes> {
        const whole = readJson(new TextDecoder().decode(bytes)) as Record<string, Json>;
        const facts = whole.facts as { fact: Json; proof: string; salt: string }[];
        const entries = await Promise.all(
            facts.map(({ fact, salt }) =>
                sha256(readHex(salt, 32) as Bytes, utf8(canonicalJson(fact))),
            ),
        );
        const shown = facts.map((fact, i): Json => {
            if (i !== 1 && i !== facts.length - 2) return { ...fact };
            const commitment = Buffer.from(entries[i] as Bytes).toString('hex');
            return { commitment, proof: fact.proof };
        });
        const format = 'tidewaiter.org/file-extract@v1';
        return utf8(canonicalJson({ ...whole, facts: shown, format }));
    }

    test('an extract is true for both', async () => {
        const extract = await extractOf(paper);
        expect((await verifyPaper(extract, vkey)).why).toMatchObject({
            code: 'sealed-in-part',
            withheld: 2,
            behind: 0,
        });
        expect(verdictOfProgram(extract)).toBe('true');
    });

    test.each(['whole', 'extract'])(
        'both say the same of a changed %s paper',
        async (what) => {
            const given = what === 'whole' ? paper : await extractOf(paper);
            const differing: string[] = [];
            const step = Math.ceil(given.length / 80);
            for (let at = 0; at < given.length; at += step) {
                const changed = given.slice();
                changed[at] = (changed[at] as number) ^ (1 << (at % 8));
                // Another kind is taken here, and not there (docs/decisions/007).
                const before = new TextDecoder().decode(given.slice(0, at));
                if (/"kind":"[^"]*$/.test(before)) continue;
                const here = (await verifyPaper(changed, vkey)).verdict;
                const there = verdictOfProgram(changed);
                if (here !== there) differing.push(`byte ${at}: ${here} here, ${there} there`);
            }
            expect(differing).toEqual([]);
        },
        120_000,
    );
});
