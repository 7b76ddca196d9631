// looked: until when somebody has looked at a list, remembered in this browser; what changed since
// is marked while he looks.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Row } from '../api/types';

function nameOf(list: string, user: string): string {
    return `looked ${user} ${list}`;
}

export type Mark = 'isNew' | 'isChanged' | undefined;

// By the server's times alone: this machine's clock may be wrong. Who never looked sees no marks.
export function useLooked(list: string, user: string, rows: Row[] | undefined): (row: Row) => Mark {
    const [before] = useState(() => localStorage.getItem(nameOf(list, user)) ?? '');
    const newest = useRef(before);
    for (const { changedAt = '' } of rows ?? [])
        if (changedAt > newest.current) newest.current = changedAt;
    useEffect(() => {
        const leave = () => localStorage.setItem(nameOf(list, user), newest.current);
        addEventListener('pagehide', leave);
        return () => {
            removeEventListener('pagehide', leave);
            leave();
        };
    }, [list, user]);
    return ({ lodgedAt, changedAt = '', claimedBy }) => {
        // What he took in hand himself he knows.
        if (before === '' || changedAt <= before || claimedBy === `user:${user}`) return undefined;
        return lodgedAt > before ? 'isNew' : 'isChanged';
    };
}
