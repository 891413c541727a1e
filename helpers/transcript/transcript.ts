import type { SchemaIssue } from '../contract/types.ts';
import type { Exchange } from '../recording/recording.ts';

/** A defect of one line, or of the block it ends, that a client would pass over in silence (WHATWG HTML §9.2.6). */
export type LineIssueKind =
  /** A known field name but for case, surrounding space or a quotation mark: `Data:`, ` data:`, `b'data:`. */
  | 'disguised-field'
  /** JSON with no field name in front. */
  | 'bare-json'
  | 'unknown-field'
  | 'bad-retry'
  | 'nul-in-id';

export interface LineIssue {
  readonly kind: LineIssueKind;
  readonly byteOffset: number;
  readonly byteLength: number;
  /** Field name as received, shortened. */
  readonly field: string;
}

export interface JsonFault {
  readonly message: string;
  /** Offset of the fault in the event's data, in UTF-16 units, where the parser tells it. */
  readonly position?: number;
}

/**
 * One event block of the stream, whether or not a client would see it.
 * `type`: what a client would dispatch it as: the `event` field, or `message`.
 */
export interface StreamEvent {
  readonly index: number;
  readonly type: string;
  readonly kind: 'batch' | 'end' | 'other';
  /** `unterminated`: the body ended before the blank line. `no-data`: a type but no data line. A client drops both. */
  readonly dispatch: 'dispatched' | 'unterminated' | 'no-data';
  /** First byte of its first line. */
  readonly byteOffset: number;
  /** Up to and including its blank line. */
  readonly byteLength: number;
  /** Arrival of its last byte: seconds on the run's clock. */
  readonly at: number;
  /** As a client has it at this event, ids of earlier blocks included; absent where empty. */
  readonly lastEventId?: string;
  readonly json: JsonFault | null;
  readonly schemaIssues: readonly SchemaIssue[];
  /** Index into `words` of its first word, and how many it holds. */
  readonly firstWord: number;
  readonly wordCount: number;
  /** Paths of members that the contract does not name, e.g. `words/*\/confidence`, with counts. */
  readonly undocumented: Readonly<Record<string, number>>;
  /** Member names that stand twice in one object. */
  readonly duplicateMembers: readonly string[];
  /** Parsed data of events that are not a valid batch (end, other, faulty): for messages and for ending.payload. */
  readonly payload?: unknown;
}

/** The words of one subscription, in order, column by column: a one-hour session stays small. */
export interface WordTable {
  readonly length: number;
  /** A `word` that is no string stands here as its JSON text. */
  readonly text: readonly string[];
  /** Seconds of audio; NaN where the member is no finite number. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Index into `events`. */
  readonly event: Int32Array;
}

/** One exchange's body, read as an event stream. */
export interface Transcript {
  readonly exchange: Exchange;
  /** The whole body, decoded, as one array. */
  readonly bytes: Uint8Array;
  readonly events: readonly StreamEvent[];
  readonly words: WordTable;
  /** Offset of the first byte that is not valid UTF-8. */
  readonly invalidUtf8At: number | null;
  /** Offsets of byte order marks that do not stand at the start of the body. */
  readonly strayByteOrderMarks: readonly number[];
  readonly lineIssues: readonly LineIssue[];
  /** More issues than `lineIssues` keeps. */
  readonly lineIssueCount: number;
  /** Arrival of the byte at this offset: seconds on the run's clock. */
  arrivalOf(byteOffset: number): number;
}
