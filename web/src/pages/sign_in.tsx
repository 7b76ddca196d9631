// sign_in: the page to come in by; with "?link=..." by a link that works once.

import { useState } from 'preact/hooks';
import type { NewPasskey } from '../api/types';
import { useDesk, useDoing } from '../app/context';
import { hasPasskeys, makePasskey } from '../app/passkey';
import { go, usePlace } from '../app/router';
import { Input } from '../parts/field';
import { SignIn } from '../parts/sign_in';
import { Trouble } from '../parts/trouble';
import { useWords } from '../words/words';

const PASSWORD_MIN = 12;

interface Props {
    link: string;
}

function useComing({ link }: Props) {
    const { client, signedIn } = useDesk();
    return async (key: NewPasskey | { password: string }) => {
        signedIn(await client.signInByLink(link, key));
        go('/');
    };
}

function ByPasskey({ link }: Props) {
    const { client } = useDesk();
    const words = useWords();
    const come = useComing({ link });
    const [isBusy, problem, run] = useDoing();
    const [label, setLabel] = useState(words.account.thisDevice);
    const [hasFailed, setFailed] = useState(false);
    if (!hasPasskeys()) return <p class="govuk-body">{words.account.passkeyCannot}</p>;
    const enter = (event: Event) => {
        event.preventDefault();
        run(async () => {
            setFailed(false);
            const asked = await client.passkeyByLink(link);
            const name = label.trim() === '' ? words.account.thisDevice : label.trim();
            const passkey = await makePasskey(asked, name).catch(() => undefined);
            if (passkey === undefined) setFailed(true);
            else await come(passkey);
        });
    };
    return (
        <form onSubmit={enter} noValidate>
            {problem && <LinkTrouble problem={problem} />}
            <p class="govuk-body">{words.signIn.passkeyHint}</p>
            <Input
                id="label"
                label={words.account.label}
                width={20}
                value={label}
                change={setLabel}
                error={hasFailed ? words.account.passkeyNotMade : undefined}
            />
            <button class="govuk-button" disabled={isBusy}>
                {words.signIn.linkPasskey}
            </button>
        </form>
    );
}

// Not that somebody is signed out: he never was in.
function LinkTrouble({ problem }: { problem: Parameters<typeof Trouble>[0]['problem'] }) {
    const words = useWords();
    if (problem.status !== 401) return <Trouble problem={problem} />;
    return (
        <div class="govuk-error-summary" role="alert">
            <h2 class="govuk-error-summary__title">{words.app.error}</h2>
            <p class="govuk-body">{words.signIn.linkUsed}</p>
        </div>
    );
}

function ByPassword({ link }: Props) {
    const words = useWords().signIn;
    const come = useComing({ link });
    const [isBusy, problem, run] = useDoing();
    const [password, setPassword] = useState('');
    const [isTried, setTried] = useState(false);
    const isShort = [...password].length < PASSWORD_MIN;
    const enter = (event: Event) => {
        event.preventDefault();
        setTried(true);
        if (!isShort) run(() => come({ password }));
    };
    return (
        <form onSubmit={enter} noValidate>
            {problem && <LinkTrouble problem={problem} />}
            <Input
                id="password"
                label={words.newPassword}
                hint={words.newPasswordHint}
                width={20}
                value={password}
                change={setPassword}
                isPassword
                autocomplete="new-password"
                error={isShort && isTried ? words.passwordShort : undefined}
            />
            <button class="govuk-button govuk-button--secondary" disabled={isBusy}>
                {words.linkPassword}
            </button>
        </form>
    );
}

function ByLink({ link }: Props) {
    const words = useWords().signIn;
    return (
        <div class="desk-narrow">
            <h1 class="govuk-heading-l">{words.link}</h1>
            <p class="govuk-body">{words.linkText}</p>
            <ByPasskey link={link} />
            <h2 class="govuk-heading-s">{words.or}</h2>
            <ByPassword link={link} />
        </div>
    );
}

export function SignInPage() {
    const { session } = useDesk();
    const words = useWords();
    const link = usePlace().search.get('link');
    if (link !== null) return <ByLink link={link} />;
    if (session !== undefined)
        return (
            <>
                <h1 class="govuk-heading-l">{words.pages.signIn}</h1>
                <p class="govuk-body">{words.app.signedInAs({ name: session.displayName })}</p>
            </>
        );
    return <SignIn heading={words.pages.signIn} />;
}
