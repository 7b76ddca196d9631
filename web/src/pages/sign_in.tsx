// sign_in: the page to come in by; with "?link=..." by a link that works once.

import { useState } from 'preact/hooks';
import { useDesk, useDoing } from '../app/context';
import { go, usePlace } from '../app/router';
import { Input } from '../parts/field';
import { SignIn } from '../parts/sign_in';
import { Trouble } from '../parts/trouble';
import { useWords } from '../words/words';

const PASSWORD_MIN = 12;

function ByLink({ link }: { link: string }) {
    const { client, signedIn } = useDesk();
    const words = useWords().signIn;
    const [isBusy, problem, run] = useDoing();
    const [password, setPassword] = useState('');
    const [isTried, setTried] = useState(false);
    const isShort = [...password].length < PASSWORD_MIN;
    const enter = (event: Event) => {
        event.preventDefault();
        setTried(true);
        if (isShort) return;
        run(async () => {
            signedIn(await client.signInByLink(link, password));
            go('/');
        });
    };
    return (
        <form class="desk-narrow" onSubmit={enter} noValidate>
            {problem && <Trouble problem={{ ...problem, title: words.linkUsed }} />}
            <h1 class="govuk-heading-l">{words.link}</h1>
            <p class="govuk-body">{words.linkText}</p>
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
            <button class="govuk-button" disabled={isBusy}>
                {words.submit}
            </button>
        </form>
    );
}

export function SignInPage() {
    const { session } = useDesk();
    const words = useWords();
    const link = usePlace().search.get('link');
    if (link !== null) return <ByLink link={link} />;
    if (session !== undefined)
        return <p class="govuk-body">{words.app.signedInAs(session.displayName)}</p>;
    return <SignIn heading={words.pages.signIn} />;
}
