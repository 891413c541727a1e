import type { Transcript, WordTable } from '../transcript/transcript.ts';
import type { Evidence, Subscription } from './check.ts';
import { isSentenceMark, isSpoken } from './glued-punctuation.ts';
import { perTranscript } from './root-causes.ts';
import { scriptOf, spelled, spelledWords } from './spelling.ts';
import { isInSeconds } from './time-units.ts';
import { hasWholeSecondsOnly, sameBounds } from './word-times.ts';

/** Spoken words in a row that have the same start and the same end. */
export interface SharedRun {
  /** Indices of its first and last spoken word; marks may stand between them. */
  readonly first: number;
  readonly last: number;
  /** Spoken words; one that follows itself is one. */
  readonly count: number;
}

/**
 * Parts of one word may share its bounds, and so may a spoken form of what the script writes otherwise (`nineteen eighteen`);
 * several words may not. `unknown`: no script tells which they are.
 */
export type SharedBy = 'several words' | 'parts of a word' | 'spoken form' | 'unknown';

/** Words with a letter or digit and both bounds, how many of them end when they start, and the runs that share their bounds. */
export const sharedRunsOf = perTranscript(
  ({
    words,
  }: Transcript): { readonly spoken: number; readonly lengthless: number; readonly runs: readonly SharedRun[] } => {
    const runs: SharedRun[] = [];
    let [spoken, lengthless] = [0, 0];
    let [first, last, count] = [-1, -1, 0];
    for (let word = 0; word < words.length; word += 1) {
      if (Number.isNaN((words.end[word] ?? 0) - (words.start[word] ?? 0))) continue;
      if (!isSpoken(words.text[word] ?? '')) continue;
      spoken += 1;
      if (!((words.end[word] ?? 0) > (words.start[word] ?? 0))) lengthless += 1;
      if (first >= 0 && sameBounds(words, first, word)) {
        // The same word again is what ordering.no-duplicates is about.
        if (words.text[word] !== words.text[last]) count += 1;
        last = word;
        continue;
      }
      if (count > 1) runs.push({ first, last, count });
      [first, last, count] = [word, word, 1];
    }
    if (count > 1) runs.push({ first, last, count });
    return { spoken, lengthless, runs };
  },
);

/** Of one stream: what shares the bounds of a run. */
export function sharedBy(evidence: Evidence, subscription: Subscription): (run: SharedRun) => SharedBy {
  const { transcript, streamId } = subscription;
  const { words } = transcript;
  const whole = hasWholeSecondsOnly(words);
  const script = scriptOf(evidence, streamId);
  const writtenWords = script === undefined ? undefined : spelledWords(script);
  const known = writtenWords?.join(' ');
  const isWritten = new Set(writtenWords);
  const inARow = spelled(script ?? '');
  return (run) => {
    const length = (words.end[run.first] ?? 0) - (words.start[run.first] ?? 0);
    if (whole && length <= 1 && run.count <= MOST_WORDS_IN_A_SECOND) return 'parts of a word';
    const tokens = spokenTokens(words, run);
    if (known !== undefined) {
      if (known.includes(tokens.join(''))) return 'parts of a word';
      const written = tokens.filter((token) => isWritten.has(token));
      const areWritten = written.length > tokens.length / 2 || inARow.includes(tokens.join(''));
      return areWritten ? 'several words' : 'spoken form';
    }
    return isTooMuchForAWord(transcript, run, length, tokens) ? 'several words' : 'unknown';
  };
}

const MOST_WORDS_IN_A_SECOND = 8;

function spokenTokens({ text }: WordTable, { first, last }: SharedRun): readonly string[] {
  return text
    .slice(first, last + 1)
    .map(spelled)
    .filter((token) => token !== '');
}

/** Hardly a word has more letters, in any language. */
const MOST_LETTERS = 26;
/** No word lasts so long in so many parts. */
const LONGEST_SECONDS = 3;
const MOST_PARTS = 5;
/** So many letters take longer to say. */
const UNHURRIED_LETTERS = 24;
const SHORTEST_LETTER_SECONDS = 0.01;

function isTooMuchForAWord(transcript: Transcript, run: SharedRun, length: number, tokens: readonly string[]): boolean {
  if (holdsSentenceMark(transcript.words, run)) return true;
  const letters = tokens.join('').length;
  if (letters > MOST_LETTERS) return true;
  if (!isInSeconds(transcript)) return false;
  if (length >= LONGEST_SECONDS && run.count >= MOST_PARTS) return true;
  return letters >= UNHURRIED_LETTERS && length < letters * SHORTEST_LETTER_SECONDS;
}

/** `1,000` may be three tokens; no other word has a comma or a full stop of its own. */
function holdsSentenceMark({ text }: WordTable, { first, last }: SharedRun): boolean {
  for (let word = first + 1; word < last; word += 1) {
    const token = text[word] ?? '';
    if (isSpoken(token) || ![...token].some(isSentenceMark)) continue;
    if (!(/\p{N}$/u.test(text[word - 1] ?? '') && /^\p{N}/u.test(text[word + 1] ?? ''))) return true;
  }
  return false;
}

/** So many more words share bounds than have their own, somewhere in a stream: no slip of an aligner. */
const TELLING_EXCESS = 6;
/** In one run: it may be a word longer than any that is known. */
const TELLING_RUN = 12;
/** In a stream of so few words, all of them. */
export const FEWEST_WORDS = 4;

/** Follows the stream: words that share bounds count up, words with their own count down. */
export function outweighOwnTimes(
  { words }: Transcript,
  runs: readonly SharedRun[],
  kinds: readonly SharedBy[],
): boolean {
  const counts = { several: 0, own: 0, runs: 0 };
  let excess = 0;
  let next = 0;
  for (const [index, { first, last, count }] of runs.entries()) {
    const own = spokenBetween(words.text, next, first);
    next = last + 1;
    counts.own += own;
    excess = Math.max(0, excess - own);
    if (kinds[index] !== 'several words') continue;
    counts.several += count;
    counts.runs += 1;
    excess += count;
    if (excess >= (counts.runs > 1 ? TELLING_EXCESS : TELLING_RUN)) return true;
  }
  const isSure = kinds.every((kind) => kind !== 'unknown' && kind !== 'spoken form');
  if (counts.own > 0 || counts.several < FEWEST_WORDS || !isSure) return false;
  return spokenBetween(words.text, next, words.length) === 0;
}

function spokenBetween(text: readonly string[], from: number, to: number): number {
  let count = 0;
  for (let word = from; word < to; word += 1) if (isSpoken(text[word] ?? '')) count += 1;
  return count;
}
