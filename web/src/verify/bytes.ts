// bytes: hex, base64 and SHA-256, as strict as what writes them.

export type Bytes = Uint8Array<ArrayBuffer>;

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export function utf8(text: string): Bytes {
    return new TextEncoder().encode(text) as Bytes;
}

// Small letters only. Undefined for what is not the hex of `size` bytes.
export function readHex(text: string, size: number): Bytes | undefined {
    if (text.length !== 2 * size || !/^[0-9a-f]*$/.test(text)) return undefined;
    return Uint8Array.from({ length: size }, (_, i) => parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

// With padding, and with zeros in the bits that stand for nothing; else undefined.
export function readBase64(text: string): Bytes | undefined {
    if (!BASE64.test(text)) return undefined;
    const letters = atob(text);
    return btoa(letters) === text ? Uint8Array.from(letters, (c) => c.charCodeAt(0)) : undefined;
}

export function join(...parts: Bytes[]): Bytes {
    const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
    let at = 0;
    for (const part of parts) {
        whole.set(part, at);
        at += part.length;
    }
    return whole;
}

export function equal(a: Bytes, b: Bytes): boolean {
    return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

export async function sha256(...parts: Bytes[]): Promise<Bytes> {
    return new Uint8Array(await crypto.subtle.digest('SHA-256', join(...parts)));
}

export function bigEndian32(bytes: Bytes): number {
    return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
}
