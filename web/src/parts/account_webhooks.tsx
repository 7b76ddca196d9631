// account_webhooks: where a trader's programs are told what happens to his files.

import { useState } from 'preact/hooks';
import type { NewWebhook, Webhook } from '../api/types';
import { useDesk, useDoing, useLoaded } from '../app/context';
import { useWords } from '../words/words';
import { AskedTwice, SmallButton } from './button';
import { Code, Moment } from './data';
import { Input } from './field';
import { Secret } from './secret';
import { Cell, Table } from './table';
import { Trouble } from './trouble';

const colours: Record<Webhook['state'], string> = {
    working: 'green',
    failing: 'red',
    stopped: 'grey',
};

function isAddress(text: string): boolean {
    return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function AddForm({ added }: { added: (webhook: NewWebhook) => void }) {
    const { client, verified } = useDesk();
    const words = useWords().account;
    const [isBusy, problem, run] = useDoing();
    const [url, setUrl] = useState('');
    const [isTried, setTried] = useState(false);
    const add = (event: Event) => {
        event.preventDefault();
        setTried(true);
        if (!isAddress(url)) return;
        run(async () => {
            added(await verified(() => client.addWebhook(url)));
            setUrl('');
            setTried(false);
        });
    };
    return (
        <form class="desk-form" onSubmit={add} noValidate>
            {problem && <Trouble problem={problem} />}
            <Input
                id="webhook"
                label={words.webhookUrl}
                hint={words.webhookUrlHint}
                value={url}
                change={(to) => setUrl(to.trim())}
                spellcheck={false}
                error={!isAddress(url) && isTried ? words.webhookUrlWrong : undefined}
            />
            <button class="govuk-button" disabled={isBusy}>
                {words.addWebhook}
            </button>
        </form>
    );
}

function Replay({ webhook, again }: { webhook: Webhook; again: () => void }) {
    const { client } = useDesk();
    const words = useWords().account;
    const [isBusy, problem, run] = useDoing();
    const [after, setAfter] = useState('0');
    const isNumber = /^[0-9]{1,15}$/.test(after);
    return (
        <>
            {problem && <Trouble problem={problem} />}
            <span class="desk-buttons">
                <input
                    class="govuk-input govuk-input--width-5 desk-small-input"
                    aria-label={words.replayAfter({ url: webhook.url })}
                    inputMode="numeric"
                    value={after}
                    onInput={(event) => setAfter(event.currentTarget.value)}
                />
                <SmallButton
                    text={words.replay}
                    of={webhook.url}
                    isBusy={isBusy || !isNumber}
                    press={() =>
                        run(async () => {
                            await client.replayWebhook(webhook.id, Number(after));
                            again();
                        })
                    }
                />
            </span>
        </>
    );
}

function WebhookRow({ webhook, again }: { webhook: Webhook; again: () => void }) {
    const { client } = useDesk();
    const words = useWords().account;
    const [isBusy, problem, run] = useDoing();
    const { id, url, state, lastStatus, lastAt, waiting } = webhook;
    const end = () =>
        run(async () => {
            await client.endWebhook(id);
            again();
        });
    return (
        <tr class="govuk-table__row">
            <Cell>
                <Code text={url} />
            </Cell>
            <Cell>
                <strong class={`govuk-tag govuk-tag--${colours[state]}`}>
                    {words.webhookState[state]}
                </strong>
            </Cell>
            <Cell>
                {lastAt && <Moment at={lastAt} />}
                {lastStatus !== undefined && (
                    <div class="desk-quiet">{words.answered({ status: String(lastStatus) })}</div>
                )}
            </Cell>
            <Cell isNumber>{waiting}</Cell>
            <Cell>
                <Replay webhook={webhook} again={again} />
            </Cell>
            <Cell>
                {problem && <Trouble problem={problem} />}
                <AskedTwice text={words.end} of={url} isBusy={isBusy} press={end} />
            </Cell>
        </tr>
    );
}

export function WebhookPart() {
    const { client } = useDesk();
    const words = useWords();
    const [loaded, again] = useLoaded(() => client.webhooks(), '');
    const [made, setMade] = useState<NewWebhook>();
    const added = (to: NewWebhook) => {
        setMade(to);
        again();
    };
    const rows = loaded.state === 'there' ? loaded.value.rows : [];
    const head = [
        { text: words.account.webhookUrl },
        { text: words.list.state },
        { text: words.account.lastSent },
        { text: words.account.waiting, isNumber: true },
        { text: words.account.replayAfterId },
        { text: words.app.actions },
    ];
    return (
        <section>
            <h2 class="govuk-heading-m">{words.account.webhooks}</h2>
            <p class="govuk-body desk-prose">{words.account.webhooksText}</p>
            {loaded.state === 'failed' && <Trouble problem={loaded.problem} />}
            {made && (
                <Secret
                    title={words.account.webhookMade}
                    text={words.account.secretOnce}
                    label={words.account.secret}
                    value={made.secret}
                    done={() => setMade(undefined)}
                />
            )}
            {rows.length > 0 && (
                <Table caption={words.account.webhooks} isCaptionHidden head={head}>
                    {rows.map((webhook) => (
                        <WebhookRow key={webhook.id} webhook={webhook} again={again} />
                    ))}
                </Table>
            )}
            <AddForm added={added} />
        </section>
    );
}
