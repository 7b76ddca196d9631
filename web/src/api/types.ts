// types: what the API answers and takes.
//
// To be made from the server's table of routes, which the OpenAPI document comes from, too; until
// then it is kept by hand. Declarations have the names of docs/declaration.schema.json, facts those
// of src/consignment/fact_body.h.

export interface Money {
    currency: string;
    value: string;
}
export interface Quantity {
    unit?: string;
    value?: string;
}

// --- Who somebody is ---

export type Role =
    | 'trader'
    | 'officer'
    | 'supervisor'
    | 'analyst'
    | 'control-room'
    | 'agency'
    | 'auditor'
    | 'administrator';

export interface Session {
    name: string;
    displayName: string;
    organisation: string;
    role: Role;
    language: string;
    csrf: string;
    verified: boolean; // came in by a passkey
    simulated: boolean; // nothing in the store is real: every page says so
}

// Numbers and bytes of WebAuthn, in base64url.
export interface PasskeyChallenge {
    challenge: string;
    rpId: string;
    credentials: string[];
}

export interface PasskeyAnswer {
    credential: string;
    authenticatorData: string;
    clientData: string;
    signature: string;
    user: string;
}

// --- A declaration ---

export interface Address {
    line?: string;
    postcode?: string;
    cityName?: string;
    countrySubdivision?: string;
    countryCode?: string;
}
export interface Party {
    id?: string;
    name?: string;
    roleCode?: string;
    address?: Address;
}
export interface Paper {
    categoryCode?: string;
    typeCode?: string;
    id?: string;
}
export interface TransportMeans {
    id?: string;
    modeCode?: string;
    conveyanceReference?: string;
    nationalityCode?: string;
}
export interface Item {
    sequence?: number;
    description?: string;
    classifications?: { id?: string; typeCode?: string }[];
    origins?: { countryCode?: string; typeCode?: string }[];
    procedures?: { currentCode?: string; previousCode?: string }[];
    packages?: { quantity?: number; typeCode?: string; marks?: string }[];
    price?: Money;
    grossMass?: string;
    netMass?: string;
    supplementaryUnits?: Quantity;
    documents?: Paper[];
    dutyTaxFees?: { typeCode?: string; regimeCode?: string; paymentMethodCode?: string }[];
    valuationMethodCode?: string;
}
export interface Declaration {
    typeCode?: string;
    functionCode?: string;
    functionalReferenceId?: string;
    ucr?: string;
    issuedAt?: string;
    officeId?: string;
    declarant?: Party;
    agent?: Party;
    importer?: Party;
    exporter?: Party;
    seller?: Party;
    buyer?: Party;
    consignee?: Party;
    consignor?: Party;
    carrier?: Party;
    borderMeans?: TransportMeans;
    arrivalMeans?: TransportMeans;
    itinerary?: { countryCode?: string }[];
    exportCountry?: string;
    destinationCountry?: string;
    loadingLocationId?: string;
    unloadingLocationId?: string;
    goodsLocation?: { id?: string; name?: string; countryCode?: string };
    containers?: { id?: string; seals?: { id?: string }[] }[];
    tradeTerms?: { conditionCode?: string; locationName?: string };
    invoiceAmount?: Money;
    freight?: Money;
    insurance?: Money;
    totalGrossMass?: string;
    totalPackageCount?: number;
    documents?: Paper[];
    items?: Item[];
}

// --- Facts ---

export type Severity = 'note' | 'warning' | 'error';
export interface Finding {
    rule: string;
    severity: Severity;
    field: string;
    text: string;
    hint: string;
}
export interface ValueLine {
    text: string;
    amount: Money;
    rate?: string;
    note?: string;
}
export interface DutyLine {
    sequence: number;
    type: string;
    base: Money;
    amount: Money;
    rate?: string;
    text?: string;
    law?: string;
    suspended?: boolean;
}
export interface RiskReason {
    rule: string;
    text: string;
    points: number;
}
export interface Attachment {
    code?: string;
    name: string;
    sha256: string;
    size: number;
    type: string;
}
export type Decision = 'release' | 'examine' | 'hold' | 'documents' | 'refuse';

interface Bodies {
    declared: { declaration: Declaration; digest: string; dropped?: string[] };
    amended: { declaration: Declaration; digest: string; version: number; reason?: string };
    withdrawn: { reason?: string };
    checked: { errors: number; findings: Finding[]; rules: string };
    valued: {
        items: { sequence: number; value: Money; lines: ValueLine[] }[];
        missing?: string[];
        rates: string;
        total: Money;
    };
    assessed: { lines: DutyLine[]; schedule: string; total: Money };
    scored: {
        score: number;
        random: boolean;
        reasons: RiskReason[];
        rules: string;
        wants?: Decision;
        worth: Money;
    };
    decided: { by: 'desk' | 'officer'; decision: Decision; overrules?: number; reasons?: string[] };
    settled: { amount: Money; reference?: string };
    claimed: { from?: string };
    unclaimed: { from?: string };
    requested: { code?: string; text: string; until?: string };
    supplied: { attachments: Attachment[]; request: number; text?: string };
    inspected: {
        conforms: boolean;
        found?: string[];
        minutes?: number; // as the rest: not for traders
        recovered?: Money;
        text?: string;
    };
}
export type FactKind = keyof Bodies;
export type BodyOf<K extends FactKind> = Bodies[K];
export type Fact = {
    [K in FactKind]: {
        seq: number;
        at: string;
        kind: K;
        who?: string;
        body: Bodies[K];
        leaf: number;
    };
}[FactKind];

// --- A file ---

export type FileState =
    | 'empty'
    | 'lodged'
    | 'amended'
    | 'refused'
    | 'accepted'
    | 'assessed'
    | 'awaiting-documents'
    | 'under-control'
    | 'held'
    | 'released'
    | 'cleared'
    | 'withdrawn';

export type PlainAct =
    'claim' | 'unclaim' | 'request' | 'inspect' | 'settle' | 'amend' | 'withdraw' | 'supply';
export type Act = PlainAct | `${'decide' | 'overrule'}:${Decision}`;

export interface File {
    file: string;
    state: FileState;
    version: number;
    lodgedAt: string;
    changedAt: string;
    factsCount: number; // what an act on the file goes by: somebody else may be quicker
    decision?: {
        decision: Decision;
        by: 'desk' | 'officer';
        who?: string;
        reasons?: string[];
        at: string;
    };
    claimedBy?: string;
    requests: { code?: string; fact: number; open: boolean; text: string; until?: string }[];
    customsValue?: Money;
    owed?: Money;
    may: Act[];
    declaration: Declaration;
    facts: Fact[];
}

export interface Inspection {
    found: string[];
    minutes: number;
    recovered?: Money;
    text?: string;
}

// --- Lists ---

export interface Page<Row> {
    next?: string;
    rows: Row[];
}

export interface Row {
    file: string;
    state: FileState;
    lodgedAt: string;
    changedAt: string;
    items: number;
    reference?: string;
    office?: string;
    type?: string;
    declarant?: string;
    importer?: string;
    exporter?: string;
    commodity?: string;
    origin?: string;
    customsValue?: Money;
    owed?: Money;
    score?: number; // what follows: not for traders
    random?: boolean;
    worth?: Money;
    claimedBy?: string;
    reason?: string;
}
export interface Queue extends Page<Row> {
    waiting: number;
}
export interface QueueQuery {
    office?: string;
    type?: string;
    claimed?: 'mine' | 'nobody' | 'anybody';
    cursor?: string;
    limit?: number;
}

// --- Lodging ---

export type AnswerKind =
    'lodged' | 'refused' | 'repeated' | 'conflict' | 'unreadable' | 'unavailable';
export interface Answer {
    file: string;
    answer: AnswerKind;
    state?: FileState;
    decision?: Decision;
    owed?: Money;
    findings?: Finding[];
    detail?: string;
    line?: number;
}

// --- Trouble (RFC 9457) ---

export interface Problem {
    title: string;
    status: number;
    detail?: string;
    hint?: string;
    field?: string;
    line?: number;
    column?: number;
    findings?: Finding[];
}

// --- Who may come in ---

export type AccountState = 'invited' | 'active' | 'stopped';
export interface User {
    name: string;
    displayName: string;
    organisation?: string;
    role: Role;
    state: AccountState;
    passkeys: number;
    tokens: number;
}
export interface Users {
    users: User[];
}
export interface Invitation {
    name: string;
    displayName: string;
    role: Role;
    organisation?: string;
    language?: string;
}
export interface Link {
    link: string;
}
export interface UserChange {
    role?: Role;
    organisation?: string;
    stopped?: boolean;
}

// --- One's own account ---

export interface PasskeyCreation {
    challenge: string;
    rpId: string;
    user: string;
    name: string;
    displayName: string;
}
export interface NewPasskey {
    credential: string;
    authenticatorData: string;
    clientData: string;
    publicKey: string;
    algorithm: string;
    label: string;
}
export type Scope = 'lodge' | 'read' | 'decide' | 'all';
export interface Account {
    name: string;
    displayName: string;
    role: Role;
    organisation?: string;
    passkeys: { credential: string; label: string; addedAt: string }[];
    tokens: { id: string; label: string; scope: Scope[]; endsAt: string }[];
}
export interface TokenAsked {
    label: string;
    days: number;
    scope: Scope[];
}
export interface Token {
    id: string;
    token: string;
    endsAt: string;
}
export interface Webhook {
    id: string;
    url: string;
    madeAt: string;
    state: 'working' | 'failing' | 'stopped';
    lastStatus?: number;
    lastAt?: string;
    waiting: number;
}
export interface NewWebhook {
    id: string;
    secret: string;
}

// --- What the desk says of itself, to anybody ---

export interface Person {
    name: string;
    displayName: string;
    role: Role;
    organisation?: string;
}
export interface DeskSays {
    simulated: boolean;
    people?: Person[]; // who one may come in as, in a simulated store
}
