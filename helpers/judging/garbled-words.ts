import type { Evidence } from './check.ts';
import { isPartOf, scriptOf } from './spelling.ts';

interface Garbling {
  /** How the word came to be, in the words of a finding. */
  readonly how: string;
  readonly expected: string;
  /** Where to look. */
  readonly likelyCause: string;
  /** What the word was before, where it was garbled so; undefined otherwise. */
  meantBy(word: string, script: string): string | undefined;
}

/** What Windows-1252 has for the bytes from 0x80 to 0x9F; for those above it is Latin-1. */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const BYTES: ReadonlyMap<string, number> = new Map(
  [...WINDOWS_1252].map((character, index) => [character, 0x80 + index]),
);

const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos));/gi;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Ways in which text on its way to the stream becomes what no voice speaks. */
export const GARBLINGS: readonly Garbling[] = [
  {
    how: 'its UTF-8 was read as Latin-1',
    expected: 'UTF-8 that is read as UTF-8',
    likelyCause: 'UTF-8 is read as Latin-1 before the words are sent: look at where text is decoded.',
    meantBy: decodedAgain,
  },
  {
    how: 'it was escaped for HTML',
    expected: 'text that is escaped for JSON alone',
    likelyCause: 'Words are escaped for HTML before they are sent.',
    meantBy: (word) => (word.search(ENTITY) < 0 ? undefined : word.replace(ENTITY, characterOf)),
  },
  {
    how: 'its UTF-8 was decoded in pieces',
    expected: 'characters that are decoded whole',
    likelyCause: 'UTF-8 is decoded chunk by chunk: use one decoder for the whole stream.',
    meantBy: completed,
  },
];

/** What a word was meant to be, and how it was garbled. */
export interface GarbledWord extends Garbling {
  readonly meant: string;
}

/** Tells a garbled word by the known script: it has what was meant (`Zoë` for `ZoÃ«`), and not the word. */
export function garbledIn(evidence: Evidence, streamId: string): (word: string) => GarbledWord | undefined {
  const script = scriptOf(evidence, streamId);
  if (script === undefined) return () => undefined;
  const inScript = isPartOf(script);
  return (word) => {
    for (const garbling of GARBLINGS) {
      const meant = garbling.meantBy(word, script);
      if (meant !== undefined && inScript(meant) && !inScript(word)) return { ...garbling, meant };
    }
    return undefined;
  };
}

function decodedAgain(word: string): string | undefined {
  if (!/[^\0-\x7f]/.test(word)) return undefined;
  const bytes = Array.from(word, (character) => BYTES.get(character) ?? character.codePointAt(0) ?? 0);
  if (bytes.some((byte) => byte > 0xff)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
  } catch {
    return undefined;
  }
}

/** The part of the script that has other characters where the word has U+FFFD. */
function completed(word: string, script: string): string | undefined {
  if (!word.includes('\uFFFD') || !/\p{L}/u.test(word)) return undefined;
  const parts = word.split(/\uFFFD+/).map((part) => part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
  return new RegExp(parts.join('\\S{1,3}'), 'iu').exec(script)?.[0];
}

function characterOf(entity: string, decimal?: string, hexadecimal?: string, name?: string): string {
  if (name !== undefined) return NAMED[name.toLowerCase()] ?? entity;
  const code = Number.parseInt(decimal ?? hexadecimal ?? '', decimal === undefined ? 16 : 10);
  return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
}
