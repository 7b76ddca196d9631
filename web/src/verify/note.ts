// note: signed notes (C2SP signed-note) and the keys that verify them.
//
//   <text, which ends in a line end>
//   <empty line>
//   — <key name> <base64 of key id (4 bytes) and signature>          one line each, at least one

import { bigEndian32, type Bytes, join, readBase64, readHex, sha256, utf8 } from './bytes';
import { signatureFits } from './ed25519';

const TEXT_MAX = 16 * 1024;
const NOTE_MAX = 128 * 1024;
const SIGNATURES_MAX = 64;
const NAME_MAX = 255;
const SIGNATURE = /^\u2014 (\S+) (\S+)$/u;
// Unicode's white space, which \s has not all of, the control characters, and the plus sign.
const NOT_IN_NAMES = /[\s\u0000-\u0020\u0085+]/u;

export type KeyType = 'log' | 'witness';
export interface NoteKey {
    name: string;
    id: number;
    type: KeyType;
    publicKey: Bytes;
}
export interface Note {
    text: string;
    signatures: { name: string; id: number; bytes: Bytes }[];
}

const KEY_TYPES: Partial<Record<number, KeyType>> = { 1: 'log', 4: 'witness' };

function isName(name: string): boolean {
    return name !== '' && !NOT_IN_NAMES.test(name) && utf8(name).length <= NAME_MAX;
}

// "<name>+<8 hex digits of the id>+<base64 of type and key>"; undefined when it is no such key.
export async function readKey(text: string): Promise<NoteKey | undefined> {
    const [name = '', id = '', ...rest] = text.split('+');
    const idBytes = readHex(id, 4);
    const typed = readBase64(rest.join('+'));
    if (!isName(name) || idBytes === undefined || typed?.length !== 33) return undefined;
    const type = KEY_TYPES[typed[0] ?? 0];
    const hash = await sha256(utf8(`${name}\n`), typed);
    if (type === undefined || bigEndian32(hash) !== bigEndian32(idBytes)) return undefined;
    return { name, id: bigEndian32(idBytes), type, publicKey: typed.slice(1) };
}

export function readNote(text: string): Note | undefined {
    if (utf8(text).length > NOTE_MAX || /[\u0000-\u0009\u000b-\u001f]/.test(text)) return undefined;
    const split = text.lastIndexOf('\n\n'); // the last empty line
    if (split < 0 || !text.endsWith('\n')) return undefined;
    const body = text.slice(0, split + 1);
    const lines = text.slice(split + 2, -1).split('\n');
    if (utf8(body).length > TEXT_MAX || lines.length > SIGNATURES_MAX) return undefined;
    const signatures: Note['signatures'] = [];
    for (const line of lines) {
        const [, name = '', base64 = ''] = SIGNATURE.exec(line) ?? [];
        const bytes = readBase64(base64);
        if (!isName(name) || bytes === undefined || bytes.length < 5) return undefined;
        signatures.push({ name, id: bigEndian32(bytes), bytes: bytes.slice(4) });
    }
    return { text: body, signatures };
}

async function fits(note: Note, signature: Bytes, key: NoteKey): Promise<boolean> {
    const text = utf8(note.text);
    if (key.type === 'log') return signatureFits(signature, text, key.publicKey);
    if (signature.length !== 8 + 64) return false;
    const time = new DataView(signature.buffer).getBigUint64(0);
    const message = join(utf8(`cosignature/v1\ntime ${time}\n`), text);
    return time < 1n << 63n && signatureFits(signature.slice(8), message, key.publicKey);
}

// Signatures by other keys are passed over; one that says it is by this key and is not makes the
// note forged.
export async function verifyNote(
    note: Note,
    key: NoteKey,
): Promise<'unsigned' | 'signed' | 'forged'> {
    let found: 'unsigned' | 'signed' = 'unsigned';
    for (const signature of note.signatures) {
        if (signature.id !== key.id || signature.name !== key.name) continue;
        if (!(await fits(note, signature.bytes, key))) return 'forged';
        found = 'signed';
    }
    return found;
}
