import { groupWords } from '../reference/batches.ts';
import type { Batching, TimedWord } from '../reference/pipeline.ts';
import { isPunctuation } from '../reference/tokens.ts';
import { voiceAtTempo } from '../reference/voice.ts';
import { type Fault, faultsOf, type Variant, variantsNear } from './cases.ts';
import {
  grouped,
  inLongSession,
  longText,
  milliseconds,
  type Override,
  only,
  onReplay,
  onSnapshot,
  retimed,
  saidWords,
  stacked,
  withBearer,
  withVoice,
} from './overrides.ts';

const UNBOUNDED = { maxWords: Infinity, maxStartSpan: Infinity, maxSpan: Infinity, maxPause: Infinity };

/** A voice so fast that ten words pass within a second. */
const fastVoice: Override = () => ({ voice: voiceAtTempo(5) });
/** Long enough at that tempo for subscribers to join in its middle. */
const FAST_SCRIPT = { script: `${longText.slice(0, 1600)} And that is all.` };
const NINE_WORDS = { script: 'One two three four, five six seven eight nine.' };

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

/** The eighty-first batch gets eleven words. */
const elevenWordsOnce: Override = only(inLongSession, (defaults) => ({
  batches(pending, next, ctx) {
    const { batches, rest } = defaults.batches(pending, next, ctx);
    if (batches.length < 100) return { batches, rest };
    const later = batches.slice(80).flat();
    return {
      batches: [...batches.slice(0, 80), later.slice(0, 11), ...groupWords(later.slice(11), null).batches],
      rest,
    };
  },
}));

/** Words that start together, as a voice that was corrected gives them. */
const startingTogether = saidWords((words) => {
  const start = words[0]?.start ?? 0;
  if (words.length < 11) return words;
  return words.map((word) => ({ ...word, start, end: word.start < start + 1 ? word.end : start + 1 }));
});

/** A voice that starts a word every `step` seconds, and takes `length` seconds for it. */
function evenVoice(step: number, length: number): Override {
  return withVoice((words, from) =>
    words.map(({ word }, index) => ({
      word,
      start: milliseconds(from + index * step),
      end: milliseconds(from + index * step + length),
    })),
  );
}

/** A voice that holds its fifth word for so long. */
function fifthWordFor(seconds: number): Override {
  return withVoice((words) => {
    const fifth = words[4];
    const late = fifth === undefined ? 0 : seconds - (fifth.end - fifth.start);
    return words.map((word, index) => {
      if (index < 4) return word;
      return index === 4
        ? { ...word, end: milliseconds(word.start + seconds) }
        : retimed((time) => milliseconds(time + late))(word);
    });
  });
}

export const faults: readonly Fault[] = [
  ...faultsOf('batching.word-cap', 'fail', {
    'twelve-words-in-a-batch': [
      'It puts up to twelve words into a batch.',
      stacked(fastVoice, grouped({ maxWords: 12 })),
      FAST_SCRIPT,
    ],
    'eleven-words-in-a-batch-on-replay': [
      'Its replay counts the words of a batch from zero, to ten.',
      stacked(fastVoice, grouped({ maxWords: 11 }, onReplay)),
      FAST_SCRIPT,
    ],
    'eleven-words-in-a-batch-for-bearer-tokens': [
      'Its gateway for bearer tokens groups words anew, eleven at a time.',
      stacked(fastVoice, grouped({ maxWords: 11 }, withBearer)),
      FAST_SCRIPT,
    ],
    'cap-without-punctuation': [
      'It does not count punctuation towards the ten words of a batch.',
      stacked(fastVoice, () => ({ batches: tenSpokenWords })),
      FAST_SCRIPT,
    ],
    'one-full-batch-late-in-long-session': [
      'Once in a long session a batch has eleven words.',
      stacked(elevenWordsOnce, startingTogether),
      { completed: [longText], also: { 'ordering.ends': 'warn' } },
    ],
    'snapshot-in-one-batch': [
      'Its snapshot is one batch with all words.',
      grouped(UNBOUNDED, onSnapshot),
      { also: { 'batching.time-cap': 'fail' } },
    ],
  }),
  ...faultsOf('batching.time-cap', 'fail', {
    'batch-of-two-seconds': [
      'It collects two seconds of audio.',
      grouped({ maxStartSpan: 2, maxSpan: 2.5, maxPause: 2 }),
    ],
    'batch-of-two-seconds-on-replay': [
      'It replays history in batches of ten words, whatever time they take.',
      grouped({ ...UNBOUNDED, maxWords: 10 }, onReplay),
    ],
    'batch-across-a-pause': [
      'It counts ten words across the pause between two sentences.',
      grouped({ ...UNBOUNDED, maxWords: 10 }),
      {
        script:
          'One. Two. Three. Four. Five. Six. Seven. Eight. Nine. Ten. One. Two. Three. Four. Five. Six. Seven. Eight.',
      },
    ],
  }),
  ...faultsOf('batching.time-span', 'warn', {
    'batch-closed-by-the-end-of-its-words': [
      'It starts the last word of a batch within the second and lets it run on for as long as it takes.',
      stacked(grouped({ maxSpan: Infinity, maxPause: Infinity }), evenVoice(0.95, 0.9)),
    ],
  }),
];

export const variants: readonly Variant[] = [
  ...variantsNear('batching.word-cap', {
    'batches-of-exactly-ten': [
      'Speaks fast, so that batches are full at exactly ten words.',
      stacked(fastVoice, grouped({ maxPause: 9 })),
    ],
    'one-word-a-batch': [
      'Sends each word, and each mark of punctuation, in a batch of its own.',
      grouped({ maxWords: 1 }),
    ],
  }),
  ...variantsNear('batching.time-cap', {
    'batch-of-exactly-one-second': [
      'Starts the last word of a batch exactly one second after its first, give or take what binary fractions do.',
      stacked(
        withVoice((words, from) => {
          const origin = from === 0 ? 7.3 : from;
          return words.map(({ word }, index) => ({ word, start: origin + index / 2, end: origin + index / 2 + 0.3 }));
        }),
        grouped({ maxWords: 3, maxStartSpan: 1.000001, maxPause: 9 }),
      ),
      NINE_WORDS,
    ],
    'about-one-second': [
      'Lets the starts of a batch lie 1.08 s apart, which is about one second.',
      stacked(evenVoice(0.54, 0.3), grouped({ maxWords: 3, maxStartSpan: 1.09, maxPause: 9 })),
      NINE_WORDS,
    ],
    'flush-when-a-word-crosses': [
      'Flushes a batch when its last word, begun within the second, crosses it.',
      stacked(evenVoice(0.48, 0.47), grouped({ maxPause: 9 })),
      NINE_WORDS,
    ],
  }),
  ...variantsNear('batching.time-span', {
    'word-of-three-seconds': [
      'Holds one word for three seconds, in a batch of its own.',
      fifthWordFor(3),
      { script: 'We wait and we goooo, now then, all of us together.' },
    ],
    'long-word-beside-others': [
      'Cuts batches by the starts of their words, so that the last word of one may be long.',
      stacked(fifthWordFor(2), grouped({ maxSpan: 9 })),
      { script: 'We go and we goooo, now then, all of us together.' },
    ],
  }),
];
