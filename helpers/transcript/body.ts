import { Buffer } from 'node:buffer';
import type { Chunk } from '../recording/recording.ts';

/** The chunks of one body as one array, and when each of its bytes came. */
export interface Body {
  readonly bytes: Buffer;
  /** Seconds on the run's clock; of the last byte for offsets beyond the end, NaN for a body without bytes. */
  arrivalOf(byteOffset: number): number;
}

export function joinBody(chunks: readonly Chunk[]): Body {
  const ends = new Float64Array(chunks.length);
  let length = 0;
  chunks.forEach((chunk, index) => {
    length += chunk.bytes.length;
    ends[index] = length;
  });
  return {
    bytes: joinBytes(
      chunks.map((chunk) => chunk.bytes),
      length,
    ),
    arrivalOf: (byteOffset) => chunks[firstBeyond(ends, byteOffset)]?.at ?? Number.NaN,
  };
}

function joinBytes(parts: readonly Uint8Array[], length: number): Buffer {
  const filled = parts.filter((part) => part.length > 0);
  const [first] = filled;
  if (!first) return Buffer.alloc(0);
  // Neighbours in one buffer (a body read from a file and cut by its chunk lengths) need no second copy.
  let next = first.byteOffset;
  for (const part of filled) {
    if (part.buffer !== first.buffer || part.byteOffset !== next) return Buffer.concat(filled, length);
    next += part.length;
  }
  return Buffer.from(first.buffer, first.byteOffset, length);
}

/** Index of the first chunk that ends beyond the offset, or of the last chunk. */
function firstBeyond(ends: Float64Array, byteOffset: number): number {
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ends[middle] ?? 0) > byteOffset) high = middle;
    else low = middle + 1;
  }
  return low;
}
