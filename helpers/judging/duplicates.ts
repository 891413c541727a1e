import type { Transcript, WordTable } from '../transcript/transcript.ts';
import type { Evidence, Subscription } from './check.ts';
import { isSpoken } from './glued-punctuation.ts';
import { type Repetition, repetitionsIn } from './repetitions.ts';
import { perTranscript } from './root-causes.ts';
import { isItsScript, scriptOf } from './spelling.ts';
import { surplusBy } from './spoken-places.ts';
import { hasWholeSecondsOnly } from './word-times.ts';

/** Word events that a stream delivers again. */
interface Duplicates {
  readonly count: number;
  /** Whether a word delivered again starts before the one ahead of it. */
  readonly timesFall: boolean;
  /** Index of the word event that this one repeats; -1 where it repeats none. */
  originalOf(word: number): number;
  /** Not counted, for nothing tells whether they are one too many. */
  readonly echoes: readonly Repetition[];
}

/** Different words that are said twice in a row, times their share of all: no speech reaches it. */
const TELLING_DOUBLING = 4;

/** What a stream alone shows to be delivered again. */
export const duplicatesOf = perTranscript((transcript: Transcript): Duplicates => {
  const everywhere = isEverywhere(transcript.words, repetitionsIn(transcript).runs);
  return duplicates(transcript, (run) => (everywhere || run.kind !== 'echo' ? lengthOf(run) : undefined));
});

const known = new WeakMap<Subscription, Duplicates>();

/** Word events of a subscription that are one too many: a text that the session spoke tells of which it has two. */
export function excessIn(evidence: Evidence, subscription: Subscription): Duplicates {
  let excess = known.get(subscription);
  if (excess === undefined) {
    excess = foundExcess(evidence, subscription);
    known.set(subscription, excess);
  }
  return excess;
}

function foundExcess(evidence: Evidence, subscription: Subscription): Duplicates {
  const { transcript, streamId } = subscription;
  const alone = duplicatesOf(transcript);
  if (alone.count + alone.echoes.length === 0) return alone;
  if (!alone.timesFall && isItsScript(evidence, subscription)) return duplicates(transcript, () => 0);
  const text = scriptOf(evidence, streamId) ?? heardByOthers(evidence, subscription);
  if (text === undefined) return alone;
  const surplusOf = surplusBy(transcript, text);
  return duplicates(transcript, (run) => {
    if (run.kind === 'back') return lengthOf(run);
    return surplusOf(run) ?? (alone.originalOf(run.again) < 0 ? undefined : lengthOf(run));
  });
}

function lengthOf({ again, end }: Repetition): number {
  return end - again;
}

/** `surplusOf`: how many words of a run, its last, are too many; undefined where nothing tells. */
function duplicates(transcript: Transcript, surplusOf: (run: Repetition) => number | undefined): Duplicates {
  const { runs, originalOf } = repetitionsIn(transcript);
  const originals = new Map<number, number>();
  const echoes: Repetition[] = [];
  let timesFall = false;
  for (const run of runs) {
    const surplus = surplusOf(run);
    if (surplus === undefined) echoes.push(run);
    else if (surplus > 0) timesFall ||= run.kind === 'back';
    for (let word = run.end - (surplus ?? 0); word < run.end; word += 1) originals.set(word, originalOf(word));
  }
  return { count: originals.size, timesFall, originalOf: (word) => originals.get(word) ?? -1, echoes };
}

/** What all of several who listened from the start heard, where it was the same. */
function heardByOthers({ subscriptions }: Evidence, { streamId, role }: Subscription): string | undefined {
  const listeners = subscriptions.filter(
    (other) => other.streamId === streamId && (other.role === 'first' || other.role === 'concurrent'),
  );
  const [text, ...others] = listeners.map(({ transcript }) => transcript.words.text.join(' '));
  const isListener = role === 'first' || role === 'concurrent';
  return isListener || others.length === 0 || others.some((other) => other !== text) ? undefined : text;
}

/** Whether so many different words stand twice that the stream, not the speech, doubles them. */
function isEverywhere(words: WordTable, runs: readonly Repetition[]): boolean {
  const { text, start, end, length } = words;
  if (hasWholeSecondsOnly(words)) return false;
  const doubled = new Set<string>();
  let surplus = 0;
  for (const { again, end: limit, kind } of runs) {
    const token = text[again] ?? '';
    if (kind !== 'echo' || !isSpoken(token) || !((end[again] ?? 0) > (start[again] ?? 0))) continue;
    doubled.add(token);
    surplus += limit - again;
  }
  if (doubled.size <= TELLING_DOUBLING) return false;
  let spoken = 0;
  for (let word = 0; word < length; word += 1) if (isSpoken(text[word] ?? '')) spoken += 1;
  return (doubled.size * surplus) / spoken > TELLING_DOUBLING;
}
