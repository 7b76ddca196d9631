// account_passkeys: the keys that somebody comes in by: another, and one less.

import { useState } from 'preact/hooks';
import type { Account } from '../api/types';
import { useDesk, useDoing } from '../app/context';
import { hasPasskeys, makePasskey } from '../app/passkey';
import { useWords } from '../words/words';
import { AskedTwice } from './button';
import { Moment } from './data';
import { Input } from './field';
import { Cell, Table } from './table';
import { Trouble } from './trouble';

interface Props {
    passkeys: Account['passkeys'];
    again: () => void;
}

// Who has a passkey shows it before he adds another; who has none has just signed in.
function AddForm({ isFirst, again }: { isFirst: boolean; again: () => void }) {
    const desk = useDesk();
    const { client } = desk;
    const words = useWords();
    const [isBusy, problem, run] = useDoing();
    const [label, setLabel] = useState(words.account.thisDevice);
    const [hasFailed, setFailed] = useState(false);
    const add = (event: Event) => {
        event.preventDefault();
        const verified: typeof desk.verified = isFirst ? (work) => work() : desk.verified;
        run(async () => {
            setFailed(false);
            const asked = await verified(() => client.newPasskey());
            const name = label.trim() === '' ? words.account.thisDevice : label.trim();
            const passkey = await makePasskey(asked, name).catch(() => undefined);
            if (passkey === undefined) {
                setFailed(true);
                return;
            }
            await verified(() => client.addPasskey(passkey));
            again();
        });
    };
    if (!hasPasskeys()) return <p class="govuk-body">{words.account.passkeyCannot}</p>;
    return (
        <form onSubmit={add} noValidate>
            {problem && <Trouble problem={problem} />}
            <div class="desk-row desk-row--close desk-row--low">
                <Input
                    id="passkey-label"
                    label={words.account.label}
                    width={20}
                    value={label}
                    change={setLabel}
                    error={hasFailed ? words.account.passkeyNotMade : undefined}
                />
                <button class="govuk-button" disabled={isBusy}>
                    {words.account.addPasskey}
                </button>
            </div>
        </form>
    );
}

export function PasskeyPart({ passkeys, again }: Props) {
    const { client, verified } = useDesk();
    const words = useWords();
    const [isBusy, problem, run] = useDoing();
    const head = [
        { text: words.account.label },
        { text: words.account.added },
        { text: words.app.actions },
    ];
    const remove = (credential: string) =>
        run(async () => {
            await verified(() => client.removePasskey(credential));
            again();
        });
    return (
        <section>
            <h2 class="govuk-heading-m">{words.account.passkeys}</h2>
            <p class="govuk-body desk-prose">{words.account.passkeysText}</p>
            {problem && <Trouble problem={problem} />}
            {passkeys.length > 0 && (
                <Table caption={words.account.passkeys} isCaptionHidden head={head}>
                    {passkeys.map(({ credential, label, addedAt }) => (
                        <tr class="govuk-table__row" key={credential}>
                            <Cell>
                                <bdi>{label}</bdi>
                            </Cell>
                            <Cell>
                                <Moment at={addedAt} />
                            </Cell>
                            <Cell>
                                <AskedTwice
                                    text={words.account.remove}
                                    of={label}
                                    isBusy={isBusy}
                                    press={() => remove(credential)}
                                />
                            </Cell>
                        </tr>
                    ))}
                </Table>
            )}
            <AddForm isFirst={passkeys.length === 0} again={again} />
        </section>
    );
}
