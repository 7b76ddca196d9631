// sign_in: the ways in: a passkey first, a password second; in a simulated store as one of its
// people. Stands alone, or above a page whose session was lost.

import { useState } from 'preact/hooks';
import type { Problem } from '../api/types';
import { useDesk, useDoing } from '../app/context';
import { answerChallenge, hasPasskeys } from '../app/passkey';
import { useWords } from '../words/words';
import { Input } from './field';
import { Trouble } from './trouble';

function PasskeySignIn() {
    const { client, signedIn } = useDesk();
    const words = useWords().signIn;
    const [isBusy, problem, run] = useDoing();
    const [hasFailed, setFailed] = useState(false);
    if (!hasPasskeys()) return <p class="govuk-body">{words.passkeyCannot}</p>;
    const enter = () =>
        run(async () => {
            setFailed(false);
            const challenge = await client.passkeyChallenge();
            const answer = await answerChallenge(challenge).catch(() => undefined);
            if (answer === undefined) setFailed(true);
            else signedIn(await client.signInByPasskey(answer));
        });
    return (
        <>
            {problem && <Trouble problem={problem} />}
            {hasFailed && (
                <p class="govuk-error-message" role="alert">
                    {words.passkeyFailed}
                </p>
            )}
            <p class="govuk-body">{words.passkeyHint}</p>
            <button type="button" class="govuk-button" disabled={isBusy} onClick={enter}>
                {words.passkey}
            </button>
        </>
    );
}

// That name and password do not fit is no trouble of the page.
function isWrong(problem: Problem | undefined): boolean {
    return problem?.status === 401;
}

function PasswordSignIn() {
    const { client, signedIn } = useDesk();
    const words = useWords().signIn;
    const [isBusy, problem, run] = useDoing();
    const [name, setName] = useState('');
    const [password, setPassword] = useState('');
    const [isTried, setTried] = useState(false);
    const enter = (event: Event) => {
        event.preventDefault();
        setTried(true);
        if (name !== '' && password !== '')
            run(async () => signedIn(await client.signIn(name, password)));
    };
    const passwordError = password === '' && isTried ? words.passwordMissing : undefined;
    return (
        <form onSubmit={enter} noValidate>
            {problem && !isWrong(problem) && <Trouble problem={problem} />}
            <Input
                id="name"
                label={words.name}
                value={name}
                change={setName}
                width={20}
                autocomplete="username webauthn"
                spellcheck={false}
                error={name === '' && isTried ? words.nameMissing : undefined}
            />
            <Input
                id="password"
                label={words.password}
                value={password}
                change={setPassword}
                width={20}
                isPassword
                autocomplete="current-password"
                error={isWrong(problem) ? words.wrong : passwordError}
            />
            <button class="govuk-button govuk-button--secondary" disabled={isBusy}>
                {words.submit}
            </button>
        </form>
    );
}

// Where nothing is real anybody may be anybody.
export function People() {
    const { client, says, signedIn } = useDesk();
    const words = useWords();
    const [isBusy, problem, run] = useDoing();
    if (says.people === undefined || says.people.length === 0) return null;
    return (
        <section class="desk-people">
            <h2 class="govuk-heading-m">{words.signIn.people}</h2>
            <p class="govuk-body">{words.signIn.peopleText}</p>
            {problem && <Trouble problem={problem} />}
            <ul class="desk-plain">
                {says.people.map(({ name, displayName, role }) => (
                    <li key={name}>
                        <button
                            type="button"
                            class="desk-person"
                            disabled={isBusy}
                            onClick={() =>
                                run(async () => signedIn(await client.signInSimulated(name)))
                            }
                        >
                            <strong>
                                <bdi>{displayName}</bdi>
                            </strong>
                            <span>{words.role[role] ?? role}</span>
                        </button>
                    </li>
                ))}
            </ul>
        </section>
    );
}

export function SignIn({ heading, lead }: { heading: string; lead?: string }) {
    const words = useWords().signIn;
    return (
        <div class="desk-narrow">
            <h1 class="govuk-heading-l">{heading}</h1>
            {lead && <p class="govuk-body">{lead}</p>}
            <People />
            <PasskeySignIn />
            <h2 class="govuk-heading-s">{words.or}</h2>
            <PasswordSignIn />
        </div>
    );
}
