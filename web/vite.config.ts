// How the pages are built (vite) and their libraries tested (vitest).

import { defineConfig } from 'vitest/config';
import { logical } from './tools/logical';
import { words, wordsTypes } from './tools/words';

export default defineConfig({
    base: '/',
    plugins: [words, wordsTypes],
    esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
    css: { postcss: { plugins: [logical] } },
    build: {
        assetsInlineLimit: 0, // the content security policy has no exception for data: addresses
        modulePreload: { polyfill: false },
        target: 'es2022',
        cssCodeSplit: true,
    },
    test: {
        include: ['src/**/*.test.{ts,tsx}', 'tests/**/*.test.ts', 'tools/**/*.test.ts'],
        setupFiles: ['tests/node18.ts'],
    },
});
