import type { OpenAPIV3_1 } from 'openapi-types';
import type { Need } from '../recording/recording.ts';

export const LEVELS = ['MUST', 'SHOULD', 'NOTE'] as const;
export type Level = (typeof LEVELS)[number];

export const AREAS = [
  'contract',
  'http',
  'framing',
  'ending',
  'schema',
  'batching',
  'ordering',
  'tokens',
  'liveness',
  'replay',
  'snapshot',
  'errors',
  'auth',
  'rate-limit',
] as const;
export type Area = (typeof AREAS)[number];

export type RequirementId = `${Area}.${string}`;

/** Where a requirement rests: a sentence of the contract at its JSON pointer (RFC 6901), or a section of a standard. */
export type Source =
  | { readonly quote: string; readonly pointer: string }
  | { readonly standard: string; readonly section: string; readonly url: string; readonly quote?: string };

/** One row of `openapi/requirements.yaml`. */
export interface Requirement {
  readonly id: RequirementId;
  readonly area: Area;
  readonly level: Level;
  /** A MUST without which no verdict `conformant` is given. */
  readonly core: boolean;
  /** The obligation in one sentence, as a reader sees it in titles. */
  readonly sentence: string;
  readonly sources: readonly [Source, ...Source[]];
  readonly needs: readonly Need[];
  /** Requirements whose breach can hide what this one looks at. */
  readonly masked_by: readonly RequirementId[];
  /** What the check counts, in the plural: `batches with words`. */
  readonly observes: string;
  /** False where it came later than the frozen set that the run is judged by: shown, and no ground of the verdict. */
  readonly scored?: boolean;
  /** What never breaks it, for the reader. */
  readonly conforming?: string;
}

/** Gives no issue where the value is valid. */
export type SchemaValidator = (value: unknown) => readonly SchemaIssue[];

export interface SchemaIssue {
  /** JSON pointer into the value (RFC 6901). */
  readonly pointer: string;
  readonly message: string;
  /** JSON pointer into the contract of the keyword that failed. */
  readonly schemaPointer: string;
}

export interface Gap {
  readonly id: string;
  /** Those that rest on what was assumed. */
  readonly requirements: readonly RequirementId[];
  /** What the contract leaves open. */
  readonly gap: string;
  /** What the suite assumed for it. */
  readonly assumed: string;
}

/** The loaded, validated and compiled contract. */
export interface Contract {
  readonly title: string;
  readonly version: string;
  readonly sha256: string;
  readonly text: string;
  readonly document: OpenAPIV3_1.Document;
  readonly validateWordBatch: SchemaValidator;
  /** Absent where the contract names `WordsEndEvent` and does not define it. */
  readonly validateWordsEnd?: SchemaValidator;
  readonly validateStandardError: SchemaValidator;
  /** The whole error body as this contract declares it for the status (e.g. with a later `required: [error]`). */
  validateErrorBody(status: number, value: unknown): readonly SchemaIssue[];
  /** Member names that the contract gives to batch and word objects: others are undocumented, never wrong. */
  readonly batchMembers: ReadonlySet<string>;
  readonly wordMembers: ReadonlySet<string>;
  /** The contract's example `code` for this status, where it gives one. */
  exampleCode(status: number): string | undefined;
  /** The value at a JSON pointer (RFC 6901); undefined where there is none. */
  at(pointer: string): unknown;
  /** Line (from 1) in the YAML of the value at a pointer. */
  lineOf(pointer: string): number | undefined;
  readonly gaps: readonly Gap[];
}
