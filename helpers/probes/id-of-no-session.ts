import { randomInt, randomUUID } from 'node:crypto';

const CHANGED_CHARACTERS = 12;
/** Fewer possible ids, and one of them might name another session. */
const FEWEST_IDS = 2 ** 30;
const KINDS: readonly RegExp[] = [/[0-9]/g, /[a-z]/g, /[A-Z]/g];

/**
 * An id of no session in the form of one that names a session, for a target may answer 400 to an id of another form: its
 * last characters become others of their kind that occur in it. A UUID where the known id is too short or too plain for that.
 */
export function idOfNoSession(known: string): string {
  const characters = [...known];
  const alphabets = characters.map((character) => alphabetOf(character, known));
  const changed = characters
    .map((_, index) => index)
    .filter((index) => (alphabets[index]?.length ?? 0) > 1)
    .slice(-CHANGED_CHARACTERS);
  const possible = changed.reduce((product, index) => product * (alphabets[index]?.length ?? 1), 1);
  if (possible < FEWEST_IDS) return randomUUID();
  for (;;) {
    for (const index of changed) {
      const alphabet = alphabets[index] ?? '';
      characters[index] = alphabet.charAt(randomInt(alphabet.length));
    }
    const unknown = characters.join('');
    if (unknown !== known) return unknown;
  }
}

/** The characters of the same kind that occur in the id; none for a character that must stay. */
function alphabetOf(character: string, id: string): string {
  const kind = KINDS.find((pattern) => character.search(pattern) === 0);
  return kind === undefined ? '' : [...new Set(id.match(kind))].join('');
}
