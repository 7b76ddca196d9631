// passkey: asks the browser to answer the server's challenge (WebAuthn).

import type { PasskeyAnswer, PasskeyChallenge } from '../api/types';

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
        user: response.userHandle === null ? '' : toBase64url(response.userHandle),
    };
}
