// How the pages are built (vite) and their libraries tested (vitest).

import { defineConfig } from 'vitest/config';
import { logical } from './tools/logical';

export default defineConfig({
    base: '/',
    esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
    css: { postcss: { plugins: [logical] } },
    build: {
        assetsInlineLimit: 0, // the content security policy has no exception for data: addresses
        modulePreload: { polyfill: false },
        target: 'es2022',
        cssCodeSplit: true,
    },
    test: {
        include: ['src/**/*.test.{ts,tsx}', 'tests/**/*.test.ts'],
        setupFiles: ['tests/node18.ts'],
    },
});
