// verified: who decides shows by a passkey that it is himself: there and then, when the server asks
// for it, and what he did goes on as if nothing had been.

import { ApiProblem, type Client } from '../api/client';
import type { Session } from '../api/types';
import { answerChallenge, hasPasskeys } from './passkey';

// Our own, of no server: the passkey was asked for and not used.
export const UNVERIFIED = 428;

async function prove(client: Client, session: Session): Promise<Session> {
    const challenge = await client.passkeyChallenge();
    const answer = await answerChallenge(challenge).catch(() => undefined);
    if (answer === undefined) throw new ApiProblem({ title: '', status: UNVERIFIED });
    const now = await client.signInByPasskey(answer);
    if (now.name === session.name) return now;
    // Another person's key: what this one wrote is not sent in his name.
    throw new ApiProblem({ title: '', status: UNVERIFIED, detail: now.displayName });
}

export async function verified<T>(
    client: Client,
    session: Session | undefined,
    signedIn: (session: Session) => void,
    work: () => Promise<T>,
): Promise<T> {
    try {
        return await work();
    } catch (trouble) {
        const isConflict = trouble instanceof ApiProblem && trouble.problem.status === 409;
        if (!isConflict || session === undefined || !hasPasskeys()) throw trouble;
        const now = await client.session();
        if (now === undefined || now.verified) throw trouble; // it is about something else
        signedIn(await prove(client, session));
        return work();
    }
}
