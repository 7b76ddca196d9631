// What people do at the desk, from the first click to the last.
import type { Browser, Page } from 'playwright-core';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeKey, makePaper, ORIGIN, sampleFacts } from '../../src/verify/sample';
import {
    givePasskey,
    hasChromium,
    launch,
    picture,
    violations,
    watch,
    type Watched,
} from './browser';
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
} from './fixtures';
import { analyst, rules, supervisor, trial } from './fixtures_rules';
import { type Asked, SmallServer } from './server';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));

describe.skipIf(!hasChromium)('in a browser', () => {
    const acts = `/api/v1/files/${file.file}`;
    let shown: 'nothing' | 'passkey' = 'nothing'; // who decides shows that it is himself
    let hasEstimate = false;
    const server: SmallServer = new SmallServer(dist, {
        'GET /api/v1/desk': says,
        'GET /api/v1/figures': figures,
        'GET /api/v1/notices': notices,
        'GET /api/v1/files/own': ownFile,
        'POST /api/v1/estimate': () => (hasEstimate ? [200, estimate] : [404, {}]),
        'POST /api/v1/documents': { sha256: 'ab'.repeat(32), size: 9, type: 'application/pdf' },
        'POST /api/v1/files/own/supply': ownFile,
        'POST /api/v1/declarations/own/amend': { file: 'own', answer: 'lodged', state: 'assessed' },
        'POST /api/v1/declarations/6XM11393744-S1-938/withdraw': { file: 'own', answer: 'lodged' },
        'GET /api/v1/users': users,
        'POST /api/v1/users': { link: 'http://localhost/desk/signin?link=once' },
        'GET /api/v1/account': account,
        'POST /api/v1/tokens': { id: 't1', token: 'tw_secret', endsAt: file.lodgedAt },
        'POST /api/v1/session/link/challenge': {
            challenge: 'AAAAAAAAAAAAAAAAAAAAAA',
            rpId: 'localhost',
            user: 'BBBB',
            name: 'ada',
            displayName: 'Ada',
        },
        'POST /api/v1/session/link': () => {
            server.session = { ...officer, verified: false };
            return [200, server.session];
        },
        'POST /api/v1/session/passkey/challenge': {
            challenge: 'AAAAAAAAAAAAAAAAAAAAAA',
            rpId: 'localhost',
            credentials: [],
        },
        'POST /api/v1/session/passkey': () => {
            shown = 'passkey';
            server.session = officer;
            return [200, officer];
        },
        'GET /api/v1/queue': queue,
        'GET /api/v1/rules': rules,
        [`GET ${acts}`]: file,
        [`POST ${acts}/decide`]: () =>
            server.session?.verified || shown === 'passkey' ? [200, file] : [409, {}],
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

    // The last of what was asked.
    function asked(request: string): Asked | undefined {
        return server.asked.filter(({ what }) => what === request).pop();
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
        const asked = server.asked.map(({ what }) => what);
        expect(asked.sort()).toEqual(['GET /api/v1/desk', 'GET /api/v1/session']);
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

    test('an analyst is shown where a rule is wrong, tries it and saves it', async () => {
        const wrong = 'rule D-09 "Zürich" score 300 when\n    any item (comodity = "8517")';
        const problem = {
            title: 'the message cannot be read',
            detail: "there is no name 'comodity'",
            hint: "Did you mean 'commodity'?",
            field: 'text',
            line: 2,
            column: 15,
        };
        server.session = analyst;
        server.answers['POST /api/v1/rules/try'] = () => [400, problem];
        const { page, trouble } = await open('/desk/rules');
        await page.getByRole('button', { name: 'Try the rule' }).click();
        expect(await page.locator('.govuk-error-message').innerText()).toContain('Write the rule');
        await page.locator('#rule').fill(wrong);
        await page.getByRole('button', { name: 'Try the rule' }).click();
        await page.getByText('Line 2, column 15').waitFor();
        const area = page.locator('#rule');
        const chosen = await area.evaluate((one: HTMLTextAreaElement) => one.selectionStart);
        expect(wrong.slice(chosen)).toMatch(/^comodity/);
        expect(await page.locator('.desk-mark').innerText()).toBe(`${' '.repeat(14)}^`);
        expect(await violations(page)).toEqual([]);
        await picture(page, 'rules-wrong');

        server.answers['POST /api/v1/rules/try'] = trial;
        const good = wrong.replace('comodity', 'commodity');
        await area.fill(good);
        await page.locator('#last').fill('500');
        await page.getByRole('button', { name: 'Try the rule' }).click();
        await page.getByText('tried on 1,000 declarations').waitFor();
        expect(await page.locator('.desk-trial tbody tr').count()).toBe(trial.rows.length);
        const tried = asked('POST /api/v1/rules/try');
        expect(JSON.parse(tried?.body ?? '')).toEqual({ text: good, last: 500 });
        await page.getByText('How rules are written').click();
        expect(await violations(page)).toEqual([]);
        await picture(page, 'rules-tried');

        server.answers['POST /api/v1/rules'] = { ...rules.rows[0], name: 'D-09' };
        await page.getByRole('button', { name: 'Save the rule' }).click();
        expect(await page.locator('#why-error').innerText()).toContain('Say why');
        await page.locator('#why').fill('a tip');
        await page.getByRole('button', { name: 'Save the rule' }).click();
        await page.getByText('Rule D-09 is saved').waitFor();
        const sent = asked('POST /api/v1/rules');
        expect(JSON.parse(sent?.body ?? '')).toEqual({ text: good, reason: 'a tip' });
        expect(trouble).toEqual([]);
        await page.context().close();
    }, 60_000);

    test('a supervisor opens a rule, and switches it on until a day', async () => {
        server.session = supervisor;
        server.answers['POST /api/v1/rules/D-08/on'] = { ...rules.rows[0], on: true };
        const { page, trouble } = await open('/desk/rules');
        await page.getByRole('button', { name: 'cigarettes <i>by air</i>' }).click();
        await page.getByRole('button', { name: 'Switch D-08 on' }).click();
        expect(await page.locator('.govuk-error-message').innerText()).toContain('Say why');
        await page.locator('[id="reason-D-08"]').fill('it looks right');
        await page.locator('[id="until-D-08"]').fill('2026-12-31');
        for (const width of [1280, 390]) {
            await page.setViewportSize({ width, height: 900 });
            expect(await violations(page)).toEqual([]);
            await picture(page, `rules-switch-${width}`);
        }
        await page.getByRole('button', { name: 'Switch D-08 on' }).click();
        await expect
            .poll(() => server.asked.find(({ what }) => what.endsWith('D-08/on'))?.body)
            .toBe(JSON.stringify({ reason: 'it looks right', until: '2026-12-31' }));
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

    test('who is invited comes in by a passkey of his own, and decides with it', async () => {
        server.session = undefined;
        shown = 'nothing';
        const { page, trouble } = await open('/desk/signin?link=once');
        await givePasskey(page);
        await page.locator('#label').fill('my key');
        await page.getByRole('button', { name: 'Come in with a new passkey' }).click();
        await page.locator('.desk-doors').waitFor();
        const sent = server.asked.find(({ what }) => what === 'POST /api/v1/session/link');
        expect(JSON.parse(sent?.body ?? '')).toMatchObject({
            link: 'once',
            label: 'my key',
            algorithm: expect.stringMatching(/^(EdDSA|ES256)$/),
            publicKey: expect.stringMatching(/^[\w-]{40,}$/),
        });
        await page.goto(`/desk/file/${file.file}`);
        await page.locator('#decision').selectOption('release');
        await page.locator('#reason').fill('papers are in order');
        await page.getByRole('button', { name: 'Decide' }).click();
        const decided = () => server.asked.filter(({ what }) => what.endsWith('/decide'));
        await expect.poll(() => decided().length).toBe(2);
        expect(decided()[0]?.body).toBe(decided()[1]?.body);
        expect(shown).toBe('passkey');
        expect(await page.locator('.govuk-error-summary').count()).toBe(0);
        expect(trouble).toEqual([]);
        await page.context().close();
    }, 60_000);

    test('who has no passkey at hand is told, and what he wrote stays', async () => {
        server.session = { ...officer, verified: false };
        shown = 'nothing';
        const { page, trouble } = await open(`/desk/file/${file.file}`);
        await page.evaluate(() => {
            navigator.credentials.get = () => Promise.reject(new DOMException('no'));
        });
        await page.locator('#decision').selectOption('hold');
        await page.locator('#reason').fill('a long story');
        await page.getByRole('button', { name: 'Decide' }).click();
        await page.getByText('Show with your passkey that it is you').waitFor();
        expect(await page.locator('#reason').inputValue()).toBe('a long story');
        expect(await violations(page)).toEqual([]);
        expect(trouble).toEqual([]);
        await page.context().close();
    }, 60_000);

    test('an administrator invites, and the link is shown once', async () => {
        server.session = administrator;
        const { page, trouble } = await open('/desk/users');
        await page.getByText('Invite somebody').click();
        await page.getByRole('button', { name: 'Make an invitation' }).click();
        expect(await page.locator('.govuk-error-message').count()).toBe(2);
        await page.locator('#displayName').fill('Grace Tiller');
        await page.locator('#name').fill('grace');
        await page.locator('#role').selectOption('supervisor');
        await page.locator('#organisation').fill('XM000003');
        await page.getByRole('button', { name: 'Make an invitation' }).click();
        const link = page.getByLabel('Link', { exact: true });
        expect(await link.inputValue()).toContain('?link=once');
        const sent = server.asked.find(({ what }) => what === 'POST /api/v1/users');
        expect(JSON.parse(sent?.body ?? '')).toEqual({
            name: 'grace',
            displayName: 'Grace Tiller',
            role: 'supervisor',
            organisation: 'XM000003',
            language: 'en',
        });
        expect(await violations(page)).toEqual([]);
        await picture(page, 'users-invited');
        await page.getByRole('button', { name: 'Done' }).click();
        expect(await link.count()).toBe(0);
        await page.getByRole('button', { name: 'Stop ada' }).click();
        expect(server.asked.filter(({ what }) => what.includes('users/')).length).toBe(0);
        await page.getByRole('button', { name: 'Stop: are you sure? ada' }).click();
        await expect
            .poll(() => server.asked.find(({ what }) => what === 'POST /api/v1/users/ada')?.body)
            .toBe('{"stopped":true}');
        expect(trouble).toEqual([]);
        await page.context().close();
    }, 60_000);

    test('a token is made with what it may do and an end, and is shown once', async () => {
        server.session = trader;
        const { page, trouble } = await open('/desk/account');
        await page.locator('#token-label').fill('our ERP');
        await page.locator('#token-days').fill('30');
        await page.getByLabel('lodge', { exact: true }).check();
        await page.getByRole('button', { name: 'Make a token' }).click();
        expect(await page.getByLabel('Token', { exact: true }).inputValue()).toBe('tw_secret');
        const sent = server.asked.find(({ what }) => what === 'POST /api/v1/tokens');
        expect(JSON.parse(sent?.body ?? '')).toEqual({
            label: 'our ERP',
            days: 30,
            scope: ['read', 'lodge'],
        });
        expect(await violations(page)).toEqual([]);
        expect(trouble).toEqual([]);
        await page.context().close();
    }, 60_000);

    test('a trader sees what it would cost and what is wrong where he has been', async () => {
        server.session = trader;
        hasEstimate = true;
        const { page, trouble } = await open('/desk/lodge');
        const panel = page.locator('.desk-estimate');
        await panel.getByText('242.40 EUR').first().waitFor();
        const fault = page.locator('[id="items[0].netMass-error"]');
        expect(await fault.count()).toBe(0);
        await page.locator('[id="items[0].netMass"]').fill('120');
        await page.keyboard.press('Tab');
        expect(await fault.innerText()).toContain('R-017: the net mass is not larger');
        await panel.getByRole('button', { name: 'the importer has a name' }).click();
        expect(await page.evaluate(() => document.activeElement?.id)).toBe('importer');
        const asked = () => server.asked.filter(({ what }) => what === 'POST /api/v1/estimate');
        await expect.poll(() => asked().at(-1)?.body).toContain('"netMass":"120"');
        expect(await violations(page)).toEqual([]);
        await picture(page, 'lodge-live');
        hasEstimate = false;
        expect(trouble).toEqual([]);
        await page.context().close();
    }, 60_000);

    test('a trader answers with a document, and what cannot be taken is said before', async () => {
        server.session = trader;
        const { page, trouble } = await open('/desk/file/own');
        await page.getByRole('button', { name: 'Send the answer' }).click();
        expect(await page.locator('.govuk-error-message').innerText()).toContain('Write an answer');
        await page.locator('#documents-7').setInputFiles([
            { name: 'run.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ') },
            { name: 'invoice.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') },
        ]);
        await page.getByText('It is no PDF, JPEG, PNG or plain text').waitFor();
        await page.getByText('There', { exact: true }).waitFor();
        expect(server.asked.filter(({ what }) => what === 'POST /api/v1/documents').length).toBe(1);
        await page.locator('#answer-7').fill('all pages');
        await picture(page, 'own-file-answer');
        expect(await violations(page)).toEqual([]);
        await page.getByRole('button', { name: 'Send the answer' }).click();
        const sent = () => server.asked.find(({ what }) => what.endsWith('/supply'))?.body;
        await expect.poll(sent).toBeDefined();
        expect(JSON.parse(sent() ?? '')).toEqual({
            request: 7,
            text: 'all pages',
            attachments: [{ name: 'invoice.pdf', sha256: 'ab'.repeat(32), type: '935' }],
            after: ownFile.factsCount,
        });
        expect(trouble).toEqual([]);
        await page.context().close();
    }, 60_000);

    test('a trader amends what he lodged, and withdraws it with a reason', async () => {
        server.session = trader;
        const { page, trouble } = await open('/desk/lodge?amend=own');
        await page.locator('#amend-reason').fill('a digit was wrong');
        await page.locator('[id="items[0].classifications"]').fill('24022090');
        await page.getByRole('button', { name: 'Lodge the amendment' }).click();
        await page.locator('.desk-verdict').waitFor();
        const sent = server.asked.find(({ what }) => what.endsWith('/amend'));
        const { items } = ownFile.declaration;
        expect(JSON.parse(sent?.body ?? '')).toEqual({
            ...ownFile.declaration,
            functionCode: '13',
            statements: [{ description: 'a digit was wrong' }],
            items: items?.map((item, i) =>
                i === 0
                    ? { ...item, classifications: [{ id: '24022090', typeCode: 'TSP' }] }
                    : item,
            ),
        });
        await page.goto('/desk/file/own');
        await page.getByText('Withdraw the declaration').first().click();
        await page.locator('#withdraw-reason').fill('sold at sea');
        await page.getByRole('button', { name: 'Withdraw the declaration' }).click();
        const gone = () => server.asked.find(({ what }) => what.endsWith('/withdraw'))?.body;
        await expect.poll(gone).toBeDefined();
        expect(JSON.parse(gone() ?? '')).toMatchObject({
            functionCode: '1',
            ucr: ownFile.declaration.ucr,
            statements: [{ description: 'sold at sea' }],
        });
        expect(trouble).toEqual([]);
        await page.context().close();
    }, 60_000);

    test('what is new is counted on every page, until it was read', async () => {
        server.session = officer;
        const { page, trouble } = await open('/desk/queue');
        const count = page.locator('.desk-count');
        await expect.poll(() => count.innerText()).toContain('2+');
        await page.getByRole('navigation').getByRole('link', { name: 'Notices' }).click();
        await page.locator('.desk-notice--new').first().waitFor();
        await expect.poll(() => count.count()).toBe(0);
        expect(await page.locator('.desk-notice--new').count()).toBe(2);
        await page.reload();
        await page.locator('.desk-notice').first().waitFor();
        expect(await page.locator('.desk-notice--new').count()).toBe(0);
        expect(trouble).toEqual([]);
        await page.context().close();
    }, 60_000);

    test('figures are drawn, told and in tables, and asked for by office', async () => {
        server.session = officer;
        const { page, trouble } = await open('/desk/dashboard');
        expect(await page.locator('.desk-plot canvas').count()).toBe(6);
        const said = await page.getByRole('img', { name: /Revenue/ }).getAttribute('aria-label');
        expect(said).toContain('owed 3,418,507.50 EUR');
        await page.getByText('As a table: Revenue').click();
        await page.getByRole('cell', { name: '91,000.25 EUR' }).first().waitFor();
        await page.locator('#office').selectOption('XM000002');
        await page.getByRole('button', { name: '7 days' }).click();
        const { search } = new URL(page.url());
        expect(search).toBe('?office=XM000002&from=2026-05-24&to=2026-05-30');
        expect(trouble).toEqual([]);
        await page.context().close();
    }, 60_000);

    test('the queue is filtered, and what changed since the last look is marked', async () => {
        server.session = officer;
        const { page, trouble } = await open('/desk/queue');
        await page.locator('a[data-row]').first().waitFor();
        expect(await page.locator('.desk-mark').count()).toBe(0);
        await page.getByRole('navigation').getByRole('link', { name: 'Search' }).click();
        await page.locator('#text').waitFor();
        const changed = queue.rows[1] as (typeof queue.rows)[number];
        const before = changed.changedAt ?? '';
        changed.changedAt = '2026-05-27T09:00:00.000Z';
        await page.getByRole('navigation').getByRole('link', { name: 'Queue' }).click();
        await page.locator('.desk-mark').waitFor();
        expect(await page.locator('.desk-marked').innerText()).toContain(changed.file);
        await picture(page, 'queue-marked');
        expect(await violations(page)).toEqual([]);
        changed.changedAt = before;
        await page.locator('#claimed').selectOption('mine');
        await page.locator('#office').selectOption('XM000003');
        expect(new URL(page.url()).search).toBe('?claimed=mine&office=XM000003');
        expect(trouble).toEqual([]);
        await page.context().close();
    }, 60_000);

    test('the desk speaks Portuguese, and keeps to it', async () => {
        server.session = officer;
        const { page, trouble } = await open('/desk/queue');
        await page.addInitScript(() => localStorage.setItem('language', 'pt'));
        for (const path of ['/desk/queue', `/desk/file/${file.file}`, '/desk/dashboard']) {
            await page.goto(path);
            await page.waitForLoadState('networkidle');
            expect(await page.evaluate(() => document.documentElement.lang)).toBe('pt');
            await picture(page, `pt-${path.split('/')[2]}`);
            expect(await violations(page)).toEqual([]);
        }
        expect(trouble).toEqual([]);
        await page.context().close();
    }, 60_000);
});
