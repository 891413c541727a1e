import { Buffer } from 'node:buffer';
import { printable } from '../judging/findings.ts';
import type { Exchange } from '../recording/recording.ts';
import type { ByteExcerpt } from './results.ts';

const CONTEXT_BYTES = 40;
/** What breaks the rule is shown whole up to so many bytes, and what lies around it beside them. */
const LONGEST_BYTES = 400;
/** Stands for the bytes that are left out. */
const OMISSION = ' … ';

/**
 * The bytes of a decoded body from a little before `byteOffset` to a little after its `byteLength` bytes; of many the two
 * ends. Undefined where the body has no byte there.
 */
export function excerptOf(exchange: Exchange, byteOffset: number, byteLength = 1): ByteExcerpt | undefined {
  const total = exchange.chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const from = Math.max(0, Math.min(byteOffset - CONTEXT_BYTES, total));
  const to = Math.min(total, byteOffset + Math.max(1, byteLength) + CONTEXT_BYTES);
  if (to <= from) return undefined;
  if (to - from <= LONGEST_BYTES + 2 * CONTEXT_BYTES) {
    const bytes = sliceOf(exchange, from, to);
    return { byteOffset: from, text: escaped(bytes), hex: spacedHex(bytes), omitted: 0 };
  }
  const head = sliceOf(exchange, from, from + LONGEST_BYTES / 2);
  const tail = sliceOf(exchange, to - LONGEST_BYTES / 2, to);
  return {
    byteOffset: from,
    text: escaped(head) + OMISSION + escaped(tail),
    hex: spacedHex(head) + OMISSION + spacedHex(tail),
    omitted: to - from - LONGEST_BYTES,
  };
}

function sliceOf(exchange: Exchange, from: number, to: number): Buffer {
  const pieces: Uint8Array[] = [];
  let offset = 0;
  for (const { bytes } of exchange.chunks) {
    if (offset >= to) break;
    if (offset + bytes.length > from)
      pieces.push(bytes.subarray(Math.max(0, from - offset), Math.min(bytes.length, to - offset)));
    offset += bytes.length;
  }
  return Buffer.concat(pieces);
}

function spacedHex(bytes: Buffer): string {
  return bytes.toString('hex').replace(/..(?=.)/g, '$& ');
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** UTF-8 as text; bytes that are none as `\xHH`, characters that do not print as escapes. */
function escaped(bytes: Buffer): string {
  let text = '';
  for (let index = 0; index < bytes.length; ) {
    const length = sequenceLength(bytes, index);
    if (length === 0) {
      text += `\\x${(bytes[index] ?? 0).toString(16).padStart(2, '0')}`;
      index += 1;
    } else {
      const character = bytes.toString('utf8', index, index + length);
      text += SHORT_ESCAPES[character] ?? printable(character);
      index += length;
    }
  }
  return text;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes of the well-formed UTF-8 sequence that starts here; zero where none does. */
function sequenceLength(bytes: Buffer, index: number): number {
  const lead = bytes[index] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  try {
    strict.decode(bytes.subarray(index, index + length));
    return length;
  } catch {
    return 0;
  }
}
