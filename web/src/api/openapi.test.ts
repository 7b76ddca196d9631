// The server's document is valid to others, and the types here are its.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Validator } from '@seriousme/openapi-schema-validator';
import { format, resolveConfig } from 'prettier';
import { describe, expect, test } from 'vitest';
import { typesOf, type OpenApi } from '../../tools/types';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const program = process.env.TIDEWAITER ?? join(root, 'build/tidewaiter');
const file = fileURLToPath(new URL('./openapi.ts', import.meta.url));
const head = `// openapi: what the API sends and takes.
//
// Written from the server's own document; after a change of the server's write it anew:
//   TIDEWAITER_WRITE_DOCS=1 npx vitest run src/api

`;

describe.skipIf(!existsSync(program))('the document of the server', () => {
    const text = execFileSync(program, ['openapi'], { cwd: root, encoding: 'utf8' });
    const document = JSON.parse(text) as OpenApi;

    test('is valid OpenAPI 3.1', async () => {
        const validator = new Validator();
        const told = await validator.validate(JSON.parse(text) as Record<string, unknown>);
        expect(told).toEqual({ valid: true });
        expect(validator.version).toBe('3.1');
    });

    test('is what the types here were made of', async () => {
        const config = await resolveConfig(file);
        const made = await format(head + typesOf(document), { ...config, filepath: file });
        if (process.env.TIDEWAITER_WRITE_DOCS !== undefined) writeFileSync(file, made);
        expect(readFileSync(file, 'utf8')).toBe(made);
    });
});
