import { randomInt, randomUUID } from 'node:crypto';

/** An id that names no session, as far as the run can tell. */
export interface UnknownId {
  readonly id: string;
  /** It may name a session, or break a rule of form such as a check digit: a 2xx or 400 for it proves nothing. */
  readonly isGuess: boolean;
}

const CHANGED_CHARACTERS = 12;
/** Fewer possible ids, and one of them might name another session. */
const FEWEST_IDS = 2 ** 20;
/** More digits than sessions are counted with, and still a 32-bit number. */
const LONG_NUMBER = 9;
const KINDS = [
  { pattern: /[0-9]/g, alphabet: '0123456789' },
  { pattern: /[a-z]/g, alphabet: 'abcdefghijklmnopqrstuvwxyz' },
  { pattern: /[A-Z]/g, alphabet: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' },
] as const;
/** Forms that have no check digits; many digits alone may end with one. */
const PLAIN_FORM =
  /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(.*[_-])?(?=[0-9]*[a-f])[0-9a-f]{12,}|[0-9A-HJKMNP-TV-Z]{26})$/i;

/**
 * Ids of no session in the form of one that names a session, for a target may answer 400 to an id of another form. The
 * next one is for where an answer to those before it proves nothing.
 */
export function unknownStreamIds(known: string): readonly UnknownId[] {
  const random = () => imitated(known) ?? lengthened(known) ?? randomUUID();
  const isNumber = /^\d+$/.test(known);
  const isGuess = isNumber || !PLAIN_FORM.test(known);
  if (!isGuess) return [{ id: random(), isGuess }];
  // A number of the same length may name another session: asked last.
  const last = isNumber ? digits(Math.max(2, known.length)) : randomUUID();
  return [random(), random(), last].filter((id) => id !== known).map((id) => ({ id, isGuess }));
}

/** Its last letters and digits become others of their kind; undefined where too few ids have that form. */
function imitated(known: string): string | undefined {
  const characters = [...known];
  const tail = characters
    .map((_, index) => index)
    .filter((index) => kindOf(characters[index] ?? '') !== undefined)
    .slice(-CHANGED_CHARACTERS);
  // What comes before may be a prefix, with letters that the tail never has.
  const text = tail.map((index) => characters[index]).join('');
  const alphabets = tail.map((index) => alphabetOf(characters[index] ?? '', text));
  const possible = alphabets.reduce((product, alphabet) => product * alphabet.length, 1);
  if (possible < FEWEST_IDS) return undefined;
  for (;;) {
    for (const [place, index] of tail.entries()) characters[index] = oneOf(alphabets[place] ?? '');
    const unknown = characters.join('');
    if (unknown !== known) return unknown;
  }
}

/** A short id with more letters or digits at its end, of the kind that stand there; undefined where none do. */
function lengthened(known: string): string | undefined {
  const kind = kindOf(known.slice(-1));
  if (kind === undefined) return undefined;
  const end = new RegExp(`${kind.pattern.source}+$`).exec(known)?.[0] ?? '';
  const before = known.slice(0, known.length - end.length);
  if (kind === KINDS[0]) return before + digits(Math.max(LONG_NUMBER, end.length));
  return before + Array.from({ length: Math.max(CHANGED_CHARACTERS, end.length) }, () => oneOf(kind.alphabet)).join('');
}

/** A number high among those of its length: numbers are given in rising order. */
function digits(length: number): string {
  const rest = Array.from({ length: length - 1 }, () => oneOf(KINDS[0].alphabet));
  return `9${rest.join('')}`;
}

function oneOf(alphabet: string): string {
  return alphabet.charAt(randomInt(alphabet.length));
}

function kindOf(character: string): (typeof KINDS)[number] | undefined {
  return KINDS.find(({ pattern }) => character.search(pattern) === 0);
}

/** The characters of the same kind that occur in the text; of hexadecimal digits all that there are. */
function alphabetOf(character: string, text: string): string {
  const kind = kindOf(character);
  const found = kind === undefined ? '' : [...new Set(text.match(kind.pattern))].join('');
  if (/^[a-f]+$/.test(found)) return 'abcdef';
  return /^[A-F]+$/.test(found) ? 'ABCDEF' : found;
}
