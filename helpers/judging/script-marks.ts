import { edgesOf } from './glued-punctuation.ts';
import { spelled } from './spelling.ts';

/** What a script tells of marks that a token alone leaves open. */
export interface ScriptMarks {
  /** Full stops that end a sentence for sure. */
  readonly fullStops: number;
  /**
   * Whether a sentence ends with this word before the next one, or with the last word of all where there is none; false where
   * it is an abbreviation somewhere, or may be one and never stands without a full stop. `core`: without its full stop.
   */
  endsSentence(core: string, next: string | undefined, standsBare: boolean): boolean;
  /** Whether a dash divides the words behind this one from it. */
  isBefore(dash: string, core: string): boolean;
  /** Whether two tokens stand side by side, without a space, in a piece that is an address or the like. */
  joins(token: string, next: string): boolean;
}

/** Words that begin sentences, in the languages that write abbreviations before capital letters; none is a name or a noun. */
const OPENERS = new Set(
  `the this that these those there then they he she it we you and but if when where why how my his her our their its after
  before now here however also every all some
  der die das ein eine es wir sie ich er und aber dann diese dieser dieses
  il elle nous vous ils elles ce cette mais puis ces ella ellos pero esto esta gli questo questa poi ma mas ele ela eles
  ale nie tak jest ona oni ali to он она они мы вы но это затем потом`.split(/\s+/u),
);
const CLOSING = /[\p{Pe}\p{Pf}\p{Quotation_Mark}'’]+$/u;
const OPENING = /^[\p{Ps}\p{Pi}\p{Quotation_Mark}'‘¿¡—–-]+/u;

/**
 * With a mark inside that is no mark of a sentence there. Scripts that set no spaces between words go on right behind an
 * address, and are no part of it.
 */
const ADDRESS =
  /(?:[!-~]|(?!\p{sc=Han}|\p{sc=Hiragana}|\p{sc=Katakana}|\p{sc=Thai}|\p{sc=Lao}|\p{sc=Khmer}|\p{sc=Myanmar})[\p{L}\p{N}\p{M}])+/gu;
const MARK_INSIDE = /[\p{L}\p{N}](?:[:?!]|:\/\/)[!-~]*[\p{L}\p{N}]/u;

export function scriptMarks(script: string): ScriptMarks {
  /** The words before which a sentence ends for sure; none stands for the end of all. */
  const ends = new Map<string, Set<string>>();
  const goesOn = new Set<string>();
  const mayGoOn = new Set<string>();
  const dashes = new Set<string>();
  const addresses = (script.match(ADDRESS) ?? [])
    .filter((run) => MARK_INSIDE.test(run))
    .map((run) => run.toLowerCase());
  let fullStops = 0;
  const paragraphs = script
    .split(/[\n\r\u2028\u2029]+/u)
    .map(piecesOf)
    .filter((pieces) => pieces.length > 0);
  const bare = new Set(paragraphs.flat().map(wordOf));
  for (const [place, pieces] of paragraphs.entries()) {
    const following = paragraphs[place + 1]?.[0];
    for (const [index, piece] of pieces.entries()) {
      addDash(dashes, piece, pieces[index + 1]);
      const next = pieces.slice(index + 1, index + 3).find((one) => /[\p{L}\p{N}]/u.test(one)) ?? pieces[index + 1];
      const edges = edgesOf(piece.replace(CLOSING, ''));
      if (edges.kind !== 'period') continue;
      const core = edges.core.replace(OPENING, '');
      const word = core.toLowerCase();
      if (next !== undefined && !beginsSentence(next)) goesOn.add(word);
      else if (next === undefined || (isOpener(next) && /\p{L}/u.test(core)) || isNoAbbreviation(core, bare)) {
        ends.set(word, (ends.get(word) ?? new Set()).add(spelled(next ?? following ?? '')));
        fullStops += 1;
      } else mayGoOn.add(word);
    }
  }
  return {
    fullStops,
    endsSentence(core, next, standsBare) {
      const word = core.replace(OPENING, '').toLowerCase();
      const followers = ends.get(word);
      if (followers === undefined || goesOn.has(word)) return false;
      if (!mayGoOn.has(word)) return true;
      const beginning = spelled(next ?? '');
      // A token may be a part of its word.
      const endsThere = [...followers].some((one) => one.startsWith(beginning) && (beginning !== '' || one === ''));
      return standsBare && endsThere;
    },
    joins(token, next) {
      const [half, other] = [token.toLowerCase(), next.toLowerCase()];
      // Its figures may be spoken.
      const isBeforeFigure = (address: string) => /^\+?\p{N}/u.test(address.slice(address.indexOf(half) + half.length));
      return addresses.some(
        (address) =>
          address.includes(half) && next !== '' && (address.includes(half + other) || isBeforeFigure(address)),
      );
    },
    isBefore: (dash, core) => dashes.has(`${core.replace(OPENING, '').toLowerCase()}${dash}`),
  };
}

function piecesOf(text: string): readonly string[] {
  return text.split(/[\s\p{White_Space}]+/u).filter((piece) => piece !== '');
}

function wordOf(piece: string): string {
  return piece.replace(OPENING, '').replace(/[\p{Pe}\p{Pf}\p{Quotation_Mark}'’,;:!?…]+$/u, '');
}

function beginsSentence(piece: string): boolean {
  return /^[^\p{L}\p{N}]*[\p{Lu}\p{Lt}\p{Lo}]/u.test(piece);
}

function isOpener(piece: string): boolean {
  const [word = ''] = wordOf(piece).toLowerCase().split(/['’]/u);
  return OPENERS.has(word);
}

/**
 * It stands without a full stop elsewhere, or is a word with digits, such as `5pm`. A number alone may be an ordinal, and a
 * word of two letters a unit that is spelt as a word is (`in.`).
 */
function isNoAbbreviation(core: string, bare: ReadonlySet<string>): boolean {
  return /\p{L}/u.test(core) && ((core.length > 2 && bare.has(core)) || /\p{N}/u.test(core));
}

/** `wait-- she`, `wait--she`, `wait -- she`, `wait – she`: an en dash without spaces may be that of a range. */
function addDash(dashes: Set<string>, piece: string, next: string | undefined): void {
  const [, glued, mark] = /^(.*?\p{L})(--|–$)/u.exec(piece) ?? [];
  if (glued !== undefined) dashes.add(`${glued.replace(OPENING, '').toLowerCase()}${mark}`);
  else if (next === '--' || next === '–') dashes.add(`${wordOf(piece).toLowerCase()}${next}`);
}
