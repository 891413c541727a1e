import { groupWords } from '../../reference/batches.ts';
import type { Neighbour } from '../types.ts';

export const replayNeighbours: readonly Neighbour[] = [
  {
    id: 'history-in-smaller-batches',
    sentence: 'Sends history in batches of three words at most.',
    near: 'replay.no-gap',
    stages: (defaults) => ({
      batches(pending, next, ctx) {
        if (ctx.kind !== 'late' || ctx.sent.words >= ctx.historyLength) return defaults.batches(pending, next, ctx);
        return groupWords(pending, null, { maxWords: 3, maxStartSpan: 1, maxSpan: 1.5, maxPause: 9 });
      },
    }),
  },
  {
    id: 'history-word-by-word',
    sentence: 'Sends history in batches of one word.',
    near: 'replay.from-start',
    stages: (defaults) => ({
      batches: (pending, next, ctx) =>
        ctx.kind === 'late' && ctx.sent.words < ctx.historyLength
          ? { batches: pending.map((word) => [word]), rest: [] }
          : defaults.batches(pending, next, ctx),
    }),
  },
  {
    id: 'history-after-a-moment',
    sentence: 'Takes a moment before history arrives, and then sends all of it.',
    near: 'replay.prompt',
    stages: (defaults) => ({
      async *deliver(items, ctx) {
        if (ctx.kind === 'late') await ctx.wait(0.05);
        yield* defaults.deliver(items, ctx);
      },
    }),
  },
  {
    id: 'ids-count-per-subscriber',
    sentence: 'Numbers the events of each subscription from one.',
    near: 'replay.reconnect',
    stages: (defaults) => ({
      frame: (item, ctx) =>
        item.kind === 'heartbeat'
          ? defaults.frame(item, ctx)
          : `id: ${ctx.sent.frames + 1}\n${defaults.frame(item, ctx)}`,
    }),
  },
  {
    id: 'comments-count-the-listeners',
    sentence: 'Says to each subscriber how many are listening, in a comment.',
    near: 'replay.concurrent',
    stages: (defaults) => ({ frame: (item, ctx) => `: ${ctx.concurrent} listening\n${defaults.frame(item, ctx)}` }),
  },
];
