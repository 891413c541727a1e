import { groupWords } from '../reference/batches.ts';
import type { Stages, Stretch, SubscriptionContext, TimedWord } from '../reference/pipeline.ts';
import { all, milliseconds, onLive, onReplay, type Where, withBatchWords, withBearer } from './overrides.ts';
import type { Fault, Variant } from './types.ts';

/** What a subscriber that joins while the session runs gets of what was said before, and after. */
function forLate(
  defaults: Stages,
  history: (words: readonly TimedWord[], ctx: SubscriptionContext) => readonly TimedWord[],
  live: (words: readonly TimedWord[], ctx: SubscriptionContext) => readonly TimedWord[] = (words) => words,
): Partial<Stages> {
  return {
    view(stretch, ctx) {
      const words = defaults.view(stretch, ctx);
      if (!onReplay(ctx)) return words;
      return stretch.phase === 'history' ? history(words, ctx) : live(words, ctx);
    },
  };
}

/** What comes from the store, for those who were not there from the start. */
function isStored({ phase }: Stretch, ctx: SubscriptionContext): boolean {
  return phase === 'history' && !onLive(ctx);
}

const BOTH_FROM_START = { 'replay.from-start': 'fail', 'replay.reconnect': 'fail' } as const;
const BOTH_NO_GAP = { 'replay.no-gap': 'fail', 'replay.reconnect': 'fail' } as const;

/** Speaks what it sends again, from its first word, at half the pace of speech. */
function paced(where: Where) {
  return (defaults: Stages): Partial<Stages> => ({
    async *deliver(items, ctx) {
      let first: { readonly at: number; readonly start: number } | undefined;
      for await (const item of defaults.deliver(items, ctx)) {
        if (where(ctx) && item.kind === 'batch') {
          const start = item.words[0]?.start ?? 0;
          first ??= { at: performance.now(), start };
          const due = first.at + (2000 * (start - first.start)) / ctx.speed;
          await ctx.wait(Math.max(0, due - performance.now()) / 1000);
        }
        yield item;
      }
    },
  });
}

export const replayFaults: readonly Fault[] = [
  {
    id: 'late-joins-at-now',
    sentence: 'Gives a late subscriber what is said from now on, and no history.',
    turns: BOTH_FROM_START,
    stages: (defaults) => forLate(defaults, () => []),
  },
  {
    id: 'late-misses-the-first-word',
    sentence: 'Starts history at its second word.',
    turns: BOTH_FROM_START,
    stages: (defaults) => forLate(defaults, (words) => words.slice(1)),
  },
  {
    id: 'history-of-three-words',
    sentence: 'Keeps a history of the last three words.',
    turns: BOTH_FROM_START,
    stages: (defaults) => forLate(defaults, (words) => words.slice(-3)),
  },
  {
    id: 'history-of-twenty-words',
    sentence: 'Keeps a history of the last twenty words: enough for who joins soon.',
    // Slow enough for the late subscriber to join before twenty words, on a busy machine too.
    settings: { speed: 10 },
    turns: { 'replay.reconnect': 'fail' },
    stages: (defaults) => forLate(defaults, (words) => words.slice(-20)),
  },
  {
    id: 'no-history-for-late-bearer-tokens',
    sentence: 'Gives history to who joins late with an API key, and none to a bearer token.',
    turns: { 'replay.reconnect': 'fail' },
    stages: (defaults) => forLate(defaults, (words, ctx) => (withBearer(ctx) ? [] : words)),
  },
  {
    id: 'seam-loses-a-batch',
    sentence: 'Loses the batch that is spoken while a late subscriber is being let in.',
    turns: BOTH_NO_GAP,
    stages: (defaults) => forLate(defaults, (words) => words.slice(0, -3)),
  },
  {
    id: 'seam-loses-a-word',
    sentence: 'Loses the first word after history.',
    turns: BOTH_NO_GAP,
    stages: (defaults) =>
      forLate(
        defaults,
        (words) => words,
        (words, ctx) => {
          if (words.length === 0 || ctx.scratch.has('lost')) return words;
          ctx.scratch.set('lost', true);
          return words.slice(1);
        },
      ),
  },
  {
    id: 'seam-doubles-words',
    sentence: 'Sends the last words of history once more when it goes over to live.',
    turns: { ...BOTH_NO_GAP, 'ordering.no-duplicates': 'fail' },
    stages: (defaults) =>
      forLate(
        defaults,
        (words, ctx) => {
          ctx.scratch.set('again', words.slice(-3));
          return words;
        },
        (words, ctx) => {
          const again = (ctx.scratch.get('again') ?? []) as readonly TimedWord[];
          ctx.scratch.delete('again');
          return [...again, ...words];
        },
      ),
  },
  {
    id: 'late-gets-history-alone',
    sentence: 'Gives a late subscriber history, and then nothing until the end.',
    turns: BOTH_NO_GAP,
    stages: (defaults) =>
      forLate(
        defaults,
        (words) => words,
        () => [],
      ),
  },
  {
    id: 'history-rounded',
    sentence: 'Keeps the times of its history to a tenth of a second.',
    turns: BOTH_NO_GAP,
    stages: (defaults) =>
      forLate(defaults, (words) =>
        words.map(({ word, start, end }) => ({
          word,
          start: Math.floor(start * 10) / 10,
          end: Math.ceil(end * 10) / 10,
        })),
      ),
  },
  {
    id: 'history-in-lower-case',
    sentence: 'Keeps its history in lower case.',
    turns: BOTH_NO_GAP,
    stages: (defaults) =>
      forLate(defaults, (words) => words.map((word) => ({ ...word, word: word.word.toLowerCase() }))),
  },
  {
    id: 'history-without-accents',
    sentence: 'Keeps its history in ASCII: words with other letters lose them.',
    turns: BOTH_NO_GAP,
    script:
      'Café, déjà vu! We say naïve things, and we go on, as ever, all of us together. Señor Zoë is here, is he not? Yes.',
    stages: (defaults) =>
      forLate(defaults, (words) =>
        words.map((word) => ({ ...word, word: word.word.normalize('NFD').replace(/\p{M}/gu, '') })),
      ),
  },
  {
    id: 'late-times-from-the-join',
    sentence: 'Gives a late subscriber times a little later than everyone else.',
    turns: BOTH_NO_GAP,
    stages: (defaults) =>
      withBatchWords(defaults, (words, ctx) =>
        words.map(({ word, start, end }) =>
          onReplay(ctx)
            ? { word, start: milliseconds(start + 0.04), end: milliseconds(end + 0.04) }
            : { word, start, end },
        ),
      ),
  },
  {
    id: 'one-queue-for-all',
    sentence: 'Lets its listeners compete: each word goes to one of them alone.',
    turns: { 'replay.concurrent': 'fail' },
    stages: (defaults) => ({
      view(stretch, ctx) {
        const words = defaults.view(stretch, ctx);
        return onLive(ctx) ? words.filter((_, index) => (stretch.from + index) % 3 === ctx.ordinal % 3) : words;
      },
    }),
  },
  {
    id: 'second-listener-hears-nothing',
    sentence: 'Sends words to its first listener alone; the one beside it gets the end.',
    turns: { 'replay.concurrent': 'fail' },
    stages: (defaults) => ({
      view: (stretch, ctx) => (ctx.ordinal === 2 ? [] : defaults.view(stretch, ctx)),
    }),
  },
  {
    id: 'second-listener-loses-a-word',
    sentence: 'Loses the twelfth word for the listener beside the first.',
    turns: { 'replay.concurrent': 'fail' },
    stages: (defaults) => ({
      view(stretch, ctx) {
        const words = defaults.view(stretch, ctx);
        if (ctx.ordinal !== 2) return words;
        return words.filter((_, index) => stretch.from + index !== 11);
      },
    }),
  },
  {
    id: 'third-listener-loses-a-word',
    sentence: 'Loses the fourth word for its third listener, who hangs up before the end.',
    turns: { 'replay.concurrent': 'fail' },
    stages: (defaults) => ({
      view(stretch, ctx) {
        const words = defaults.view(stretch, ctx);
        if (ctx.ordinal !== 3) return words;
        return words.filter((_, index) => stretch.from + index !== 3);
      },
    }),
  },
  {
    id: 'one-at-a-time',
    sentence: 'Answers a second subscriber of a session only when the first is gone.',
    turns: { 'replay.concurrent': 'fail' },
    stages: (defaults) => ({
      async head(ctx) {
        const before = ctx.stream.scratch.get('gone') as Promise<void> | undefined;
        const gone = new Promise<void>((resolve) => ctx.signal.addEventListener('abort', () => resolve()));
        ctx.stream.scratch.set('gone', Promise.all([before, gone]));
        await before;
        return defaults.head(ctx);
      },
    }),
  },
  {
    id: 'session-ends-with-a-listener',
    sentence: 'Ends a session for everyone when one of its listeners drops the connection.',
    turns: { 'replay.reconnect': 'fail' },
    stages(defaults) {
      const ended = new Map<
        string,
        { readonly until: Promise<void>; readonly end: () => void; heard: number; words: number }
      >();
      const of = (ctx: SubscriptionContext) => {
        let state = ended.get(ctx.stream.id);
        if (state === undefined) {
          let end = () => {};
          const until = new Promise<void>((resolve) => {
            end = resolve;
          });
          state = { until, end, heard: 0, words: Number.POSITIVE_INFINITY };
          ended.set(ctx.stream.id, state);
        }
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
            if (next.value.kind === 'batch')
              state.heard = Math.max(state.heard, ctx.sent.words + next.value.words.length);
            yield next.value;
          }
          ctx.signal.removeEventListener('abort', leave);
          yield { kind: 'end' };
        },
      };
    },
  },
  {
    id: 'store-doubles-a-word',
    sentence: 'Keeps one word twice, so that history and snapshots have it twice.',
    turns: { 'ordering.no-duplicates': 'fail' },
    stages: (defaults) => ({
      view: (stretch, ctx) =>
        isStored(stretch, ctx)
          ? defaults.view(stretch, ctx).flatMap((word, at) => (stretch.from + at === 2 ? [word, word] : [word]))
          : defaults.view(stretch, ctx),
    }),
  },
  {
    id: 'store-lacks-its-start',
    sentence: 'Has lost the first three words of a session in its store, for history and snapshots alike.',
    turns: { ...BOTH_FROM_START, 'snapshot.equals-live': 'fail' },
    stages: (defaults) => ({
      view: (stretch, ctx) =>
        isStored(stretch, ctx) ? defaults.view(stretch, ctx).slice(3) : defaults.view(stretch, ctx),
    }),
  },
  {
    id: 'session-stops-with-a-listener',
    sentence: 'Stops the words of a session when one of its listeners drops the connection.',
    turns: { 'replay.reconnect': 'fail' },
    stages(defaults) {
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
    },
  },
  {
    id: 'history-at-speaking-pace',
    sentence: 'Speaks a session to a late subscriber again from its first word, at less than the pace of speech.',
    turns: { 'replay.prompt': 'warn' },
    alone: true,
    settings: { speed: 8 },
    stages: paced(onReplay),
  },
  {
    id: 'history-at-speaking-pace-for-who-comes-back',
    sentence: 'Speaks a session again, at less than the pace of speech, to a subscriber who joins past its middle.',
    turns: { 'replay.prompt': 'warn' },
    alone: true,
    settings: { speed: 8 },
    stages: paced(all(onReplay, withBearer)),
  },
];

export const replayVariants: readonly Variant[] = [
  {
    id: 'history-in-float32',
    sentence: 'Keeps the times of its history as 32-bit floats.',
    near: 'replay.no-gap',
    stages: (defaults) =>
      forLate(defaults, (words) =>
        words.map(({ word, start, end }) => ({ word, start: Math.fround(start), end: Math.fround(end) })),
      ),
  },
  {
    id: 'cues-unspoken',
    sentence: 'Leaves cues and addresses of its script unspoken.',
    near: 'replay.reconnect',
    script:
      'Hello, and welcome to all of us. [warmly, with a smile, and not too fast] We go on, as ever, with the first of many things. https://example.com/a/very/long/address/that/nobody/speaks?with=parameters [applause, long and loud, then silence]',
    warns: ['tokens.script'],
    stages: (defaults) => ({
      voice: (text, from) => defaults.voice(text.replace(/\[[^\]]*\]?|https?:\S+|[^[\]]*\]/g, ' ').trim() || '.', from),
    }),
  },
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
