// ed25519: signatures by WebCrypto, and refused where WebCrypto is laxer than the ledger is.
//
// Points of low order, as a key or as the first half of a signature, fit any text; so may points
// that are written in two ways. Nobody who makes keys by the book ever meets either.

import type { Bytes } from './bytes';

const P = (1n << 255n) - 19n;

// y of the points whose order divides 8. The last two are those of order 8.
export const LOW_ORDER_Y: readonly bigint[] = [
    0n,
    1n,
    P - 1n,
    0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
    0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
];

export function isSoundPoint(point: Bytes): boolean {
    let y = 0n;
    for (let i = 31; i >= 0; i--) y = (y << 8n) | BigInt(point[i] ?? 0);
    y &= (1n << 255n) - 1n; // the topmost bit is the sign of x
    return y < P && !LOW_ORDER_Y.includes(y);
}

// Old browsers lack such signatures; all do on pages that came over plain HTTP from elsewhere.
export async function canCheckSignatures(): Promise<boolean> {
    try {
        await crypto.subtle.importKey('raw', new Uint8Array(32).fill(0x66), 'Ed25519', false, [
            'verify',
        ]);
        return true;
    } catch {
        return false;
    }
}

export async function signatureFits(
    signature: Bytes,
    message: Bytes,
    key: Bytes,
): Promise<boolean> {
    if (signature.length !== 64 || !isSoundPoint(key) || !isSoundPoint(signature.slice(0, 32)))
        return false;
    const usable = await crypto.subtle.importKey('raw', key, 'Ed25519', false, ['verify']);
    return crypto.subtle.verify('Ed25519', usable, signature, message);
}
