// sample: a small log of a test's own, and the proof of a file in it.

import { canonicalJson, type Json } from './json';
import { type Bytes, join, readHex, sha256, utf8 } from './bytes';
import { leafHash } from './proof';

export const ORIGIN = 'customs.example/ledger',
    FILE = '26TW-SAMPLE-1';
const NODE = Uint8Array.of(1);

export interface Key {
    name: string;
    type: number;
    id: Bytes;
    vkey: string;
    secret: CryptoKey;
}

function base64(bytes: Bytes): string {
    return btoa(String.fromCharCode(...bytes));
}

function hex(bytes: Bytes): string {
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

// `type` 1: a log's key; 4: a witness's.
export async function makeKey(name: string, type = 1): Promise<Key> {
    const pair = (await crypto.subtle.generateKey('Ed25519', true, [
        'sign',
        'verify',
    ])) as CryptoKeyPair;
    const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
    const typed = join(Uint8Array.of(type), raw);
    const id = (await sha256(utf8(`${name}\n`), typed)).slice(0, 4);
    return { name, type, id, vkey: `${name}+${hex(id)}+${base64(typed)}`, secret: pair.privateKey };
}

// A signature line; a witness's has a time before the signature.
export async function signatureLine(body: string, key: Key): Promise<string> {
    const time = new Uint8Array(key.type === 4 ? 8 : 0).fill(0);
    if (key.type === 4) time[7] = 5;
    const message = key.type === 4 ? `cosignature/v1\ntime 5\n${body}` : body;
    const signature = await crypto.subtle.sign('Ed25519', key.secret, utf8(message));
    return `\u2014 ${key.name} ${base64(join(key.id, time, new Uint8Array(signature)))}\n`;
}

// RFC 6962's definitions, as they stand there.
function split(count: number): number {
    let k = 1;
    while (2 * k < count) k *= 2;
    return k;
}

export async function rootOf(leaves: Bytes[]): Promise<Bytes> {
    if (leaves.length === 1) return leaves[0] as Bytes;
    const k = split(leaves.length);
    return sha256(NODE, await rootOf(leaves.slice(0, k)), await rootOf(leaves.slice(k)));
}

export async function pathOf(index: number, leaves: Bytes[]): Promise<Bytes[]> {
    if (leaves.length === 1) return [];
    const k = split(leaves.length);
    const left = leaves.slice(0, k);
    const right = leaves.slice(k);
    return index < k
        ? [...(await pathOf(index, left)), await rootOf(right)]
        : [...(await pathOf(index - k, right)), await rootOf(left)];
}

export const sampleFacts: Json[] = [
    { kind: 'declared', body: { declaration: { n: 1, text: 'gr\u00fc\u00df \u2028 "x"' } } },
    { kind: 'checked', body: { errors: 0, findings: [] } },
    { kind: 'scored', body: { random: false, reasons: [], score: 7 } },
    { kind: 'decided', body: { by: 'desk', decision: 'release', reasons: [] } },
].map((fact, i) => ({
    ...fact,
    at: `2026-05-27T00:00:00.00${i}Z`,
    file: FILE,
    seq: i + 1,
    who: 'desk',
}));

export interface Sealing {
    facts: Json[];
    leaves: number[];
    keys: Key[];
    withheld?: number[]; // of the facts, from 0: the paper is an extract
}

// The paper of facts that are sealed at those leaves of a log of ten entries.
export async function makePaper({ facts, leaves, keys, withheld = [] }: Sealing): Promise<string> {
    const salts = facts.map((_, i) => '0123456789abcdef'.charAt(i).repeat(64));
    const hashes = await Promise.all(
        Array.from({ length: 10 }, (_, i) => leafHash(utf8(`entry ${i}`))),
    );
    const entries = await Promise.all(
        facts.map((fact, i) =>
            sha256(readHex(salts[i] as string, 32) as Bytes, utf8(canonicalJson(fact))),
        ),
    );
    for (const [i, entry] of entries.entries()) hashes[leaves[i] as number] = await leafHash(entry);
    const body = `${ORIGIN}\n10\n${base64(await rootOf(hashes))}\n`;
    const lines = await Promise.all(keys.map((key) => signatureLine(body, key)));
    const checkpoint = `${body}\n${lines.join('')}`;
    const proofs = await Promise.all(
        facts.map(async (_, i) => {
            const path = await pathOf(leaves[i] as number, hashes);
            const index = `c2sp.org/tlog-proof@v1\nindex ${leaves[i]}\n`;
            return `${index}${path.map((hash) => `${base64(hash)}\n`).join('')}\n${checkpoint}`;
        }),
    );
    return canonicalJson({
        checkpoint,
        facts: facts.map((fact, i) =>
            withheld.includes(i)
                ? { commitment: hex(entries[i] as Bytes), proof: proofs[i] as string }
                : { fact, proof: proofs[i] as string, salt: salts[i] as string },
        ),
        file: FILE,
        format: `tidewaiter.org/file-${withheld.length > 0 ? 'extract' : 'proof'}@v1`,
        key: (keys[0] as Key).vkey,
    });
}
