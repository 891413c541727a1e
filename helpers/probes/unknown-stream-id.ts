import { randomInt, randomUUID } from 'node:crypto';

const CHANGED_CHARACTERS = 12;
/** Fewer possible ids, and one of them might name another session. */
const FEWEST_IDS = 2 ** 20;
const KINDS: readonly RegExp[] = [/[0-9]/g, /[a-z]/g, /[A-Z]/g];

/**
 * An id of no session in the form of one that names a session, for a target may answer 400 to an id of another form: its
 * last letters and digits become others of their kind. A UUID where the known id is too short or too plain for that.
 */
export function idOfNoSession(known: string): string {
  const characters = [...known];
  const tail = characters
    .map((_, index) => index)
    .filter((index) => kindOf(characters[index] ?? '') !== undefined)
    .slice(-CHANGED_CHARACTERS);
  // What comes before may be a prefix, with letters that the tail never has.
  const text = tail.map((index) => characters[index]).join('');
  const alphabets = tail.map((index) => alphabetOf(characters[index] ?? '', text));
  const possible = alphabets.reduce((product, alphabet) => product * alphabet.length, 1);
  if (possible < FEWEST_IDS) return randomUUID();
  for (;;) {
    for (const [place, index] of tail.entries()) {
      const alphabet = alphabets[place] ?? '';
      characters[index] = alphabet.charAt(randomInt(alphabet.length));
    }
    const unknown = characters.join('');
    if (unknown !== known) return unknown;
  }
}

function kindOf(character: string): RegExp | undefined {
  return KINDS.find((kind) => character.search(kind) === 0);
}

/** The characters of the same kind that occur in the text; of hexadecimal digits all that there are. */
function alphabetOf(character: string, text: string): string {
  const kind = kindOf(character);
  const found = kind === undefined ? '' : [...new Set(text.match(kind))].join('');
  if (/^[a-f]+$/.test(found)) return 'abcdef';
  return /^[A-F]+$/.test(found) ? 'ABCDEF' : found;
}
