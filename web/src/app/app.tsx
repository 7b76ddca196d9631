// app: the page that the address names, in the language that was chosen, for who has signed in.

import { type ComponentType } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Client } from '../api/client';
import type { DeskSays, Session } from '../api/types';
import { Failed } from '../parts/trouble';
import { SignIn } from '../parts/sign_in';
import {
    isLanguage,
    keepLanguage,
    type Language,
    languages,
    loadWords,
    type Speech,
    SpeechContext,
} from '../words/words';
import { DeskContext, useDesk } from './context';
import { Layout } from './layout';
import { match, usePlace } from './router';
import { verified } from './verified';
import { mayOpen, type PageProps, type PageRow, pages } from './pages';

// The page whose address it is, and what stands for the names in it.
function found(path: string): { row: PageRow; values: string[] } | undefined {
    for (const row of pages) {
        const values = match(row.path, path);
        if (values !== undefined) return { row, values };
    }
    return undefined;
}

function usePage(row: PageRow | undefined): ComponentType<PageProps> | undefined {
    const [loaded, setLoaded] = useState<{ row: PageRow; page: ComponentType<PageProps> }>();
    useEffect(() => {
        let isWanted = true;
        row?.load().then((page) => {
            if (isWanted) setLoaded({ row, page });
        });
        return () => {
            isWanted = false;
        };
    }, [row]);
    return loaded?.row === row ? loaded?.page : undefined;
}

// The page's name in the window's title, and the keyboard at its top.
function useArrival(title: string, path: string, isThere: boolean): void {
    useEffect(() => {
        document.title = title;
    }, [title]);
    useEffect(() => {
        if (isThere && document.activeElement === document.body)
            document.getElementById('main')?.focus({ preventScroll: true });
    }, [path, isThere]);
}

function Page({ words, path }: { words: Speech['words']; path: string }) {
    const { session } = useDesk();
    const place = useMemo(() => found(path), [path]);
    const CurrentPage = usePage(place?.row);
    const name = place === undefined ? words.app.notFound : words.pages[place.row.name];
    useArrival(
        name === words.app.name ? name : `${name} \u2013 ${words.app.name}`,
        path,
        CurrentPage !== undefined,
    );
    if (place === undefined) return <Failed problem={{ title: '', status: 404 }} />;
    if (!mayOpen(place.row, session?.role)) {
        return session === undefined ? (
            <SignIn heading={words.pages.signIn} />
        ) : (
            <Failed problem={{ title: '', status: 403 }} />
        );
    }
    return CurrentPage === undefined ? (
        <p class="govuk-body">{words.app.loading}</p>
    ) : (
        <CurrentPage key={path} values={place.values} />
    );
}

interface Props {
    client: Client;
    first: Session | undefined;
    says: DeskSays;
    speech: Speech;
}

export function App({ client, first, says, speech: firstSpeech }: Props) {
    const [session, setSession] = useState(first);
    const [isLost, setLost] = useState(false);
    const [speech, setSpeech] = useState(firstSpeech);
    const { path } = usePlace();
    const choose = async (language: Language) => {
        keepLanguage(language);
        setSpeech({ language, words: await loadWords(language) });
    };
    useEffect(() => {
        document.documentElement.lang = speech.language;
        document.documentElement.dir = languages[speech.language].dir;
    }, [speech.language]);
    // A page that somebody writes in stays while he signs in again.
    client.whenSignedOut = () => setLost(session !== undefined);
    const desk = useMemo(() => {
        const signedIn = (who: Session) => {
            setSession(who);
            setLost(false);
            if (session === undefined && isLanguage(who.language)) void choose(who.language);
        };
        return {
            client,
            session,
            says,
            signedIn,
            signedOut: () => setSession(undefined),
            verified: <T,>(work: () => Promise<T>) => verified(client, session, signedIn, work),
        };
    }, [client, session]);
    const { words } = speech;
    return (
        <SpeechContext.Provider value={speech}>
            <DeskContext.Provider value={desk}>
                <Layout current={found(path)?.row.name ?? ''} choose={(to) => void choose(to)}>
                    {isLost && (
                        <section
                            class="govuk-notification-banner"
                            aria-label={words.app.sessionLost}
                        >
                            <div class="govuk-notification-banner__content desk-again">
                                <SignIn
                                    heading={words.app.sessionLost}
                                    lead={words.app.sessionLostText}
                                />
                            </div>
                        </section>
                    )}
                    <Page words={words} path={path} />
                </Layout>
            </DeskContext.Provider>
        </SpeechContext.Provider>
    );
}
