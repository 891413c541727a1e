import type { OutgoingHttpHeaders } from 'node:http';
import type { Frameable, Item, Stages, Stretch, SubscriptionContext, TimedWord } from '../reference/pipeline.ts';

/** Where a deviation shows. `ctx.sent` counts what this subscriber was sent before. */
export type Where = (ctx: SubscriptionContext) => boolean;

export const everywhere: Where = () => true;
/** The three subscriptions that a run opens before a session speaks come first, even on a machine that is slow to open them. */
const OPENED_AT_FIRST = 3;
export const onLive: Where = ({ kind, ordinal }) => kind !== 'snapshot' && ordinal <= OPENED_AT_FIRST;
export const onReplay: Where = ({ kind, ordinal }) => kind !== 'snapshot' && ordinal > OPENED_AT_FIRST;
export const onSnapshot: Where = ({ kind }) => kind === 'snapshot';
export const onFirstSubscription: Where = ({ ordinal }) => ordinal === 1;
export const withBearer: Where = ({ request }) => request.identity?.credential === 'bearer';
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

/** Changes the text on the wire: of batches, of the end, of both, or of heartbeats as well. */
export function frames(
  defaults: Stages,
  kind: 'batch' | 'end' | 'event' | 'any',
  change: (frame: string, item: Frameable, ctx: SubscriptionContext) => string,
  where: Where = everywhere,
): Partial<Stages> {
  return {
    frame(item, ctx) {
      const frame = defaults.frame(item, ctx);
      const meant = kind === 'any' || item.kind === kind || (kind === 'event' && item.kind !== 'heartbeat');
      return meant && where(ctx) ? change(frame, item, ctx) : frame;
    },
  };
}

/** Changes the words that a batch says, without disturbing how they are grouped. */
export function saidWords(
  defaults: Stages,
  change: (words: readonly TimedWord[], ctx: SubscriptionContext) => readonly TimedWord[],
  where: Where = everywhere,
): Partial<Stages> {
  return { payload: (words, ctx) => defaults.payload(where(ctx) ? change(words, ctx) : words, ctx) };
}

/** Changes each word on its own, the same for every subscriber that `where` holds for. */
export function saidWord(
  defaults: Stages,
  change: (word: TimedWord, ctx: SubscriptionContext) => TimedWord,
  where: Where = everywhere,
): Partial<Stages> {
  return saidWords(defaults, (words, ctx) => words.map((word) => change(word, ctx)), where);
}

/** Changes the words before they are grouped. `index`: of the word in its session. */
export function viewedWord(
  change: (word: TimedWord, index: number, stretch: Stretch, ctx: SubscriptionContext) => readonly TimedWord[],
  where: Where = everywhere,
): Partial<Stages> {
  return {
    view: (stretch, ctx) =>
      where(ctx) ? stretch.words.flatMap((word, at) => change(word, stretch.from + at, stretch, ctx)) : stretch.words,
  };
}

/** Changes the objects of a batch: members, types, names. */
export function saidObjects(
  defaults: Stages,
  change: (object: Record<string, unknown>, at: number, ctx: SubscriptionContext) => unknown,
  where: Where = everywhere,
): Partial<Stages> {
  return {
    payload(words, ctx) {
      if (!where(ctx)) return defaults.payload(words, ctx);
      return { words: words.map(({ word, start, end }, at) => change({ word, start, end }, at, ctx)) };
    },
  };
}

/** Puts text of its own before the frame of the batch with this index. */
export function beforeBatch(defaults: Stages, index: number, text: string, where: Where = everywhere): Partial<Stages> {
  return frames(defaults, 'batch', (frame) => text + frame, all(inBatch(index), where));
}

/** Changes which items come, in what order. */
export function delivered(
  change: (items: AsyncIterable<Item>, ctx: SubscriptionContext) => AsyncIterable<Item>,
  where: Where = everywhere,
): Partial<Stages> {
  return { deliver: (items, ctx) => (where(ctx) ? change(items, ctx) : items) };
}

/** Index in its session of a word; -1 for one that was altered. */
export function indexOf(word: TimedWord, { stream }: SubscriptionContext): number {
  return stream.words.indexOf(word);
}

/** Overrides that many cases share: each wraps one default stage. */

export function withHeaders(defaults: Stages, headers: OutgoingHttpHeaders): Partial<Stages> {
  return {
    async head(ctx) {
      const head = await defaults.head(ctx);
      return { ...head, headers: { ...head.headers, ...headers } };
    },
  };
}

/** `respeak` sees the words of one stretch of text, with the times the voice gave them. */
export function withVoice(
  defaults: Stages,
  respeak: (words: readonly TimedWord[], from: number) => readonly TimedWord[],
): Partial<Stages> {
  return {
    voice(text, from) {
      const spoken = defaults.voice(text, from);
      const words = respeak(spoken.words, from);
      const until = words.reduce((latest, word) => Math.max(latest, word.end), spoken.until);
      return { words, until };
    },
  };
}

/** `respell` sees the words of one batch as they are about to be sent. */
export function withBatchWords(
  defaults: Stages,
  respell: (words: readonly TimedWord[], ctx: SubscriptionContext) => readonly unknown[],
): Partial<Stages> {
  return { payload: (words, ctx) => ({ ...(defaults.payload(words, ctx) as object), words: respell(words, ctx) }) };
}

/** Times that a JSON number can hold, to the millisecond. */
export function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
