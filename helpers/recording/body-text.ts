import { isUtf8 } from 'node:buffer';

const SAMPLED_BYTES = 4096;

/** Whether JSON holds the bytes as text without loss and without many times their size: control characters take six bytes each. */
export function isWritableAsText(bytes: Uint8Array): boolean {
  if (!isUtf8(bytes)) return false;
  const step = Math.max(1, Math.floor(bytes.length / SAMPLED_BYTES));
  let sampled = 0;
  let controls = 0;
  for (let index = 0; index < bytes.length; index += step) {
    const byte = bytes[index] ?? 0;
    sampled++;
    if (byte < 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) controls++;
  }
  return controls * 8 <= sampled;
}
