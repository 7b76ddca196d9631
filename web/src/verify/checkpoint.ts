// checkpoint: what a log says of itself at one moment (C2SP tlog-checkpoint).
//
//   <origin> LF <size, decimal> LF <root, base64> LF [<extension line> LF ...]

import { type Bytes, readBase64 } from './bytes';
import { type Note, type NoteKey, readNote, verifyNote } from './note';

export interface Checkpoint {
    origin: string;
    size: bigint;
    root: Bytes;
    note: Note;
}

export function readDecimal(text: string): bigint | undefined {
    return /^(?:0|[1-9][0-9]{0,18})$/.test(text) ? BigInt(text) : undefined;
}

// From a signed note; undefined when it is none of a checkpoint.
export function readCheckpoint(text: string): Checkpoint | undefined {
    const note = readNote(text);
    if (note === undefined) return undefined;
    const [origin = '', sizeText = '', rootText = '', ...extensions] = note.text
        .slice(0, -1)
        .split('\n');
    const size = readDecimal(sizeText);
    const root = readBase64(rootText);
    if (
        origin === '' ||
        size === undefined ||
        size >= 1n << 63n ||
        root?.length !== 32 ||
        extensions.includes('')
    )
        return undefined;
    return { origin, size, root, note };
}

// A log's key signs for the log of its name alone; a witness's for any.
export async function verifyCheckpoint(checkpoint: Checkpoint, key: NoteKey) {
    const found = await verifyNote(checkpoint.note, key);
    if (found === 'signed' && key.type === 'log' && key.name !== checkpoint.origin)
        return 'unsigned';
    return found;
}
