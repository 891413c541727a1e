import { frames, withBatchWords, withVoice } from '../overrides.ts';
import type { Neighbour } from '../types.ts';

export const schemaNeighbours: readonly Neighbour[] = [
  {
    id: 'members-not-named-by-the-contract',
    sentence: 'Adds members to batches and words.',
    near: 'schema.batch',
    stages: (defaults) => ({
      payload: (words, ctx) => {
        const { words: plain } = defaults.payload(words, ctx) as { words: object[] };
        return {
          sequence: ctx.sent.batches,
          words: plain.map((word) => ({ confidence: 0.98, ...word, tags: [null] })),
        };
      },
    }),
  },
  {
    id: 'members-named-like-prototypes',
    sentence: 'Adds members called __proto__, constructor and toString.',
    near: 'schema.batch',
    stages: (defaults) =>
      frames(defaults, 'any', (frame) =>
        frame.replaceAll('{"word":', '{"__proto__":{"start":-1},"constructor":null,"toString":1,"word":'),
      ),
  },
  {
    id: 'members-in-another-order',
    sentence: 'Writes end, start and word in another order in each batch.',
    near: 'schema.batch',
    stages: (defaults) =>
      withBatchWords(defaults, (words, ctx) =>
        words.map(({ word, start, end }) => (ctx.sent.batches % 2 === 0 ? { end, start, word } : { start, word, end })),
      ),
  },
  {
    id: 'integer-times',
    sentence: 'Speaks a word every second and gives times as integers.',
    near: 'schema.batch',
    script: 'One two, three four. Five six.',
    stages: (defaults) =>
      withVoice(defaults, (words, from) =>
        words.map(({ word }, index) => ({ word, start: Math.ceil(from) + index, end: Math.ceil(from) + index + 1 })),
      ),
  },
  {
    id: 'numbers-with-exponents',
    sentence: 'Writes its times as 1.2e-1 and 4.50.',
    near: 'schema.batch',
    stages: (defaults) =>
      frames(defaults, 'any', (frame) =>
        frame
          .replace(/"start":(\d+\.\d+)/g, (_, time: string) => `"start":${Number(time).toExponential()}`)
          .replace(/"end":(\d+\.\d+)/g, '"end":$10'),
      ),
  },
  {
    id: 'json-with-white-space',
    sentence: 'Writes white space between all parts of its JSON.',
    near: 'schema.unique-members',
    stages: (defaults) => ({
      frame(item, ctx) {
        if (item.kind !== 'batch') return defaults.frame(item, ctx);
        return `data: ${JSON.stringify(item.payload, null, 2).replaceAll('\n', ' \t')}\n\n`;
      },
    }),
  },
  {
    id: 'empty-session',
    sentence: 'Says nothing at all: a session without a single word, and its end.',
    near: 'schema.nonempty-batch',
    script: '. ',
    stages: () => ({ voice: (_text, from) => ({ words: [], until: from + 1 }) }),
  },
  {
    id: 'colons-in-words',
    sentence: 'Speaks words with colons, quotes and braces in them.',
    near: 'schema.unique-members',
    script: 'At 10:30, see x:y and 7:5. Then 12:45 or {a} sounds.',
  },
];
