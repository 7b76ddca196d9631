// passkey: asks the browser to answer the server's challenge, or for a new key (WebAuthn).

import type {
    Algorithm,
    NewPasskey,
    PasskeyAnswer,
    PasskeyChallenge,
    PasskeyCreation,
} from '../api/types';

// By their numbers of COSE, as the server calls them; the first is asked for first.
const algorithms = new Map<number, Algorithm>([
    [-8, 'EdDSA'],
    [-7, 'ES256'],
]);

function toBase64url(buffer: ArrayBuffer): string {
    return btoa(String.fromCharCode(...new Uint8Array(buffer)))
        .replaceAll('+', '-')
        .replaceAll('/', '_')
        .replaceAll('=', '');
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
    const letters = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

export function hasPasskeys(): boolean {
    return 'PublicKeyCredential' in window && isSecureContext;
}

// Throws a DOMException when nobody answered.
export async function answerChallenge(challenge: PasskeyChallenge): Promise<PasskeyAnswer> {
    const credential = (await navigator.credentials.get({
        publicKey: {
            challenge: fromBase64url(challenge.challenge),
            rpId: challenge.rpId,
            userVerification: 'required',
            allowCredentials: challenge.credentials.map((id) => ({
                type: 'public-key',
                id: fromBase64url(id),
            })),
        },
    })) as PublicKeyCredential;
    const response = credential.response as AuthenticatorAssertionResponse;
    return {
        credential: toBase64url(credential.rawId),
        authenticatorData: toBase64url(response.authenticatorData),
        clientData: toBase64url(response.clientDataJSON),
        signature: toBase64url(response.signature),
    };
}

// A new key that stays with the person and knows whose it is. Throws a DOMException when none was
// made.
export async function makePasskey(asked: PasskeyCreation, label: string): Promise<NewPasskey> {
    const { name, displayName } = asked;
    const credential = (await navigator.credentials.create({
        publicKey: {
            challenge: fromBase64url(asked.challenge),
            rp: { id: asked.rpId, name: 'Tidewaiter' },
            user: { id: fromBase64url(asked.user), name, displayName },
            pubKeyCredParams: [...algorithms.keys()].map((alg) => ({ type: 'public-key', alg })),
            authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
            attestation: 'none',
        },
    })) as PublicKeyCredential;
    const response = credential.response as AuthenticatorAttestationResponse;
    const key = response.getPublicKey();
    const algorithm = algorithms.get(response.getPublicKeyAlgorithm());
    if (key === null || algorithm === undefined)
        throw new DOMException('the key is of a kind that nobody asked for', 'NotSupportedError');
    return {
        credential: toBase64url(credential.rawId),
        authenticatorData: toBase64url(response.getAuthenticatorData()),
        clientData: toBase64url(response.clientDataJSON),
        publicKey: toBase64url(key),
        algorithm,
        label,
    };
}
