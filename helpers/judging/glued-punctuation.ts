import { isExclaimedName, isListedAbbreviation } from './abbreviations.ts';

/**
 * What stands at the edges of one token that has letters or digits.
 * `clean`: nothing that is sentence punctuation. `glued`: `mark` is, whatever stands around the token.
 * `number`: a comma, colon or period after a digit, which may be half a number.
 * `fraction`: a comma before a digit, which may be the other half of one.
 * `scheme`: a colon after a word, which may begin an address (`https:` and `//`).
 * `name`: an exclamation mark after a capital word, which may be a name such as Yahoo!.
 * `period`: one period after a word, which may be an abbreviation or an ordinal; `core` is the word; `weight` says how little
 * it looks like one: 0 where only a script can tell, up to 2.
 * `dash`: `--` or an en dash after a word, which may be half a range.
 */
export type Edges =
  | { readonly kind: 'clean' }
  | { readonly kind: 'glued'; readonly mark: string; readonly side: 'before' | 'after' }
  | { readonly kind: 'number'; readonly mark: string }
  | { readonly kind: 'fraction'; readonly mark: string }
  | { readonly kind: 'scheme'; readonly mark: string }
  | { readonly kind: 'name'; readonly mark: string }
  | { readonly kind: 'dash'; readonly core: string; readonly mark: string }
  | { readonly kind: 'period'; readonly core: string; readonly weight: 0 | 1 | 2 };

const CLEAN: Edges = { kind: 'clean' };

const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/** Whether a token holds a letter or a digit: most begin with one of ASCII. */
export function isSpoken(token: string): boolean {
  return isAsciiAlphanumeric(token.charCodeAt(0)) || LETTER_OR_DIGIT.test(token);
}

export function isAsciiAlphanumeric(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || (unit >= 48 && unit <= 57);
}

const WORD_CHARACTER = /[\p{L}\p{N}\p{S}]/u;
/** They belong to words at either edge: `the boys'`, `'cause`. A single quotation mark cannot be told from them. */
const APOSTROPHE = /['’‘‛＇`´׳״]/u;
/** Brackets and quotation marks. */
const ENCLOSING = /[\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{Quotation_Mark}]/u;
const TERMINAL = /[\p{Terminal_Punctuation}\p{Sentence_Terminal}]/u;
/** The ellipses, the dashes that end a clause, the inverted marks: sentence punctuation that Unicode does not call terminal. */
const PAUSE = /[…‥︙︰—―﹘︱¿¡⸘]/u;
/** They divide words as a space does, or stand for an abbreviation: after each word of some scripts. */
const WORD_DIVIDER = /[፡᛫᛬᛭․]/u;
/** Before a word they are part of it, or of an emoticon: `.NET`, `:D`, `;P`, `!Kung`. */
const PREFIX = /[.:;!?]/u;
/** They divide the digits of a number: `1,000`, `3,5`. */
const NUMBER_COMMA = /[,٫٬]/u;
const PERIOD = '.';

/** Whether a mark ends or divides sentences, so that a stream of spoken sentences has it. */
export function isSentenceMark(mark: string): boolean {
  return TERMINAL.test(mark) || PAUSE.test(mark);
}

export function isPunctuationToken(token: string): boolean {
  return /\p{P}/u.test(token) && !LETTER_OR_DIGIT.test(token);
}

export function edgesOf(token: string): Edges {
  const text = token.trim();
  if (!LETTER_OR_DIGIT.test(text) || CONTROL.test(text)) return CLEAN;
  const characters = [...withoutMiddle(text)];
  return before(characters) ?? after(characters) ?? CLEAN;
}

/** A word with control characters is odd, whatever stands at its edges. */
const CONTROL = /\p{Cc}/u;
const LONGEST_EDGE = 200;

/** Only edges are judged, and a hostile token can be as long as a body. */
function withoutMiddle(text: string): string {
  return text.length <= 2 * LONGEST_EDGE ? text : `${text.slice(0, LONGEST_EDGE)}x${text.slice(-LONGEST_EDGE)}`;
}

function before(characters: readonly string[]): Edges | undefined {
  let periods = 0;
  for (let index = 0; index < characters.length; index += 1) {
    const mark = characters[index] ?? '';
    if (WORD_CHARACTER.test(mark)) return undefined;
    if (APOSTROPHE.test(mark) || WORD_DIVIDER.test(mark)) continue;
    if (index === 0 && NUMBER_COMMA.test(mark) && /\p{N}/u.test(characters[1] ?? '')) return { kind: 'fraction', mark };
    if (mark === PERIOD) {
      periods += 1;
      if (periods === 3) return { kind: 'glued', mark: '...', side: 'before' };
    } else if (PAUSE.test(mark) || (TERMINAL.test(mark) && !PREFIX.test(mark)))
      return { kind: 'glued', mark, side: 'before' };
    else if (ENCLOSING.test(mark)) {
      if (opensInside(characters, index) || isAnnotation(characters)) return undefined;
      return { kind: 'glued', mark, side: 'before' };
    }
  }
  return undefined;
}

const DASHED = /^(.*\p{L}{2,})(--|–)$/su;

function after(characters: readonly string[]): Edges | undefined {
  const [, word, dash] = DASHED.exec(characters.join('')) ?? [];
  if (word !== undefined && dash !== undefined) return { kind: 'dash', core: word, mark: dash };
  let periods = 0;
  let contained = characters.length;
  for (let index = characters.length - 1; index >= 0; index -= 1) {
    const mark = characters[index] ?? '';
    if (WORD_CHARACTER.test(mark)) {
      contained = index;
      break;
    }
    if (APOSTROPHE.test(mark) || WORD_DIVIDER.test(mark) || isMeasure(characters, index)) continue;
    if (mark === PERIOD) periods += 1;
    else if (PAUSE.test(mark)) return { kind: 'glued', mark, side: 'after' };
    else if (TERMINAL.test(mark)) return terminalAfter(characters, index);
    else if (ENCLOSING.test(mark)) {
      if (closesInside(characters, index) || isAnnotation(characters)) return undefined;
      return { kind: 'glued', mark, side: 'after' };
    } else if (periods > 0 && !/[\p{M}\p{Cf}]/u.test(mark)) return { kind: 'glued', mark: PERIOD, side: 'after' };
  }
  if (periods === 0) return undefined;
  if (periods > 1) return { kind: 'glued', mark: PERIOD.repeat(periods), side: 'after' };
  return periodAfter(characters.slice(0, contained + 1).join(''));
}

/** Whether it may begin an address that goes on without a slash; only a script tells whether it does. */
export function beginsAddress(token: string): boolean {
  return /^(?:mailto|tel|sips?|sms|localhost):$/i.test(token.trim());
}

const CAPITAL_WORD = /^\p{Lu}[\p{L}\p{M}\p{N}]+$/u;

function terminalAfter(characters: readonly string[], index: number): Edges | undefined {
  const mark = characters[index] ?? '';
  // Half of an address: `https://`, `C:\\`.
  if (mark === ':' && /^[/\\]+$/.test(characters.slice(index + 1).join(''))) return undefined;
  // `:smile:` names an emoji.
  if (mark === ':' && characters[0] === ':') return undefined;
  if ((mark === ',' || mark === ':') && /\p{Nd}/u.test(characters[index - 1] ?? '')) return { kind: 'number', mark };
  const word = characters.slice(0, index).join('');
  if (mark === ':' && /^[A-Za-z]+$/.test(word)) return { kind: 'scheme', mark };
  if (mark === '!' && index === characters.length - 1 && CAPITAL_WORD.test(word))
    return isExclaimedName(word) ? CLEAN : { kind: 'name', mark };
  return { kind: 'glued', mark, side: 'after' };
}

/** Feet and inches: `6'2"`. */
function isMeasure(characters: readonly string[], index: number): boolean {
  return /["″′]/u.test(characters[index] ?? '') && /[\p{N}]/u.test(characters[index - 1] ?? '');
}

const PAIRS: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
  ['（', '）'],
  ['［', '］'],
]);

/** `(re)think`: the bracket belongs to the word. */
function opensInside(characters: readonly string[], index: number): boolean {
  const close = characters.indexOf(PAIRS.get(characters[index] ?? '') ?? '', index + 1);
  return close > 0 && LETTER_OR_DIGIT.test(characters.slice(close + 1).join(''));
}

/** `word(s)`, `f(x)`. */
function closesInside(characters: readonly string[], index: number): boolean {
  for (const [open, close] of PAIRS) {
    if (close !== characters[index]) continue;
    const from = characters.lastIndexOf(open, index - 1);
    return from > 0 && LETTER_OR_DIGIT.test(characters.slice(0, from).join(''));
  }
  return false;
}

/** `[laughter]`: no word of a sentence. */
function isAnnotation(characters: readonly string[]): boolean {
  return characters[0] === '[' && characters.at(-1) === ']';
}

const ONLY_LETTERS = /^[\p{L}\p{M}'’\-‐‑־]+$/u;
const ROMAN_NUMERAL = /^[IVXLCDM]+$/u;
const ALPHABETIC = /[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}]/u;
/** They end no sentence with a full stop: one after a word abbreviates it. */
const WITHOUT_FULL_STOP = /[\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\p{sc=Tibetan}]/u;
const VOWEL = /[aeiouyæøœıαεηιουωаеёиоуыэюяіїє]/iu;
/** Longer ones are rare, where they are not listed. */
const LONGEST_ABBREVIATION = 5;
const LONGEST_UNCASED_ABBREVIATION = 3;

/** `core`: the token up to its period, with marks in front of it. */
function periodAfter(core: string): Edges {
  const letters = core.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return afterDigits(core);
  if (!ONLY_LETTERS.test(core)) return MIXED.test(core) ? { kind: 'period', core, weight: 0 } : CLEAN;
  if (letters === 1 || ROMAN_NUMERAL.test(core) || isListedAbbreviation(core)) return CLEAN;
  if (WITHOUT_FULL_STOP.test(core)) return CLEAN;
  if (/\p{sc=Hangul}/u.test(core)) return { kind: 'period', core, weight: 2 };
  if (!ALPHABETIC.test(core)) return { kind: 'period', core, weight: letters > LONGEST_UNCASED_ABBREVIATION ? 2 : 1 };
  if (!VOWEL.test(core.normalize('NFD'))) return CLEAN;
  return { kind: 'period', core, weight: letters > LONGEST_ABBREVIATION ? 2 : 1 };
}

/** `5pm`, `COVID-19`: no abbreviations, but `v1` may be a part of `v1.2`. */
const MIXED = /^[\p{L}\p{M}\p{N}'’\-‐‑]+$/u;

/** `3.` and `1000.` may be ordinals, `24.12.` is a date; an amount of money is none, but may be half of one. */
function afterDigits(core: string): Edges {
  if (/^\p{Sc}/u.test(core)) return { kind: 'number', mark: PERIOD };
  return /^\p{Nd}+$/u.test(core) ? { kind: 'period', core, weight: core.length > 3 ? 1 : 0 } : CLEAN;
}
