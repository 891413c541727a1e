import { createGzip } from 'node:zlib';
import { groupWords } from '../reference/batches.ts';
import type { Item, Stages, SubscriptionContext } from '../reference/pipeline.ts';
import { milliseconds, onReplay, saidWord } from './overrides.ts';
import type { Fault, Variant } from './types.ts';

/** Holds these items back until the session has ended. */
function heldBack(defaults: Stages, when: (ctx: SubscriptionContext, item: Item) => boolean): Partial<Stages> {
  return {
    async *deliver(items, ctx) {
      const held: Item[] = [];
      for await (const item of defaults.deliver(items, ctx)) {
        if (when(ctx, item)) held.push(item);
        else yield item;
      }
      yield* held;
    },
  };
}

export const livenessFaults: readonly Fault[] = [
  {
    id: 'proxy-buffers-everything',
    sentence: 'Stands behind a proxy that buffers each response until it is whole.',
    turns: { 'liveness.streams': 'fail' },
    alone: true,
    stages: (defaults) => heldBack(defaults, ({ kind }) => kind !== 'snapshot'),
  },
  {
    id: 'held-back-then-dripped',
    sentence: 'Stands behind a proxy that keeps all words to the end, and then passes on a batch every 90 ms.',
    turns: { 'liveness.streams': 'fail' },
    alone: true,
    stages: (defaults) => ({
      async *deliver(items, ctx) {
        const live = ctx.kind !== 'snapshot';
        for await (const item of heldBack(defaults, () => live).deliver?.(items, ctx) ?? items) {
          if (live && item.kind === 'batch') await ctx.wait(0.09 / ctx.speed);
          yield item;
        }
      },
    }),
  },
  {
    id: 'second-half-held-back',
    sentence: 'Its buffer fills up in the middle of the session, and what follows is sent at the end.',
    turns: { 'liveness.streams': 'warn' },
    alone: true,
    stages: (defaults) =>
      heldBack(defaults, ({ kind, stream }, item) => {
        const from = item.kind === 'batch' ? (item.words[0]?.start ?? 0) : Number.POSITIVE_INFINITY;
        return kind === 'live' && stream.words.length > 0 && from > 12;
      }),
  },
  {
    id: 'late-listeners-wait-for-the-end',
    sentence: 'Gives a late subscriber history at once, and the rest when the session is over.',
    turns: { 'liveness.streams': 'fail' },
    alone: true,
    stages: (defaults) =>
      heldBack(
        defaults,
        (ctx, item) => onReplay(ctx) && (item.kind === 'end' || (item.kind === 'batch' && item.phase === 'live')),
      ),
  },
  {
    id: 'gzip-flushed-at-the-end',
    sentence: 'Compresses with gzip and flushes only when the stream ends.',
    turns: { 'liveness.streams': 'fail' },
    alone: true,
    stages: () => ({
      coding: (ctx) =>
        /gzip/.test(String(ctx.request.headers['accept-encoding']))
          ? { name: 'gzip', encoder: createGzip(), flushEachFrame: false }
          : {},
    }),
  },
  {
    id: 'answers-when-the-session-is-over',
    sentence: 'Sends not even its head before the session is over.',
    turns: { 'liveness.streams': 'fail' },
    alone: true,
    stages: (defaults) => ({
      async head(ctx) {
        while (ctx.stream.status === 'pending' || ctx.stream.status === 'streaming') await ctx.wait(0.02);
        return defaults.head(ctx);
      },
    }),
  },
  {
    id: 'second-listener-gets-a-file',
    sentence: 'Streams to its first listener alone; the next one gets everything at the end.',
    turns: { 'liveness.streams': 'fail' },
    alone: true,
    stages: (defaults) => heldBack(defaults, ({ kind, ordinal }) => kind === 'live' && ordinal === 2),
  },
  {
    id: 'every-second-batch-late',
    sentence: 'Lets every second batch wait for a tenth of a second.',
    turns: { 'liveness.lag': 'note' },
    stages: (defaults) => ({
      async *deliver(items, ctx) {
        for await (const item of defaults.deliver(items, ctx)) {
          if (item.kind === 'batch' && item.phase === 'live' && ctx.sent.batches % 2 === 1) await ctx.wait(0.1);
          yield item;
        }
      },
    }),
  },
];

export const livenessVariants: readonly Variant[] = [
  {
    id: 'words-ahead-of-their-audio',
    sentence: 'Sends words as fast as its voice makes them, twice as fast as it speaks.',
    near: 'liveness.streams',
    stages: (defaults) => ({
      ...saidWord(defaults, ({ word, start, end }) => ({
        word,
        start: milliseconds(start * 2),
        end: milliseconds(end * 2),
      })),
      batches: (pending, next) =>
        groupWords(pending, next, { maxWords: 10, maxStartSpan: 0.5, maxSpan: 0.75, maxPause: 0.2 }),
    }),
  },
  {
    id: 'slow-to-start',
    sentence: 'Takes a second before the first word is spoken.',
    near: 'liveness.streams',
    server: { startDelaySeconds: 1 },
  },
  {
    id: 'slow-head',
    sentence: 'Takes a third of a second to answer with its head.',
    near: 'liveness.streams',
    server: { startDelaySeconds: 0.6 },
    stages: (defaults) => ({
      async head(ctx) {
        await ctx.wait(0.33);
        return defaults.head(ctx);
      },
    }),
  },
  {
    id: 'batches-in-pairs',
    sentence: 'Comes through a proxy that passes batches on two at a time.',
    near: 'liveness.streams',
    stages: (defaults) => ({
      async *deliver(items, ctx) {
        let held: Item[] = [];
        for await (const item of defaults.deliver(items, ctx)) {
          held.push(item);
          if (held.length < 2 && item.kind !== 'end') continue;
          yield* held;
          held = [];
        }
        yield* held;
      },
    }),
  },
  {
    id: 'one-batch-late',
    sentence: 'Sends each batch when the next one is ready.',
    near: 'liveness.lag',
    stages: (defaults) => ({
      async *deliver(items, ctx) {
        let held: Item | undefined;
        for await (const item of defaults.deliver(items, ctx)) {
          if (held) yield held;
          held = item;
        }
        if (held) yield held;
      },
    }),
  },
  {
    id: 'frequent-heartbeats',
    sentence: 'Sends a heartbeat whenever nothing was said for a twentieth of a second.',
    near: 'liveness.streams',
    server: { heartbeatSeconds: 0.05 },
  },
  {
    id: 'unhurried-session',
    sentence: 'Speaks at a sixth of the pace of the others.',
    near: 'liveness.streams',
    settings: { speed: 5 },
    script: 'We speak slowly, and we take our time. All of it, as you can hear, arrives in the end.',
  },
];
