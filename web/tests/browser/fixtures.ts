// fixtures: what the small server of the browser tests answers. Nothing in it is real.

import type {
    Account,
    DeskSays,
    Estimate,
    Fact,
    Figures,
    File,
    Money,
    Notice,
    Page,
    Queue,
    Session,
    Users,
    Webhook,
} from '../../src/api/types';

const AT = '2026-05-27T08:15:00.000Z';

function euro(value: string): Money {
    return { currency: 'EUR', value };
}

export const officer: Session = {
    name: 'ada',
    displayName: 'Ada <script>alert(1)</script>',
    organisation: 'XM000003',
    role: 'officer',
    language: 'en',
    csrf: 'csrf',
    verified: true,
    simulated: true,
};

export const trader: Session = {
    ...officer,
    name: 'ember',
    displayName: 'Ember Supply 176',
    organisation: 'XM11393744',
    role: 'trader',
};

export const administrator: Session = {
    ...officer,
    name: 'root',
    displayName: 'Wren Hollis',
    organisation: '',
    role: 'administrator',
};

export const says: DeskSays = {
    simulated: true,
    people: [officer, trader].map(({ name, displayName, role, organisation }) => ({
        name,
        displayName,
        role,
        organisation,
    })),
};

const declaration: File['declaration'] = {
    typeCode: 'IMA',
    functionalReferenceId: 'SIM1-938',
    officeId: 'XM000003',
    ucr: '6XM11393744-S1-938',
    declarant: { id: 'XM11393744' },
    importer: {
        id: 'XM11393744',
        name: 'Ember Supply 176 (invented)',
        address: {
            line: '151 Customs Row',
            postcode: 'M1087',
            cityName: 'Ansby',
            countryCode: 'XM',
        },
    },
    exporter: { name: 'Tidal Mills AE 17 (invented)', address: { countryCode: 'AE' } },
    exportCountry: 'AE',
    destinationCountry: 'XM',
    unloadingLocationId: 'XMPRT',
    borderMeans: { id: 'XM-DH', modeCode: '4', conveyanceReference: 'V133', nationalityCode: 'XM' },
    goodsLocation: { id: 'XMPRT003' },
    tradeTerms: { conditionCode: 'FCA' },
    containers: [{ id: 'MSKU6011672', seals: [{ id: 'S-1017' }] }],
    invoiceAmount: { currency: 'USD', value: '32333.46' },
    documents: [{ categoryCode: 'N', typeCode: '740', id: 'XMB9106933' }],
    items: [
        {
            sequence: 1,
            description: 'cigarettes in packets of twenty, article 206',
            classifications: [{ id: '24022000', typeCode: 'TSP' }],
            origins: [{ countryCode: 'AE', typeCode: '1' }],
            price: { currency: 'USD', value: '27728.16' },
            grossMass: '761',
            netMass: '626',
            packages: [{ quantity: 57, typeCode: 'CT' }],
            documents: [{ categoryCode: 'N', typeCode: '935', id: 'INV-400088' }],
        },
        {
            sequence: 2,
            description: '<b>bold</b> cigars & cigarillos',
            classifications: [{ id: '24021000', typeCode: 'TSP' }],
            origins: [{ countryCode: 'AE', typeCode: '1' }],
            price: { currency: 'USD', value: '4605.30' },
            grossMass: '119.680',
            netMass: '94.600',
            packages: [{ quantity: 9, typeCode: 'CT' }],
        },
    ],
};

const bodies: Pick<Fact, 'kind' | 'body'>[] = [
    { kind: 'declared', body: { declaration, digest: '9f72' } },
    {
        kind: 'checked',
        body: {
            errors: 0,
            rules: 'check-1',
            findings: [
                {
                    rule: 'R-126',
                    severity: 'warning',
                    field: 'items[1].grossMass',
                    text: 'each item has a gross mass',
                    hint: 'In kilograms, with the packing.',
                },
            ],
        },
    },
    {
        kind: 'valued',
        body: {
            rates: '5b0e2d08',
            total: euro('30059.15'),
            items: [
                {
                    sequence: 1,
                    value: euro('25777.78'),
                    lines: [
                        {
                            amount: euro('23707.58'),
                            text: 'price 27728.16 USD at 0.8550 EUR (2026-01-01)',
                            rate: '0.8550',
                            note: 'rounded half up',
                        },
                        { amount: euro('2070.20'), text: 'a share of freight' },
                    ],
                },
                { sequence: 2, value: euro('4281.37'), lines: [] },
            ],
        },
    },
    {
        kind: 'assessed',
        body: {
            schedule: 's1',
            total: euro('17549.54'),
            lines: [
                {
                    sequence: 1,
                    type: 'A00',
                    base: euro('25777.78'),
                    amount: euro('11600.00'),
                    rate: '45',
                    text: 'customs duty on cigars and cigarettes: 45 % of 25777.78 EUR',
                },
                {
                    sequence: 1,
                    type: 'B00',
                    base: euro('29747.70'),
                    amount: euro('5949.54'),
                    rate: '20',
                    text: 'value added tax: 20 % of 29747.70 EUR',
                    suspended: true,
                },
            ],
        },
    },
    {
        kind: 'scored',
        body: {
            score: 160,
            random: false,
            rules: 'r1',
            worth: euro('9607.82'),
            wants: 'examine',
            reasons: [
                { rule: 'X-01', text: 'cigarettes', points: 100 },
                { rule: 'S-06', text: 'much duty is at stake', points: 60 },
            ],
        },
    },
    {
        kind: 'decided',
        body: {
            by: 'desk',
            decision: 'examine',
            reasons: ['an officers\u2019 rule asks for an examination'],
        },
    },
];

export const file: File = {
    file: '6XM11393744-S1-938',
    state: 'under-control',
    version: 1,
    declaration,
    decision: {
        decision: 'examine',
        by: 'desk',
        at: AT,
        fact: 6,
        reasons: ['an officers\u2019 rule asks for an examination'],
    },
    may: ['claim', 'request', 'inspect', 'decide:release', 'decide:hold', 'decide:documents'],
    lodgedAt: AT,
    changedAt: AT,
    factsCount: 6,
    customsValue: euro('30059.15'),
    owed: euro('17549.54'),
    claimedBy: 'user:grace',
    requests: [{ code: '935', fact: 7, open: true, text: 'the invoice', until: '2026-06-10' }],
    facts: bodies.map(
        (fact, i) =>
            ({
                ...fact,
                seq: i + 1,
                at: AT,
                leaf: 5586 + i,
                who: i === 0 ? 'trader:ember' : `step:${fact.kind}`,
            }) as Fact,
    ),
};

export const queue: Queue = {
    waiting: 80,
    offices: ['XM000001', 'XM000003'],
    types: ['IM', 'EX'],
    next: 'second',
    rows: ['938', '557', '1418', '1294', '1250', '376'].map((n, i) => ({
        file: `6XM1139374${i}-S1-${n}`,
        state: 'under-control',
        score: 160 + 90 * (i % 3),
        worth: euro(`${9607 - 800 * i}.82`),
        commodity: i % 2 ? '87083010' : '24022000',
        origin: ['AE', 'CN', 'KR'][i % 3] as string,
        office: 'XM000003',
        importer: `XM1139374${i}`,
        declarant: 'XM90000005',
        lodgedAt: AT,
        changedAt: AT,
        items: 2,
        random: i === 3,
        decision: 'examine',
        factsCount: 6,
        version: 1,
        ...(i === 2 ? { claimedBy: 'user:grace' } : {}),
        ...(i === 4 ? { requestsOpen: 2 } : {}),
    })),
};

export const users: Users = {
    users: [
        { name: 'ada', role: 'officer', state: 'active', passkeys: 2, tokens: 0 },
        { name: 'ember', role: 'trader', state: 'invited', passkeys: 0, tokens: 0 },
        { name: 'root', role: 'administrator', state: 'active', passkeys: 1, tokens: 1 },
        { name: 'zeno', role: 'control-room', state: 'stopped', passkeys: 1, tokens: 3 },
    ].map((user) => ({
        ...(user as Users['users'][number]),
        displayName: `<i>${user.name}</i> of Meridia`,
        organisation: user.role === 'administrator' ? '' : 'XM000003',
    })),
};

export const account: Account = {
    name: 'ember',
    displayName: 'Ember Supply 176',
    role: 'trader',
    organisation: 'XM11393744',
    password: false,
    passkeys: [{ credential: 'AQID', label: 'the blue key', addedAt: AT }],
    tokens: [{ id: '1a2b3c', label: 'our <b>ERP</b>', scope: ['read', 'lodge'], endsAt: AT }],
};

export const webhooks: Page<Webhook> = {
    rows: [
        {
            id: 'w1',
            url: 'https://example.org/customs/what/happens/to/our/consignments',
            madeAt: AT,
            state: 'failing',
            lastStatus: 503,
            lastAt: AT,
            waiting: 12,
        },
        { id: 'w2', url: 'https://example.com/hook', madeAt: AT, state: 'working', waiting: 0 },
    ],
};

const offered = new Set(['scored', 'claimed', 'unclaimed']);

export const ownFile: File = {
    ...file,
    state: 'awaiting-documents',
    may: ['amend', 'withdraw', 'supply'],
    facts: [
        ...file.facts.filter(({ kind }) => !offered.has(kind)),
        {
            seq: 7,
            at: AT,
            leaf: 5592,
            kind: 'requested',
            body: { code: '935', text: 'the invoice', until: '2026-06-10' },
        },
        {
            seq: 8,
            at: AT,
            leaf: 5600,
            kind: 'supplied',
            body: {
                request: 7,
                text: 'here is the first page',
                attachments: [
                    {
                        code: '935',
                        name: 'invoice <1>.pdf',
                        sha256: '9f72'.repeat(16),
                        size: 40_000,
                        type: 'application/pdf',
                    },
                ],
            },
        },
    ],
};

export const notices: Page<Notice> = {
    next: 'older',
    rows: [
        {
            at: '2026-05-28T10:15:00.000Z',
            file: '6XM11393744-S1-938',
            reference: 'SIM1-938',
            kind: 'requested',
            fact: 7,
            text: 'the invoice, and <b>who</b> signed it',
            state: 'awaiting-documents',
        },
        {
            at: AT,
            file: '6XM11393744-S1-557',
            kind: 'decided',
            fact: 9,
            decision: 'release',
            state: 'released',
        },
    ],
};

export const estimate: Estimate = {
    owed: euro('242.40'),
    customsValue: euro('1010.00'),
    assessed: {
        schedule: 's1',
        total: euro('242.40'),
        lines: [
            {
                sequence: 1,
                type: 'A00',
                base: euro('1010.00'),
                amount: euro('242.40'),
                text: 'customs duty on bed linen: 24 % of 1010.00 EUR',
            },
        ],
    },
    findings: [
        {
            rule: 'R-017',
            severity: 'error',
            field: 'items[0].netMass',
            text: 'the net mass is not larger than the gross mass',
            hint: 'Weigh again.',
        },
        {
            rule: 'R-126',
            severity: 'warning',
            field: 'importer.name',
            text: 'the importer has a name',
            hint: 'As in the register.',
        },
    ],
};

function tally(i: number): Figures['byOffice'][number] {
    return {
        office: `XM00000${i + 1}`,
        lodged: 400 + 37 * (i % 7),
        refused: 9 + (i % 5),
        released: 320 + 29 * (i % 7),
        documents: 40 + (i % 9),
        examined: 21 + (i % 4),
        held: i % 3,
        inspected: i % 6 === 5 ? 0 : 20,
        found: i % 6 === 5 ? 0 : 3 + (i % 7),
        recovered: euro(`${1200 + 310 * (i % 5)}.50`),
        owed: euro(`${91000 + 8100 * (i % 7)}.25`),
    };
}

export const figures: Figures = {
    from: '2026-05-01',
    to: '2026-05-30',
    currency: 'EUR',
    offices: ['XM000001', 'XM000002', 'XM000003'],
    days: Array.from({ length: 30 }, (_, i) => ({
        ...tally(i),
        date: `2026-05-${String(i + 1).padStart(2, '0')}`,
    })),
    byOffice: [0, 1, 2].map(tally),
    clearance: [
        { upToSeconds: 1, count: 9000 },
        { upToSeconds: 3600, count: 310 },
        { upToSeconds: 86_400, count: 720 },
        { upToSeconds: 604_800, count: 410 },
        { count: 55 },
    ],
};
