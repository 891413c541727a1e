import type { Item } from '../../reference/pipeline.ts';
import type { Neighbour } from '../types.ts';

export const livenessNeighbours: readonly Neighbour[] = [
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
