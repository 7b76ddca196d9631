// desk: the program itself, serving a store of its own, and people who come in with passkeys.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { givePasskey, watch, type Watched } from './browser';

const root = fileURLToPath(new URL('../../..', import.meta.url));
export const program = process.env.TIDEWAITER ?? join(root, 'build/tidewaiter');
export const hasProgram = existsSync(program);

export class Desk {
    private readonly folder = mkdtempSync(join(tmpdir(), 'tidewaiter-desk-'));
    readonly store = join(this.folder, 'store');
    private server: ChildProcess | undefined;
    origin = '';
    link = ''; // by which the first administrator comes in

    // A season of so many declarations, lodged before the desk opens; some are to be refused.
    constructor(declarations: number) {
        const season = this.run('', 'simulate', '--per-day', String(declarations));
        this.run(season, 'declare', '-', '--simulated', '--store', this.store);
    }

    private run(input: string, ...words: string[]): string {
        const how = { cwd: root, input, encoding: 'utf8', maxBuffer: 1 << 28 } as const;
        const { stdout, error } = spawnSync(program, words, how);
        if (error) throw error;
        return stdout;
    }

    async open(): Promise<void> {
        const words = ['serve', '--store', this.store, '--listen', '127.0.0.1:0'];
        this.server = spawn(program, words, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
        const lines = createInterface({ input: this.server.stdout as NodeJS.ReadableStream });
        for await (const line of lines) {
            const port = /^listening on http:\/\/127\.0\.0\.1:(\d+)$/.exec(line)?.[1];
            if (port) this.origin = `http://localhost:${port}`;
            if (line.startsWith('http')) {
                this.link = line;
                return;
            }
        }
        throw new Error('the server ended');
    }

    async close(): Promise<void> {
        const ended = new Promise((done) => this.server?.once('exit', done));
        this.server?.kill('SIGTERM');
        await ended;
        rmSync(this.folder, { recursive: true });
    }
}

// A browser of one's own, with an authenticator that knows its owner by a finger.
export async function person(browser: Browser, origin: string): Promise<Watched> {
    const watched = await watch(browser, origin);
    await watched.page.addInitScript(() => localStorage.setItem('language', 'en'));
    await givePasskey(watched.page);
    return watched;
}
