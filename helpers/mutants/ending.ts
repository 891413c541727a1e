import type { Item } from '../reference/pipeline.ts';
import { lengthDelimitedTransport } from '../reference/transport.ts';
import { type Fault, faultsOf, type Variant, variantsNear } from './cases.ts';
import { contractWith } from './contract.ts';
import {
  delivered,
  everywhere,
  frames,
  type Override,
  onLive,
  only,
  onReplay,
  onSnapshot,
  type Where,
  withBearer,
  withTransport,
} from './overrides.ts';

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
function closingAfter(seconds: number, where: Where): Override {
  return withTransport((transport, _, ctx) => ({ end: () => ctx.wait(seconds).then(() => transport.end()) }), where);
}

function endPayload(payload: unknown): Override {
  return () => ({ endPayload: () => payload });
}

const FOREVER = 60;

export const faults: readonly Fault[] = [
  ...faultsOf('ending.once', 'fail', {
    'no-end': ['It closes when the session is over, and sends no end.', delivered(withoutEnd)],
    'no-end-on-snapshot': ['Its snapshots hold the words alone.', delivered(withoutEnd, onSnapshot)],
    'no-end-for-late-subscribers': [
      'It sends the end to those that listened from the start.',
      delivered(withoutEnd, onReplay),
    ],
    'no-end-for-bearer-tokens': [
      'Its gateway for bearer tokens closes before the end.',
      delivered(withoutEnd, withBearer),
    ],
    'snapshot-neither-ends-nor-closes': [
      'It keeps snapshots open as if the session still ran.',
      delivered(async function* (items, ctx) {
        yield* withoutEnd(items);
        await ctx.wait(FOREVER);
      }, onSnapshot),
      { settings: { maxSeconds: 8 } },
    ],
    'end-in-capitals': [
      'It ends with event: END.',
      frames('end', (frame) => frame.replace('event: end', 'event: END')),
    ],
    'end-called-done': [
      'It ends with event: done.',
      frames('end', (frame) => frame.replace('event: end', 'event: done')),
    ],
    'end-as-done-marker': ['It ends with data: [DONE].', frames('end', () => 'data: [DONE]\n\n')],
    'end-as-default-event': [
      'It ends with a default event that says type end.',
      frames('end', () => 'data: {"type":"end"}\n\n'),
    ],
    'two-ends': ['Both its session and its connection send the end.', frames('end', (frame) => frame + frame)],
    'two-ends-on-snapshot': [
      'Its snapshot holds the end, and it sends one more.',
      frames('end', (frame) => frame + frame, onSnapshot),
    ],
    'length-cuts-the-end': [
      'It counts characters for the Content-Length of snapshots, so that accents cost the last bytes.',
      only(onSnapshot, () => ({
        transport: lengthDelimitedTransport,
        bytes: (frame) => [Buffer.from(frame.startsWith('event: end') ? 'eve' : frame)],
      })),
    ],
  }),
  ...faultsOf('ending.last', 'fail', {
    'last-words-lost-behind-the-end': [
      'Its end overtakes the last batch for those that listen live, and the last word of it is lost.',
      delivered(async function* (items) {
        let ended = false;
        for await (const item of endFirst(items)) {
          ended ||= item.kind === 'end';
          if (!ended || item.kind !== 'batch') yield item;
          else if (item.words.length > 1) yield { ...item, words: item.words.slice(0, -1) };
        }
      }, onLive),
    ],
    'last-words-after-the-end': ['Its end overtakes the last batch.', delivered(endFirst)],
    'last-words-after-the-end-live': [
      'Its end overtakes the last batch for those that listen live.',
      delivered(endFirst, onLive),
    ],
    'statistics-after-the-end': [
      'It sends a batch of statistics after the end.',
      frames('end', (frame) => `${frame}data: {"words":[]}\n\n`, onSnapshot),
      { also: { 'schema.nonempty-batch': 'warn' } },
    ],
  }),
  ...faultsOf('ending.payload', 'fail', {
    'end-with-a-string': ['The data of its end is the string "end".', endPayload('end')],
    'end-with-null-on-snapshot': ['The data of the end of its snapshots is null.', only(onSnapshot, endPayload(null))],
    'end-with-an-array': ['The data of its end is an empty array.', endPayload([])],
    'end-against-its-schema': [
      'Its end gives a number where a later contract has a text.',
      endPayload({ reason: 3 }),
      contractWith(
        '    WordEvent:\n',
        '    WordsEndEvent:\n      type: object\n      properties:\n        reason:\n          type: string\n    WordEvent:\n',
      ),
    ],
  }),
  ...faultsOf('ending.closes', 'fail', {
    'open-after-the-end': [
      'It leaves the connection open after the end.',
      closingAfter(FOREVER, everywhere),
      { settings: { endCloseSeconds: 0.5 } },
    ],
    'closes-late-on-snapshot': [
      'It takes its time to close after the end of a snapshot.',
      closingAfter(1, onSnapshot),
      { settings: { endCloseSeconds: 0.5 } },
    ],
  }),
];

export const variants: readonly Variant[] = [
  ...variantsNear('ending.payload', {
    'end-with-empty-object': ['Ends with data: {}.', endPayload({})],
    'end-with-unknown-members': [
      'Tells in the end event how many words there were, and more.',
      () => ({
        endPayload: ({ sent }) => ({
          total: sent.words,
          usage: { seconds: 12.5 },
          reason: null,
          type: 'end',
          words: [],
        }),
      }),
    ],
    'end-over-several-lines': [
      'Spreads the JSON of the end over several data lines.',
      frames('end', () => 'event: end\ndata: {\ndata:   "reason": null\ndata: }\n\n'),
    ],
  }),
  ...variantsNear('ending.once', {
    'end-names-itself-last': [
      'Writes the data of the end before its event field.',
      frames('end', () => 'data: {}\nevent: end\n\n'),
    ],
  }),
  ...variantsNear('ending.last', {
    'comments-after-the-end': ['Sends comments after the end.', frames('end', (frame) => `${frame}: bye\n\n:\n`)],
  }),
  ...variantsNear('ending.closes', {
    'closes-a-moment-later': [
      'Closes the response a third of a second after the end.',
      delivered(async function* (items, ctx) {
        yield* items;
        await ctx.wait(0.33);
      }),
    ],
  }),
];
