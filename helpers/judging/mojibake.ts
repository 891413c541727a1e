import type { Evidence } from './check.ts';
import { isPartOf, scriptOf } from './spelling.ts';

/** What Windows-1252 has for the bytes from 0x80 to 0x9F; for those above it is Latin-1. */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const BYTES: ReadonlyMap<string, number> = new Map(
  [...WINDOWS_1252].map((character, index) => [character, 0x80 + index]),
);

/** What was expected, where a text was read as Latin-1. */
export const NOT_LATIN_1 = 'UTF-8 that is read as UTF-8';

/**
 * Of a word: what it was before its UTF-8 was read as Latin-1 or Windows-1252 (`Zoë` for `ZoÃ«`), where the known script
 * has that and not the word; undefined otherwise.
 */
export function mojibakeIn(evidence: Evidence, streamId: string): (word: string) => string | undefined {
  const script = scriptOf(evidence, streamId);
  if (script === undefined) return () => undefined;
  const inScript = isPartOf(script);
  return (word) => {
    const meant = /[^\0-\x7f]/.test(word) ? decodedAgain(word) : undefined;
    return meant !== undefined && inScript(meant) && !inScript(word) ? meant : undefined;
  };
}

function decodedAgain(word: string): string | undefined {
  const bytes = Array.from(word, (character) => BYTES.get(character) ?? character.codePointAt(0) ?? 0);
  if (bytes.some((byte) => byte > 0xff)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
  } catch {
    return undefined;
  }
}
