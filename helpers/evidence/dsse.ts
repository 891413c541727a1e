import { Buffer } from 'node:buffer';
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { OperatorError } from '../errors.ts';

/** A signed payload. DSSE 1.0, https://github.com/secure-systems-lab/dsse/blob/v1.0.2/envelope.md */
export interface Envelope {
  /** Base64. */
  readonly payload: string;
  readonly payloadType: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

export const STATEMENT_TYPE = 'application/vnd.in-toto+json';

export class KeyFileError extends OperatorError {
  override readonly name = 'KeyFileError';
}

/** What is signed: DSSE's pre-authentication encoding of type and payload. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

export function signEnvelope(payloadType: string, payload: Uint8Array, privateKey: KeyObject): Envelope {
  const sig = sign(null, preAuthEncoding(payloadType, payload), privateKey).toString('base64');
  const keyid = fingerprintOf(createPublicKey(privateKey));
  return { payload: Buffer.from(payload).toString('base64'), payloadType, signatures: [{ keyid, sig }] };
}

/** The payload where the key signed it; undefined where no signature of the envelope is of this key. */
export function openEnvelope({ payload, payloadType, signatures }: Envelope, key: KeyObject): Buffer | undefined {
  const bytes = Buffer.from(payload, 'base64');
  const signed = preAuthEncoding(payloadType, bytes);
  return signatures.some(({ sig }) => verify(null, signed, key, Buffer.from(sig, 'base64'))) ? bytes : undefined;
}

/** SHA-256 of the public key as SPKI DER, hexadecimal. */
export function fingerprintOf(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** Writes a new Ed25519 pair as PEM: `<name>.pem`, readable by its owner alone, and `<name>.pub.pem`. Overwrites nothing. @throws KeyFileError */
export function writeKeyPair(name: string): {
  readonly privatePath: string;
  readonly publicPath: string;
  readonly fingerprint: string;
} {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const [privatePath, publicPath] = [`${name}.pem`, `${name}.pub.pem`];
  for (const [path, text, mode] of [
    [privatePath, privateKey.export({ type: 'pkcs8', format: 'pem' }), 0o600],
    [publicPath, publicKey.export({ type: 'spki', format: 'pem' }), 0o644],
  ] as const)
    try {
      writeFileSync(path, text, { mode, flag: 'wx' });
    } catch (error) {
      const why =
        (error as NodeJS.ErrnoException).code === 'EEXIST' ? 'exists already' : `cannot be written (${String(error)})`;
      throw new KeyFileError(`${path}: ${why}. Choose another name: a key that signed something must not be lost.`);
    }
  return { privatePath, publicPath, fingerprint: fingerprintOf(publicKey) };
}

/** @throws KeyFileError where it is no Ed25519 key, or others than its owner may read it. */
export function readPrivateKey(path: string): KeyObject {
  const text = readKeyFile(path);
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0)
    throw new KeyFileError(`${path}: others than its owner may read this private key. Run: chmod 600 ${path}`);
  return ed25519(path, 'private', () => createPrivateKey(text));
}

export function readPublicKey(path: string): KeyObject {
  const text = readKeyFile(path);
  if (text.includes('PRIVATE KEY'))
    throw new KeyFileError(
      `${path}: is a private key, which nobody but its owner should have. Give the .pub.pem beside it.`,
    );
  return parsePublicKey(text, path);
}

/** @param source names it in messages. @throws KeyFileError */
export function parsePublicKey(text: string, source: string): KeyObject {
  return ed25519(source, 'public', () => createPublicKey(text));
}

function readKeyFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new KeyFileError(
      `${path}: cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}). Check the path.`,
    );
  }
}

function ed25519(source: string, kind: 'public' | 'private', read: () => KeyObject): KeyObject {
  try {
    const key = read();
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Said below.
  }
  throw new KeyFileError(`${source}: is no Ed25519 ${kind} key in PEM. words-conformance keygen makes a pair.`);
}
