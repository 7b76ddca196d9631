// English. The other languages have the same words: a missing one does not compile.

import type {
    AccountState, Act, Answer, Decision, FactKind, FileState, Role, Severity,
} from '../api/types';
import type { NotAProof, Verdict, Why } from '../verify/verdict';
import { pluralIn } from './plural';

const plural = pluralIn('en');

const state: Record<FileState, string> = {
    empty: 'empty', lodged: 'lodged', amended: 'amended', refused: 'refused', accepted: 'accepted',
    assessed: 'assessed', 'awaiting-documents': 'awaiting documents',
    'under-control': 'under control', held: 'held', released: 'released', cleared: 'cleared',
    withdrawn: 'withdrawn',
};
const decision: Record<Decision, string> = {
    release: 'release', examine: 'examine', hold: 'hold', documents: 'await documents',
    refuse: 'refuse',
};
const act: Record<Act, string> = {
    claim: 'Take this task', unclaim: 'Give this task back', release: 'Release the goods',
    examine: 'Examine', hold: 'Hold the goods', documents: 'Await documents',
    refuse: 'Refuse the declaration', settle: 'Record payment', request: 'Ask for a document',
    inspect: 'Record an inspection', amend: 'Amend', withdraw: 'Withdraw',
};
const role: Record<Role, string> = {
    trader: 'trader', officer: 'officer', supervisor: 'supervisor', analyst: 'analyst',
    'control-room': 'control room', agency: 'partner agency', auditor: 'auditor',
    administrator: 'administrator',
};
const kind: Record<FactKind, string> = {
    declared: 'Declared', amended: 'Amended', withdrawn: 'Withdrawn', checked: 'Checked',
    valued: 'Valued', assessed: 'Duty assessed', scored: 'Risk scored', decided: 'Decided',
    settled: 'Settled',
};
const severity: Record<Severity, string> = { note: 'note', warning: 'warning', error: 'error' };
const accountState: Record<AccountState, string> = {
    invited: 'invited', active: 'active', stopped: 'stopped',
};
const answer: Record<Answer['answer'], string> = {
    accepted: 'accepted', refused: 'refused', repeated: 'lodged before', unreadable: 'unreadable',
};

const verdict: Record<Verdict, string> = {
    true: 'The proof is true',
    'cannot-tell': 'It cannot be told whether the proof is true',
    'not-sealed': 'This was not sealed',
    forged: 'The signature is forged',
    malformed: 'This is not a proof',
};
const notAProof: Record<NotAProof, string> = {
    json: 'it is not a JSON text that can mean one thing only',
    members: 'a member is missing or one too many, or it is of another format',
    'name-or-key': 'its file’s name or its key cannot be one',
    'no-facts': 'it holds no facts',
    'fact-members': 'a fact with other members',
    'fact-salt': 'a fact without its salt or its proof',
    fact: 'a fact that is none',
};
const why: { [C in Why['code']]: (why: Extract<Why, { code: C }>) => string } = {
    sealed: ({ facts, file, origin, size, decision: last }) =>
        `Facts 1 to ${facts} of “${file}” are sealed in ledger “${origin}” at size ` +
        `${size}, signed by its key. The last decision in them: ` +
        `${last in decision ? decision[last as Decision] : last}. Later facts may exist.`,
    'no-key': ({ facts, file }) =>
        `Facts 1 to ${facts} of “${file}” fit together, but nobody said whose key to trust. ` +
        'Compare the key with the one that the administration publishes.',
    'key-unreadable': () => 'The key that was given cannot be read.',
    'not-signed-by-named-key': () => 'The checkpoint is not signed by the key that the proof names.',
    'not-signed-by-given-key': () => 'The checkpoint is not signed by the key that was given.',
    'witness-alone': ({ origin }) =>
        `The key that was given is a witness’s, and alone does not say whose ledger ` +
        `“${origin}” is.`,
    'browser-cannot': () =>
        'This browser cannot check Ed25519 signatures. Use a newer one, or “tidewaiter verify”.',
    'signature-not-by-key': () => 'The checkpoint’s signature is not by the key that it names.',
    'fact-changed': ({ seq, kind: name }) =>
        `Fact ${seq} (${name}) is not what was sealed at its place in the ledger.`,
    'fact-of-other-file': ({ seq }) =>
        `Fact ${seq} is of another file, or facts are left out before it.`,
    'other-checkpoint': ({ seq }) => `The proof of fact ${seq} leads to another checkpoint.`,
    'checkpoint-unreadable': () => 'The checkpoint cannot be read.',
    'proof-unreadable': ({ seq }) => `The proof of fact ${seq} cannot be read.`,
    'not-a-proof': ({ what }) => `This is not a proof of a file: ${notAProof[what]}.`,
};

export const en = {
    app: {
        name: 'Tidewaiter',
        skip: 'Skip to main content',
        language: 'Language',
        navigation: 'Pages',
        menu: 'Menu',
        signIn: 'Sign in',
        signOut: 'Sign out',
        signedInAs: (name: string) => `Signed in as ${name}`,
        simulated: 'Simulated data: Meridia is an invented country, and nothing here is real.',
        footer: 'Tidewaiter, an open customs desk',
        loading: 'Loading…',
        tryAgain: 'Try again',
        nextPage: 'Next page',
        firstPage: 'First page',
        notFound: 'Page not found',
        notFoundText: 'If you typed the address, check that it is right.',
        sessionLost: 'You have been signed out',
        sessionLostText: 'What you wrote is still here. Sign in again, and go on.',
        error: 'There is a problem',
        done: 'Done',
        none: 'none',
        yes: 'yes',
        no: 'no',
        print: 'Print',
        cancel: 'Cancel',
        filter: 'Apply filters',
    },
    trouble: {
        unreachable: 'The server does not answer. Check the connection, and try again.',
        forbidden: 'Your role may not see this.',
        notFound: 'There is no such thing here, or you may not see it.',
        conflict: 'Somebody changed this meanwhile. Look again, then decide.',
        tooMany: 'Too many tries. Wait a minute, and try again.',
        server: 'The server could not do it. Nothing was changed.',
        other: 'The server did not take it.',
    },
    pages: {
        queue: 'Queue', file: 'Consignment', lodge: 'Lodge', declarations: 'My declarations',
        search: 'Search', notices: 'Notices', dashboard: 'Figures', rules: 'Rules', users: 'Users',
        verify: 'Verify a proof', signIn: 'Sign in', home: 'Tidewaiter',
    },
    home: {
        lead: 'An open customs desk: declarations are checked, valued, assessed and decided, and every ' +
            'step is sealed so that anybody can verify it.',
    },
    state, decision, act, role, kind, severity, accountState, answer,
    verify: {
        lead: 'A proof shows what was decided about a consignment, and that nobody changed it since. ' +
            'It is verified here, on your machine: nothing you choose leaves it.',
        file: 'The proof',
        fileHint: 'A file like 6XM12345678-1.proof.json. You can also drop it onto this box.',
        key: 'The ledger’s public key',
        keyHint: 'As the administration publishes it, like name+1a2b3c4d+AbCd… Without it, nobody ' +
            'can tell whose word the proof is.',
        keyFile: 'Take the key from a file',
        keyServer: 'Ask this server for its key',
        keyServerNote: 'That is as good as your trust in this server.',
        verify: 'Verify',
        noFile: 'Choose the proof to verify',
        tooLarge: 'The file is larger than any proof is',
        verifying: 'Verifying…',
        verdict, why,
        namedKey: 'Key that the proof names',
        facts: 'What the proof says',
        factsUnproved: 'What the text says. It is not proved: do not rely on it.',
    },
    signIn: {
        passkey: 'Sign in with a passkey',
        passkeyHint: 'With the fingerprint, face or code of your device, or a security key.',
        passkeyCannot: 'This browser has no passkeys. Sign in with a password.',
        passkeyFailed: 'The passkey was not used. Try again, or sign in with a password.',
        or: 'or with a password',
        name: 'Name',
        password: 'Password',
        newPassword: 'Choose a password',
        newPasswordHint: 'At least 12 characters. Several words are easy to remember.',
        link: 'Welcome',
        linkText: 'This link works once. Choose a password to come in; add a passkey afterwards.',
        submit: 'Sign in',
        nameMissing: 'Enter your name',
        passwordMissing: 'Enter your password',
        passwordShort: 'Choose a password of at least 12 characters',
        wrong: 'Name and password do not fit',
        linkUsed: 'The link was used before, or has ended. Ask for a new one.',
    },
    queue: {
        waiting: (count: number) =>
            plural(count, { one: '# consignment waits', other: '# consignments wait' }),
        order: 'Most worth a check first.',
        empty: 'Nothing waits for an officer.',
        keys: 'Keys: j and k move, Enter opens, c takes a task.',
        office: 'Office',
        type: 'Type of declaration',
        all: 'all',
        imports: 'imports',
        exports: 'exports',
        consignment: 'Consignment',
        worth: 'Worth of a check',
        score: 'Risk',
        goods: 'Goods',
        origin: 'Origin',
        importer: 'Importer',
        lodged: 'Lodged (UTC)',
        task: 'Task',
        take: 'Take',
        takeWhich: (file: string) => `Take ${file}`,
        takenBy: (name: string) => `taken by ${name}`,
        random: 'by lot',
        reason: 'Why',
    },
    file: {
        decision: 'Decision',
        undecided: 'Nothing has been decided yet.',
        decidedBy: (by: 'desk' | 'officer'): string => by === 'desk' ? 'by the desk' : 'by an officer',
        reasons: 'Reasons',
        risk: 'Risk',
        scoreOf: (score: number) => `${score} of 1000`,
        worth: 'Worth of a check',
        chosenByLot: 'Chosen by lot.',
        points: (points: number) => plural(points, { one: '# point', other: '# points' }),
        decide: 'Decide',
        reason: 'Reason',
        reasonHint: 'The declarant reads it. It is sealed and cannot be taken back.',
        reasonMissing: 'Say why',
        chooseDecision: 'Choose a decision',
        ask: 'Ask for a document',
        document: 'Which document',
        documentHint: 'Its type, like 935 for a commercial invoice.',
        documentMissing: 'Say which document',
        message: 'Message to the trader',
        inspection: 'Record an inspection',
        found: 'What was found',
        foundMissing: 'Say what was found, or that all was in order',
        irregular: 'It was not as declared',
        revenue: 'Revenue recovered',
        currency: 'Currency',
        summary: 'Summary',
        reference: 'Reference',
        type: 'Type',
        version: 'Version',
        office: 'Office',
        lodged: 'Lodged',
        customsValue: 'Customs value',
        owed: 'Owed',
        findings: 'Findings',
        noFindings: 'All rules are kept.',
        rule: 'Rule',
        field: 'Field',
        goods: 'Goods',
        item: 'Item',
        code: 'Code',
        description: 'Description',
        origin: 'Origin',
        price: 'Price',
        net: 'Net, kg',
        gross: 'Gross, kg',
        packages: 'Packages',
        duties: 'Duties and taxes',
        duty: 'Duty',
        base: 'Base',
        amount: 'Amount',
        total: 'Total owed',
        suspended: 'suspended',
        value: 'How the value was worked out',
        parties: 'Parties',
        party: {
            declarant: 'Declarant', agent: 'Representative', importer: 'Importer',
            exporter: 'Exporter', seller: 'Seller', buyer: 'Buyer', consignee: 'Consignee',
            consignor: 'Consignor', carrier: 'Carrier',
        },
        route: 'Route',
        from: 'Country of dispatch',
        to: 'Country of destination',
        loading: 'Place of loading',
        unloading: 'Place of unloading',
        means: 'Means of transport',
        goodsLocation: 'Where the goods are',
        containers: 'Containers',
        seals: 'seals',
        terms: 'Delivery terms',
        documents: 'Documents',
        documentType: 'Type',
        documentNumber: 'Number',
        ofItem: 'Of item',
        noDocuments: 'The declaration names no documents.',
        history: 'What happened',
        by: (who: string) => `by ${who}`,
        leaf: (leaf: number) => `entry ${leaf} of the ledger`,
        rulesKept: (rules: string) => `All rules of ${rules} are kept.`,
        broken: (count: number) =>
            plural(count, { one: '# rule is not kept', other: '# rules are not kept' }),
        proof: 'Proof',
        proofText: 'Every fact above is sealed in the public ledger. The proof shows it to anybody, ' +
            'without asking this office.',
        proofSave: 'Download the proof',
        proofVerify: 'Verify a proof',
    },
};

export type Words = typeof en;
