// server: the built pages under the content security policy that the real server sends, and answers
// from fixtures. What was asked of it is kept, so that tests can look.

import { createServer, type IncomingMessage, type Server } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { Session } from '../../src/api/types';

const TYPES: Record<string, string> = {
    '.html': 'text/html; charset=utf-8',
    '.js': 'text/javascript',
    '.css': 'text/css',
    '.svg': 'image/svg+xml',
    '.woff2': 'font/woff2',
    '.woff': 'font/woff',
};
export const POLICY = "default-src 'self'";

// "GET /api/v1/queue": what is answered with 200, or what says the status, too.
export type Answers = Record<string, object | ((body: string) => [status: number, body: object])>;
export interface Asked {
    what: string;
    body: string;
    csrf: string | undefined;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    return Buffer.concat(pieces).toString();
}

export class SmallServer {
    session: Session | undefined;
    key = ''; // the ledger's
    readonly asked: Asked[] = [];
    private readonly server: Server;

    constructor(
        private readonly folder: string,
        readonly answers: Answers,
    ) {
        this.server = createServer((request, response) => {
            void this.answer(request).then(({ status, type, bytes }) => {
                response.writeHead(status, {
                    'Content-Type': type,
                    'Content-Security-Policy': POLICY,
                });
                response.end(bytes);
            });
        });
    }

    private async answer(request: IncomingMessage) {
        const path = new URL(request.url ?? '/', 'http://here').pathname;
        if (path.startsWith('/api/')) return this.api(request, path);
        if (path === '/ledger/vkey')
            return { status: 200, type: 'text/plain', bytes: `${this.key}\n` };
        const file = join(this.folder, normalize(path));
        const found =
            extname(path) !== '' && existsSync(file) ? file : join(this.folder, 'index.html');
        return {
            status: 200,
            type: TYPES[extname(found)] ?? 'application/octet-stream',
            bytes: readFileSync(found),
        };
    }

    private async api(request: IncomingMessage, path: string) {
        const what = `${request.method} ${decodeURIComponent(path)}`;
        this.asked.push({
            what,
            body: await bodyOf(request),
            csrf: request.headers['x-csrf-token'] as string | undefined,
        });
        const [status, body] = this.answerTo(what, path);
        return {
            status,
            type: status < 300 ? 'application/json' : 'application/problem+json',
            bytes: JSON.stringify(status < 300 ? body : { title: 'no', status, ...body }),
        };
    }

    private answerTo(what: string, path: string): [status: number, body: object] {
        const isOpen = path.startsWith('/api/v1/session') || path === '/api/v1/desk';
        if (what === 'GET /api/v1/session')
            return this.session === undefined ? [401, {}] : [200, this.session];
        if (!isOpen && this.session === undefined) return [401, {}];
        const answer = this.answers[what];
        if (answer === undefined) return [404, {}];
        return typeof answer === 'function' ? answer(this.asked.at(-1)?.body ?? '') : [200, answer];
    }

    async start(): Promise<string> {
        await new Promise<void>((done) => {
            this.server.listen(0, '127.0.0.1', done);
        });
        return `http://localhost:${(this.server.address() as AddressInfo).port}`;
    }

    stop(): void {
        this.server.close();
        this.server.closeAllConnections();
    }
}
