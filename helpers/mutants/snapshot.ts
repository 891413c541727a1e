import { setTimeout as delay } from 'node:timers/promises';
import { batchLimits, groupWords } from '../reference/batches.ts';
import { errorDocument, unknownStream } from '../reference/errors.ts';
import type { Stages, SubscriptionContext, TimedWord } from '../reference/pipeline.ts';
import { isPunctuation } from '../reference/tokens.ts';
import { frames, onFirstSubscription, onSnapshot, type Where } from './overrides.ts';
import type { Fault, Variant } from './types.ts';

type Rewrite = (words: readonly TimedWord[], ctx: SubscriptionContext) => readonly TimedWord[];

/** A completed session that nobody had subscribed to. */
const unwatched: Where = (ctx) => onFirstSubscription(ctx) && onSnapshot(ctx);

/** What the reader of a completed session gets in place of its words. */
function storedAs(defaults: Stages, rewrite: Rewrite): Partial<Stages> {
  return {
    view(stretch, ctx) {
      const words = defaults.view(stretch, ctx);
      return ctx.kind === 'snapshot' ? rewrite(words, ctx) : words;
    },
  };
}

function snapshotFault(id: string, sentence: string, rewrite: Rewrite, turns: Fault['turns'] = {}): Fault {
  return {
    id,
    sentence,
    turns: { 'snapshot.equals-live': 'fail', ...turns },
    stages: (defaults) => storedAs(defaults, rewrite),
  };
}

function roundedTo(seconds: number): Rewrite {
  const round = (time: number) => Math.round(Math.round(time / seconds) * seconds * 1000) / 1000;
  return (words) => words.map(({ word, start, end }) => ({ word, start: round(start), end: round(end) }));
}

/** Forgets completed sessions that have been read three times, as an earlier run does. */
function lostAfter(defaults: Stages): Partial<Stages> {
  const reads = new Map<string, number>();
  return {
    head(ctx) {
      if (ctx.stream.stored) reads.set(ctx.stream.id, (reads.get(ctx.stream.id) ?? 0) + 1);
      return defaults.head(ctx);
    },
    async find(streamId, identity, sessions) {
      return (reads.get(streamId) ?? 0) >= 3 ? { refused: unknownStream } : defaults.find(streamId, identity, sessions);
    },
  };
}

/** Another answer in place of a completed session's stream, while live ones are served. */
function completedAnswers(status: number, type: string, body: string): NonNullable<Fault['stages']> {
  return (defaults) => ({
    head: (ctx) => (ctx.kind === 'snapshot' ? { status, headers: { 'content-type': type }, body } : defaults.head(ctx)),
  });
}

export const snapshotFaults: readonly Fault[] = [
  {
    id: 'session-forgotten-at-its-end',
    sentence: 'Forgets a session when it ends: 404.',
    turns: { 'snapshot.served': 'fail' },
    stages: (defaults) => ({
      async find(streamId, identity, sessions) {
        const stream = await sessions.get(streamId);
        return stream?.status === 'completed'
          ? { refused: unknownStream }
          : defaults.find(streamId, identity, sessions);
      },
    }),
  },
  {
    id: 'snapshot-not-ready',
    sentence: 'Answers 202 to the reader of a completed session, and no words.',
    turns: { 'snapshot.served': 'fail' },
    stages: completedAnswers(202, 'application/json', '{"status":"processing"}'),
  },
  {
    id: 'snapshot-store-is-down',
    sentence: 'Answers 500 to the reader of a completed session.',
    turns: { 'snapshot.served': 'fail' },
    stages: completedAnswers(500, 'text/html', '<h1>Internal Server Error</h1>'),
  },
  {
    id: 'snapshot-expires-after-one-read',
    sentence: 'Serves a completed session once, and 404 after that.',
    turns: { 'snapshot.served': 'fail' },
    stages(defaults) {
      const read = new Set<string>();
      return {
        head(ctx) {
          if (ctx.kind === 'snapshot') read.add(ctx.stream.id);
          return defaults.head(ctx);
        },
        async find(streamId, identity, sessions) {
          return read.has(streamId) ? { refused: unknownStream } : defaults.find(streamId, identity, sessions);
        },
      };
    },
  },
  snapshotFault('snapshot-rounded', 'Stores times to a hundredth of a second.', roundedTo(0.01)),
  snapshotFault('snapshot-two-milliseconds-late', 'Stores times two milliseconds late.', (words) =>
    words.map(({ word, start, end }) => ({ word, start: start + 0.002, end: end + 0.002 })),
  ),
  snapshotFault('snapshot-without-words', 'Stores the end of a session alone.', () => [], {
    'snapshot.served': 'fail',
  }),
  snapshotFault('snapshot-truncated', 'Stores all but the last three words.', (words) => words.slice(0, -3)),
  snapshotFault('snapshot-lacks-the-last-mark', 'Stores all but the last mark of punctuation.', (words) =>
    words.slice(0, -1),
  ),
  snapshotFault('snapshot-without-its-start', 'Stores no more than the last twenty words.', (words) =>
    words.slice(-20),
  ),
  snapshotFault('snapshot-loses-a-word', 'Loses one word in the middle when it stores.', (words) =>
    words.filter((_, index) => index !== 12),
  ),
  snapshotFault('snapshot-retokenised', 'Splits words at hyphens and apostrophes when it stores.', (words) =>
    words.flatMap((word) => word.word.split(/(?<=[’'-])(?=\p{L})/u).map((part) => ({ ...word, word: part }))),
  ),
  snapshotFault(
    'snapshot-glues-punctuation',
    'Stores punctuation with the word before it.',
    (words) => {
      const glued: TimedWord[] = [];
      for (const word of words) {
        const before = glued.at(-1);
        if (before && /^[,!?]$/.test(word.word) && !isPunctuation(before.word))
          glued[glued.length - 1] = { ...before, word: before.word + word.word, end: word.end };
        else glued.push(word);
      }
      return glued;
    },
    { 'tokens.punctuation-apart': 'fail' },
  ),
  snapshotFault('snapshot-without-capitals', 'Stores its words in lower case.', (words) =>
    words.map((word) => ({ ...word, word: word.word.toLowerCase() })),
  ),
  snapshotFault('snapshot-garbles-accents', 'Stores letters beyond ASCII as question marks.', (words) =>
    words.map((word) => ({ ...word, word: word.word.replace(/(?<=\p{L})[^\0-\x7f]/gu, 'e') })),
  ),
  snapshotFault(
    'snapshot-starts-at-zero',
    'Stores times from the first word, not from the start of the audio.',
    (words) => {
      const origin = words[0]?.start ?? 0;
      return words.map(({ word, start, end }) => ({ word, start: start - origin, end: end - origin }));
    },
  ),
  {
    id: 'snapshot-drifts',
    sentence: 'Aligns a completed session anew at each read: times differ a little.',
    turns: { 'snapshot.stable': 'fail', 'snapshot.equals-live': 'fail' },
    stages: (defaults) =>
      storedAs(defaults, (words, ctx) =>
        words.map((word) => ({ ...word, end: Math.round((word.end + ctx.ordinal / 250) * 1000) / 1000 })),
      ),
  },
  {
    id: 'snapshot-by-credential',
    sentence: 'Gives the holder of a bearer token a shorter snapshot.',
    turns: { 'snapshot.stable': 'fail' },
    stages: (defaults) =>
      storedAs(defaults, (words, ctx) => (ctx.request.identity?.credential === 'bearer' ? words.slice(0, -2) : words)),
  },
  {
    id: 'old-sessions-lost',
    sentence: 'Deletes older sessions when it cleans up.',
    turns: { 'snapshot.served': 'fail', 'snapshot.durable': 'fail' },
    completed: ['An older session, kept for ever. Is it all there? Yes, every word of it.'],
    earlier: true,
    stages: lostAfter,
  },
  {
    id: 'old-sessions-rounded',
    sentence: 'Rounds the times of older sessions when it cleans up.',
    turns: { 'snapshot.durable': 'fail' },
    completed: ['An older session, kept for ever. Is it all there? Yes, every word of it.'],
    earlier: true,
    stages(defaults) {
      let spoken = 0;
      return {
        voice(text, from) {
          spoken += 1;
          return defaults.voice(text, from);
        },
        view(stretch, ctx) {
          const words = defaults.view(stretch, ctx);
          // The first to be spoken is the older session; the next one belongs to the later run.
          return ctx.kind === 'snapshot' && spoken > 1 && words[0]?.word === 'An' ? roundedTo(0.1)(words, ctx) : words;
        },
      };
    },
  },
  {
    id: 'snapshot-at-speaking-pace',
    sentence: 'Plays a completed session at the pace of speech.',
    turns: { 'snapshot.prompt': 'warn' },
    alone: true,
    settings: { speed: 8 },
    stages: (defaults) => ({
      async *deliver(items, ctx) {
        for await (const item of defaults.deliver(items, ctx)) {
          if (ctx.kind === 'snapshot' && item.kind === 'batch') {
            const length = (item.words.at(-1)?.end ?? 0) - (item.words[0]?.start ?? 0);
            await delay((length / ctx.speed) * 1000, undefined, { signal: ctx.signal });
          }
          yield item;
        }
      },
    }),
  },
  {
    id: 'recorded-only-while-watched',
    sentence: 'Records a session only while somebody listens to it.',
    turns: { 'snapshot.unwatched': 'fail' },
    settings: { unwatched: true },
    stages: () => ({ view: ({ words }, ctx) => (unwatched(ctx) ? [] : words) }),
  },
  {
    id: 'recorded-from-the-first-listener-on',
    sentence: 'Keeps of a session without listeners what was spoken last, for it starts to record late.',
    turns: { 'snapshot.unwatched': 'fail' },
    settings: { unwatched: true },
    stages: () => ({ view: ({ words }, ctx) => (unwatched(ctx) ? words.slice(6) : words) }),
  },
  {
    id: 'unwatched-session-forgotten',
    sentence: 'Forgets a session that ended without a listener.',
    turns: { 'snapshot.unwatched': 'fail' },
    settings: { unwatched: true },
    stages: (defaults) => ({
      async head(ctx) {
        if (!unwatched(ctx)) return defaults.head(ctx);
        const { status, headers, body } = errorDocument(unknownStream);
        return { status, headers, body };
      },
    }),
  },
];

export const snapshotVariants: readonly Variant[] = [
  {
    id: 'snapshot-in-float32',
    sentence: 'Stores times as 32-bit floats.',
    near: 'snapshot.equals-live',
    stages: (defaults) =>
      storedAs(defaults, (words) =>
        words.map(({ word, start, end }) => ({ word, start: Math.fround(start), end: Math.fround(end) })),
      ),
  },
  {
    id: 'snapshot-a-millisecond-off',
    sentence: 'Cuts times to milliseconds where live ones are rounded.',
    near: 'snapshot.stable',
    stages: (defaults) =>
      storedAs(defaults, (words, ctx) =>
        words.map((word) => ({ ...word, end: Math.round((word.end + (ctx.ordinal % 2) / 1000) * 1000) / 1000 })),
      ),
  },
  {
    id: 'snapshot-batched-anew',
    sentence: 'Groups the words of a snapshot by two.',
    near: 'snapshot.equals-live',
    stages: (defaults) => ({
      batches: (pending, next, ctx) =>
        ctx.kind === 'snapshot'
          ? groupWords(pending, null, { maxWords: 2, maxStartSpan: 1, maxSpan: 1.5, maxPause: 9 })
          : defaults.batches(pending, next, ctx),
    }),
  },
  {
    id: 'snapshot-batched-by-chance',
    sentence: 'Groups the words of a snapshot differently at each read.',
    near: 'snapshot.stable',
    stages: (defaults) => ({
      batches: (pending, next, ctx) =>
        ctx.kind === 'snapshot'
          ? groupWords(pending, null, { maxWords: 1 + (ctx.ordinal % 5), maxStartSpan: 1, maxSpan: 1.5, maxPause: 9 })
          : defaults.batches(pending, next, ctx),
    }),
  },
  {
    id: 'snapshot-in-one-chunk',
    sentence: 'Sends a snapshot as one chunk.',
    near: 'snapshot.prompt',
    stages: (defaults) => ({
      frame(item, ctx) {
        if (ctx.kind !== 'snapshot') return defaults.frame(item, ctx);
        const held = `${ctx.scratch.get('held') ?? ''}${defaults.frame(item, ctx)}`;
        ctx.scratch.set('held', held);
        return item.kind === 'end' ? held : '';
      },
    }),
  },
  {
    id: 'snapshot-with-other-number-forms',
    sentence: 'Writes the same times with more zeros in a snapshot.',
    near: 'snapshot.equals-live',
    stages: (defaults) =>
      frames(defaults, 'any', (frame, _item, ctx) =>
        ctx.kind === 'snapshot' ? frame.replace(/"(start|end)":(\d+\.\d+)/g, '"$1":$200') : frame,
      ),
  },
  {
    id: 'snapshot-with-more-members',
    sentence: 'Tells in the end of a snapshot when it was stored.',
    near: 'snapshot.stable',
    stages: (defaults) => ({
      endPayload: (ctx) => ({ ...(defaults.endPayload(ctx) as object), read: ctx.ordinal, stored: ctx.stream.stored }),
    }),
  },
  {
    id: 'older-sessions-as-well',
    sentence: 'Serves sessions that ended long before the run.',
    near: 'snapshot.durable',
    completed: ['An older session, kept for ever. Is it all there? Yes.', 'Ein anderes Gespräch, ganz kurz.'],
    earlier: true,
  },
  {
    id: 'unwatched-session-kept',
    sentence: 'Keeps a session that nobody listened to, in batches of other sizes than those of a live one.',
    near: 'snapshot.unwatched',
    settings: { unwatched: true },
    stages: () => ({ batches: (pending, next) => groupWords(pending, next, { ...batchLimits, maxWords: 4 }) }),
  },
];
