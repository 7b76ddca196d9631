// types: what the API answers and takes (openapi.ts, made from its document), by the names that the
// pages have for it, and what they make of it.

import type * as api from './openapi';

export type * from './openapi';

export type FileState = api.State;
export type Inspection = Omit<api.Inspection, 'after'>;
export type NewWebhook = api.WebhookMade;
export type KeptDocument = api.Paper;
export type Paper = api.Document;
export type PlainAct = Exclude<api.Act, `${string}:${string}`>;

export type BodyOf<K extends api.FactKind> = Extract<api.Fact, { kind: K }>['body'];

// What went wrong; without `type` where it never reached the server.
export type Problem = Pick<api.Problem, 'title' | 'status'> &
    Partial<api.Problem> & { findings?: api.Finding[] };

export interface Page<Row> {
    next?: string;
    rows: Row[];
}

export interface QueueQuery {
    office?: string;
    type?: string;
    claimed?: 'mine' | 'nobody' | 'anybody';
    cursor?: string;
    limit?: number;
}

// --- Until the server says so ---

export type Row = api.Row & { claimedBy?: string; requestsOpen?: number };
export type Queue = Page<Row> & { waiting: number; offices?: string[]; types?: string[] };
export interface SearchQuery {
    text?: string;
    office?: string;
    state?: string;
    from?: string; // days
    to?: string;
    cursor?: string;
}

// What the desk says of itself, to anybody.
export type Person = api.Guest;
export type DeskSays = api.Desk;

export interface Notice {
    at: string;
    file: string;
    reference?: string;
    kind: api.FactKind;
    fact: number;
    decision?: api.Decision;
    text?: string;
    state: FileState;
}

export interface Tally {
    lodged: number;
    refused: number;
    released: number; // these four: by the first decision
    documents: number;
    examined: number;
    held: number;
    inspected: number;
    found: number;
    recovered: api.Money;
    owed: api.Money;
}
export interface Figures {
    from: string;
    to: string;
    currency: string;
    offices: string[];
    days: (Tally & { date: string })[];
    byOffice: (Tally & { office: string })[];
    clearance: { upToSeconds?: number; count: number }[]; // the last: all that took longer
}
export interface FiguresQuery {
    from?: string;
    to?: string;
    office?: string;
}
