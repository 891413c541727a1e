import { createGzip } from 'node:zlib';
import type { Item, Stages, SubscriptionContext } from '../../reference/pipeline.ts';
import { onReplay } from '../overrides.ts';
import type { Fault } from '../types.ts';

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
