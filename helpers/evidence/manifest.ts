import { Buffer } from 'node:buffer';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { printable } from '../judging/findings.ts';
import type { Product, RecordedSettings } from '../recording/recording.ts';
import resultsSchema from '../results/results.schema.json' with { type: 'json' };
import type { Results } from '../results/results.ts';
import { ArchiveError, type SubmissionFile, type SubmissionFiles } from './archive.ts';
import manifestSchema from './manifest.schema.json' with { type: 'json' };
import statementSchema from './statement.schema.json' with { type: 'json' };
import { sha256 } from './suite-digest.ts';

const SUBMISSION_FORMAT = 'words-conformance-submission/1';
/** Of the in-toto predicate, `statement.schema.json`. */
const PREDICATE_TYPE = 'urn:words-conformance:certification:v1';

/** What a submission says of the run that it is the evidence of. Also the predicate that is signed. */
export interface Claim {
  /** As the vendor gives it. */
  readonly product: Required<Pick<Product, 'name' | 'version'>>;
  readonly verdict: Results['verdict'];
  /** Packed although the run proves nothing: why. Empty for a submission proper. */
  readonly draft: readonly string[];
  readonly suite: { readonly name: string; readonly version: string; readonly sha256: string };
  readonly contract: Results['contract'];
  /** `current`, or the name of a frozen set; `sha256`: of requirements.yaml. */
  readonly requirements: { readonly name: string; readonly sha256: string };
  readonly target: Results['target'];
  /** ISO 8601, UTC. */
  readonly recordedAt: string;
  /** ISO 8601 date on which waivers had to hold. */
  readonly judgedOn: string;
  readonly settings: RecordedSettings;
}

/** `manifest.json`, described by `manifest.schema.json`. */
export interface Manifest extends Claim {
  readonly format: typeof SUBMISSION_FORMAT;
  readonly files: Readonly<Partial<Record<SubmissionFile, { readonly sha256: string; readonly bytes: number }>>>;
}

/** Not listed in the manifest: they vouch for it. */
export const BESIDE_MANIFEST: readonly SubmissionFile[] = ['manifest.json', 'attestation.json', 'signer.pem'];

/** in-toto Statement v1, https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
export interface InTotoStatement {
  readonly _type: 'https://in-toto.io/Statement/v1';
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly predicateType: typeof PREDICATE_TYPE;
  readonly predicate: Claim;
}

export function toManifest(claim: Claim, files: SubmissionFiles): Manifest {
  const listed = [...files].filter(([name]) => !BESIDE_MANIFEST.includes(name));
  return {
    format: SUBMISSION_FORMAT,
    ...claim,
    files: Object.fromEntries(listed.map(([name, bytes]) => [name, { sha256: sha256(bytes), bytes: bytes.length }])),
  };
}

/** The subjects are the manifest and every file that it lists, by their digests. */
export function toStatement(manifest: Manifest, manifestBytes: Uint8Array): InTotoStatement {
  const { format: _, files, ...predicate } = manifest;
  const digests = Object.entries(files).map(([name, file]) => [name, file.sha256] as const);
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [['manifest.json', sha256(manifestBytes)] as const, ...digests].map(([name, digest]) => ({
      name,
      digest: { sha256: digest },
    })),
    predicateType: PREDICATE_TYPE,
    predicate,
  };
}

export function toJson(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}

const ajv = new Ajv2020({ strict: true }).addSchema([resultsSchema, manifestSchema, statementSchema]);

function validatorOf<Value>(schema: string): ValidateFunction<Value> {
  const validate = ajv.getSchema<Value>(schema);
  if (validate === undefined) throw new Error(`no schema ${schema}`);
  return validate as ValidateFunction<Value>;
}

export function readResults(bytes: Uint8Array, name: string): Results {
  return parsed(bytes, name, validatorOf<Results>('results.schema.json'));
}

/** @throws ArchiveError where it is no manifest: then nothing can be said about the submission. */
export function readManifest(files: SubmissionFiles): Manifest {
  const bytes = files.get('manifest.json');
  if (bytes === undefined) throw new ArchiveError('It holds no manifest.json.');
  return parsed(bytes, 'manifest.json', validatorOf<Manifest>('manifest.schema.json'));
}

/** @throws ArchiveError where it is no statement of this predicate type. */
export function readStatement(payload: Uint8Array): InTotoStatement {
  return parsed(payload, 'The signed payload', validatorOf<InTotoStatement>('statement.schema.json'));
}

/** JSON that a schema holds for. @throws ArchiveError */
export function parsed<Value>(bytes: Uint8Array, name: string, validate: ValidateFunction<Value>): Value {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new ArchiveError(
      `${name} is no JSON: ${printable(error instanceof Error ? error.message : String(error)).slice(0, 120)}.`,
    );
  }
  if (validate(value)) return value;
  const [issue] = validate.errors ?? [];
  throw new ArchiveError(
    `${name} is wrong at ${printable(issue?.instancePath || '/')}: ${issue?.message ?? 'not as its schema says'}.`,
  );
}
