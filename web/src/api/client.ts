// client: asks the server; one function for each thing that the desk asks for.
//
// Every failure is an ApiProblem, also when nobody answers (status 0). Who is told that the session
// is lost (401) may sign in anew while the page stays as it is.

import type {
    Account,
    Answer,
    Declaration,
    Decision,
    DeskSays,
    Estimate,
    Figures,
    FiguresQuery,
    File,
    Inspection,
    Invitation,
    KeptDocument,
    Link,
    Line,
    NewPasskey,
    NewWebhook,
    Notice,
    Page,
    PasskeyAnswer,
    PasskeyChallenge,
    PasskeyCreation,
    Problem,
    Queue,
    QueueQuery,
    Row,
    Rule,
    Rules,
    RuleTrial,
    SearchQuery,
    Session,
    Supply,
    Token,
    TokenAsked,
    UserChange,
    Users,
    Webhook,
} from './types';

export class ApiProblem extends Error {
    constructor(readonly problem: Problem) {
        super(problem.title);
    }
}

type Query = Record<string, string | number | undefined>;

function address(path: string, query: Query = {}): string {
    const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
    const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
    return `/api/v1/${path}${given.length > 0 ? `?${search}` : ''}`;
}

async function problemOf(response: Response): Promise<ApiProblem> {
    const fallback = { title: response.statusText, status: response.status };
    const told = (await response.json().catch(() => ({}))) as Partial<Problem>;
    return new ApiProblem({ ...fallback, ...told });
}

export class Client {
    private csrf = '';
    whenSignedOut: () => void = () => undefined;

    constructor(private readonly ask: typeof fetch = (...args) => fetch(...args)) {}

    private async send(path: string, init: RequestInit): Promise<Response> {
        const headers = { Accept: 'application/json', 'X-CSRF-Token': this.csrf, ...init.headers };
        const response = await this.ask(path, {
            credentials: 'same-origin',
            ...init,
            headers,
        }).catch(() => undefined);
        if (response === undefined) throw new ApiProblem({ title: '', status: 0 });
        if (response.status === 401) this.whenSignedOut();
        if (!response.ok) throw await problemOf(response);
        return response;
    }

    private async get<T>(path: string, query?: Query): Promise<T> {
        return (await (await this.send(address(path, query), {})).json()) as T;
    }

    private async post<T = void>(
        path: string,
        body: object = {},
        signal: AbortSignal | null = null,
    ): Promise<T> {
        const response = await this.send(address(path), {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify(body),
            signal,
        });
        const text = await response.text();
        return (text === '' ? undefined : JSON.parse(text)) as T;
    }

    private async remove(path: string): Promise<void> {
        await this.send(address(path), { method: 'DELETE' });
    }

    private remember(session: Session): Session {
        this.csrf = session.csrf;
        return session;
    }

    // --- Who somebody is ---

    // Undefined: nobody has signed in.
    async session(): Promise<Session | undefined> {
        const response = await this.ask(address('session'), { credentials: 'same-origin' }).catch(
            () => undefined,
        );
        return response?.ok ? this.remember((await response.json()) as Session) : undefined;
    }

    async signIn(name: string, password: string): Promise<Session> {
        return this.remember(await this.post<Session>('session', { name, password }));
    }

    passkeyByLink(link: string): Promise<PasskeyCreation> {
        return this.post('session/link/challenge', { link });
    }

    // The first key of who was invited: a passkey, or a password.
    async signInByLink(link: string, key: NewPasskey | { password: string }): Promise<Session> {
        return this.remember(await this.post<Session>('session/link', { link, ...key }));
    }

    // In a simulated store anybody may come in as one of its people.
    async signInSimulated(name: string): Promise<Session> {
        return this.remember(await this.post<Session>('session/demo', { name }));
    }

    // A desk that does not answer yet is taken for a real one.
    async says(): Promise<DeskSays> {
        return this.get<DeskSays>('desk').catch(() => ({ simulated: false }));
    }

    passkeyChallenge(): Promise<PasskeyChallenge> {
        return this.post<PasskeyChallenge>('session/passkey/challenge');
    }

    async signInByPasskey(answer: PasskeyAnswer): Promise<Session> {
        return this.remember(await this.post<Session>('session/passkey', answer));
    }

    signOut(): Promise<void> {
        return this.remove('session');
    }

    // --- One's own account ---

    account(): Promise<Account> {
        return this.get('account');
    }
    newPasskey(): Promise<PasskeyCreation> {
        return this.post('account/passkeys/challenge');
    }
    addPasskey(passkey: NewPasskey): Promise<void> {
        return this.post('account/passkeys', passkey);
    }
    removePasskey(credential: string): Promise<void> {
        return this.remove(`account/passkeys/${encodeURIComponent(credential)}`);
    }
    makeToken(asked: TokenAsked): Promise<Token> {
        return this.post('tokens', asked);
    }
    endToken(id: string): Promise<void> {
        return this.remove(`tokens/${encodeURIComponent(id)}`);
    }
    webhooks(): Promise<Page<Webhook>> {
        return this.get('webhooks');
    }
    addWebhook(url: string): Promise<NewWebhook> {
        return this.post('webhooks', { url });
    }
    endWebhook(id: string): Promise<void> {
        return this.remove(`webhooks/${encodeURIComponent(id)}`);
    }
    replayWebhook(id: string, after: number): Promise<void> {
        return this.post(`webhooks/${encodeURIComponent(id)}/replay`, { after });
    }

    // --- Who may come in ---

    users(): Promise<Users> {
        return this.get('users');
    }
    invite(invitation: Invitation): Promise<Link> {
        return this.post('users', invitation);
    }
    changeUser(name: string, change: UserChange): Promise<void> {
        return this.post(`users/${encodeURIComponent(name)}`, change);
    }

    // --- Files ---

    private act(ucr: string, act: string, body?: object): Promise<void> {
        return this.post(`files/${encodeURIComponent(ucr)}/${act}`, body);
    }

    // On the file as it was looked at: when it has other facts by now, the answer is 409.
    private actOn(seen: File, act: string, body: object): Promise<void> {
        return this.act(seen.file, act, { ...body, after: seen.factsCount });
    }

    queue(query: QueueQuery): Promise<Queue> {
        return this.get('queue', { ...query });
    }
    file(ucr: string): Promise<File> {
        return this.get(`files/${encodeURIComponent(ucr)}`);
    }
    claim(ucr: string): Promise<void> {
        return this.act(ucr, 'claim');
    }
    unclaim(ucr: string): Promise<void> {
        return this.act(ucr, 'unclaim');
    }

    // The server knows whether that overrules somebody.
    decide(seen: File, decision: Decision | 'settle', reason: string): Promise<void> {
        return this.actOn(seen, 'decide', { decision, reason });
    }

    request(seen: File, request: { type?: string; text: string }): Promise<void> {
        return this.actOn(seen, 'request', request);
    }

    inspect(seen: File, inspection: Inspection): Promise<void> {
        return this.actOn(seen, 'inspect', inspection);
    }

    figures(query: FiguresQuery): Promise<Figures> {
        return this.get('figures', { ...query });
    }

    notices(cursor?: string): Promise<Page<Notice>> {
        return this.get('notices', { cursor });
    }

    documentAddress(ucr: string, sha256: string): string {
        return address(`files/${encodeURIComponent(ucr)}/documents/${sha256}`);
    }
    proofAddress(ucr: string): string {
        return address(`files/${encodeURIComponent(ucr)}/proof`);
    }

    async ledgerKey(): Promise<string> {
        return (await (await this.send('/ledger/vkey', {})).text()).trim();
    }

    search(query: SearchQuery): Promise<Page<Row>> {
        return this.get('search', { ...query });
    }

    // --- Officers' rules ---

    rules(): Promise<Rules> {
        return this.get('rules');
    }

    writeRule(text: string, reason: string): Promise<Rule> {
        return this.post('rules', { text, reason });
    }

    tryRule(text: string, last: number): Promise<RuleTrial> {
        return this.post('rules/try', { text, last });
    }

    // `until`: the last day that it is on; empty: for good.
    switchRule(name: string, to: 'on' | 'off', reason: string, until: string): Promise<Rule> {
        const path = `rules/${encodeURIComponent(name)}/${to}`;
        return this.post(path, { reason, ...(until === '' ? {} : { until }) });
    }

    // --- The trader's ---

    declarations(cursor?: string): Promise<Page<Row>> {
        return this.get('declarations', { cursor });
    }

    lodge(declaration: Declaration): Promise<Answer> {
        return this.post('declarations', declaration);
    }

    // The whole declaration as it is to be; the server takes it as an amendment by its function.
    amend(ucr: string, declaration: Declaration): Promise<Answer> {
        const amended = { ...declaration, functionCode: '13' };
        return this.post(`declarations/${encodeURIComponent(ucr)}/amend`, amended);
    }

    withdraw(seen: File, reason: string): Promise<Answer> {
        const withdrawn: Declaration = {
            ...seen.declaration,
            functionCode: '1',
            statements: [{ description: reason }],
        };
        return this.post(`declarations/${encodeURIComponent(seen.file)}/withdraw`, withdrawn);
    }

    supply(seen: File, supply: Supply): Promise<void> {
        return this.actOn(seen, 'supply', supply);
    }

    estimate(declaration: Declaration, signal: AbortSignal): Promise<Estimate> {
        return this.post('estimate', declaration, signal);
    }

    // `told` hears how much of it has gone out, 0 to 1: fetch would not say.
    sendDocument(file: Blob, told: (share: number) => void): Promise<KeptDocument> {
        return new Promise((done, failed) => {
            const request = new XMLHttpRequest();
            request.open('POST', address('documents'));
            request.setRequestHeader('X-CSRF-Token', this.csrf);
            request.setRequestHeader('Content-Type', file.type);
            request.responseType = 'json';
            request.upload.onprogress = ({ loaded, total }) => told(total > 0 ? loaded / total : 0);
            request.onload = () => {
                const { status, statusText, response } = request;
                if (status === 201 || status === 200) {
                    done(response as KeptDocument);
                    return;
                }
                if (status === 401) this.whenSignedOut();
                const said = { title: statusText, status, ...(response as object | null) };
                failed(new ApiProblem(said));
            };
            request.onerror = () => failed(new ApiProblem({ title: '', status: 0 }));
            request.send(file);
        });
    }

    // Many at once; `told` hears of each as soon as it is durable.
    async lodgeMany(lines: Blob, told: (answer: Line) => void): Promise<void> {
        const response = await this.send(address('declarations/stream'), {
            method: 'POST',
            headers: { 'Content-Type': 'application/x-ndjson', Accept: 'application/x-ndjson' },
            body: lines,
        });
        const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
        let rest = '';
        for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
            const answers = (rest + piece.value).split('\n');
            rest = answers.pop() ?? '';
            for (const answer of answers) told(JSON.parse(answer) as Line);
        }
        if (rest !== '') told(JSON.parse(rest) as Line);
    }
}
