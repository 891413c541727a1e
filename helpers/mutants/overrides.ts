import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { batchLimits, groupWords } from '../reference/batches.ts';
import type {
  Frameable,
  Item,
  Refusal,
  RefusalDocument,
  RequestContext,
  Stages,
  StreamHead,
  Stretch,
  SubscriptionContext,
  TimedWord,
  Transport,
} from '../reference/pipeline.ts';

/** A deviation: some stages of the server, each of which may wrap the default one. Called once a run. */
export type Override = (defaults: Stages) => Partial<Stages>;

/** Where a deviation shows. `ctx.sent` counts what this subscriber was sent before. */
export type Where = (ctx: SubscriptionContext) => boolean;

export const everywhere: Where = () => true;
/** The three subscriptions that a run opens before a session speaks come first, even on a machine that is slow to open them. */
const OPENED_AT_FIRST = 3;
export const onLive: Where = ({ kind, ordinal }) => kind !== 'snapshot' && ordinal <= OPENED_AT_FIRST;
export const onReplay: Where = ({ kind, ordinal }) => kind !== 'snapshot' && ordinal > OPENED_AT_FIRST;
export const onSnapshot: Where = ({ kind }) => kind === 'snapshot';
export const onFirstSubscription: Where = ({ ordinal }) => ordinal === 1;
export const onSecondSubscription: Where = ({ ordinal }) => ordinal === 2;
export const withBearer: Where = ({ request }) => request.identity?.credential === 'bearer';
export const atTheStart: Where = ({ sent }) => sent.frames === 0;
/** The sessions of `longText`. */
export const inLongSession: Where = ({ stream }) => stream.words.length > 400;
/** `index` counts from 0. */
export const inBatch =
  (index: number): Where =>
  ({ sent }) =>
    sent.batches === index;
export const fromBatch =
  (index: number): Where =>
  ({ sent }) =>
    sent.batches >= index;
export const all =
  (...conditions: readonly Where[]): Where =>
  (ctx) =>
    conditions.every((holds) => holds(ctx));

const SENTENCES = [
  'goes on for a while, as sentences do.',
  'is no, not at all, too long.',
  'asks: why, and what for?',
  'has a pause, and then it ends.',
];

/** Speech of about six minutes: more than 1,000 word events. */
export const longText = Array.from(
  { length: 100 },
  (_, index) => `Sentence ${index + 1} ${SENTENCES[index % SENTENCES.length]}`,
).join(' ');

/** One deviation on top of the other. */
export function stacked(...overrides: readonly Override[]): Override {
  return (defaults) => {
    const stages: Partial<Stages> = {};
    for (const override of overrides) Object.assign(stages, override({ ...defaults, ...stages }));
    return stages;
  };
}

/** The override where the condition holds, the default stages elsewhere. Only for stages that get a subscription. */
export function only(where: Where, override: Override): Override {
  type Stage = (...args: readonly unknown[]) => unknown;
  const isContext = (arg: unknown): arg is SubscriptionContext =>
    typeof arg === 'object' && arg !== null && 'historyLength' in arg;
  return (defaults) => {
    const usual = defaults as unknown as Record<string, Stage>;
    const choose =
      (name: string, stage: Stage): Stage =>
      (...args) => {
        const ctx = args.find(isContext);
        return ((ctx && where(ctx) ? stage : usual[name]) as Stage)(...args);
      };
    const stages = Object.entries(override(defaults) as Record<string, Stage>);
    return Object.fromEntries(stages.map(([name, stage]) => [name, choose(name, stage)])) as Partial<Stages>;
  };
}

/** Changes the text on the wire: of batches, of the end, of both, or of heartbeats as well. */
export function frames(
  kind: 'batch' | 'end' | 'event' | 'any',
  change: (frame: string, item: Frameable, ctx: SubscriptionContext) => string,
  where: Where = everywhere,
): Override {
  return (defaults) => ({
    frame(item, ctx) {
      const frame = defaults.frame(item, ctx);
      const meant = kind === 'any' || item.kind === kind || (kind === 'event' && item.kind !== 'heartbeat');
      return meant && where(ctx) ? change(frame, item, ctx) : frame;
    },
  });
}

export function payloadOf(item: Frameable): unknown {
  return item.kind === 'heartbeat' ? undefined : item.payload;
}

/** Puts text of its own before the frame of the batch with this index. */
export function beforeBatch(index: number, text: string, where: Where = everywhere): Override {
  return frames('batch', (frame) => text + frame, all(inBatch(index), where));
}

/** Changes the words that a batch says, without disturbing how they are grouped. */
export function saidWords(
  change: (words: readonly TimedWord[], ctx: SubscriptionContext) => readonly TimedWord[],
  where: Where = everywhere,
): Override {
  return (defaults) => ({ payload: (words, ctx) => defaults.payload(where(ctx) ? change(words, ctx) : words, ctx) });
}

/** Changes each word on its own, the same for every subscriber that `where` holds for. */
export function saidWord(change: (word: TimedWord, ctx: SubscriptionContext) => TimedWord, where?: Where): Override {
  return saidWords((words, ctx) => words.map((word) => change(word, ctx)), where);
}

/** Changes the objects of a batch: members, types, names. */
export function saidObjects(
  change: (object: Record<string, unknown>, at: number, ctx: SubscriptionContext) => unknown,
  where: Where = everywhere,
): Override {
  return only(where, () => ({
    payload: (words, ctx) => ({
      words: words.map(({ word, start, end }, at) => change({ word, start, end }, at, ctx)),
    }),
  }));
}

/** Changes the words of a subscriber before they are grouped. `index`: of the word in its session. */
export function viewedWord(
  change: (word: TimedWord, index: number, stretch: Stretch, ctx: SubscriptionContext) => readonly TimedWord[],
  where: Where = everywhere,
): Override {
  return viewedWords(
    (words, stretch, ctx) => words.flatMap((word, at) => change(word, stretch.from + at, stretch, ctx)),
    where,
  );
}

export function viewedWords(
  change: (words: readonly TimedWord[], stretch: Stretch, ctx: SubscriptionContext) => readonly TimedWord[],
  where: Where = everywhere,
): Override {
  return only(where, (defaults) => ({
    view: (stretch, ctx) => change(defaults.view(stretch, ctx), stretch, ctx),
  }));
}

/** Changes which items come, in what order, and when. */
export function delivered(
  change: (items: AsyncIterable<Item>, ctx: SubscriptionContext) => AsyncIterable<Item>,
  where: Where = everywhere,
): Override {
  return only(where, (defaults) => ({ deliver: (items, ctx) => change(defaults.deliver(items, ctx), ctx) }));
}

/** Lets each item wait for so many seconds. */
export function delayed(wait: (item: Item, ctx: SubscriptionContext) => number, where?: Where): Override {
  return delivered(async function* (items, ctx) {
    for await (const item of items) {
      const seconds = wait(item, ctx);
      if (seconds > 0) await ctx.wait(seconds);
      yield item;
    }
  }, where);
}

/** Groups words by other limits; `Infinity` is none. */
export function grouped(limits: Partial<typeof batchLimits>, where: Where = everywhere): Override {
  return only(where, () => ({
    batches: (pending, next) => groupWords(pending, next, { ...batchLimits, ...limits }),
  }));
}

/** Another head; one with a body is answered in place of the stream. */
export function heads(
  change: (head: StreamHead, ctx: SubscriptionContext) => StreamHead,
  where = everywhere,
): Override {
  return only(where, (defaults) => ({ head: async (ctx) => change(await defaults.head(ctx), ctx) }));
}

/** Other headers for a stream; `undefined` leaves one out. */
export function withHeaders(
  headers: OutgoingHttpHeaders | ((ctx: SubscriptionContext) => OutgoingHttpHeaders),
  where: Where = everywhere,
): Override {
  return heads((head, ctx) => {
    const added = typeof headers === 'function' ? headers(ctx) : headers;
    return { ...head, headers: withoutUndefined({ ...head.headers, ...added }) };
  }, where);
}

/** Writes, or ends, in another way than the default transport. */
export function withTransport(
  change: (transport: Transport, response: ServerResponse, ctx: SubscriptionContext) => Partial<Transport>,
  where: Where = everywhere,
): Override {
  return only(where, (defaults) => ({
    transport(ctx, response) {
      const transport = defaults.transport(ctx, response);
      return { ...transport, ...change(transport, response, ctx) };
    },
  }));
}

/** `respeak` sees the words of one stretch of text, with the times the voice gave them. */
export function withVoice(respeak: (words: readonly TimedWord[], from: number) => readonly TimedWord[]): Override {
  return (defaults) => ({
    voice(text, from) {
      const spoken = defaults.voice(text, from);
      const words = respeak(spoken.words, from);
      return { words, until: words.reduce((latest, word) => Math.max(latest, word.end), spoken.until) };
    },
  });
}

/** Changes each spoken word on its own. */
export function spokenWord(
  change: (word: TimedWord, index: number, words: readonly TimedWord[]) => TimedWord | readonly TimedWord[],
): Override {
  return withVoice((words) => words.flatMap(change));
}

/** The same word at other times. */
export function retimed(change: (time: number) => number): (word: TimedWord) => TimedWord {
  return ({ word, start, end }) => ({ word, start: change(start), end: change(end) });
}

/** The same times for another spelling. */
export function respelt(change: (word: string) => string): (word: TimedWord) => TimedWord {
  return ({ word, start, end }) => ({ word: change(word), start, end });
}

/** Times that a JSON number can hold, to the millisecond. */
export function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

/** `rewrite` sees each refusal as it would be answered. */
export function withRefusals(
  rewrite: (document: RefusalDocument, refusal: Refusal, request: RequestContext) => RefusalDocument,
): Override {
  return (defaults) => ({
    refuse: (refusal, request) => rewrite(defaults.refuse(refusal, request), refusal, request),
  });
}

/** `rewrite` sees the error member of each refusal of the words stream, parsed. */
export function withErrors(rewrite: (error: Record<string, unknown>, refusal: Refusal) => unknown): Override {
  return withRefusals((document, refusal) => {
    const { error } = JSON.parse(String(document.body)) as { error: Record<string, unknown> };
    return { ...document, body: JSON.stringify(rewrite(error, refusal)) };
  });
}

/** Refuses for another reason, or in other words. */
export function rewordedRefusals(change: (refusal: Refusal, request: RequestContext) => Refusal): Override {
  return (defaults) => ({ refuse: (refusal, request) => defaults.refuse(change(refusal, request), request) });
}

export type WhichRefusal = (refusal: Refusal, request: RequestContext) => boolean;

/** Another answer to the refusals that `which` picks, or other parts of one. */
export function refusedAs(which: WhichRefusal, change: Partial<RefusalDocument>): Override {
  return withRefusals((document, refusal, request) =>
    which(refusal, request) ? { ...document, ...change } : document,
  );
}

/** Other headers for the refusals that `which` picks; `undefined` leaves one out. */
export function refusalHeaders(which: WhichRefusal, headers: Readonly<Record<string, string | undefined>>): Override {
  return withRefusals((document, refusal, request) =>
    which(refusal, request)
      ? { ...document, headers: withoutUndefined({ ...document.headers, ...headers }) as Record<string, string> }
      : document,
  );
}

export const anyRefusal: WhichRefusal = () => true;

function withoutUndefined<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

export const withStatus =
  (status: number): WhichRefusal =>
  (refusal) =>
    refusal.status === status;
