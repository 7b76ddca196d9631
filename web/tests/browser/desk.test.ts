// People at the real desk: the program serves, Chromium asks, passkeys answer.
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium, launch, picture, violations, type Watched } from './browser';
import { Desk, hasProgram, person } from './desk';

const LONG = 120_000;
const script = '<img src=x onerror=alert(1)> Mills';

describe.skipIf(!hasChromium || !hasProgram)('at the real desk', () => {
    let desk: Desk, browser: Browser, admin: Watched;

    beforeAll(async () => {
        desk = new Desk(400);
        browser = await launch();
        await desk.open();
        admin = await person(browser, desk.origin);
        await comeInByLink(admin.page, desk.link);
    }, LONG);

    afterAll(async () => {
        await browser.close();
        await desk.close();
    }, LONG);

    // The server names itself as it would to others; the link's end is what matters here.
    async function comeInByLink(page: Page, link: string): Promise<void> {
        await page.goto(desk.origin + link.slice(link.indexOf('/desk/')));
        await page.getByRole('button', { name: 'Come in with a new passkey' }).click();
        await page.getByRole('button', { name: 'Sign out' }).waitFor();
    }

    async function invited(name: string, role: string, organisation = ''): Promise<Watched> {
        const { page } = admin;
        await menu(page, 'Users');
        await page.getByText('Invite somebody').click();
        await page.locator('#displayName').fill(name);
        await page.locator('#name').fill(name);
        await page.locator('#role').selectOption(role);
        await page.locator('#organisation').fill(organisation);
        await page.getByRole('button', { name: 'Make an invitation' }).click();
        await page.getByText(`${name} is invited`).waitFor();
        const link = await page.getByLabel('Link', { exact: true }).inputValue();
        await menu(page, 'Verify a proof'); // so that the next invitation begins on a fresh page
        const who = await person(browser, desk.origin);
        await comeInByLink(who.page, link);
        return who;
    }

    async function ends(...people: Watched[]): Promise<void> {
        for (const { page, trouble } of people) {
            expect(await violations(page)).toEqual([]);
            expect(trouble).toEqual([]);
            await page.context().close();
        }
    }

    async function menu(page: Page, name: string): Promise<void> {
        await page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
    }

    test(
        'a trader lodges and is told what is owed',
        async () => {
            const trader = await invited('tom', 'trader', 'XM48201113');
            const { page } = trader;
            await menu(page, 'Lodge');
            const fields: [string, string][] = [
                ['functionalReferenceId', 'HAND-1'],
                ['officeId', 'XM000001'],
                ['importer', 'XM48201113'],
                ['exporter', script],
                ['exportCountry', 'IN'],
                ['destinationCountry', 'XM'],
                ['borderMeans.modeCode', '1'],
                ['items[0].description', 'cotton bed linen, printed'],
                ['items[0].classifications', '63022100'],
                ['items[0].origins', 'IN'],
                ['items[0].price', '1200.00'],
                ['items[0].price.currency', 'EUR'],
                ['items[0].netMass', '120'],
                ['items[0].grossMass', '110'],
            ];
            for (const [field, value] of fields) await page.locator(`[id="${field}"]`).fill(value);
            const lodge = page.getByRole('button', { name: 'Lodge', exact: true });
            await lodge.click();
            await expect.poll(() => page.getByRole('alert').innerText()).toContain('net mass');
            await picture(page, 'desk-refused');
            await page.locator('[id="items[0].netMass"]').fill('100');
            await lodge.click();
            const answer = page.getByRole('status').filter({ hasText: 'HAND-1' });
            await answer.waitFor();
            expect(await answer.innerText()).toMatch(/Owed: [0-9.]+ EUR/);
            await picture(page, 'desk-lodged');
            await answer.getByRole('link').first().click();
            await page.getByRole('heading', { level: 1 }).filter({ hasText: 'HAND-1' }).waitFor();
            await page.getByText('Total owed').first().waitFor();
            expect(await page.locator('main').innerText()).toContain(script);
            await picture(page, 'desk-trader-file');
            await ends(trader);
        },
        LONG,
    );

    // The first one in the queue, opened and taken in hand by keys.
    async function takeFirst(page: Page): Promise<string> {
        await menu(page, 'Queue');
        await page.locator('a[data-row]').first().waitFor();
        await page.keyboard.press('j');
        await page.keyboard.press('Enter');
        await page.getByRole('button', { name: 'Take this task' }).waitFor();
        await page.keyboard.press('c');
        await page.getByRole('button', { name: 'Give this task back' }).waitFor();
        return page.getByRole('heading', { level: 1 }).innerText();
    }

    async function decide(page: Page, button: string, decision: string, reason: string) {
        await page.getByLabel('Decision', { exact: true }).selectOption({ label: decision });
        await page.getByLabel('Reason', { exact: true }).fill(reason);
        await page.getByRole('button', { name: button, exact: true }).click();
    }

    async function fileOf(page: Page, ucr: string): Promise<void> {
        await page.goto(`/desk/file/${encodeURIComponent(ucr)}`);
        await page.getByRole('heading', { level: 1 }).filter({ hasText: ucr }).waitFor();
    }

    const panel = (page: Page) => page.locator('.desk-decision');

    test(
        'a supervisor overrules, and an outsider verifies what was decided',
        async () => {
            const olga = await invited('olga', 'officer');
            const sue = await invited('sue', 'supervisor');
            const ucr = await takeFirst(olga.page);
            await decide(olga.page, 'Decide', 'Hold the goods', 'the seal is broken');
            await panel(olga.page).filter({ hasText: 'the seal is broken' }).waitFor();
            await fileOf(sue.page, ucr);
            await decide(sue.page, 'Overrule', 'Release the goods', 'the carrier resealed it');
            await panel(sue.page).filter({ hasText: 'the carrier resealed it' }).waitFor();
            await picture(sue.page, 'desk-overruled');
            // The officer's page is live: it shows what the supervisor said without being asked.
            await panel(olga.page).filter({ hasText: 'the carrier resealed it' }).waitFor();
            const saved = sue.page.waitForEvent('download');
            await sue.page.getByRole('link', { name: 'Download the proof' }).click();
            const proof = await (await saved).path();

            const outsider = await person(browser, desk.origin);
            await outsider.page.goto('/desk/verify');
            await outsider.page.locator('#proof').setInputFiles(proof);
            await outsider.page.getByRole('button', { name: /its key/ }).click();
            await outsider.page.getByRole('button', { name: 'Verify', exact: true }).click();
            const verdict = outsider.page.locator('.desk-verdict');
            await verdict.filter({ hasText: 'The proof is true' }).waitFor();
            expect(await verdict.innerText()).toContain('release');
            await picture(outsider.page, 'desk-outsider');
            await ends(olga, sue, outsider);
        },
        LONG,
    );

    async function declarantOf(page: Page, ucr: string): Promise<string> {
        return page.evaluate(async (name) => {
            const answer = await fetch(`/api/v1/files/${encodeURIComponent(name)}`);
            return (await answer.json()).declaration.declarant.id as string;
        }, ucr);
    }

    test(
        'a red one is asked about, answered, inspected, and the trader sees what was found',
        async () => {
            const anna = await invited('anna', 'officer');
            const ucr = await takeFirst(anna.page);
            const ben = await invited('ben', 'trader', await declarantOf(anna.page, ucr));
            await anna.page.keyboard.press('a');
            await anna.page.keyboard.type('N380');
            await anna.page.locator('#message').fill('the invoice of the first item, please');
            await anna.page.getByRole('button', { name: 'Ask for a document' }).click();
            await anna.page.getByText('awaiting documents').first().waitFor();

            await ben.page.locator('nav a[href="/desk/notices"]').click();
            await ben.page.getByText('the invoice of the first item, please').waitFor();
            await picture(ben.page, 'desk-notices');
            await fileOf(ben.page, ucr);
            await ben.page.locator('input[type=file]').setInputFiles({
                name: 'invoice.pdf',
                mimeType: 'application/pdf',
                buffer: Buffer.from('%PDF-1.7 an invoice'),
            });
            await ben.page.getByText('There', { exact: true }).waitFor();
            await picture(ben.page, 'desk-answering');
            await ben.page.getByRole('button', { name: 'Send the answer' }).click();
            await ben.page.getByText('under control').first().waitFor();

            const document = anna.page.getByRole('link', { name: 'invoice.pdf' });
            await document.waitFor(); // her page is live
            const saved = anna.page.waitForEvent('download');
            await document.click();
            expect(readFileSync(await (await saved).path(), 'utf8')).toBe('%PDF-1.7 an invoice');
            await anna.page.keyboard.press('i');
            await anna.page.keyboard.type('12 cartons more than declared');
            await anna.page.locator('#minutes').fill('35');
            await anna.page.locator('#revenue').fill('420.00');
            await anna.page.getByRole('button', { name: 'Record an inspection' }).click();
            await anna.page.getByText('12 cartons more than declared').first().waitFor();
            await decide(anna.page, 'Decide', 'Release the goods', 'paid for what was more');
            await panel(anna.page).filter({ hasText: 'paid for what was more' }).waitFor();
            await picture(anna.page, 'desk-inspected');

            await panel(ben.page).filter({ hasText: 'paid for what was more' }).waitFor();
            const seen = await ben.page.locator('main').innerText();
            expect(seen).toContain('12 cartons more than declared');
            expect(seen).not.toContain('anna');
            expect(seen).not.toContain('Risk');
            await picture(ben.page, 'desk-told');
            await ends(anna, ben);
        },
        LONG,
    );
});
