import { Buffer } from 'node:buffer';
import { batchFrame, END_FRAME, type SpokenWord } from '../support/recordings.ts';

/** What one subscriber gets, frame by frame; the end is the last one. */
export interface Sent {
  readonly batches: readonly (readonly SpokenWord[])[];
  readonly frames: readonly (string | Uint8Array)[];
}

export type Subscriber = 'first' | 'concurrent' | 'late' | 'reconnected' | 'snapshot' | 'snapshot-again';

export interface Mutation {
  readonly name: string;
  /** Who gets the mutated stream; the others get it as it was. */
  readonly on: readonly Subscriber[] | 'everyone';
  /** `at`: a number to choose a place by. */
  change(sent: Sent, at: number): Sent['frames'];
  /** `id: outcome` of all that must be found. */
  readonly found: readonly string[];
}

/** Rewrites the words of the batch at this place, counted from the second one; every one has at least two words. */
const words =
  (change: (batch: readonly SpokenWord[], index: number) => readonly (readonly unknown[])[]) =>
  ({ batches, frames }: Sent, at: number): Sent['frames'] => {
    const index = 1 + (at % (batches.length - 2));
    return frames.with(index, frameOf(change(batches[index] ?? [], index)));
  };

const each =
  (change: (word: SpokenWord) => readonly unknown[]) =>
  ({ batches, frames }: Sent): Sent['frames'] => [
    ...batches.map((batch) => frameOf(batch.map(change))),
    ...frames.slice(-1),
  ];

const text =
  (change: (frame: string) => string) =>
  ({ batches, frames }: Sent, at: number): Sent['frames'] => {
    const index = 1 + (at % (batches.length - 2));
    return frames.with(index, change(String(frames[index])));
  };

const end =
  (...replaced: readonly string[]) =>
  ({ frames }: Sent): Sent['frames'] => [...frames.slice(0, -1), ...replaced];

function frameOf(batch: readonly (readonly unknown[])[]): string {
  return `data: ${JSON.stringify({ words: batch.map(([word, start, end]) => ({ word, start, end })) })}\n\n`;
}

const spoken = (word: string) => /\p{L}/u.test(word);
const rounded = (seconds: number) => Math.round(seconds * 10) / 10;

/** Single deviations of a conforming stream, and what each one breaks: no more and no less. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'two batches change places',
    on: 'everyone',
    change: ({ batches, frames }, at) => {
      const index = at % (batches.length - 1);
      return frames.with(index, frames[index + 1] ?? '').with(index + 1, frames[index] ?? '');
    },
    found: ['ordering.across-batches: fail'],
  },
  {
    name: 'two words change places in a batch',
    on: 'everyone',
    change: words((batch) => [...batch.slice(1, 2), ...batch.slice(0, 1), ...batch.slice(2)]),
    found: ['ordering.in-batch: fail'],
  },
  {
    name: 'an eleventh word',
    on: 'everyone',
    change: words((batch) => {
      const [[, start] = ['', 0]] = batch;
      const parts = Array.from({ length: 11 - batch.length }, (_, part) => [`part${part}`, start, start]);
      return [...parts, ...batch];
    }),
    found: ['batching.word-cap: fail', 'tokens.script: warn'],
  },
  {
    name: 'a batch of two seconds',
    on: 'everyone',
    change: ({ batches, frames }, at) => {
      const index = at % (batches.length - 2);
      return [
        ...frames.slice(0, index),
        batchFrame(batches.slice(index, index + 2).flat()),
        ...frames.slice(index + 2),
      ];
    },
    found: ['batching.time-cap: fail'],
  },
  {
    name: 'no blank line at the end of the body',
    on: 'everyone',
    change: end(END_FRAME.slice(0, -1)),
    found: ['framing.dispatched: fail'],
  },
  { name: 'no data in the end', on: 'everyone', change: end('event: end\n\n'), found: ['framing.dispatched: fail'] },
  { name: 'no end', on: ['snapshot'], change: end(), found: ['ending.once: fail'] },
  { name: 'two ends', on: ['late'], change: end(END_FRAME, END_FRAME), found: ['ending.once: fail'] },
  { name: 'END', on: 'everyone', change: end('event: END\ndata: {}\n\n'), found: ['ending.once: fail'] },
  { name: '[DONE]', on: 'everyone', change: end('data: [DONE]\n\n'), found: ['ending.once: fail'] },
  {
    name: 'an end of null',
    on: 'everyone',
    change: end('event: end\ndata: null\n\n'),
    found: ['ending.payload: fail'],
  },
  {
    name: 'the last batch after the end',
    on: 'everyone',
    change: ({ frames }) => [...frames.slice(0, -2), END_FRAME, frames.at(-2) ?? ''],
    found: ['ending.last: fail'],
  },
  {
    name: 'no blank line between two batches',
    on: 'everyone',
    change: text((frame) => frame.slice(0, -1)),
    found: ['framing.json: fail'],
  },
  {
    name: 'a field name in capitals',
    on: 'everyone',
    change: text((frame) => frame.replace('data', 'Data')),
    found: ['framing.fields: fail'],
  },
  {
    name: 'a space before a field name',
    on: ['reconnected'],
    change: text((frame) => ` ${frame}`),
    found: ['framing.fields: fail'],
  },
  {
    name: 'no field name at all',
    on: 'everyone',
    change: text((frame) => frame.replace('data: ', '')),
    found: ['framing.fields: fail'],
  },
  {
    name: 'a field of its own',
    on: 'everyone',
    change: text((frame) => `timestamp: 12\n${frame}`),
    found: ['framing.unknown-fields: warn'],
  },
  {
    name: 'a batch as an event of its own type',
    on: 'everyone',
    change: text((frame) => `event: words\n${frame}`),
    found: ['framing.event-types: fail'],
  },
  {
    name: 'retry in words',
    on: 'everyone',
    change: text((frame) => `retry: soon\n${frame}`),
    found: ['framing.retry-id: warn'],
  },
  {
    name: 'a byte order mark in the middle',
    on: 'everyone',
    change: text((frame) => `\uFEFF${frame}`),
    found: ['framing.bom: fail'],
  },
  {
    name: 'a byte that is no UTF-8',
    on: ['first'],
    change: ({ batches, frames }, at) => {
      const index = at % batches.length;
      const bytes = Buffer.from(String(frames[index]));
      bytes[bytes.indexOf('word":"') + 7] = 0xff;
      return frames.with(index, bytes);
    },
    found: ['framing.utf8: fail'],
  },
  {
    name: 'broken JSON',
    on: 'everyone',
    change: text((frame) => frame.replace(']}', ']')),
    found: ['framing.json: fail'],
  },
  {
    name: 'JSON in a JSON string',
    on: 'everyone',
    change: text((frame) => `data: ${JSON.stringify(frame.slice(6).trim())}\n\n`),
    found: ['framing.json: fail'],
  },
  {
    name: 'a time as a string',
    on: 'everyone',
    change: words((batch) => batch.map(([word, start, to], index) => [word, index === 0 ? String(start) : start, to])),
    found: ['schema.batch: fail'],
  },
  {
    name: 'a word without its end',
    on: ['late'],
    change: text((frame) => frame.replace(/,"end":[\d.]+/, '')),
    found: ['schema.batch: fail'],
  },
  {
    name: 'a word instead of a batch',
    on: 'everyone',
    change: text((frame) => frame.replace(/\{"words":\[(\{[^}]*\}).*\]\}/, '$1')),
    found: ['schema.batch: fail'],
  },
  {
    name: 'an empty word',
    on: 'everyone',
    change: words((batch) => [['', batch[0]?.[1], batch[0]?.[1]], ...batch.slice(1)]),
    found: ['schema.word-text: fail', 'tokens.script: warn'],
  },
  {
    name: 'white space for a word',
    on: 'everyone',
    change: words((batch) => [...batch, ['\u00a0', batch.at(-1)?.[1], batch.at(-1)?.[2]]]),
    found: ['schema.word-text: fail'],
  },
  {
    name: 'two words in one',
    on: 'everyone',
    change: words((batch) => [['one two', batch[0]?.[1], batch[0]?.[2]], ...batch.slice(1)]),
    found: ['schema.one-token: warn', 'tokens.script: warn'],
  },
  {
    name: 'an empty batch',
    on: 'everyone',
    change: text((frame) => `data: {"words":[]}\n\n${frame}`),
    found: ['schema.nonempty-batch: warn'],
  },
  {
    name: 'a member twice',
    on: ['concurrent'],
    change: text((frame) => frame.replace('"start":', '"start":0,"start":')),
    found: ['schema.unique-members: warn'],
  },
  {
    name: 'a negative start',
    on: 'everyone',
    change: ({ batches, frames }) => {
      const [[[word, , to] = ['', 0, 0], ...rest] = []] = batches;
      return frames.toSpliced(0, 1, frameOf([[word, -0.1, to]]), frameOf(rest));
    },
    found: ['ordering.origin: fail'],
  },
  {
    name: 'times of a clock',
    on: 'everyone',
    change: each(([word, start, to]) => [word, start + 1_780_000_000, to + 1_780_000_000]),
    found: ['ordering.origin: fail'],
  },
  {
    name: 'an end before its start',
    on: 'everyone',
    change: words((batch) => batch.map(([word, start, to], index) => [word, start, index === 1 ? start - 0.05 : to])),
    found: ['ordering.bounds: fail'],
  },
  {
    name: 'milliseconds',
    on: 'everyone',
    change: each(([word, start, to]) => [word, Math.round(start * 1000), Math.round(to * 1000)]),
    found: ['ordering.seconds: fail'],
  },
  {
    name: 'times from the start of each batch',
    on: 'everyone',
    change: ({ batches, frames }) => [
      ...batches.map((batch) =>
        frameOf(batch.map(([word, start, to]) => [word, start - (batch[0]?.[1] ?? 0), to - (batch[0]?.[1] ?? 0)])),
      ),
      ...frames.slice(-1),
    ],
    found: ['ordering.across-batches: fail'],
  },
  {
    name: 'a batch twice',
    on: 'everyone',
    change: ({ batches, frames }, at) => {
      // A mark without length may well stand twice.
      const lasting = batches.flatMap((batch, index) => (batch.some(([word]) => spoken(word)) ? [index] : []));
      const index = lasting[at % lasting.length] ?? 0;
      return frames.toSpliced(index, 0, frames[index] ?? '');
    },
    found: ['ordering.no-duplicates: fail'],
  },
  {
    name: 'punctuation glued to its word',
    on: 'everyone',
    change: ({ batches, frames }) => {
      const all = batches.flat();
      const glued = all.flatMap(([word, start, to], index) => {
        const [mark = ''] = all[index + 1] ?? [];
        return spoken(word) ? [[spoken(mark) ? word : word + mark, start, to]] : [];
      });
      return [...glued.map((word) => frameOf([word])), ...frames.slice(-1)];
    },
    found: ['tokens.punctuation-apart: fail'],
  },
  {
    name: 'no punctuation',
    on: 'everyone',
    change: ({ batches, frames }) => [
      ...batches
        .map((batch) => batch.filter(([word]) => spoken(word)))
        .filter((batch) => batch.length > 0)
        .map(frameOf),
      ...frames.slice(-1),
    ],
    found: ['tokens.punctuation-present: fail'],
  },
  {
    name: 'another word than the script',
    on: 'everyone',
    change: words((batch) => batch.map(([word, start, to], index) => [index === 0 ? `mis${word}` : word, start, to])),
    found: ['tokens.script: warn'],
  },
  {
    name: 'the first batch lost',
    on: ['late'],
    change: ({ frames }) => frames.slice(1),
    found: ['replay.from-start: fail'],
  },
  {
    name: 'a word lost',
    on: ['late'],
    change: words((batch) => batch.slice(1)),
    found: ['replay.no-gap: fail'],
  },
  {
    name: 'a batch lost',
    on: ['reconnected'],
    change: ({ batches, frames }, at) => frames.toSpliced(at % batches.length, 1),
    found: ['replay.reconnect: fail'],
  },
  {
    name: 'a word lost side by side',
    on: ['concurrent'],
    change: words((batch) => batch.slice(0, -1)),
    found: ['replay.concurrent: fail'],
  },
  {
    name: 'times rounded',
    on: ['snapshot', 'snapshot-again'],
    change: each(([word, start, to]) => [word, rounded(start), Math.max(rounded(start), rounded(to))]),
    found: ['snapshot.equals-live: fail'],
  },
  {
    name: 'the last word lost',
    on: ['snapshot-again'],
    change: ({ batches, frames }) => {
      const rest = batches.at(-1)?.slice(0, -1) ?? [];
      return frames.toSpliced(-2, 1, ...(rest.length === 0 ? [] : [frameOf(rest)]));
    },
    found: ['snapshot.stable: fail'],
  },
];
