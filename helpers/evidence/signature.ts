import type { KeyObject } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { printable } from '../judging/findings.ts';
import { ArchiveError, type SubmissionFiles } from './archive.ts';
import { type Envelope, fingerprintOf, KeyFileError, openEnvelope, parsePublicKey, STATEMENT_TYPE } from './dsse.ts';
import type { SubmissionFinding } from './findings.ts';
import { type Manifest, parsed, readStatement, toStatement } from './manifest.ts';

export interface Signer {
  /** SHA-256 of the public key as SPKI DER, hexadecimal. */
  readonly fingerprint: string;
  /** The verifying side knows the key. */
  readonly known: boolean;
}

export interface SignatureCheck {
  readonly signer: Signer | null;
  readonly problems: readonly SubmissionFinding[];
  readonly remarks: readonly SubmissionFinding[];
}

const validateEnvelope = new Ajv2020({ strict: true }).compile<Envelope>({
  type: 'object',
  properties: {
    payload: { type: 'string' },
    payloadType: { type: 'string' },
    signatures: {
      type: 'array',
      minItems: 1,
      maxItems: 16,
      items: {
        type: 'object',
        properties: { keyid: { type: 'string' }, sig: { type: 'string' } },
        required: ['keyid', 'sig'],
      },
    },
  },
  required: ['payload', 'payloadType', 'signatures'],
});

/** Whether the envelope signs this very manifest, and whose key it is. @param pinned the key that must have signed. */
export function checkSignature(
  files: SubmissionFiles,
  manifest: Manifest,
  pinned: KeyObject | undefined,
): SignatureCheck {
  const envelopeBytes = files.get('attestation.json');
  const own = files.get('signer.pem');
  if (envelopeBytes === undefined && own === undefined) {
    const finding: SubmissionFinding = { section: 'signature', message: 'It is not signed.' };
    return pinned === undefined
      ? { signer: null, problems: [], remarks: [finding] }
      : { signer: null, problems: [finding], remarks: [] };
  }
  try {
    if (envelopeBytes === undefined || own === undefined)
      throw new ArchiveError(
        `Half of its signature is missing: ${own === undefined ? 'signer.pem' : 'attestation.json'}.`,
      );
    const key = pinned ?? parsePublicKey(own.toString('utf8'), 'signer.pem');
    checkEnvelope(
      parsed(envelopeBytes, 'attestation.json', validateEnvelope),
      key,
      pinned !== undefined,
      files,
      manifest,
    );
    const signer = { fingerprint: fingerprintOf(key), known: pinned !== undefined };
    const unknown: SubmissionFinding = {
      section: 'signature',
      message: `It is signed by an unknown key (${signer.fingerprint}). Give the vendor's with --key to know whose it is.`,
    };
    return { signer, problems: [], remarks: signer.known ? [] : [unknown] };
  } catch (error) {
    if (!(error instanceof ArchiveError || error instanceof KeyFileError)) throw error;
    return { signer: null, problems: [{ section: 'signature', message: error.message }], remarks: [] };
  }
}

/** @throws ArchiveError where it signs something else, or with another key. */
function checkEnvelope(
  envelope: Envelope,
  key: KeyObject,
  pinned: boolean,
  files: SubmissionFiles,
  manifest: Manifest,
): void {
  if (envelope.payloadType !== STATEMENT_TYPE)
    throw new ArchiveError(`Its envelope holds ${printable(envelope.payloadType)}, not ${STATEMENT_TYPE}.`);
  const payload = openEnvelope(envelope, key);
  if (payload === undefined)
    throw new ArchiveError(
      pinned ? 'It is not signed by the key that you gave.' : 'Its signature is not by the key in signer.pem.',
    );
  const expected = JSON.parse(JSON.stringify(toStatement(manifest, files.get('manifest.json') ?? new Uint8Array())));
  if (!isDeepStrictEqual(readStatement(payload), expected))
    throw new ArchiveError('What is signed is another manifest: it was changed after it was signed.');
}
