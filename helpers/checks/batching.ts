import type { Check, Evidence, Judgement, Subscription } from '../judging/check.ts';
import { atEvent, blockedBy, Findings, nothingObserved, shownSeconds } from '../judging/findings.ts';
import { noiseAt } from '../judging/float-noise.ts';
import { readableBatches } from '../judging/root-causes.ts';
import { isInSeconds } from '../judging/time-units.ts';
import { orderOf } from '../judging/word-order.ts';
import { sameBounds } from '../judging/word-times.ts';
import type { StreamEvent } from '../transcript/transcript.ts';

const REMEDY = 'Subscribe to a session that speaks.';
const MOST_WORDS = 10;
const LONGEST_SECONDS = 1;
const LONGEST_SPAN_SECONDS = 1.5;

const wordCap: Check = {
  id: 'batching.word-cap',
  judge(evidence) {
    const findings = new Findings();
    for (const subscription of evidence.subscriptions) {
      for (const event of readableBatches(subscription.transcript)) {
        if (event.wordCount === 0) continue;
        findings.observe();
        if (event.wordCount <= MOST_WORDS) continue;
        findings.violate(() => ({
          message: `Event ${event.index} is a batch of ${event.wordCount} word events, of which at most ${MOST_WORDS} may stand in one.`,
          expected: [`at most ${MOST_WORDS} word events, punctuation included`],
          actual: `${event.wordCount} word events`,
          ...atEvent(subscription, event),
        }));
      }
    }
    return findings.judgement(() => nothingObserved(evidence, 'batch with words', REMEDY));
  },
};

const timeCap: Check = {
  id: 'batching.time-cap',
  judge: (evidence) =>
    judgeSpans(evidence, (subscription, event, span, findings) => {
      findings.observe();
      if (!exceedsTimeCap(evidence, span)) return;
      const tolerance = evidence.recording.settings.timeCapToleranceSeconds;
      const width = span.lastStart - span.firstStart;
      findings.violate(() => ({
        message: `The words of event ${event.index} start ${shownSeconds(width)} apart, from ${shownSeconds(span.firstStart)} to ${shownSeconds(span.lastStart)}; a batch holds about ${shownSeconds(LONGEST_SECONDS)}.`,
        expected: [
          `starts within ${shownSeconds(LONGEST_SECONDS)} of the first, plus a tolerance of ${shownSeconds(tolerance)}`,
          'a last word that starts within that time and ends later',
          'one word of any length',
        ],
        actual: `${shownSeconds(width)} from the first start to the last`,
        ...atEvent(subscription, event),
      }));
    }),
};

const timeSpan: Check = {
  id: 'batching.time-span',
  judge: (evidence) =>
    judgeSpans(evidence, (subscription, event, span, findings) => {
      // A batch whose starts are too far apart is what batching.time-cap is about.
      if (isOneWord(subscription, event)) {
        if (event.wordCount > 1)
          findings.explain(
            blockedBy({ because: 'ordering.own-times', reason: 'The words of each batch share their bounds.' }),
          );
        return;
      }
      if (exceedsTimeCap(evidence, span)) {
        findings.explain(
          blockedBy({
            because: 'batching.time-cap',
            reason: 'The words of the batches start further apart than a batch may hold.',
          }),
        );
        return;
      }
      findings.observe();
      const width = span.lastEnd - span.firstStart;
      if (width <= LONGEST_SPAN_SECONDS + noiseAt(span.lastEnd)) return;
      findings.violate(() => ({
        message: `The words of event ${event.index} span ${shownSeconds(width)}, from ${shownSeconds(span.firstStart)} to ${shownSeconds(span.lastEnd)}.`,
        expected: [
          `at most ${shownSeconds(LONGEST_SPAN_SECONDS)} from the first start to the last end`,
          'one word of any length',
        ],
        actual: `${shownSeconds(width)} from the first start to the last end`,
        ...atEvent(subscription, event),
      }));
    }),
};

export const batchingChecks: readonly Check[] = [wordCap, timeCap, timeSpan];

/** Or the words have the bounds of one: that is what ordering.own-times is about. */
function isOneWord({ transcript: { words } }: Subscription, { firstWord, wordCount }: StreamEvent): boolean {
  for (let word = firstWord + 1; word < firstWord + wordCount; word += 1)
    if (!sameBounds(words, firstWord, word)) return false;
  return true;
}

interface Span {
  readonly firstStart: number;
  readonly lastStart: number;
  readonly lastEnd: number;
}

function exceedsTimeCap({ recording }: Evidence, { firstStart, lastStart }: Span): boolean {
  const limit = LONGEST_SECONDS + recording.settings.timeCapToleranceSeconds;
  return lastStart - firstStart > limit + noiseAt(lastStart);
}

/** Batches out of order, and streams whose times are not seconds, break their own requirements and say nothing here. */
function judgeSpans(
  evidence: Evidence,
  judge: (subscription: Subscription, event: StreamEvent, span: Span, findings: Findings) => void,
): Judgement {
  const findings = new Findings();
  for (const subscription of evidence.subscriptions) {
    const { transcript, exchange } = subscription;
    if (!isInSeconds(transcript)) {
      findings.leaveUnverified(
        blockedBy({ because: 'ordering.seconds', reason: `The times of ${exchange.id} are not seconds.` }),
      );
      continue;
    }
    const { unordered, inBatch } = orderOf(transcript);
    const because = inBatch.length > 0 ? 'ordering.in-batch' : 'ordering.no-duplicates';
    for (const event of readableBatches(transcript)) {
      if (unordered.has(event.index)) {
        findings.explain(
          blockedBy({ because, reason: `The words of the batches of ${exchange.id} are out of order.` }),
        );
        continue;
      }
      const span = spanOf(subscription, event);
      if (span !== undefined) judge(subscription, event, span, findings);
    }
  }
  return findings.judgement(() => nothingObserved(evidence, 'batch of more than one word', REMEDY));
}

function spanOf({ transcript }: Subscription, { firstWord, wordCount }: StreamEvent): Span | undefined {
  const { start, end } = transcript.words;
  let firstStart = Number.POSITIVE_INFINITY;
  let lastStart = Number.NEGATIVE_INFINITY;
  let lastEnd = Number.NEGATIVE_INFINITY;
  for (let word = firstWord; word < firstWord + wordCount; word += 1) {
    const from = start[word] ?? Number.NaN;
    const to = end[word] ?? Number.NaN;
    if (from < firstStart) firstStart = from;
    if (from > lastStart) lastStart = from;
    if (to > lastEnd) lastEnd = to;
  }
  return firstStart > lastStart ? undefined : { firstStart, lastStart, lastEnd };
}
