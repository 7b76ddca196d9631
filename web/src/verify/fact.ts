// fact: one thing that happened to a consignment, read as strictly as it is written.

import { type Bytes, sha256, utf8 } from './bytes';
import { canonicalJson, isObject, type Json, type JsonObject } from './json';

export interface SealedFact {
    at: string;
    body: JsonObject;
    file: string;
    kind: string;
    seq: number;
    who: string;
}

const FACTS_MAX = 4096;
const NAMES = 'at body file kind seq who';
const KIND = /^[a-z][a-z-]{0,39}$/; // a later version may seal kinds that are not known here
const DECISIONS = new Set(['refuse', 'documents', 'release', 'examine', 'hold']);

// In a fact, numbers are whole, and names of members need no escapes.
function isPlain(value: Json): boolean {
    if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0;
    if (Array.isArray(value)) return value.every(isPlain);
    return (
        !isObject(value) ||
        Object.entries(value).every(
            ([name, member]) => JSON.stringify(name).length === name.length + 2 && isPlain(member),
        )
    );
}

function isMoment(text: string): boolean {
    const at = Date.parse(text);
    return !Number.isNaN(at) && new Date(at).toISOString() === text;
}

export function readFact(value: Json): SealedFact | undefined {
    if (!isObject(value) || Object.keys(value).sort().join(' ') !== NAMES) return undefined;
    const { at, body, file, kind, seq, who } = value;
    if (
        typeof at !== 'string' ||
        !isObject(body) ||
        typeof file !== 'string' ||
        typeof kind !== 'string' ||
        typeof seq !== 'number' ||
        typeof who !== 'string'
    )
        return undefined;
    if (!isMoment(at) || !KIND.test(kind) || seq < 1 || seq > FACTS_MAX || !isPlain(value))
        return undefined;
    return { at, body, file, kind, seq, who };
}

// The ledger's entry: SHA-256 of the salt and the fact's canonical JSON.
export function commitment(salt: Bytes, fact: SealedFact): Promise<Bytes> {
    return sha256(salt, utf8(canonicalJson({ ...fact })));
}

// What a "decided" fact decides; "unknown" when it is by a later version of the program.
export function decisionOf(fact: SealedFact): string {
    const { by, decision, reasons } = fact.body;
    const isKnown =
        (by === 'desk' || by === 'officer') &&
        Array.isArray(reasons) &&
        reasons.every((reason) => typeof reason === 'string');
    return isKnown && typeof decision === 'string' && DECISIONS.has(decision)
        ? decision
        : 'unknown';
}
