// openapi: what the API sends and takes.
//
// Written from the server's own document; after a change of the server's write it anew:
//   TIDEWAITER_WRITE_DOCS=1 npx vitest run src/api

/** What the caller may do to the file now. */
export type Act =
    | 'amend'
    | 'withdraw'
    | 'supply'
    | 'claim'
    | 'unclaim'
    | 'request'
    | 'inspect'
    | 'settle'
    | 'decide:refuse'
    | 'overrule:refuse'
    | 'decide:documents'
    | 'overrule:documents'
    | 'decide:release'
    | 'overrule:release'
    | 'decide:examine'
    | 'overrule:examine'
    | 'decide:hold'
    | 'overrule:hold';

/** The decision that stands; fact is the one that made it. */
export interface DecisionNow {
    at: string;
    by: 'desk' | 'officer';
    decision: Decision;
    fact: number;
    reasons?: string[];
    who?: string;
}

export type Fact =
    | DeclaredFact
    | AmendedFact
    | WithdrawnFact
    | CheckedFact
    | ValuedFact
    | AssessedFact
    | ScoredFact
    | DecidedFact
    | SettledFact
    | ClaimedFact
    | UnclaimedFact
    | RequestedFact
    | SuppliedFact
    | InspectedFact;

/** A declaration was lodged. */
export interface DeclaredFact {
    at: string;
    body: Declared;
    kind: 'declared';
    leaf: number;
    seq: number;
    who?: string;
}

/** Another version was lodged. */
export interface AmendedFact {
    at: string;
    body: Amended;
    kind: 'amended';
    leaf: number;
    seq: number;
    who?: string;
}

/** It was withdrawn. */
export interface WithdrawnFact {
    at: string;
    body: Withdrawn;
    kind: 'withdrawn';
    leaf: number;
    seq: number;
    who?: string;
}

/** The rules were checked. */
export interface CheckedFact {
    at: string;
    body: Checked;
    kind: 'checked';
    leaf: number;
    seq: number;
    who?: string;
}

/** The customs value was worked out. */
export interface ValuedFact {
    at: string;
    body: Valued;
    kind: 'valued';
    leaf: number;
    seq: number;
    who?: string;
}

/** Duties and taxes were worked out. */
export interface AssessedFact {
    at: string;
    body: Assessed;
    kind: 'assessed';
    leaf: number;
    seq: number;
    who?: string;
}

/** The risk was weighed; not for traders. */
export interface ScoredFact {
    at: string;
    body: Scored;
    kind: 'scored';
    leaf: number;
    seq: number;
    who?: string;
}

/** It was decided. */
export interface DecidedFact {
    at: string;
    body: Decided;
    kind: 'decided';
    leaf: number;
    seq: number;
    who?: string;
}

/** What was owed was settled. */
export interface SettledFact {
    at: string;
    body: Settled;
    kind: 'settled';
    leaf: number;
    seq: number;
    who?: string;
}

/** An officer took it in hand; not for traders. */
export interface ClaimedFact {
    at: string;
    body: Claimed;
    kind: 'claimed';
    leaf: number;
    seq: number;
    who?: string;
}

/** It was put back; not for traders. */
export interface UnclaimedFact {
    at: string;
    body: Unclaimed;
    kind: 'unclaimed';
    leaf: number;
    seq: number;
    who?: string;
}

/** An officer asked for something. */
export interface RequestedFact {
    at: string;
    body: Requested;
    kind: 'requested';
    leaf: number;
    seq: number;
    who?: string;
}

/** The trader answered. */
export interface SuppliedFact {
    at: string;
    body: Supplied;
    kind: 'supplied';
    leaf: number;
    seq: number;
    who?: string;
}

/** An officer inspected the goods; not for traders. */
export interface InspectedFact {
    at: string;
    body: Inspected;
    kind: 'inspected';
    leaf: number;
    seq: number;
    who?: string;
}

/** What a fact tells. */
export type FactKind =
    | 'declared'
    | 'amended'
    | 'withdrawn'
    | 'checked'
    | 'valued'
    | 'assessed'
    | 'scored'
    | 'decided'
    | 'settled'
    | 'claimed'
    | 'unclaimed'
    | 'requested'
    | 'supplied'
    | 'inspected';

/** A consignment's file, as far as the caller may see it. */
export interface File {
    changedAt: string;
    claimedBy?: string;
    customsValue?: Money;
    decision?: DecisionNow;
    declaration: Declaration;
    facts: Fact[];
    factsCount: number;
    file: string;
    lodgedAt: string;
    may: Act[];
    owed?: Money;
    random?: boolean;
    recovered?: Money;
    requests: RequestNow[];
    score?: number;
    state: State;
    version: number;
    worth?: Money;
}

/** What went wrong, where, and what to do (RFC 9457). */
export interface Problem {
    column?: number;
    detail?: string;
    field?: string;
    hint?: string;
    instance?: string;
    line?: number;
    status: number;
    title: string;
    type: string;
}

/** What an officer asked for; open: without an answer. */
export interface RequestNow {
    code?: string;
    fact: number;
    open: boolean;
    text: string;
    until?: string;
}

/** What somebody is at the desk. */
export type Role =
    | 'trader'
    | 'officer'
    | 'supervisor'
    | 'analyst'
    | 'control-room'
    | 'agency'
    | 'auditor'
    | 'administrator';

/** A file in a list: what stands in its last version, and how it stands. */
export interface Row {
    changedAt: string;
    claimedBy?: string;
    commodity?: string;
    customsValue?: Money;
    declarant?: string;
    decision: Decision | 'none';
    exporter?: string;
    factsCount: number;
    file: string;
    importer?: string;
    items: number;
    lodgedAt: string;
    office?: string;
    origin?: string;
    owed?: Money;
    random?: boolean;
    reference?: string;
    requestsOpen?: number;
    score?: number;
    state: State;
    type?: string;
    version: number;
    worth?: Money;
}

/** What a token may be used for. */
export type Scope = 'lodge' | 'read' | 'decide' | 'all';

/** Where a file stands. */
export type State =
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

/** A declaration, as it was lodged. */
export interface Declared {
    declaration: Declaration;
    digest: string;
    dropped?: string[];
}

/** Another version of it. */
export interface Amended {
    declaration: Declaration;
    digest: string;
    dropped?: string[];
    reason?: string;
    version: number;
}

/** The declarant withdrew it. */
export interface Withdrawn {
    reason?: string;
}

/** Which rules it breaks. */
export interface Checked {
    errors: number;
    findings: Finding[];
    rules: string;
}

/** What the goods are worth to customs. */
export interface Valued {
    items: ValuedItem[];
    missing?: string[];
    rates: string;
    total?: Money;
}

/** What is owed on them. */
export interface Assessed {
    lines: DutyLine[];
    schedule: string;
    total?: Money;
}

/** Whether someone should look; the score goes up to 1000. */
export interface Scored {
    random: boolean;
    reasons: RiskReason[];
    rules?: string;
    score: number;
    wants?: Decision;
    worth?: Money;
}

/** By the desk or an officer; perhaps in place of another's. */
export interface Decided {
    by: 'desk' | 'officer';
    decision: Decision;
    overrules?: number;
    reasons?: string[];
}

/** What was owed is paid or secured. */
export interface Settled {
    amount?: Money;
    reference?: string;
}

/** An officer has it in hand; from whom he took it. */
export interface Claimed {
    from?: string;
}

/** It was put back. */
export interface Unclaimed {
    from?: string;
}

/** An officer asks for a document or an answer. */
export interface Requested {
    code?: string;
    text: string;
    until?: string;
}

/** The trader's answer; request is the fact that asked, or 0. */
export interface Supplied {
    attachments: Attachment[];
    request: number;
    text?: string;
}

/** What an officer found. */
export interface Inspected {
    conforms: boolean;
    found?: string[];
    minutes?: number;
    recovered?: Money;
    text?: string;
}

/** A document that was supplied, by the hash of its bytes. */
export interface Attachment {
    code?: string;
    name: string;
    sha256: string;
    size: number;
    type: string;
}

/** What becomes of the goods. */
export type Decision = 'refuse' | 'documents' | 'release' | 'examine' | 'hold';

/** A duty or tax on an item; suspended: worked out, and not owed now. */
export interface DutyLine {
    amount: Money;
    base?: Money;
    law?: string;
    rate?: string;
    rounding?: string;
    sequence: number;
    suspended?: boolean;
    text?: string;
    type: string;
}

/** A rule that the declaration breaks, where, and what to do. */
export interface Finding {
    field?: string;
    hint?: string;
    rule: string;
    severity: Severity;
    text: string;
}

/** An amount; its currency by ISO 4217. */
export interface Money {
    currency: string;
    value: string;
}

/** What adds to the score. */
export interface RiskReason {
    points: number;
    rule: string;
    text: string;
}

/** An error refuses the declaration; a warning counts as a risk. */
export type Severity = 'note' | 'warning' | 'error';

/** One step on the way to a customs value. */
export interface ValueLine {
    amount?: Money;
    note?: string;
    rate?: string;
    text: string;
}

/** An item's customs value, and how it came about. */
export interface ValuedItem {
    lines: ValueLine[];
    sequence: number;
    value?: Money;
}

/** It is on its way; status is where to look. */
export interface Accepted {
    file: string;
    status: string;
}

/** What became of a declaration, and how its file stands. */
export interface Answer {
    answer: AnswerKind;
    decision?: Decision | 'none';
    dropped?: string[];
    facts?: number;
    file?: string;
    link?: string;
    owed?: Money;
    state?: State;
}

/** What became of a declaration. */
export type AnswerKind =
    'lodged' | 'refused' | 'repeated' | 'unreadable' | 'conflict' | 'unavailable';

/** What lodging would say; valued and assessed are as in those facts. */
export interface Estimate {
    assessed?: Assessed;
    customsValue?: Money;
    findings: Finding[];
    owed?: Money;
    valued?: Valued;
}

/** The answer for a line; line says for which. */
export interface Line {
    answer: AnswerKind;
    decision?: Decision | 'none';
    dropped?: string[];
    facts?: number;
    file?: string;
    link?: string;
    owed?: Money;
    state?: State;
    findings?: Finding[];
    line: number;
    problem?: Trouble;
}

/** A problem, and the rules that the declaration breaks. */
export interface Refused {
    answer: AnswerKind;
    decision?: Decision | 'none';
    dropped?: string[];
    facts?: number;
    file?: string;
    link?: string;
    owed?: Money;
    state?: State;
    column?: number;
    detail?: string;
    field?: string;
    hint?: string;
    status: number;
    findings?: Finding[];
    instance?: string;
    line?: number;
    title: string;
    type: string;
}

/** What went wrong with a line, and where in it. */
export interface Trouble {
    column?: number;
    detail?: string;
    field?: string;
    hint?: string;
    status: number;
    line?: number;
}

/** What a proof is worth, and what it says. */
export interface Verdict {
    decision?: string;
    facts: number;
    file?: string;
    key?: string;
    sentence: string;
    verdict: VerdictKind;
    withheld: number;
}

/** What can be said of a proof; only true is true. */
export type VerdictKind = 'cannot-tell' | 'true' | 'not-sealed' | 'forged' | 'malformed';

/** What a passkey signs by. */
export type Algorithm = 'ES256' | 'EdDSA';

/** What stands in a link of an invitation: NAME~SECRET. */
export interface Link {
    link: string;
}

/** A new passkey, as a browser's getPublicKey and others tell it. */
export interface LinkWithPasskey {
    algorithm: Algorithm;
    authenticatorData: string;
    clientData: string;
    credential: string;
    label: string;
    link: string;
    publicKey: string;
}

/** A new password. */
export interface LinkWithPassword {
    link: string;
    password: string;
}

/** What a passkey signed. */
export interface PasskeyAnswer {
    authenticatorData: string;
    clientData: string;
    credential: string;
    signature: string;
}

/** What a passkey is to sign. */
export interface PasskeyChallenge {
    challenge: string;
    credentials: string[];
    rpId: string;
}

/** What a passkey is to be made for. */
export interface PasskeyCreation {
    challenge: string;
    displayName: string;
    name: string;
    rpId: string;
    user: string;
}

/** Who is signed in; verified: by a passkey; simulated: nothing in the store is real. */
export interface Session {
    csrf: string;
    displayName: string;
    language: string;
    name: string;
    organisation: string;
    role: Role;
    simulated: boolean;
    verified: boolean;
}

/** Name and password. */
export interface SignIn {
    name: string;
    password: string;
}

/** What this desk is; people: as whom anybody may come in, where nothing is real. */
export interface Desk {
    people?: Guest[];
    simulated: boolean;
}

/** One of the invented people of a simulated desk. */
export interface Guest {
    displayName: string;
    name: string;
    organisation: string;
    role: Role;
}

/** As whom somebody comes in. */
export interface GuestName {
    name: string;
}

/** What waits for an officer, how many in all, and what they can be chosen by. */
export interface Queue {
    next?: string;
    offices: string[];
    rows: Row[];
    types: string[];
    waiting: number;
}

/** Files of a list, and where to go on; there may be more behind a page without rows. */
export interface Rows {
    next?: string;
    rows: Row[];
}

/** How many were released for the first time within so many seconds of their lodging, and not within the step before; the last step has no end. */
export interface ClearanceStep {
    count: number;
    upToSeconds?: number;
}

/** What is counted of files. Amounts in other currencies are not in the sums. */
export interface Figures {
    byOffice: FiguresOfOffice[];
    clearance: ClearanceStep[];
    currency: string;
    days: FiguresOfDay[];
    from: string;
    offices: string[];
    to: string;
}

/** Of the files that were lodged that day; refused to held is what was decided first of their last version, owed is what their last version owes. */
export interface FiguresOfDay {
    date: string;
    documents: number;
    examined: number;
    found: number;
    held: number;
    inspected: number;
    lodged: number;
    owed: Money;
    recovered: Money;
    refused: number;
    released: number;
}

/** Of the files that were lodged there; of no name are the files that name no office, and those of offices beyond the first 256. */
export interface FiguresOfOffice {
    office: string;
    documents: number;
    examined: number;
    found: number;
    held: number;
    inspected: number;
    lodged: number;
    owed: Money;
    recovered: Money;
    refused: number;
    released: number;
}

/** A proof of a file, to be verified anywhere (docs/). */
export interface Proof {
    checkpoint: string;
    facts: (ProvenFact | WithheldFact)[];
    file: string;
    format: string;
    key: string;
}

/** A fact as it is sealed, the salt of its commitment, and the way to the root. */
export interface ProvenFact {
    fact: Record<string, unknown>;
    proof: string;
    salt: string;
}

/** The seal of a fact that the caller may not see. */
export interface WithheldFact {
    commitment: string;
    proof: string;
}

/** What is decided, and why. */
export interface Deciding {
    after?: number;
    decision: Decision | 'settle';
    reason: string;
}

/** What an inspection found: kinds of what is not as declared, or nothing. */
export interface Inspection {
    after?: number;
    found?: string[];
    minutes?: number;
    recovered?: Money;
    text?: string;
}

/** What is asked of the trader; type: of the document (N380, C644 ...). */
export interface Request {
    after?: number;
    text: string;
    type?: string;
    until?: string;
}

/** after: how many facts the file had when it was looked at. With more by now, 409. */
export interface Seen {
    after?: number;
}

/** A document that was handed in before; type: of the document (N380 ...). */
export interface Enclosure {
    name: string;
    sha256: string;
    type?: string;
}

/** A document that is kept, by the hash of its bytes. */
export interface Paper {
    sha256: string;
    size: number;
    type: string;
}

/** An answer; request: the fact that asked. */
export interface Supply {
    after?: number;
    attachments?: Enclosure[];
    request?: number;
    text?: string;
}

/** What happened to a file; state is how it stands now. */
export interface Notice {
    at: string;
    decision?: Decision;
    fact: number;
    file: string;
    kind: FactKind;
    reference?: string;
    state: State;
    text?: string;
}

/** What concerns the caller; next is there when there may be more. */
export interface Notices {
    next?: string;
    rows: Notice[];
}

/** A file changed: by a fact of that kind, to that state; waits: for an officer. */
export interface Event {
    changedAt: string;
    decision: Decision | 'none';
    factsCount: number;
    file: string;
    kind: FactKind;
    office?: string;
    state: State;
    waits: boolean;
}

/** Nothing more is told of what was missed. */
export type Reset = {};

/** An officers' rule, and what came of the files that it hit; owner, changedAt and reason: of the desk's alone; until: the last day; may: what the caller may do. */
export interface Rule {
    changedAt?: string;
    found: number;
    from: 'books' | 'desk';
    hits: number;
    inspected: number;
    may?: ('on' | 'off')[];
    name: string;
    on: boolean;
    owner?: string;
    reason?: string;
    recovered: Money;
    score: number;
    sentence: string;
    text: string;
    until?: string;
    wants?: Decision;
}

/** Why a rule is switched; until: its last day, when it is switched on. */
export interface RuleSwitch {
    reason: string;
    until?: string;
}

/** What a rule would have hit; rows: the newest hits; endedEarly: time ran out; alreadyStopped: hits that were not released at once as it was. */
export interface RuleTrial {
    alreadyStopped: number;
    endedEarly: boolean;
    found: number;
    hits: number;
    inspected: number;
    name: string;
    recovered: Money;
    rows: Row[];
    tried: number;
}

/** A rule, and on how many of the last declarations: 1000, at most 20000. */
export interface RuleTried {
    last?: number;
    text: string;
}

/** A rule, and why it is wanted. */
export interface RuleWritten {
    reason: string;
    text: string;
}

/** All rules, and the version of those in force, as SCORED facts name it. */
export interface Rules {
    may: 'write'[];
    rows: Rule[];
    version: string;
}

/** The caller's own account; password: whether it has one. */
export interface Account {
    displayName: string;
    name: string;
    organisation?: string;
    passkeys: AccountPasskey[];
    password: boolean;
    role: Role;
    tokens: AccountToken[];
}

/** A passkey that comes in. */
export interface AccountPasskey {
    addedAt: string;
    credential: string;
    label: string;
}

/** A token, without what it is shown by; also one that is past its end. */
export interface AccountToken {
    endsAt: string;
    id: string;
    label: string;
    scope: Scope[];
}

/** A passkey, as a browser's getPublicKey and others tell it. */
export interface NewPasskey {
    algorithm: Algorithm;
    authenticatorData: string;
    clientData: string;
    credential: string;
    label: string;
    publicKey: string;
}

/** A webhook; waiting: events that were not taken yet; trouble: of the last try, or why it is stopped. */
export interface Webhook {
    id: string;
    lastAt?: string;
    lastStatus?: number;
    madeAt: string;
    state: WebhookState;
    trouble?: string;
    url: string;
    waiting: number;
}

/** Where to send to: https, or a receiver that the operator named. */
export interface WebhookAsked {
    url: string;
}

/** What is sent is signed by the secret, which is shown this once. */
export interface WebhookMade {
    id: string;
    secret: string;
}

/** Everything behind this event is sent again; 0: from the first. */
export interface WebhookReplay {
    after: number | string;
}

/** Whether what is sent is taken. */
export type WebhookState = 'working' | 'failing' | 'stopped';

/** In the order in which they were set up. */
export interface Webhooks {
    rows: Webhook[];
}

/** Whether somebody may come in. */
export type AccountState = 'invited' | 'active' | 'stopped';

/** Who is invited; organisation: a trader's TIN, an agency's code. */
export interface Invitation {
    displayName: string;
    language?: string;
    name: string;
    organisation?: string;
    role: Role;
}

/** A token, shown this once. */
export interface Token {
    endsAt: string;
    id: string;
    token: string;
}

/** What a token is for; without scope: read; days: 90, at most 366. */
export interface TokenAsked {
    days?: number;
    label: string;
    scope?: Scope[];
}

/** An account. */
export interface User {
    displayName: string;
    name: string;
    organisation?: string;
    passkeys: number;
    role: Role;
    state: AccountState;
    tokens: number;
}

/** What becomes of an account: another role, or whether it may come in. */
export interface UserChange {
    organisation?: string;
    role?: Role;
    stopped?: boolean;
}

/** All accounts, by name. */
export interface Users {
    users: User[];
}

/** Every member may be left out; which ones a declaration needs, the rules of the check say. The reader takes null for a member that is left out. Comments name the element of a WCO Data Model 3.6 message, below that of the object. */
export interface Declaration {
    acceptedAt?: Moment;
    agent?: Agent;
    amendments?: Amendment[];
    arrivalMeans?: TransportMeans;
    authorisationHolders?: Holder[];
    borderMeans?: TransportMeans;
    buyer?: Party;
    carrier?: Party;
    charges?: Charge[];
    consignee?: Party;
    consignor?: Party;
    containerCode?: Code;
    containers?: Container[];
    declarant?: Party;
    departureMeans?: TransportMeans;
    destinationCountry?: Code;
    documents?: Document[];
    exchangeRate?: Decimal;
    exitOfficeId?: Code;
    exportCountry?: Code;
    exporter?: Party;
    freight?: Amount;
    freightPaymentCode?: Code;
    functionCode?: Code;
    functionalReferenceId?: Text;
    goodsItemCount?: Number;
    goodsLocation?: GoodsLocation;
    guarantees?: Guarantee[];
    id?: Code;
    importer?: Party;
    insurance?: Amount;
    invoiceAmount?: Amount;
    issuedAt?: Moment;
    items?: Item[];
    itinerary?: CountryOnRoute[];
    loadingLocationId?: Text;
    officeId?: Code;
    payer?: Party;
    previousDocuments?: PreviousDocument[];
    procedureCategory?: Code;
    seller?: Party;
    statements?: Statement[];
    submitter?: Party;
    supervisingOfficeId?: Code;
    taxParties?: Party[];
    totalGrossMass?: Decimal;
    totalPackageCount?: Number;
    tradeTerms?: TradeTerms;
    transactionNatureCode?: Code;
    typeCode?: Code;
    ucr?: Text;
    unloadingLocationId?: Text;
    versionId?: Code;
    warehouse?: Warehouse;
}

/** UTF-8 without control characters; maxLength counts bytes. */
export type Text = string;

/** Letters, digits and marks of ASCII without blanks. */
export type Code = string;

/** RFC 3339, or UN/CEFACT format 304; kept in UTC to the millisecond. */
export type Moment = string;

/** A whole number from 0 to 4294967295. */
export type Number = number;

/** At most 18 digits, up to 12 of them behind the point, no exponent. Kept as it is written; many programs can do so only with a string. */
export type Decimal = string;

export interface Amount {
    currency?: Code;
    value?: Decimal;
}

export interface Quantity {
    unit?: Code;
    value?: Decimal;
}

export interface Address {
    cityName?: Text;
    countryCode?: Code;
    countrySubdivision?: Text;
    line?: Text;
    postcode?: Text;
}

export interface Agent {
    address?: Address;
    contact?: Contact;
    id?: Text;
    name?: Text;
    roleCode?: Code;
}

export interface Amendment {
    changeReasonCode?: Code;
    pointers?: Pointer[];
}

export interface Charge {
    amount?: Amount;
    typeCode?: Code;
}

export interface Classification {
    id?: Code;
    typeCode?: Code;
}

export interface Contact {
    email?: Text;
    name?: Text;
    telephone?: Text;
}

export interface Container {
    id?: Text;
    seals?: Seal[];
    sequence?: Number;
    typeCode?: Code;
}

export interface ContainerRef {
    id?: Text;
    sequence?: Number;
}

export interface CountryOnRoute {
    countryCode?: Code;
    sequence?: Number;
}

export interface Document {
    categoryCode?: Code;
    effectiveAt?: Moment;
    expiresAt?: Moment;
    id?: Text;
    issuerName?: Text;
    name?: Text;
    sequence?: Number;
    statusCode?: Code;
    typeCode?: Code;
    writeOffAmount?: Amount;
    writeOffQuantity?: Quantity;
}

export interface DutyTaxFee {
    assessed?: Amount;
    payment?: Amount;
    paymentMethodCode?: Code;
    quotaOrderId?: Code;
    rate?: Decimal;
    regimeCode?: Code;
    specificBase?: Quantity;
    taxBase?: Amount;
    typeCode?: Code;
}

export interface GoodsLocation {
    countryCode?: Code;
    id?: Text;
    name?: Text;
    qualifierCode?: Code;
    typeCode?: Code;
}

export interface Guarantee {
    accessCode?: Text;
    amount?: Amount;
    id?: Text;
    referenceId?: Text;
    typeCode?: Code;
}

export interface Holder {
    address?: Address;
    contact?: Contact;
    id?: Text;
    name?: Text;
    roleCode?: Code;
}

export interface Item {
    buyer?: Party;
    charges?: Charge[];
    classifications?: Classification[];
    consignee?: Party;
    consignor?: Party;
    containers?: ContainerRef[];
    customsValue?: Amount;
    description?: Text;
    destinationCountry?: Code;
    documents?: Document[];
    dutyTaxFees?: DutyTaxFee[];
    exportCountry?: Code;
    exporter?: Party;
    freight?: Amount;
    grossMass?: Decimal;
    netMass?: Decimal;
    origins?: Origin[];
    packages?: Package[];
    previousDocuments?: PreviousDocument[];
    price?: Amount;
    procedures?: Procedure[];
    seller?: Party;
    sequence?: Number;
    statements?: Statement[];
    statisticalValue?: Amount;
    supplementaryUnits?: Quantity;
    taxParties?: Party[];
    transactionNatureCode?: Code;
    ucr?: Text;
    valuationAdjustments?: ValuationAdjustment[];
    valuationMethodCode?: Code;
}

export interface Origin {
    countryCode?: Code;
    typeCode?: Code;
}

export interface Package {
    marks?: Text;
    quantity?: Number;
    sequence?: Number;
    typeCode?: Code;
}

export interface Party {
    address?: Address;
    contact?: Contact;
    id?: Text;
    name?: Text;
    roleCode?: Code;
}

export interface Pointer {
    sectionCode?: Code;
    sequence?: Number;
    tagId?: Code;
}

export interface PreviousDocument {
    categoryCode?: Code;
    id?: Text;
    line?: Number;
    sequence?: Number;
    typeCode?: Code;
}

export interface Procedure {
    currentCode?: Code;
    previousCode?: Code;
}

export interface Seal {
    id?: Text;
    sequence?: Number;
}

export interface Statement {
    code?: Code;
    description?: Text;
    pointers?: Pointer[];
    sequence?: Number;
    typeCode?: Code;
}

export interface TradeTerms {
    conditionCode?: Code;
    countryCode?: Code;
    locationId?: Text;
    locationName?: Text;
}

export interface TransportMeans {
    conveyanceReference?: Text;
    id?: Text;
    idTypeCode?: Code;
    modeCode?: Code;
    nationalityCode?: Code;
}

export interface ValuationAdjustment {
    additionCode?: Code;
}

export interface Warehouse {
    id?: Text;
    typeCode?: Code;
}
