import { batchLimits, groupWords } from '../reference/batches.ts';
import type { Batching, Stages, TimedWord } from '../reference/pipeline.ts';
import { isPunctuation } from '../reference/tokens.ts';
import { voiceAtTempo } from '../reference/voice.ts';
import {
  everywhere,
  inLongSession,
  longText,
  milliseconds,
  onReplay,
  onSnapshot,
  type Where,
  withBearer,
  withVoice,
} from './overrides.ts';
import type { Fault, Variant } from './types.ts';

const UNBOUNDED = { maxWords: Infinity, maxStartSpan: Infinity, maxSpan: Infinity, maxPause: Infinity };

/** A voice so fast that ten words pass within a second. */
const fastVoice: Pick<Stages, 'voice'> = { voice: voiceAtTempo(5) };
/** Long enough at that tempo for subscribers to join in its middle. */
const fastScript = `${longText.slice(0, 1600)} And that is all.`;

function grouped(limits: Partial<typeof batchLimits>, where: Where = everywhere) {
  return (defaults: Stages): Partial<Stages> => ({
    batches: (pending, next, ctx) =>
      where(ctx) ? groupWords(pending, next, { ...batchLimits, ...limits }) : defaults.batches(pending, next, ctx),
  });
}

/** Batches of ten words that are no punctuation. */
function tenSpokenWords(pending: readonly TimedWord[], next: TimedWord | null): Batching {
  const batches: TimedWord[][] = [];
  let batch: TimedWord[] = [];
  const isFull = (word: TimedWord) =>
    batch.filter((one) => !isPunctuation(one.word)).length >= 10 || word.start - (batch[0] ?? word).start >= 1;
  for (const word of pending) {
    if (isFull(word)) {
      batches.push(batch);
      batch = [];
    }
    batch.push(word);
  }
  if (next !== null && !isFull(next)) return { batches, rest: batch };
  return { batches: batch.length === 0 ? batches : [...batches, batch], rest: [] };
}

export const batchingFaults: readonly Fault[] = [
  {
    id: 'twelve-words-in-a-batch',
    sentence: 'It puts up to twelve words into a batch.',
    script: fastScript,
    stages: () => ({
      ...fastVoice,
      batches: (pending, next) => groupWords(pending, next, { ...batchLimits, maxWords: 12 }),
    }),
    turns: { 'batching.word-cap': 'fail' },
  },
  {
    id: 'eleven-words-in-a-batch-on-replay',
    sentence: 'Its replay counts the words of a batch from zero, to ten.',
    script: fastScript,
    stages: (defaults) => ({ ...fastVoice, ...grouped({ maxWords: 11 }, onReplay)(defaults) }),
    turns: { 'batching.word-cap': 'fail' },
  },
  {
    id: 'eleven-words-in-a-batch-for-bearer-tokens',
    sentence: 'Its gateway for bearer tokens groups words anew, eleven at a time.',
    script: fastScript,
    stages: (defaults) => ({ ...fastVoice, ...grouped({ maxWords: 11 }, withBearer)(defaults) }),
    turns: { 'batching.word-cap': 'fail' },
  },
  {
    id: 'cap-without-punctuation',
    sentence: 'It does not count punctuation towards the ten words of a batch.',
    script: fastScript,
    stages: () => ({ ...fastVoice, batches: tenSpokenWords }),
    turns: { 'batching.word-cap': 'fail' },
  },
  {
    id: 'one-full-batch-late-in-long-session',
    sentence: 'Once in a long session a batch has eleven words.',
    completed: [longText],
    stages: (defaults) => ({
      batches(pending, next, ctx) {
        const { batches, rest } = defaults.batches(pending, next, ctx);
        if (!inLongSession(ctx) || batches.length < 100) return { batches, rest };
        const words = batches.flat();
        const at = words.indexOf(batches[80]?.[0] ?? words[0] ?? { word: '', start: 0, end: 0 });
        // Words that start almost together, as a voice that was corrected gives them.
        return {
          batches: [...batches.slice(0, 80), words.slice(at, at + 11), ...grouping(words.slice(at + 11))],
          rest,
        };
      },
      payload: (words, ctx) =>
        defaults.payload(
          words.length < 11
            ? words
            : words.map((word) => ({
                ...word,
                start: words[0]?.start ?? 0,
                end: word.start < (words[0]?.start ?? 0) + 1 ? word.end : (words[0]?.start ?? 0) + 1,
              })),
          ctx,
        ),
    }),
    turns: { 'batching.word-cap': 'fail', 'ordering.ends': 'warn' },
  },
  {
    id: 'snapshot-in-one-batch',
    sentence: 'Its snapshot is one batch with all words.',
    stages: grouped(UNBOUNDED, onSnapshot),
    turns: { 'batching.word-cap': 'fail', 'batching.time-cap': 'fail' },
  },
  {
    id: 'batch-of-two-seconds',
    sentence: 'It collects two seconds of audio.',
    stages: grouped({ maxStartSpan: 2, maxSpan: 2.5, maxPause: 2 }),
    turns: { 'batching.time-cap': 'fail' },
  },
  {
    id: 'batch-of-two-seconds-on-replay',
    sentence: 'It replays history in batches of ten words, whatever time they take.',
    stages: grouped({ ...UNBOUNDED, maxWords: 10 }, onReplay),
    turns: { 'batching.time-cap': 'fail' },
  },
  {
    id: 'batch-across-a-pause',
    sentence: 'It counts ten words across the pause between two sentences.',
    script:
      'One. Two. Three. Four. Five. Six. Seven. Eight. Nine. Ten. One. Two. Three. Four. Five. Six. Seven. Eight.',
    stages: grouped({ ...UNBOUNDED, maxWords: 10 }),
    turns: { 'batching.time-cap': 'fail' },
  },
  {
    id: 'batch-closed-by-the-end-of-its-words',
    sentence: 'It starts the last word of a batch within the second and lets it run on for as long as it takes.',
    stages: (defaults) => ({
      ...grouped({ maxSpan: Infinity, maxPause: Infinity })(defaults),
      voice(text, from) {
        // A slow voice: each word lasts 0.9 s.
        const { words } = defaults.voice(text, from);
        const zero = words[0]?.start ?? from;
        const slow = words.map(({ word }, at) => ({
          word,
          start: round(zero + at * 0.95),
          end: round(zero + at * 0.95 + 0.9),
        }));
        return { words: slow, until: round(zero + words.length * 0.95) };
      },
    }),
    turns: { 'batching.time-span': 'warn' },
  },
];

function grouping(words: readonly TimedWord[]): readonly (readonly TimedWord[])[] {
  return groupWords(words, null).batches;
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

export const batchingVariants: readonly Variant[] = [
  {
    id: 'batches-of-exactly-ten',
    sentence: 'Speaks fast, so that batches are full at exactly ten words.',
    near: 'batching.word-cap',
    stages: () => ({
      voice: voiceAtTempo(5),
      batches: (pending, next) => groupWords(pending, next, { ...batchLimits, maxPause: 9 }),
    }),
  },
  {
    id: 'batch-of-exactly-one-second',
    sentence:
      'Starts the last word of a batch exactly one second after its first, give or take what binary fractions do.',
    near: 'batching.time-cap',
    stages: (defaults) => ({
      ...withVoice(defaults, (words, from) => {
        const origin = from === 0 ? 7.3 : from;
        return words.map(({ word }, index) => ({ word, start: origin + index / 2, end: origin + index / 2 + 0.3 }));
      }),
      batches: (pending, next) =>
        groupWords(pending, next, { maxWords: 3, maxStartSpan: 1.000001, maxSpan: 1.5, maxPause: 9 }),
    }),
    script: 'One two three four, five six seven eight nine.',
  },
  {
    id: 'about-one-second',
    sentence: 'Lets the starts of a batch lie 1.08 s apart, which is about one second.',
    near: 'batching.time-cap',
    stages: (defaults) => ({
      ...withVoice(defaults, (words, from) =>
        words.map(({ word }, index) => ({
          word,
          start: milliseconds(from + index * 0.54),
          end: milliseconds(from + index * 0.54 + 0.3),
        })),
      ),
      batches: (pending, next) =>
        groupWords(pending, next, { maxWords: 3, maxStartSpan: 1.09, maxSpan: 1.5, maxPause: 9 }),
    }),
    script: 'One two three four, five six seven eight nine.',
  },
  {
    id: 'word-of-three-seconds',
    sentence: 'Holds one word for three seconds, in a batch of its own.',
    near: 'batching.time-span',
    stages: (defaults) =>
      withVoice(defaults, (words) => {
        let late = 0;
        return words.map(({ word, start, end }, index) => {
          const moved = { word, start: milliseconds(start + late), end: milliseconds(end + late) };
          if (index !== 4) return moved;
          late += 3 - (end - start);
          return { ...moved, end: milliseconds(moved.start + 3) };
        });
      }),
    script: 'We wait and we goooo, now then, all of us together.',
  },
  {
    id: 'flush-when-a-word-crosses',
    sentence: 'Flushes a batch when its last word, begun within the second, crosses it.',
    near: 'batching.time-cap',
    stages: (defaults) => ({
      ...withVoice(defaults, (words, from) =>
        words.map(({ word }, index) => ({
          word,
          start: milliseconds(from + index * 0.48),
          end: milliseconds(from + index * 0.48 + 0.47),
        })),
      ),
      batches: (pending, next) =>
        groupWords(pending, next, { maxWords: 10, maxStartSpan: 1, maxSpan: 1.5, maxPause: 9 }),
    }),
    script: 'One two three four, five six seven eight nine.',
  },
  {
    id: 'long-word-beside-others',
    sentence: 'Cuts batches by the starts of their words, so that the last word of one may be long.',
    near: 'batching.time-span',
    stages: (defaults) => ({
      ...withVoice(defaults, (words) => {
        let late = 0;
        return words.map(({ word, start, end }, index) => {
          const moved = { word, start: milliseconds(start + late), end: milliseconds(end + late) };
          if (index !== 4) return moved;
          late += 2 - (end - start);
          return { ...moved, end: milliseconds(moved.start + 2) };
        });
      }),
      batches: (pending, next) => groupWords(pending, next, { ...batchLimits, maxSpan: 9 }),
    }),
    script: 'We go and we goooo, now then, all of us together.',
  },
  {
    id: 'one-word-a-batch',
    sentence: 'Sends each word, and each mark of punctuation, in a batch of its own.',
    near: 'batching.word-cap',
    stages: () => ({ batches: (pending) => ({ batches: pending.map((word) => [word]), rest: [] }) }),
  },
];
