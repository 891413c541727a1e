import { exchangeName } from '../recording/exchange-name.ts';
import type { StreamEvent } from '../transcript/transcript.ts';
import type { Evidence, Subscription } from './check.ts';
import { blockedBy, type Findings } from './findings.ts';
import { noiseAt } from './float-noise.ts';
import { readableBatches } from './root-causes.ts';
import { isInSeconds } from './time-units.ts';
import { orderOf } from './word-order.ts';

/** A batch of a subscription. */
export interface Batch {
  readonly subscription: Subscription;
  readonly event: StreamEvent;
}

/** Every batch that a client can read, of every subscription. */
export function* batchesOf({ subscriptions }: Pick<Evidence, 'subscriptions'>): Generator<Batch> {
  for (const subscription of subscriptions)
    for (const event of readableBatches(subscription.transcript)) yield { subscription, event };
}

/** In seconds of audio; of its words that start. */
export interface Span {
  readonly firstStart: number;
  readonly lastStart: number;
  readonly lastEnd: number;
  /** Of all words but the last. */
  readonly earlierEnd: number;
}

/** Batches whose times can be compared: in seconds, and in order. The others break a requirement of their own. */
export function* spansOf({ subscriptions }: Evidence, findings: Findings): Generator<Batch & { readonly span: Span }> {
  for (const subscription of subscriptions) {
    const { transcript, exchange } = subscription;
    if (!isInSeconds(transcript)) {
      findings.leaveUnverified(
        blockedBy({ because: 'ordering.seconds', reason: `The times of ${exchangeName(exchange)} are not seconds.` }),
      );
      continue;
    }
    const { unordered, inBatch } = orderOf(transcript);
    const because = inBatch.length > 0 ? 'ordering.in-batch' : 'ordering.no-duplicates';
    for (const event of readableBatches(transcript)) {
      const span = spanOf(subscription, event);
      if (unordered.has(event.index))
        findings.explain(
          blockedBy({ because, reason: `The words of the batches of ${exchangeName(exchange)} are out of order.` }),
        );
      else if (span !== undefined) yield { subscription, event, span };
    }
  }
}

function spanOf({ transcript }: Subscription, { firstWord, wordCount }: StreamEvent): Span | undefined {
  const { start, end } = transcript.words;
  let firstStart = Number.POSITIVE_INFINITY;
  let lastStart = Number.NEGATIVE_INFINITY;
  let lastEnd = Number.NEGATIVE_INFINITY;
  let earlierEnd = Number.NEGATIVE_INFINITY;
  for (let word = firstWord; word < firstWord + wordCount; word += 1) {
    const from = start[word] ?? Number.NaN;
    const to = end[word] ?? Number.NaN;
    if (from < firstStart) firstStart = from;
    if (from > lastStart) lastStart = from;
    earlierEnd = lastEnd;
    if (to > lastEnd) lastEnd = to;
  }
  return firstStart > lastStart ? undefined : { firstStart, lastStart, lastEnd, earlierEnd };
}

/** In seconds of audio. */
export const LONGEST_SECONDS = 1;

/** Whether words start further apart than a batch may hold, the run's tolerance and noise included. */
export function exceedsTimeCap({ recording }: Evidence, { firstStart, lastStart }: Span): boolean {
  const limit = LONGEST_SECONDS + recording.settings.timeCapToleranceSeconds;
  return lastStart - firstStart > limit + noiseAt(lastStart);
}
