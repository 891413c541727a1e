import { createGzip } from 'node:zlib';
import type { Item, SubscriptionContext } from '../reference/pipeline.ts';
import { type Fault, faultsOf, type Variant, variantsNear } from './cases.ts';
import {
  delayed,
  delivered,
  grouped,
  milliseconds,
  type Override,
  onReplay,
  retimed,
  saidWord,
  stacked,
} from './overrides.ts';

const ALONE = { alone: true };

/** Delivers these items only when the session has ended. */
function afterTheEnd(when: (ctx: SubscriptionContext, item: Item) => boolean): Override {
  return delivered(async function* (items, ctx) {
    const held: Item[] = [];
    for await (const item of items) {
      if (when(ctx, item)) held.push(item);
      else yield item;
    }
    yield* held;
  });
}

/** Passes so many items on together. */
function inGroupsOf(count: number): Override {
  return delivered(async function* (items) {
    let held: Item[] = [];
    for await (const item of items) {
      held.push(item);
      if (held.length < count && item.kind !== 'end') continue;
      yield* held;
      held = [];
    }
    yield* held;
  });
}

function answeringAfter(ready: (ctx: SubscriptionContext) => Promise<void>): Override {
  return (defaults) => ({
    async head(ctx) {
      await ready(ctx);
      return defaults.head(ctx);
    },
  });
}

export const faults: readonly Fault[] = [
  ...faultsOf('liveness.streams', 'fail', {
    'proxy-buffers-everything': [
      'Stands behind a proxy that buffers each response until it is whole.',
      afterTheEnd(({ kind }) => kind !== 'snapshot'),
      ALONE,
    ],
    'held-back-then-dripped': [
      'Stands behind a proxy that keeps all words to the end, and then passes on a batch every 90 ms.',
      stacked(
        afterTheEnd(({ kind }) => kind !== 'snapshot'),
        delayed((item, { kind, speed }) => (kind !== 'snapshot' && item.kind === 'batch' ? 0.09 / speed : 0)),
      ),
      ALONE,
    ],
    'late-listeners-wait-for-the-end': [
      'Gives a late subscriber history at once, and the rest when the session is over.',
      afterTheEnd(
        (ctx, item) => onReplay(ctx) && (item.kind === 'end' || (item.kind === 'batch' && item.phase === 'live')),
      ),
      ALONE,
    ],
    'gzip-flushed-at-the-end': [
      'Compresses with gzip and flushes only when the stream ends.',
      () => ({
        coding: (ctx) =>
          /gzip/.test(String(ctx.request.headers['accept-encoding']))
            ? { name: 'gzip', encoder: createGzip(), flushEachFrame: false }
            : {},
      }),
      ALONE,
    ],
    'answers-when-the-session-is-over': [
      'Sends not even its head before the session is over.',
      answeringAfter(async ({ stream, wait }) => {
        while (!stream.ended) await wait(0.02);
      }),
      ALONE,
    ],
    'second-listener-gets-a-file': [
      'Streams to its first listener alone; the next one gets everything at the end.',
      afterTheEnd(({ kind, ordinal }) => kind === 'live' && ordinal === 2),
      ALONE,
    ],
  }),
  ...faultsOf('liveness.streams', 'warn', {
    'second-half-held-back': [
      'Its buffer fills up in the middle of the session, and what follows is sent at the end.',
      afterTheEnd(({ kind, stream }, item) => {
        const from = item.kind === 'batch' ? (item.words[0]?.start ?? 0) : Number.POSITIVE_INFINITY;
        return kind === 'live' && stream.words.length > 0 && from > 12;
      }),
      ALONE,
    ],
  }),
  ...faultsOf('liveness.lag', 'note', {
    'every-second-batch-late': [
      'Lets every second batch wait for a tenth of a second.',
      delayed((item, { sent }) => (item.kind === 'batch' && item.phase === 'live' && sent.batches % 2 === 1 ? 0.1 : 0)),
    ],
  }),
];

export const variants: readonly Variant[] = [
  ...variantsNear('liveness.streams', {
    'words-ahead-of-their-audio': [
      'Sends words as fast as its voice makes them, twice as fast as it speaks.',
      stacked(
        saidWord(retimed((time) => milliseconds(time * 2))),
        grouped({ maxStartSpan: 0.5, maxSpan: 0.75, maxPause: 0.2 }),
      ),
    ],
    'slow-to-start': ['Takes a second before the first word is spoken.', { server: { startDelaySeconds: 1 } }],
    'slow-head': [
      'Takes a third of a second to answer with its head.',
      answeringAfter(({ wait }) => wait(0.33)),
      { server: { startDelaySeconds: 0.6 } },
    ],
    'batches-in-pairs': ['Comes through a proxy that passes batches on two at a time.', inGroupsOf(2)],
    'frequent-heartbeats': [
      'Sends a heartbeat whenever nothing was said for a twentieth of a second.',
      { server: { heartbeatSeconds: 0.05 } },
    ],
    'unhurried-session': [
      'Speaks at a sixth of the pace of the others.',
      {
        settings: { speed: 5 },
        script: 'We speak slowly, and we take our time. All of it, as you can hear, arrives in the end.',
      },
    ],
  }),
  ...variantsNear('liveness.lag', {
    'one-batch-late': [
      'Sends each batch when the next one is ready.',
      delivered(async function* (items) {
        let held: Item | undefined;
        for await (const item of items) {
          if (held) yield held;
          held = item;
        }
        if (held) yield held;
      }),
    ],
  }),
];
