// account: one's own keys: passkeys to come in by, tokens for one's programs; a trader's webhooks.

import { PasskeyPart } from '../parts/account_passkeys';
import { TokenPart } from '../parts/account_tokens';
import { WebhookPart } from '../parts/account_webhooks';
import { useDesk, useLoaded } from '../app/context';
import { Code } from '../parts/data';
import { List } from '../parts/list';
import { Failed } from '../parts/trouble';
import { useWords } from '../words/words';

export function AccountPage() {
    const { client } = useDesk();
    const words = useWords();
    const [loaded, again] = useLoaded(() => client.account(), '');
    if (loaded.state === 'failed') return <Failed problem={loaded.problem} again={again} />;
    if (loaded.state === 'loading') return <p class="govuk-body">{words.app.loading}</p>;
    const account = loaded.value;
    return (
        <>
            <h1 class="govuk-heading-l">{words.pages.account}</h1>
            <List
                rows={[
                    { name: words.users.displayName, value: <bdi>{account.displayName}</bdi> },
                    { name: words.users.name, value: <Code text={account.name} /> },
                    { name: words.users.role, value: words.role[account.role] },
                    {
                        name: words.users.organisation,
                        value: account.organisation && <Code text={account.organisation} />,
                    },
                ]}
            />
            <PasskeyPart passkeys={account.passkeys} again={again} />
            <TokenPart tokens={account.tokens} role={account.role} again={again} />
            {account.role === 'trader' && <WebhookPart />}
        </>
    );
}
