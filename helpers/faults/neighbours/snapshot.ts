import { groupWords } from '../../reference/batches.ts';
import { frames } from '../overrides.ts';
import type { Neighbour } from '../types.ts';

export const snapshotNeighbours: readonly Neighbour[] = [
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
];
