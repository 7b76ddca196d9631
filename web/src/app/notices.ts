// notices: which of them somebody has read, remembered in this browser.

import { useEffect, useState } from 'preact/hooks';
import type { Notice, Role } from '../api/types';
import { useDesk, useLoaded } from './context';
import { useNews } from './news';

const TOGETHER_MS = 3000;
const listeners = new Set<() => void>();

function nameOf(user: string): string {
    return `notices ${user}`;
}

// The time of the newest that was read; all later ones are new.
export function readUntil(user: string): string {
    return localStorage.getItem(nameOf(user)) ?? '';
}

export function readNow(user: string, notices: Notice[]): void {
    const newest =
        notices
            .map(({ at }) => at)
            .sort()
            .at(-1) ?? '';
    if (newest <= readUntil(user)) return;
    localStorage.setItem(nameOf(user), newest);
    for (const listener of listeners) listener();
}

// What may bring a notice: of a trader's own files everything, of others' what waits or just did.
export function noticeTopic(role: Role | undefined): string {
    return role === 'trader' ? '' : 'topic=queue';
}

export interface Count {
    count: number;
    isMore: boolean; // there are as many, and older ones were not looked at
}

export function useNewNotices(path: string): Count {
    const { client, session } = useDesk();
    const user = session?.name ?? '';
    const [until, setUntil] = useState(() => readUntil(user));
    const [loaded, again] = useLoaded(() => client.notices(), user);
    useNews(noticeTopic(session?.role), again, TOGETHER_MS);
    useEffect(again, [path]);
    useEffect(() => {
        const follow = () => setUntil(readUntil(user));
        follow();
        listeners.add(follow);
        addEventListener('storage', follow); // another window of this browser
        return () => {
            listeners.delete(follow);
            removeEventListener('storage', follow);
        };
    }, [user]);
    if (loaded.state !== 'there') return { count: 0, isMore: false };
    const { rows, next } = loaded.value;
    const count = rows.filter(({ at }) => at > until).length;
    return { count, isMore: count === rows.length && next !== undefined };
}
