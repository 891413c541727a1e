import { Buffer } from 'node:buffer';
import type { Transcript } from './transcript.ts';

/** The objects of `{"words":[{` stand this deep. */
const WORD_DEPTH = 3;
/** A longer event is not searched: it is hostile. */
const LONGEST_EVENT = 2 ** 16;

/** Where a word stands among the bytes of its event; undefined where that cannot be told for certain. */
export function bytesOfWord(
  { bytes, events, words }: Transcript,
  word: number,
): { readonly byteOffset: number; readonly byteLength: number } | undefined {
  const event = events[words.event[word] ?? -1];
  if (event === undefined || event.byteLength > LONGEST_EVENT) return undefined;
  const start = bytes.indexOf(0x7b, event.byteOffset);
  // One character a byte.
  const text = Buffer.from(bytes.subarray(start, event.byteOffset + event.byteLength)).toString('latin1');
  let left = word - event.firstWord;
  let depth = 0;
  let from = -1;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if ('[{'.includes(token)) {
      depth++;
      if (depth === WORD_DEPTH && left-- === 0) from = index;
    } else if (']}'.includes(token)) {
      if (depth === WORD_DEPTH && from >= 0) {
        const found = Buffer.from(text.slice(from, index + 1), 'latin1');
        const isIt = found.includes(JSON.stringify(words.text[word]));
        return isIt ? { byteOffset: start + from, byteLength: found.length } : undefined;
      }
      depth--;
    }
  }
  return undefined;
}
