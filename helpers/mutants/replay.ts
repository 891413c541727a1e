import type { RequirementId } from '../contract/types.ts';
import { groupWords } from '../reference/batches.ts';
import type { SubscriptionContext, TimedWord } from '../reference/pipeline.ts';
import { type Fault, faultsOf, type Variant, variantsNear } from './cases.ts';
import {
  all,
  delayed,
  delivered,
  frames,
  milliseconds,
  type Override,
  onLive,
  only,
  onReplay,
  onSecondSubscription,
  respelt,
  retimed,
  saidWord,
  viewedWord,
  viewedWords,
  type Where,
  withBearer,
} from './overrides.ts';

type Rewrite = (words: readonly TimedWord[], ctx: SubscriptionContext) => readonly TimedWord[];

/** What a subscriber that joins while the session runs gets of what was said before, and after. */
function forLate(history: Rewrite, live: Rewrite = (words) => words): Override {
  return viewedWords((words, { phase }, ctx) => (phase === 'history' ? history : live)(words, ctx), onReplay);
}

/** What comes from the store, for those who were not there from the start. */
function fromStore(rewrite: (word: TimedWord, index: number) => readonly TimedWord[]): Override {
  return viewedWord(
    (word, index, { phase }) => (phase === 'history' ? rewrite(word, index) : [word]),
    (ctx) => !onLive(ctx),
  );
}

/** Loses the word with this index in the session. */
function without(lost: number, where: Where): Override {
  return viewedWord((word, index) => (index === lost ? [] : [word]), where);
}

/** Sends so many of the last words of history once more when it goes over to live. */
export function seamDoubles(count: number): Override {
  return viewedWord(
    (word, index, _, { stream, historyLength: seam }) =>
      index === seam ? [...stream.words.slice(Math.max(0, seam - count), seam), word] : [word],
    onReplay,
  );
}

/** Groups the words of history in another way. */
function historyInBatchesOf(maxWords: number): Override {
  return only(
    ({ kind, sent, historyLength }) => kind === 'late' && sent.words < historyLength,
    () => ({
      batches: (pending) => groupWords(pending, null, { maxWords, maxStartSpan: 1, maxSpan: 1.5, maxPause: 9 }),
    }),
  );
}

/** Ends a session for everyone, with the words that were heard so far, when a listener drops the connection. */
const endingWithAListener: Override = (defaults) => {
  interface State {
    readonly until: Promise<void>;
    readonly end: () => void;
    heard: number;
    words: number;
  }
  const states = new Map<string, State>();
  const of = ({ stream }: SubscriptionContext): State => {
    const known = states.get(stream.id);
    if (known !== undefined) return known;
    let end = () => {};
    const until = new Promise<void>((resolve) => {
      end = resolve;
    });
    const state = { until, end, heard: 0, words: Number.POSITIVE_INFINITY };
    states.set(stream.id, state);
    return state;
  };
  return {
    view: (stretch, ctx) => defaults.view(stretch, ctx).slice(0, Math.max(0, of(ctx).words - stretch.from)),
    async *deliver(items, ctx) {
      const state = of(ctx);
      const leave = () => {
        if (state.words !== Number.POSITIVE_INFINITY) return;
        state.words = state.heard;
        state.end();
      };
      ctx.signal.addEventListener('abort', leave);
      const over = state.until.then(() => ({ done: true, value: undefined }) as const);
      const iterator = defaults.deliver(items, ctx)[Symbol.asyncIterator]();
      for (;;) {
        const next = ctx.kind === 'snapshot' ? await iterator.next() : await Promise.race([iterator.next(), over]);
        if (next.done || next.value.kind === 'end') break;
        if (next.value.kind === 'batch') state.heard = Math.max(state.heard, ctx.sent.words + next.value.words.length);
        yield next.value;
      }
      ctx.signal.removeEventListener('abort', leave);
      yield { kind: 'end' };
    },
  };
};

/** Sends no further words of a session, to nobody, when a listener drops the connection. */
const stoppingWithAListener: Override = (defaults) => {
  const heard = new Map<string, number>();
  const stopped = new Set<string>();
  const spoken = (words: readonly TimedWord[], { stream }: SubscriptionContext) =>
    stopped.has(stream.id) ? words.filter(({ start }) => start <= (heard.get(stream.id) ?? 0)) : words;
  return {
    view: (stretch, ctx) => spoken(defaults.view(stretch, ctx), ctx),
    batches: (pending, next, ctx) => defaults.batches(spoken(pending, ctx), next, ctx),
    async *deliver(items, ctx) {
      const stop = () => stopped.add(ctx.stream.id);
      ctx.signal.addEventListener('abort', stop);
      for await (const item of defaults.deliver(items, ctx)) {
        if (item.kind === 'end') ctx.signal.removeEventListener('abort', stop);
        if (item.kind === 'batch' && spoken(item.words, ctx).length < item.words.length) continue;
        if (item.kind === 'batch' && !stopped.has(ctx.stream.id))
          heard.set(ctx.stream.id, Math.max(heard.get(ctx.stream.id) ?? 0, item.words.at(-1)?.start ?? 0));
        yield item;
      }
    },
  };
};

/** Resolves when the subscribers of the session before this one are gone. */
function turnOf({ stream, signal }: SubscriptionContext): Promise<unknown> {
  const before = stream.scratch.get('gone') as Promise<unknown> | undefined;
  const gone = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  stream.scratch.set('gone', Promise.all([before, gone]));
  return before ?? Promise.resolve();
}

const headsInTurn: Override = (defaults) => ({
  async head(ctx) {
    await turnOf(ctx);
    return defaults.head(ctx);
  },
});

const wordsInTurn: Override = (defaults) => ({
  async *deliver(items, ctx) {
    await turnOf(ctx);
    yield* defaults.deliver(items, ctx);
  },
});

const FROM_START: readonly RequirementId[] = ['replay.from-start', 'replay.reconnect'];
const NO_GAP: readonly RequirementId[] = ['replay.no-gap', 'replay.reconnect'];

/** Speaks what it sends again, from its first word, at half the pace of speech. */
function paced(where: Where): Override {
  return delayed((item, { scratch, speed }) => {
    if (item.kind !== 'batch') return 0;
    const start = item.words[0]?.start ?? 0;
    const first = (scratch.get('first') ?? { at: performance.now(), start }) as { at: number; start: number };
    scratch.set('first', first);
    return (first.at - performance.now()) / 1000 + (2 * (start - first.start)) / speed;
  }, where);
}

export const faults: readonly Fault[] = [
  ...faultsOf(FROM_START, 'fail', {
    'late-joins-at-now': ['Gives a late subscriber what is said from now on, and no history.', forLate(() => [])],
    'late-misses-the-first-word': ['Starts history at its second word.', forLate((words) => words.slice(1))],
    'history-of-three-words': ['Keeps a history of the last three words.', forLate((words) => words.slice(-3))],
    'store-lacks-its-start': [
      'Has lost the first three words of a session in its store, for history and snapshots alike.',
      fromStore((word, index) => (index < 3 ? [] : [word])),
      { also: { 'snapshot.equals-live': 'fail' } },
    ],
  }),
  ...faultsOf('replay.reconnect', 'fail', {
    'history-of-twenty-words': [
      'Keeps a history of the last twenty words: enough for who joins soon.',
      forLate((words) => words.slice(-20)),
      // Slow enough for the late subscriber to join before twenty words, on a busy machine too.
      { settings: { speed: 10 } },
    ],
    'no-history-for-late-bearer-tokens': [
      'Gives history to who joins late with an API key, and none to a bearer token.',
      forLate((words, ctx) => (withBearer(ctx) ? [] : words)),
    ],
    'session-ends-with-a-listener': [
      'Ends a session for everyone when one of its listeners drops the connection.',
      endingWithAListener,
    ],
    'session-stops-with-a-listener': [
      'Stops the words of a session when one of its listeners drops the connection.',
      stoppingWithAListener,
    ],
  }),
  ...faultsOf(NO_GAP, 'fail', {
    'seam-loses-a-batch': [
      'Loses the batch that is spoken while a late subscriber is being let in.',
      forLate((words) => words.slice(0, -3)),
    ],
    'seam-loses-a-word': [
      'Loses the first word after history.',
      viewedWord((word, index, _, { historyLength }) => (index === historyLength ? [] : [word]), onReplay),
    ],
    'seam-doubles-words': [
      'Sends the last words of history once more when it goes over to live.',
      seamDoubles(3),
      { also: { 'ordering.no-duplicates': 'fail' } },
    ],
    'late-gets-history-alone': [
      'Gives a late subscriber history, and then nothing until the end.',
      viewedWords((words, { phase }) => (phase === 'history' ? words : []), onReplay),
    ],
    'history-rounded': [
      'Keeps the times of its history to a tenth of a second.',
      forLate((words) =>
        words.map(({ word, start, end }) => ({
          word,
          start: Math.floor(start * 10) / 10,
          end: Math.ceil(end * 10) / 10,
        })),
      ),
    ],
    'history-in-lower-case': [
      'Keeps its history in lower case.',
      forLate((words) => words.map(respelt((word) => word.toLowerCase()))),
    ],
    'history-without-accents': [
      'Keeps its history in ASCII: words with other letters lose them.',
      forLate((words) => words.map(respelt((word) => word.normalize('NFD').replace(/\p{M}/gu, '')))),
      {
        script:
          'Café, déjà vu! We say naïve things, and we go on, as ever, all of us together. Señor Zoë is here, is he not? Yes.',
      },
    ],
    'late-times-from-the-join': [
      'Gives a late subscriber times a little later than everyone else.',
      saidWord(
        retimed((time) => milliseconds(time + 0.04)),
        onReplay,
      ),
    ],
  }),
  ...faultsOf('replay.concurrent', 'fail', {
    'live-loses-a-batch': [
      'It overwrites a batch before those who listen live were sent it; history and snapshot have it.',
      delivered(async function* (items) {
        let index = 0;
        for await (const item of items) {
          index += item.kind === 'batch' ? 1 : 0;
          if (item.kind !== 'batch' || index !== 3) yield item;
        }
      }, onLive),
    ],
    'one-queue-for-all': [
      'Lets its listeners compete: each word goes to one of them alone.',
      viewedWord((word, index, _, { ordinal }) => (index % 3 === ordinal % 3 ? [word] : []), onLive),
    ],
    'second-listener-hears-nothing': [
      'Sends words to its first listener alone; the one beside it gets the end.',
      viewedWords(() => [], onSecondSubscription),
    ],
    'second-listener-loses-a-word': [
      'Loses the twelfth word for the listener beside the first.',
      without(11, onSecondSubscription),
    ],
    'third-listener-loses-a-word': [
      'Loses the fourth word for its third listener, who hangs up before the end.',
      without(3, ({ ordinal }) => ordinal === 3),
    ],
    'one-at-a-time': ['Answers a second subscriber of a session only when the first is gone.', headsInTurn],
    'words-to-one-at-a-time': ['Sends words to a second subscriber only when the first is gone.', wordsInTurn],
  }),
  ...faultsOf('ordering.no-duplicates', 'fail', {
    'store-doubles-a-word': [
      'Keeps one word twice, so that history and snapshots have it twice.',
      fromStore((word, index) => (index === 2 ? [word, word] : [word])),
    ],
  }),
  ...faultsOf('replay.prompt', 'warn', {
    'history-at-speaking-pace': [
      'Speaks a session to a late subscriber again from its first word, at less than the pace of speech.',
      paced(onReplay),
      { alone: true, settings: { speed: 8 } },
    ],
    'history-at-speaking-pace-for-who-comes-back': [
      'Speaks a session again, at less than the pace of speech, to a subscriber who joins past its middle.',
      paced(all(onReplay, withBearer)),
      { alone: true, settings: { speed: 8 } },
    ],
  }),
];

export const variants: readonly Variant[] = [
  ...variantsNear('replay.no-gap', {
    'history-in-float32': [
      'Keeps the times of its history as 32-bit floats.',
      forLate((words) => words.map(retimed(Math.fround))),
    ],
    'history-in-smaller-batches': ['Sends history in batches of three words at most.', historyInBatchesOf(3)],
  }),
  ...variantsNear('replay.reconnect', {
    'cues-unspoken': [
      'Leaves cues and addresses of its script unspoken.',
      (defaults) => ({
        voice: (text, from) =>
          defaults.voice(text.replace(/\[[^\]]*\]?|https?:\S+|[^[\]]*\]/g, ' ').trim() || '.', from),
      }),
      {
        script:
          'Hello, and welcome to all of us. [warmly, with a smile, and not too fast] We go on, as ever, with the first of many things. https://example.com/a/very/long/address/that/nobody/speaks?with=parameters [applause, long and loud, then silence]',
        warns: ['tokens.script'],
      },
    ],
    'ids-count-per-subscriber': [
      'Numbers the events of each subscription from one.',
      frames('event', (frame, _, { sent }) => `id: ${sent.frames + 1}\n${frame}`),
    ],
  }),
  ...variantsNear('replay.from-start', {
    'history-word-by-word': ['Sends history in batches of one word.', historyInBatchesOf(1)],
  }),
  ...variantsNear('replay.prompt', {
    'history-after-a-moment': [
      'Takes a moment before history arrives, and then sends all of it.',
      delayed((_, { kind, sent }) => (kind === 'late' && sent.frames === 0 ? 0.05 : 0)),
    ],
  }),
  ...variantsNear('replay.concurrent', {
    'comments-count-the-listeners': [
      'Says to each subscriber how many are listening, in a comment.',
      frames('any', (frame, _, { concurrent }) => `: ${concurrent} listening\n${frame}`),
    ],
  }),
];
