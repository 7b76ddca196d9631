// browser: Debian's Chromium, watched: what leaves the machine, what breaks, what axe finds.

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';

export const CHROMIUM = '/usr/bin/chromium';
export const hasChromium = existsSync(CHROMIUM);
const axeSource = readFileSync(
    createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
    'utf8',
);
const screens = process.env.TIDEWAITER_SCREENS; // a folder: then pages are kept as pictures

export async function launch(): Promise<Browser> {
    if (screens) mkdirSync(screens, { recursive: true });
    const isRoot = process.getuid?.() === 0; // root has no sandbox
    return chromium.launch({ executablePath: CHROMIUM, args: isRoot ? ['--no-sandbox'] : [] });
}

export interface Watched {
    page: Page;
    trouble: string[];
}

// A page of its own, whose troubles are listed: errors, breaches of the policy, other hosts.
export async function watch(browser: Browser, origin: string): Promise<Watched> {
    const context = await browser.newContext({ baseURL: origin });
    const page = await context.newPage();
    const trouble: string[] = [];
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => trouble.push(`error: ${error.message}`));
    page.on('console', (message) => {
        const text = message.text();
        if (message.type() === 'error' && !text.includes('the server responded with a status of 4'))
            trouble.push(`console: ${text}`);
    });
    page.on('request', (request) => {
        if (new URL(request.url()).origin !== origin) trouble.push(`leaves: ${request.url()}`);
    });
    return { page, trouble };
}

// What breaks WCAG 2.2 AA, a line each.
export async function violations(page: Page): Promise<string[]> {
    await page.evaluate(axeSource);
    const results = await page.evaluate(() => {
        const { axe } = globalThis as unknown as {
            axe: { run(context: Document, options: object): Promise<AxeResults> };
        };
        const values = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
        return axe.run(document, { resultTypes: ['violations'], runOnly: { type: 'tag', values } });
    });
    return results.violations.flatMap(({ id, nodes }) =>
        nodes.map((node) => `${id}: ${node.html} (${node.failureSummary ?? ''})`),
    );
}

export async function picture(page: Page, name: string): Promise<void> {
    if (screens) await page.screenshot({ path: join(screens, `${name}.png`), fullPage: true });
}

// A passkey that answers by itself, as a device does whose owner touched it.
export async function givePasskey(page: Page): Promise<void> {
    const session = await page.context().newCDPSession(page);
    await session.send('WebAuthn.enable');
    await session.send('WebAuthn.addVirtualAuthenticator', {
        options: {
            protocol: 'ctap2',
            transport: 'internal',
            hasResidentKey: true,
            hasUserVerification: true,
            isUserVerified: true,
            automaticPresenceSimulation: true,
        },
    });
}
