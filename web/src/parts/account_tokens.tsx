// account_tokens: what somebody's programs call with; each is shown once and has an end.

import { useState } from 'preact/hooks';
import type { Account, Role, Scope, Token } from '../api/types';
import { useDesk, useDoing } from '../app/context';
import { useWords } from '../words/words';
import { AskedTwice } from './button';
import { Moment } from './data';
import { Checks, Input } from './field';
import { Secret } from './secret';
import { Cell, Table } from './table';
import { Trouble } from './trouble';

const DAYS_USUAL = 90;
const DAYS_MAX = 366;

// What a token of that role can be good for at all.
function scopesOf(role: Role): Scope[] {
    if (role === 'trader') return ['read', 'lodge', 'all'];
    if (role === 'officer' || role === 'supervisor') return ['read', 'decide', 'all'];
    return ['read', 'all'];
}

function TokenForm({ role, made }: { role: Role; made: (token: Token) => void }) {
    const { client, verified } = useDesk();
    const words = useWords().account;
    const [isBusy, problem, run] = useDoing();
    const [isTried, setTried] = useState(false);
    const [label, setLabel] = useState('');
    const [days, setDays] = useState(String(DAYS_USUAL));
    const [scope, setScope] = useState<Scope[]>(['read']);
    const isDays = /^[0-9]{1,3}$/.test(days) && Number(days) >= 1 && Number(days) <= DAYS_MAX;
    const make = (event: Event) => {
        event.preventDefault();
        setTried(true);
        if (label.trim() === '' || !isDays || scope.length === 0) return;
        run(async () => {
            const asked = { label: label.trim(), days: Number(days), scope };
            made(await verified(() => client.makeToken(asked)));
            setLabel('');
            setTried(false);
        });
    };
    return (
        <form onSubmit={make} noValidate>
            {problem && <Trouble problem={problem} />}
            <div class="desk-row">
                <Input
                    id="token-label"
                    label={words.tokenFor}
                    width={20}
                    value={label}
                    change={setLabel}
                    error={label.trim() === '' && isTried ? words.tokenForMissing : undefined}
                />
                <Input
                    id="token-days"
                    label={words.days}
                    width={5}
                    isNumber
                    value={days}
                    change={setDays}
                    error={!isDays && isTried ? words.daysWrong({ max: DAYS_MAX }) : undefined}
                />
            </div>
            <Checks
                id="token-scope"
                label={words.scope}
                options={scopesOf(role).map((value) => ({ value, text: words.scopes[value] }))}
                values={scope}
                change={(to) => setScope(to as Scope[])}
                error={scope.length === 0 && isTried ? words.scopeMissing : undefined}
            />
            <button class="govuk-button" disabled={isBusy}>
                {words.makeToken}
            </button>
        </form>
    );
}

interface Props {
    tokens: Account['tokens'];
    role: Role;
    again: () => void;
}

export function TokenPart({ tokens, role, again }: Props) {
    const { client } = useDesk();
    const words = useWords();
    const [isBusy, problem, run] = useDoing();
    const [token, setToken] = useState<Token>();
    const made = (to: Token) => {
        setToken(to);
        again();
    };
    const end = (id: string) =>
        run(async () => {
            await client.endToken(id);
            again();
        });
    const head = [
        { text: words.account.tokenFor },
        { text: words.account.scope },
        { text: words.account.ends },
        { text: words.app.actions },
    ];
    return (
        <section>
            <h2 class="govuk-heading-m">{words.account.tokens}</h2>
            <p class="govuk-body desk-prose">{words.account.tokensText}</p>
            {problem && <Trouble problem={problem} />}
            {token && (
                <Secret
                    title={words.account.tokenMade}
                    text={words.account.secretOnce}
                    label={words.account.token}
                    value={token.token}
                    done={() => setToken(undefined)}
                />
            )}
            {tokens.length > 0 && (
                <Table caption={words.account.tokens} isCaptionHidden head={head}>
                    {tokens.map(({ id, label, scope, endsAt }) => (
                        <tr class="govuk-table__row" key={id}>
                            <Cell>
                                <bdi>{label}</bdi>
                            </Cell>
                            <Cell>
                                {scope.map((one) => words.account.scopes[one] ?? one).join(', ')}
                            </Cell>
                            <Cell>
                                <Moment at={endsAt} />
                            </Cell>
                            <Cell>
                                <AskedTwice
                                    text={words.account.end}
                                    of={label}
                                    isBusy={isBusy}
                                    press={() => end(id)}
                                />
                            </Cell>
                        </tr>
                    ))}
                </Table>
            )}
            <TokenForm role={role} made={made} />
        </section>
    );
}
