import type { OutgoingHttpHeaders } from 'node:http';
import type {
  Refusal,
  RefusalDocument,
  RequestContext,
  Stages,
  SubscriptionContext,
  TimedWord,
} from '../reference/pipeline.ts';

/** Overrides that many cases share: each wraps one default stage. */

export function withHeaders(defaults: Stages, headers: OutgoingHttpHeaders): Partial<Stages> {
  return {
    async head(ctx) {
      const head = await defaults.head(ctx);
      return { ...head, headers: { ...head.headers, ...headers } };
    },
  };
}

/** `rewrite` sees each frame as it would go onto the wire. */
export function withFrames(
  defaults: Stages,
  rewrite: (frame: string, kind: 'batch' | 'heartbeat' | 'end', ctx: SubscriptionContext) => string,
): Partial<Stages> {
  return { frame: (item, ctx) => rewrite(defaults.frame(item, ctx), item.kind, ctx) };
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

/** `rewrite` sees the error member of each refusal of the words stream, parsed. */
export function withErrors(
  defaults: Stages,
  rewrite: (error: Record<string, unknown>, refusal: Refusal) => unknown,
): Partial<Stages> {
  return {
    refuse(refusal, request) {
      const document = defaults.refuse(refusal, request);
      const { error } = JSON.parse(String(document.body)) as { error: Record<string, unknown> };
      return { ...document, body: JSON.stringify(rewrite(error, refusal)) };
    },
  };
}

/** `rewrite` sees each refusal as it would be answered. */
export function withRefusals(
  defaults: Stages,
  rewrite: (document: RefusalDocument, refusal: Refusal, request: RequestContext) => RefusalDocument,
): Partial<Stages> {
  return { refuse: (refusal, request) => rewrite(defaults.refuse(refusal, request), refusal, request) };
}

/** Times that a JSON number can hold, to the millisecond. */
export function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
