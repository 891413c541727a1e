import { batchLimits, groupWords } from '../../reference/batches.ts';
import { voiceAtTempo } from '../../reference/voice.ts';
import { milliseconds, withVoice } from '../overrides.ts';
import type { Neighbour } from '../types.ts';

export const batchingNeighbours: readonly Neighbour[] = [
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
    sentence: 'Puts a word of two seconds into a batch with others.',
    near: 'batching.time-span',
    warns: ['batching.time-span'],
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
