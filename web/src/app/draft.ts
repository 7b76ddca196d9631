// draft: what was written in a form and not sent yet, kept in this browser.

import type { Declaration } from '../api/types';

function nameOf(user: string): string {
    return `draft ${user}`;
}

export function readDraft(user: string): Declaration | undefined {
    const kept = localStorage.getItem(nameOf(user));
    return kept === null ? undefined : (JSON.parse(kept) as Declaration);
}

export function keepDraft(user: string, declaration: Declaration): void {
    localStorage.setItem(nameOf(user), JSON.stringify(declaration));
}

export function dropDraft(user: string): void {
    localStorage.removeItem(nameOf(user));
}
