// home: what this is, and the pages of whoever has come in.

import { useDesk } from '../app/context';
import { mayOpen, pages } from '../app/pages';
import { People } from '../parts/sign_in';
import { useWords } from '../words/words';

export function HomePage() {
    const { says, session } = useDesk();
    const words = useWords();
    const open = pages.filter((row) => row.inMenu && mayOpen(row, session?.role));
    return (
        <>
            <h1 class="govuk-heading-xl">{words.app.name}</h1>
            <p class="govuk-body-l desk-prose">{words.home.lead}</p>
            {session === undefined && !says.simulated && (
                <a class="govuk-button" href="/desk/signin" role="button">
                    {words.app.signIn}
                </a>
            )}
            {session === undefined && <People />}
            <ul class="desk-doors">
                {open.map(({ name, path }) => (
                    <li key={name}>
                        <a class="govuk-link" href={path}>
                            {words.pages[name]}
                        </a>
                    </li>
                ))}
            </ul>
            {session !== undefined && <People />}
        </>
    );
}
