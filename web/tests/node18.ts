// node18: Debian 12's Node keeps WebCrypto behind a name of its own.
import { webcrypto } from 'node:crypto';

globalThis.crypto ??= webcrypto as Crypto;
