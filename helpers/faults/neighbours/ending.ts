import { frames } from '../overrides.ts';
import type { Neighbour } from '../types.ts';

export const endingNeighbours: readonly Neighbour[] = [
  {
    id: 'end-with-empty-object',
    sentence: 'Ends with data: {}.',
    near: 'ending.payload',
    stages: () => ({ endPayload: () => ({}) }),
  },
  {
    id: 'end-with-unknown-members',
    sentence: 'Tells in the end event how many words there were, and more.',
    near: 'ending.payload',
    stages: () => ({
      endPayload: (ctx) => ({ total: ctx.sent.words, usage: { seconds: 12.5 }, reason: null, type: 'end', words: [] }),
    }),
  },
  {
    id: 'end-over-several-lines',
    sentence: 'Spreads the JSON of the end over several data lines.',
    near: 'ending.payload',
    stages: (defaults) => ({
      frame: (item, ctx) =>
        item.kind === 'end' ? 'event: end\ndata: {\ndata:   "reason": null\ndata: }\n\n' : defaults.frame(item, ctx),
    }),
  },
  {
    id: 'end-names-itself-last',
    sentence: 'Writes the data of the end before its event field.',
    near: 'ending.once',
    stages: (defaults) => frames(defaults, 'end', (_frame) => 'data: {}\nevent: end\n\n'),
  },
  {
    id: 'comments-after-the-end',
    sentence: 'Sends comments after the end.',
    near: 'ending.last',
    stages: (defaults) => frames(defaults, 'end', (frame) => `${frame}: bye\n\n:\n`),
  },
  {
    id: 'closes-a-moment-later',
    sentence: 'Closes the response a third of a second after the end.',
    near: 'ending.closes',
    stages: (defaults) => ({
      async *deliver(items, ctx) {
        yield* defaults.deliver(items, ctx);
        await ctx.wait(0.33);
      },
    }),
  },
];
