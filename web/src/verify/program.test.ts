// The program's own papers, and its own verifier's verdict on what became of them.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Bytes } from './bytes';
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

    test('both verifiers say the same of what was changed on the way', async () => {
        const differing: string[] = [];
        const step = Math.ceil(paper.length / 80);
        for (let at = 0; at < paper.length; at += step) {
            const changed = paper.slice();
            changed[at] = (changed[at] as number) ^ (1 << (at % 8));
            const here = (await verifyPaper(changed, vkey)).verdict;
            const there = verdictOfProgram(changed);
            if (here !== there) differing.push(`byte ${at}: ${here} here, ${there} there`);
        }
        expect(differing).toEqual([]);
    }, 120_000);
});
