import { type Buffer, isUtf8 } from 'node:buffer';

/**
 * Offset of the first byte that begins no well-formed UTF-8 sequence (RFC 3629 §4), or null.
 * `cut`: a sequence that the end of the bytes broke off is no fault.
 */
export function firstInvalidUtf8(bytes: Buffer, cut: boolean): number | null {
  if (isUtf8(bytes)) return null;
  let offset = 0;
  while (offset < bytes.length) {
    const length = sequenceLength(bytes, offset);
    if (length === 0) return offset;
    if (offset + length > bytes.length) return cut ? null : offset;
    offset += length;
  }
  return null;
}

/** Length that the sequence at the offset has or, broken off by the end of the bytes, was going to have; 0 if ill-formed. */
function sequenceLength(bytes: Buffer, offset: number): number {
  const lead = bytes[offset] ?? 0;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  // Over-long forms, surrogates and code points beyond U+10FFFF show in the second byte.
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  for (let index = 1; index < length; index++) {
    const byte = bytes[offset + index];
    if (byte === undefined) break;
    if (byte < (index === 1 ? low : 0x80) || byte > (index === 1 ? high : 0xbf)) return 0;
  }
  return length;
}
