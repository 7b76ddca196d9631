// proof: that an entry is in a tree: RFC 6962 hashes, checked by RFC 9162 section 2.1.3.2.

import { type Bytes, equal, sha256 } from './bytes';

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export function leafHash(entry: Bytes): Promise<Bytes> {
    return sha256(LEAF, entry);
}

// Does the path lead from the leaf at `index` to the root of `size` leaves?
export async function inclusionHolds(
    path: Bytes[],
    index: bigint,
    size: bigint,
    leaf: Bytes,
    root: Bytes,
): Promise<boolean> {
    if (index >= size) return false;
    let node = index;
    let last = size - 1n;
    let hash = leaf;
    for (const sibling of path) {
        if (last === 0n) return false; // longer than the tree is high
        if ((node & 1n) === 1n || node === last) {
            hash = await sha256(NODE, sibling, hash);
            while ((node & 1n) === 0n && node !== 0n) {
                node >>= 1n;
                last >>= 1n;
            }
        } else {
            hash = await sha256(NODE, hash, sibling);
        }
        node >>= 1n;
        last >>= 1n;
    }
    return last === 0n && equal(hash, root);
}
