import type { Item, SubscriptionContext } from '../reference/pipeline.ts';
import { lengthDelimitedTransport, streamingTransport } from '../reference/transport.ts';
import { delivered, frames, onLive, onReplay, onSnapshot, withBearer } from './overrides.ts';
import type { Fault, Variant } from './types.ts';

async function* withoutEnd(items: AsyncIterable<Item>): AsyncIterable<Item> {
  for await (const item of items) if (item.kind !== 'end') yield item;
}

/** The last batch comes after the end. */
async function* endFirst(items: AsyncIterable<Item>): AsyncIterable<Item> {
  let kept: Item | undefined;
  for await (const item of items) {
    if (item.kind === 'end') yield item;
    if (kept !== undefined) yield kept;
    kept = item.kind === 'end' ? undefined : item;
  }
}

/** The connection stays open for so long after the end. */
function closingAfter(seconds: number, where: (ctx: SubscriptionContext) => boolean): NonNullable<Fault['stages']> {
  return () => ({
    transport(ctx, response) {
      const transport = streamingTransport(ctx, response);
      if (!where(ctx)) return transport;
      return { ...transport, end: () => ctx.wait(seconds).then(() => transport.end()) };
    },
  });
}

const FOREVER = 60;

export const endingFaults: readonly Fault[] = [
  {
    id: 'no-end',
    sentence: 'It closes when the session is over, and sends no end.',
    stages: () => delivered(withoutEnd),
    turns: { 'ending.once': 'fail' },
  },
  {
    id: 'no-end-on-snapshot',
    sentence: 'Its snapshots hold the words alone.',
    stages: () => delivered(withoutEnd, onSnapshot),
    turns: { 'ending.once': 'fail' },
  },
  {
    id: 'no-end-for-late-subscribers',
    sentence: 'It sends the end to those that listened from the start.',
    stages: () => delivered(withoutEnd, onReplay),
    turns: { 'ending.once': 'fail' },
  },
  {
    id: 'no-end-for-bearer-tokens',
    sentence: 'Its gateway for bearer tokens closes before the end.',
    stages: () => delivered(withoutEnd, withBearer),
    turns: { 'ending.once': 'fail' },
  },
  {
    id: 'snapshot-neither-ends-nor-closes',
    sentence: 'It keeps snapshots open as if the session still ran.',
    stages: () => ({
      ...delivered(async function* (items, ctx) {
        yield* withoutEnd(items);
        await ctx.wait(FOREVER);
      }, onSnapshot),
    }),
    settings: { maxSeconds: 8 },
    turns: { 'ending.once': 'fail' },
  },
  {
    id: 'end-in-capitals',
    sentence: 'It ends with event: END.',
    stages: (defaults) => frames(defaults, 'end', (frame) => frame.replace('event: end', 'event: END')),
    turns: { 'ending.once': 'fail' },
  },
  {
    id: 'end-called-done',
    sentence: 'It ends with event: done.',
    stages: (defaults) => frames(defaults, 'end', (frame) => frame.replace('event: end', 'event: done')),
    turns: { 'ending.once': 'fail' },
  },
  {
    id: 'end-as-done-marker',
    sentence: 'It ends with data: [DONE].',
    stages: (defaults) => frames(defaults, 'end', () => 'data: [DONE]\n\n'),
    turns: { 'ending.once': 'fail' },
  },
  {
    id: 'end-as-default-event',
    sentence: 'It ends with a default event that says type end.',
    stages: (defaults) => frames(defaults, 'end', () => 'data: {"type":"end"}\n\n'),
    turns: { 'ending.once': 'fail' },
  },
  {
    id: 'two-ends',
    sentence: 'Both its session and its connection send the end.',
    stages: (defaults) => frames(defaults, 'end', (frame) => frame + frame),
    turns: { 'ending.once': 'fail' },
  },
  {
    id: 'two-ends-on-snapshot',
    sentence: 'Its snapshot holds the end, and it sends one more.',
    stages: (defaults) => frames(defaults, 'end', (frame) => frame + frame, onSnapshot),
    turns: { 'ending.once': 'fail' },
  },
  {
    id: 'length-cuts-the-end',
    sentence: 'It counts characters for the Content-Length of snapshots, so that accents cost the last bytes.',
    stages: (defaults) => ({
      transport: (ctx, response) =>
        onSnapshot(ctx) ? lengthDelimitedTransport(ctx, response) : streamingTransport(ctx, response),
      bytes(frame, ctx) {
        const bytes = Buffer.from(frame);
        return onSnapshot(ctx) && frame.startsWith('event: end') ? [bytes.subarray(0, 3)] : defaults.bytes(frame, ctx);
      },
    }),
    turns: { 'ending.once': 'fail' },
  },
  {
    id: 'last-words-after-the-end',
    sentence: 'Its end overtakes the last batch.',
    stages: () => delivered(endFirst),
    turns: { 'ending.last': 'fail' },
  },
  {
    id: 'last-words-after-the-end-live',
    sentence: 'Its end overtakes the last batch for those that listen live.',
    stages: () => delivered(endFirst, onLive),
    turns: { 'ending.last': 'fail' },
  },
  {
    id: 'statistics-after-the-end',
    sentence: 'It sends a batch of statistics after the end.',
    stages: (defaults) => frames(defaults, 'end', (frame) => `${frame}data: {"words":[]}\n\n`, onSnapshot),
    turns: { 'ending.last': 'fail', 'schema.nonempty-batch': 'warn' },
  },
  {
    id: 'end-with-a-string',
    sentence: 'The data of its end is the string "end".',
    stages: () => ({ endPayload: () => 'end' }),
    turns: { 'ending.payload': 'fail' },
  },
  {
    id: 'end-with-null-on-snapshot',
    sentence: 'The data of the end of its snapshots is null.',
    stages: (defaults) => ({ endPayload: (ctx) => (onSnapshot(ctx) ? null : defaults.endPayload(ctx)) }),
    turns: { 'ending.payload': 'fail' },
  },
  {
    id: 'end-with-an-array',
    sentence: 'The data of its end is an empty array.',
    stages: () => ({ endPayload: () => [] }),
    turns: { 'ending.payload': 'fail' },
  },
  {
    id: 'end-against-its-schema',
    sentence: 'Its end gives a number where a later contract has a text.',
    stages: () => ({ endPayload: () => ({ reason: 3 }) }),
    contract: (yaml) =>
      `${yaml.replace(
        '    WordEvent:\n',
        '    WordsEndEvent:\n      type: object\n      properties:\n        reason:\n          type: string\n    WordEvent:\n',
      )}`,
    turns: { 'ending.payload': 'fail' },
  },
  {
    id: 'open-after-the-end',
    sentence: 'It leaves the connection open after the end.',
    stages: closingAfter(FOREVER, () => true),
    settings: { endCloseSeconds: 0.5 },
    turns: { 'ending.closes': 'fail' },
  },
  {
    id: 'closes-late-on-snapshot',
    sentence: 'It takes its time to close after the end of a snapshot.',
    stages: closingAfter(1, onSnapshot),
    settings: { endCloseSeconds: 0.5 },
    turns: { 'ending.closes': 'fail' },
  },
];

export const endingVariants: readonly Variant[] = [
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
