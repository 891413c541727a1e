import type { Buffer } from 'node:buffer';
import { joinBytes } from '../recording/join-bytes.ts';
import type { Chunk } from '../recording/recording.ts';

/** The chunks of one body as one array, and when each of its bytes came. */
export interface JoinedBody {
  readonly bytes: Buffer;
  /** Seconds on the run's clock; of the last byte for offsets beyond the end, NaN for a body without bytes. */
  arrivalOf(byteOffset: number): number;
}

export function joinBody(chunks: readonly Chunk[]): JoinedBody {
  const ends = new Float64Array(chunks.length);
  let length = 0;
  for (const [index, chunk] of chunks.entries()) {
    length += chunk.bytes.length;
    ends[index] = length;
  }
  // Most who ask go through the body from its start to its end.
  let latest = 0;
  const arrivalOf = (byteOffset: number): number => {
    if (!holds(ends, latest, byteOffset))
      latest = holds(ends, latest + 1, byteOffset) ? latest + 1 : firstBeyond(ends, byteOffset);
    return chunks[latest]?.at ?? Number.NaN;
  };
  return { bytes: joinBytes(chunks), arrivalOf };
}

function holds(ends: Float64Array, chunk: number, byteOffset: number): boolean {
  return byteOffset < (ends[chunk] ?? 0) && byteOffset >= (chunk === 0 ? 0 : (ends[chunk - 1] ?? 0));
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
