// context: what every page may use: the client, who somebody is, and how a page loads things.

import { createContext } from 'preact';
import { useCallback, useContext, useEffect, useState } from 'preact/hooks';
import { ApiProblem, type Client } from '../api/client';
import type { DeskSays, Problem, Session } from '../api/types';

export interface Desk {
    client: Client;
    session: Session | undefined; // undefined: nobody has signed in
    says: DeskSays; // what it tells anybody of itself
    signedIn: (session: Session) => void;
    signedOut: () => void;
    // Does what the server may want to be verified for: then asks for the passkey, and goes on.
    verified: <T>(work: () => Promise<T>) => Promise<T>;
}

export const DeskContext = createContext<Desk | undefined>(undefined);

export function useDesk(): Desk {
    const desk = useContext(DeskContext);
    if (desk === undefined) throw new Error('there is no desk around this page');
    return desk;
}

// What went wrong, for people: any other error is a mistake of ours, and stays one.
export function problemOf(trouble: unknown): Problem {
    if (trouble instanceof ApiProblem) return trouble.problem;
    throw trouble;
}

export type Loaded<T> =
    { state: 'loading' } | { state: 'failed'; problem: Problem } | { state: 'there'; value: T };

// Asks once for each `key`, and again on `again`; what is there stays until the new answer comes.
export function useLoaded<T>(load: () => Promise<T>, key: string): [Loaded<T>, () => void] {
    const [loaded, setLoaded] = useState<Loaded<T>>({ state: 'loading' });
    const [turn, setTurn] = useState(0);
    useEffect(() => setLoaded({ state: 'loading' }), [key]);
    useEffect(() => {
        let isWanted = true;
        load().then(
            (value) => {
                if (isWanted) setLoaded({ state: 'there', value });
            },
            (trouble: unknown) => {
                if (isWanted) setLoaded({ state: 'failed', problem: problemOf(trouble) });
            },
        );
        return () => {
            isWanted = false;
        };
    }, [key, turn]);
    return [loaded, useCallback(() => setTurn((last) => last + 1), [])];
}

// Something that is done at a click: is it under way, and what went wrong?
export function useDoing(): [boolean, Problem | undefined, (work: () => Promise<void>) => void] {
    const [isBusy, setBusy] = useState(false);
    const [problem, setProblem] = useState<Problem>();
    const run = (work: () => Promise<void>) => {
        setBusy(true);
        setProblem(undefined);
        work()
            .catch((trouble: unknown) => setProblem(problemOf(trouble)))
            .finally(() => setBusy(false));
    };
    return [isBusy, problem, run];
}
