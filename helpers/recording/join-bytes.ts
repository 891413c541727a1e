import { Buffer } from 'node:buffer';
import type { Chunk } from './recording.ts';

/** The bytes of all chunks. Chunks that lie side by side in one buffer, as those of a body read from a file do, need no copy. */
export function joinBytes(chunks: readonly Chunk[]): Buffer {
  const length = chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const first = chunks.find((chunk) => chunk.bytes.length > 0)?.bytes;
  if (!first) return Buffer.alloc(0);
  if (areAdjacent(chunks, first)) return Buffer.from(first.buffer, first.byteOffset, length);
  const bytes = Buffer.allocUnsafeSlow(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk.bytes, offset);
    offset += chunk.bytes.length;
  }
  return bytes;
}

function areAdjacent(chunks: readonly Chunk[], first: Uint8Array): boolean {
  let next = first.byteOffset;
  for (const { bytes } of chunks) {
    if (bytes.length === 0) continue;
    if (bytes.buffer !== first.buffer || bytes.byteOffset !== next) return false;
    next += bytes.length;
  }
  return true;
}
