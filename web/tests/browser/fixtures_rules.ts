// fixtures_rules: officers' rules, who writes and who switches them. Nothing in it is real.

import type { Money, Rules, RuleTrial, Session } from '../../src/api/types';
import { file, officer, queue } from './fixtures';

function euro(value: string): Money {
    return { currency: 'EUR', value };
}

export const analyst: Session = { ...officer, name: 'ann', displayName: 'Ann', role: 'analyst' };
export const supervisor: Session = {
    ...officer,
    name: 'sue',
    displayName: 'Sue',
    role: 'supervisor',
};

const RULE =
    'rule D-07 "telephones far below their price" score 300 examine when\n' +
    '    any item (commodity starts with "8517" and value_per_kilo < 20)';

export const rules: Rules = {
    version: '5b0e2d08c7a1f3e4',
    may: ['write'],
    rows: [
        {
            name: 'D-08',
            sentence: 'cigarettes <i>by air</i> from a free zone',
            text: 'rule D-08 "cigarettes <i>by air</i> from a free zone" hold when mode = "4"',
            score: 0,
            wants: 'hold',
            from: 'desk',
            owner: 'user:ann',
            on: false,
            changedAt: file.changedAt,
            reason: 'a tip from the post office',
            may: ['on'],
            hits: 0,
            inspected: 0,
            found: 0,
            recovered: euro('0.00'),
        },
        {
            name: 'D-07',
            sentence: 'telephones far below their price',
            text: RULE,
            score: 300,
            wants: 'examine',
            from: 'desk',
            owner: 'user:ann',
            on: true,
            changedAt: file.changedAt,
            until: '2026-12-31',
            reason: 'it found much in March',
            may: ['off'],
            hits: 214,
            inspected: 31,
            found: 12,
            recovered: euro('18230.40'),
        },
        {
            name: 'X-01',
            sentence: 'cigarettes',
            text: 'rule X-01 "cigarettes" score 100 when any item (commodity starts with "2402")',
            score: 100,
            from: 'books',
            on: true,
            hits: 1204,
            inspected: 240,
            found: 31,
            recovered: euro('91230.00'),
        },
    ],
};

export const trial: RuleTrial = {
    name: 'D-09',
    tried: 1000,
    endedEarly: false,
    hits: 14,
    alreadyStopped: 6,
    inspected: 4,
    found: 1,
    recovered: euro('812.50'),
    rows: queue.rows,
};
