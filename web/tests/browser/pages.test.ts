// Every page, wide and narrow, in English and in Arabic.
import type { Browser } from 'playwright-core';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Language } from '../../src/words/words';
import { hasChromium, launch, picture, violations, watch } from './browser';
import {
    account,
    administrator,
    estimate,
    figures,
    file,
    notices,
    officer,
    ownFile,
    queue,
    says,
    trader,
    users,
    webhooks,
} from './fixtures';
import { analyst, rules } from './fixtures_rules';
import { SmallServer } from './server';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const pages = [
    { name: 'home', path: '/', who: officer },
    { name: 'signin', path: '/desk/signin', who: undefined },
    { name: 'link', path: '/desk/signin?link=once', who: undefined },
    { name: 'verify', path: '/desk/verify', who: undefined },
    { name: 'lost', path: '/desk/no/such/page', who: undefined },
    { name: 'queue', path: '/desk/queue', who: officer },
    { name: 'file', path: `/desk/file/${file.file}`, who: officer },
    { name: 'search', path: '/desk/search?text=2402', who: officer },
    { name: 'rules', path: '/desk/rules', who: analyst },
    { name: 'lodge', path: '/desk/lodge', who: trader },
    { name: 'declarations', path: '/desk/declarations', who: trader },
    { name: 'own-file', path: '/desk/file/own', who: trader },
    { name: 'amend', path: '/desk/lodge?amend=own', who: trader },
    { name: 'dashboard', path: '/desk/dashboard', who: officer },
    { name: 'notices', path: '/desk/notices', who: officer },
    { name: 'users', path: '/desk/users', who: administrator },
    { name: 'account', path: '/desk/account', who: trader },
];

describe.skipIf(!hasChromium)('in a browser', () => {
    const server = new SmallServer(dist, {
        'GET /api/v1/desk': says,
        'GET /api/v1/queue': queue,
        'GET /api/v1/rules': rules,
        'GET /api/v1/files/own': ownFile,
        'GET /api/v1/figures': figures,
        'GET /api/v1/notices': notices,
        'POST /api/v1/estimate': estimate,
        'GET /api/v1/users': users,
        'GET /api/v1/account': account,
        'GET /api/v1/webhooks': webhooks,
        'GET /api/v1/search': { rows: queue.rows },
        'GET /api/v1/declarations': { rows: queue.rows },
        [`GET /api/v1/files/${file.file}`]: file,
    });
    let browser: Browser, origin: string;

    beforeAll(async () => {
        origin = await server.start();
        browser = await launch();
    }, 60_000);

    afterAll(async () => {
        await browser.close();
        server.stop();
    });

    describe.each(pages)('$name', ({ name, path, who }) => {
        test.each<Language>(['en', 'ar'])(
            'in %s breaks nothing',
            async (language) => {
                server.session = who && { ...who, language };
                const { page, trouble } = await watch(browser, origin);
                await page.addInitScript((to) => localStorage.setItem('language', to), language);
                await page.goto(path);
                await page.locator('main h1').waitFor();
                await page.waitForLoadState('networkidle');
                await page.locator('.desk-simulated').waitFor();
                await page.evaluate(() => document.fonts.ready);
                for (const width of [1280, 390]) {
                    await page.setViewportSize({ width, height: 900 });
                    await picture(page, `${name}-${language}-${width}`);
                    expect(await violations(page)).toEqual([]);
                    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
                    expect(wide, 'nothing is wider than the screen').toBeLessThanOrEqual(width);
                }
                expect(trouble).toEqual([]);
                await page.context().close();
            },
            60_000,
        );
    });
});
