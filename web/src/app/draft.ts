// draft: what was written in a form and not sent yet, kept in this browser. Who amends a file has a
// draft for it.

import type { Declaration } from '../api/types';

function nameOf(user: string, file: string): string {
    return file === '' ? `draft ${user}` : `draft ${user} of ${file}`;
}

export function readDraft(user: string, file = ''): Declaration | undefined {
    const kept = localStorage.getItem(nameOf(user, file));
    return kept === null ? undefined : (JSON.parse(kept) as Declaration);
}

export function keepDraft(user: string, declaration: Declaration, file = ''): void {
    localStorage.setItem(nameOf(user, file), JSON.stringify(declaration));
}

export function dropDraft(user: string, file = ''): void {
    localStorage.removeItem(nameOf(user, file));
}
