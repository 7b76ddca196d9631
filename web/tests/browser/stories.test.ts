// What people do at the desk, from the first click to the last.
import type { Browser, Page } from 'playwright-core';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeKey, makePaper, ORIGIN, sampleFacts } from '../../src/verify/sample';
import { hasChromium, launch, picture, violations, watch, type Watched } from './browser';
import { file, officer, queue, trader } from './fixtures';
import { SmallServer } from './server';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));

describe.skipIf(!hasChromium)('in a browser', () => {
    const acts = `/api/v1/files/${file.file}`;
    const server = new SmallServer(dist, {
        'GET /api/v1/queue': queue,
        [`GET ${acts}`]: file,
        [`POST ${acts}/decide`]: file,
        'POST /api/v1/session': officer,
        'POST /api/v1/declarations': { file: 'X-1', answer: 'lodged', state: 'released', facts: 6 },
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

    async function open(path: string): Promise<Watched> {
        const watched = await watch(browser, origin);
        server.asked.length = 0;
        await watched.page.addInitScript(() => localStorage.setItem('language', 'en'));
        await watched.page.goto(path);
        await watched.page.locator('main h1').waitFor();
        return watched;
    }

    async function verdictOn(page: Page, paper: string): Promise<string> {
        await page.locator('#proof').setInputFiles({
            name: 'x.proof.json',
            mimeType: 'application/json',
            buffer: Buffer.from(paper),
        });
        await page.getByRole('button', { name: 'Verify', exact: true }).click();
        return page.locator('.desk-verdict').innerText();
    }

    test('an outsider verifies a proof, and what was changed is found', async () => {
        const key = await makeKey(ORIGIN);
        const paper = await makePaper({ facts: sampleFacts, leaves: [1, 2, 5, 8], keys: [key] });
        server.session = undefined;
        server.key = key.vkey;
        const { page, trouble } = await open('/desk/verify');
        expect(await verdictOn(page, paper)).toContain('nobody said whose key to trust');
        await page.getByRole('button', { name: 'Ask this server for its key' }).click();
        await expect.poll(() => page.locator('#key').inputValue()).toBe(key.vkey);
        const said = await verdictOn(page, paper);
        expect(said).toContain('The proof is true');
        expect(said).toContain('The last decision in them: release.');
        expect(await page.locator('.desk-fact').count()).toBe(4);
        expect(await violations(page)).toEqual([]);
        await picture(page, 'verify-true');
        expect(await verdictOn(page, paper.replace('release', 'hold'))).toContain(
            'Fact 4 (decided) is not what was sealed',
        );
        expect(await verdictOn(page, '{}')).toContain('This is not a proof');
        expect(server.asked.map(({ what }) => what)).toEqual(['GET /api/v1/session']);
        expect(trouble).toEqual([]);
        await page.context().close();
    }, 60_000);

    test('an officer goes from the queue to a file by keys, and decides', async () => {
        server.session = officer;
        const { page, trouble } = await open('/desk/queue');
        await page.locator('a[data-row]').first().waitFor();
        await page.keyboard.press('j');
        await page.keyboard.press('j');
        await page.keyboard.press('k');
        expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(
            queue.rows[0]?.file,
        );
        await page.goto(`/desk/file/${file.file}`);
        await page.getByRole('button', { name: 'Decide' }).click();
        expect(await page.locator('.govuk-error-message').count()).toBe(2);
        expect(await violations(page)).toEqual([]);
        await page.locator('#decision').selectOption('release');
        await page.locator('#reason').fill('papers are in order');
        await page.getByRole('button', { name: 'Decide' }).click();
        await expect
            .poll(() => server.asked.find(({ what }) => what === `POST ${acts}/decide`))
            .toMatchObject({
                csrf: officer.csrf,
                body: JSON.stringify({
                    decision: 'release',
                    reason: 'papers are in order',
                    after: file.factsCount,
                }),
            });
        expect(trouble).toEqual([]);
        await page.context().close();
    }, 60_000);

    test('who is signed out meanwhile signs in again, and finds what he wrote', async () => {
        server.session = officer;
        const { page, trouble } = await open(`/desk/file/${file.file}`);
        await page.locator('#decision').selectOption('hold');
        await page.locator('#reason').fill('a long story');
        server.session = undefined;
        await page.getByRole('button', { name: 'Decide' }).click();
        await page.getByRole('heading', { name: 'You have been signed out' }).waitFor();
        await picture(page, 'signed-out');
        server.session = officer;
        await page.locator('#name').fill('ada');
        await page.locator('#password').fill('several words of mine');
        await page.getByRole('button', { name: 'Sign in', exact: true }).click();
        await page
            .getByRole('heading', { name: 'You have been signed out' })
            .waitFor({ state: 'detached' });
        expect(await page.locator('#reason').inputValue()).toBe('a long story');
        expect(trouble).toEqual([]);
        await page.context().close();
    }, 60_000);

    test('a trader lodges by hand, and a draft outlives the page', async () => {
        server.session = trader;
        const { page, trouble } = await open('/desk/lodge');
        await page.locator('#functionalReferenceId').fill('LRN-1');
        await page.locator('[id="items[0].description"]').fill('<i>tea</i>');
        await page.reload();
        expect(await page.locator('#functionalReferenceId').inputValue()).toBe('LRN-1');
        await page.getByRole('button', { name: 'Lodge' }).click();
        await page.locator('.desk-verdict').waitFor();
        const sent = server.asked.find(({ what }) => what === 'POST /api/v1/declarations');
        expect(JSON.parse(sent?.body ?? '')).toEqual({
            functionCode: '9',
            typeCode: 'IMA',
            functionalReferenceId: 'LRN-1',
            declarant: { id: trader.organisation },
            items: [
                {
                    sequence: 1,
                    description: '<i>tea</i>',
                    procedures: [{ currentCode: '40', previousCode: '00' }],
                },
            ],
        });
        expect(trouble).toEqual([]);
        await page.context().close();
    }, 60_000);
});
