// What a browser must load before the first page shows.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const SCRIPT_MAX = 100_000;

describe.skipIf(!existsSync(dist))('the built pages', () => {
    test('hold less than 100 kB of script for all pages but the charts, gzip', () => {
        const scripts = readdirSync(`${dist}assets`).filter(
            (name) => name.endsWith('.js') && !name.startsWith('dashboard'),
        );
        const bytes = scripts.reduce(
            (sum, name) => sum + gzipSync(readFileSync(`${dist}assets/${name}`)).length,
            0,
        );
        expect(scripts.length).toBeGreaterThan(0);
        expect(bytes).toBeLessThan(SCRIPT_MAX);
    });

    test('have no script or style of their own in the page, and name no other host', () => {
        const page = readFileSync(`${dist}index.html`, 'utf8');
        expect(page).not.toMatch(/<style|style=|<script(?![^>]*src="\/)|\son\w+=/);
        for (const name of readdirSync(`${dist}assets`).filter((one) => /\.(js|css)$/.test(one))) {
            const hosts =
                readFileSync(`${dist}assets/${name}`, 'utf8').match(/https?:\/\/[\w.]+/g) ?? [];
            expect(
                hosts.filter((host) => host !== 'http://www.w3.org'),
                name,
            ).toEqual([]);
        }
    });
});
