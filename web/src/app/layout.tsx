// layout: what stands around every page.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Trouble } from '../parts/trouble';
import { isLanguage, type Language, languages, useSpeech, useWords } from '../words/words';
import { useDesk, useDoing } from './context';
import { useNewNotices } from './notices';
import { mayOpen, pages } from './pages';
import { go, usePlace } from './router';

interface Choosing {
    choose: (language: Language) => void;
}

function LanguageSwitch({ choose }: Choosing) {
    const { language: current, words } = useSpeech();
    return (
        <nav class="govuk-language-navigation desk-languages" aria-label={words.app.language}>
            <ul class="govuk-language-navigation__list">
                {Object.keys(languages)
                    .filter(isLanguage)
                    .map((language) => (
                        <li class="govuk-language-navigation__list-item" key={language}>
                            <button
                                type="button"
                                class="desk-link-button"
                                lang={language}
                                aria-pressed={language === current}
                                onClick={() => choose(language)}
                            >
                                {languages[language].name}
                            </button>
                        </li>
                    ))}
            </ul>
        </nav>
    );
}

function Account() {
    const { client, session, signedOut } = useDesk();
    const words = useWords();
    const [isBusy, problem, run] = useDoing();
    if (session === undefined)
        return (
            <a class="govuk-link desk-header-link" href="/desk/signin">
                {words.app.signIn}
            </a>
        );
    const leave = () =>
        run(async () => {
            await client.signOut();
            signedOut();
            go('/');
        });
    return (
        <>
            {problem && <Trouble problem={problem} />}
            <a
                class="govuk-link desk-header-link"
                href="/desk/account"
                title={words.app.signedInAs({ name: session.displayName })}
            >
                <bdi>{session.displayName}</bdi> ({words.role[session.role]})
            </a>
            <button type="button" class="desk-link-button" disabled={isBusy} onClick={leave}>
                {words.app.signOut}
            </button>
        </>
    );
}

// How many notices nobody has read yet.
function NewNotices() {
    const words = useWords().notices;
    const { count, isMore } = useNewNotices(usePlace().path);
    if (count === 0) return null;
    return (
        <span class="desk-count" role="status">
            {isMore ? words.atLeast({ count }) : count}
            <span class="govuk-visually-hidden"> {words.new}</span>
        </span>
    );
}

function Menu({ current }: { current: string }) {
    const { session } = useDesk();
    const words = useWords();
    const [isOpen, setOpen] = useState(false);
    const shown = pages.filter((row) => row.inMenu && mayOpen(row, session?.role));
    return (
        <nav class="govuk-service-navigation" aria-label={words.app.navigation}>
            <div class="govuk-width-container">
                <div class="govuk-service-navigation__container">
                    <button
                        type="button"
                        class="govuk-service-navigation__toggle desk-menu-toggle"
                        aria-expanded={isOpen}
                        aria-controls="menu"
                        onClick={() => setOpen(!isOpen)}
                    >
                        {words.app.menu}
                    </button>
                    <ul
                        class="govuk-service-navigation__list desk-menu"
                        id="menu"
                        data-open={isOpen}
                    >
                        {shown.map(({ name, path }) => (
                            <li
                                key={name}
                                class={
                                    'govuk-service-navigation__item' +
                                    (name === current
                                        ? ' govuk-service-navigation__item--active'
                                        : '')
                                }
                            >
                                <a
                                    class="govuk-service-navigation__link"
                                    href={path}
                                    aria-current={name === current ? 'page' : undefined}
                                    onClick={() => setOpen(false)}
                                >
                                    {words.pages[name]}
                                    {name === 'notices' && <NewNotices />}
                                </a>
                            </li>
                        ))}
                    </ul>
                </div>
            </div>
        </nav>
    );
}

// Who may take an invented port for a real one must not: every page says so, on paper too.
function Simulated() {
    const { says, session } = useDesk();
    const words = useWords();
    if (!says.simulated && !session?.simulated) return null;
    return (
        <div class="desk-simulated" role="note">
            <p class="govuk-width-container">{words.app.simulated}</p>
        </div>
    );
}

function Footer() {
    const words = useWords();
    return (
        <footer class="desk-footer">
            <div class="govuk-width-container govuk-body-s">{words.app.footer}</div>
        </footer>
    );
}

interface Props extends Choosing {
    current: string;
    children: ComponentChildren;
}

export function Layout({ current, choose, children }: Props) {
    const words = useWords();
    return (
        <>
            <a href="#main" class="govuk-skip-link">
                {words.app.skip}
            </a>
            <header>
                <Simulated />
                <div class="govuk-generic-header">
                    <div class="govuk-width-container desk-header">
                        <a href="/" class="govuk-generic-header__homepage-link">
                            {words.app.name}
                        </a>
                        <div class="desk-header-end">
                            <Account />
                            <LanguageSwitch choose={choose} />
                        </div>
                    </div>
                </div>
                <Menu current={current} />
            </header>
            <div class="govuk-width-container">
                <main class="govuk-main-wrapper" id="main" tabIndex={-1}>
                    {children}
                </main>
            </div>
            <Footer />
        </>
    );
}
