import type { Buffer } from 'node:buffer';
import type { LineIssue, LineIssueKind } from './transcript.ts';

const FIELD_NAMES = new Set(['data', 'event', 'id', 'retry']);
/** A frame in quotes: Python's `b'data: …'`, or a frame that was written as a JSON string. */
const QUOTED_NAME = /^b?["'](?:data|event|id|retry)$/i;
const INITIALS = new Set(Array.from([...FIELD_NAMES, 'b'], (name) => name.charCodeAt(0)));
const KEPT_PER_KIND = 50;
/** An event that lost content to such a line is not judged by what is left of it: beyond the others, one a block is kept. */
const HIDING: ReadonlySet<LineIssueKind> = new Set(['disguised-field', 'bare-json']);
const KEPT_OF_BLOCKS = 20_000;
const SHOWN_OF_FIELD = 40;

/** Keeps the first issues of each kind, and the first of each block that hides content; counts them all. */
export class LineIssueLog {
  readonly kept: LineIssue[] = [];
  count = 0;
  readonly #perKind = new Map<LineIssueKind, number>();
  #hidingBlock = -1;
  #hidingBlocks = 0;

  /** @param block where the block of the line begins */
  add(bytes: Buffer, kind: LineIssueKind, start: number, end: number, block: number): void {
    this.count++;
    const seen = (this.#perKind.get(kind) ?? 0) + 1;
    this.#perKind.set(kind, seen);
    const isFirstOfBlock = HIDING.has(kind) && block !== this.#hidingBlock;
    if (isFirstOfBlock) {
      this.#hidingBlock = block;
      this.#hidingBlocks++;
    }
    if (seen > KEPT_PER_KIND && !(isFirstOfBlock && this.#hidingBlocks <= KEPT_OF_BLOCKS)) return;
    this.kept.push({
      kind,
      byteOffset: start,
      byteLength: end - start,
      field: shortened(fieldName(bytes, start, end)),
    });
  }
}

/** What is wrong with a line whose field name no client knows. */
export function classifyUnknownLine(bytes: Buffer, start: number, end: number): LineIssueKind {
  if (isPlainLetter(bytes[start] ?? 0)) return 'unknown-field';
  const name = fieldName(bytes, start, end);
  // NULs: UTF-16 read as UTF-8 has one beside every letter.
  const bare = name.replaceAll('\0', '').trim();
  if (FIELD_NAMES.has(bare.toLowerCase()) || QUOTED_NAME.test(bare)) return 'disguised-field';
  return LINE_OF_JSON.test(bytes.toString('utf8', start, Math.min(end, start + LONGEST_NAME)))
    ? 'bare-json'
    : 'unknown-field';
}

/** A line that JSON text can begin with, or be broken at: `[keepalive]` is none. */
const LINE_OF_JSON =
  /^\s*(?:\{\s*(?:["}]|$)|\[\s*(?:["{[\]\d-]|(?:true|false|null)\b|$)|"(?:[^"\\]|\\.)*"\s*(?:[:,]|$)|[\]}][\]},\s]*$)/;

/** A lower- or upper-case letter that begins no known name in any case: most junk is told by it alone. */
function isPlainLetter(byte: number): boolean {
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x7a && !INITIALS.has(letter);
}

/** Longer names are cut: no known name, however padded, is that long. */
const LONGEST_NAME = 200;

function fieldName(bytes: Buffer, start: number, end: number): string {
  const limit = Math.min(end, start + LONGEST_NAME);
  const colon = bytes.subarray(start, limit).indexOf(0x3a);
  return bytes.toString('utf8', start, colon === -1 ? limit : start + colon);
}

function shortened(name: string): string {
  return name.length > SHOWN_OF_FIELD ? `${name.slice(0, SHOWN_OF_FIELD)}…` : name;
}
