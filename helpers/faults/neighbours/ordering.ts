import { groupWords } from '../../reference/batches.ts';
import { isPunctuation } from '../../reference/tokens.ts';
import { milliseconds, withVoice } from '../overrides.ts';
import type { Neighbour } from '../types.ts';

export const orderingNeighbours: readonly Neighbour[] = [
  {
    id: 'overlapping-words',
    sentence: 'Lets each word begin before the one before it has ended.',
    near: 'ordering.bounds',
    stages: (defaults) =>
      withVoice(defaults, (words) =>
        words.map(({ word, start, end }) => ({ word, start, end: milliseconds(end + 0.05) })),
      ),
  },
  {
    id: 'equal-starts',
    sentence: 'Lets a mark start with the word that it follows.',
    near: 'ordering.in-batch',
    stages: (defaults) =>
      withVoice(defaults, (words) =>
        words.map((word, index) => {
          const before = words[index - 1];
          return before && isPunctuation(word.word) ? { ...word, start: before.start } : word;
        }),
      ),
  },
  {
    id: 'zero-length-punctuation',
    sentence: 'Gives punctuation no length.',
    near: 'ordering.bounds',
    stages: (defaults) =>
      withVoice(defaults, (words) =>
        words.map((word) => (isPunctuation(word.word) ? { ...word, end: word.start } : word)),
      ),
  },
  {
    id: 'zero-length-words',
    sentence: 'Gives every fourth word no length.',
    near: 'ordering.seconds',
    stages: (defaults) =>
      withVoice(defaults, (words) =>
        words.map((word, index) => (index % 4 === 3 ? { ...word, end: word.start } : word)),
      ),
  },
  {
    id: 'different-events-share-a-time',
    sentence: 'Gives two different marks the same start and end.',
    near: 'ordering.no-duplicates',
    script: '"Well," she said, "we go." "Where?" "Home!" Then silence, "as ever."',
    stages: (defaults) =>
      withVoice(defaults, (words) =>
        words.map((word, index) => {
          const before = words[index - 1];
          const pair = before && isPunctuation(word.word) && isPunctuation(before.word) && before.word !== word.word;
          return pair ? { ...word, start: before.start, end: before.end } : word;
        }),
      ),
  },
  {
    id: 'the-same-word-again',
    sentence: 'Speaks the same word many times, each at its own time.',
    near: 'ordering.no-duplicates',
    script: 'No, no, no, no! No no no no. No, no.',
  },
  {
    id: 'first-word-at-zero',
    sentence: 'Starts its first word at 0.',
    near: 'ordering.origin',
    stages: (defaults) =>
      withVoice(defaults, (words, from) => {
        const lead = from === 0 ? (words[0]?.start ?? 0) : 0;
        return words.map(({ word, start, end }) => ({
          word,
          start: milliseconds(start - lead),
          end: milliseconds(end - lead),
        }));
      }),
  },
  {
    id: 'late-first-word',
    sentence: 'Is silent for the first twelve seconds of its audio.',
    near: 'ordering.origin',
    stages: (defaults) => ({ voice: (text, from) => defaults.voice(text, from === 0 ? 12 : from) }),
  },
  {
    id: 'long-pause',
    sentence: 'Pauses for six seconds in the middle.',
    near: 'ordering.seconds',
    script: 'We begin, slowly. Then we wait. And now we go on, as if nothing had happened at all.',
    stages: (defaults) =>
      withVoice(defaults, (words) =>
        words.map(({ word, start, end }, index) => {
          const pause = index < 7 ? 0 : 6;
          return { word, start: milliseconds(start + pause), end: milliseconds(end + pause) };
        }),
      ),
  },
  {
    id: 'float-noise',
    sentence: 'Writes times with the noise of binary fractions.',
    near: 'ordering.in-batch',
    stages: (defaults) =>
      withVoice(defaults, (words) =>
        words.map(({ word, start, end }) => ({ word, start: start * 1.1 + 0.1, end: end * 1.1 + 0.1 })),
      ),
  },
  {
    id: 'word-within-a-word',
    sentence: 'Lets a long word end after the next, shorter one.',
    near: 'ordering.ends',
    warns: ['ordering.ends'],
    stages: (defaults) => ({
      ...withVoice(defaults, (words) =>
        words.map((word, index) => (index === 3 ? { ...word, end: milliseconds(word.end + 0.6) } : word)),
      ),
      batches: (pending, next) =>
        groupWords(pending, next, { maxWords: 10, maxStartSpan: 0.8, maxSpan: 1.4, maxPause: 0.35 }),
    }),
    script: 'We say it and go on, all of us together, now.',
  },
];
