// bundle: the proof of one entry as text (C2SP tlog-proof).
//
//   c2sp.org/tlog-proof@v1
//   index <decimal>
//   <base64 hash> ...
//   <empty line>
//   <checkpoint: a signed note>

import { type Bytes, readBase64, utf8 } from './bytes';
import { readDecimal } from './checkpoint';

const TEXT_MAX = 192 * 1024;
const PATH_MAX = 64;
const HEAD = /^c2sp\.org\/tlog-proof@v1\nindex ([0-9]+)\n((?:[^\n]+\n)*)\n/;

export interface Bundle {
    index: bigint;
    path: Bytes[];
    checkpoint: string;
}

// Extra data, which the format allows, is refused: nothing would vouch for it.
export function readBundle(text: string): Bundle | undefined {
    const [head, indexText = '', hashes = ''] = HEAD.exec(text) ?? [];
    const index = readDecimal(indexText);
    if (
        head === undefined ||
        index === undefined ||
        head.length === text.length ||
        utf8(text).length > TEXT_MAX
    )
        return undefined;
    const path: Bytes[] = [];
    for (const line of hashes.split('\n').slice(0, -1)) {
        const hash = readBase64(line);
        if (hash?.length !== 32 || path.length === PATH_MAX) return undefined;
        path.push(hash);
    }
    return { index, path, checkpoint: text.slice(head.length) };
}
