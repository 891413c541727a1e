import { MORE_STREAMS } from '../contract/needs.ts';
import { exchangeName } from '../recording/exchange-name.ts';
import type { Evidence, Subscription, Unverified } from './check.ts';
import { blockedBy, counted, type Findings } from './findings.ts';
import { type LiveWords, liveWordsOf, misordered, whyIncomparable, withRole } from './live-words.ts';
import { missingHistory } from './word-sequences.ts';

/** A late subscriber proves something only where this much had been sent before it asked. */
const BATCHES_BEFORE_LATE = 2;

const LONGER = 'Use a session that speaks for longer, so that a subscriber can join in its middle.';

/** A subscription that was opened while the session ran, and what had been said by then. */
interface Joined {
  readonly subscription: Subscription;
  /** One that was there before, and still was when this one was opened. */
  readonly listener: Subscription;
  readonly batchesBefore: number;
  readonly wordsBefore: number;
  readonly live: LiveWords;
  /** Words of history that it lacks. */
  readonly missing: number;
}

/** Late subscribers that joined in the middle; says of the others why they prove nothing. */
export function joinedInTheMiddle(evidence: Evidence, findings: Findings): readonly Joined[] {
  return withRole(evidence, 'late').flatMap((subscription) => {
    const joined = joinedAt(evidence, subscription);
    if ('reason' in joined) {
      findings.leaveUnverified(joined);
      return [];
    }
    if (joined.batchesBefore < BATCHES_BEFORE_LATE) {
      findings.leaveUnverified({
        reason: `${exchangeName(subscription.exchange)} joined after ${counted(joined.batchesBefore, 'batch', 'batches')} only.`,
        remedy: LONGER,
      });
      return [];
    }
    return [joined];
  });
}

/** What had been said when a subscriber joined, or why it proves nothing. */
export function joinedAt(evidence: Evidence, subscription: Subscription): Joined | Unverified {
  const { exchange, streamId } = subscription;
  const listeners = withRole(evidence, 'first', 'concurrent').filter(
    (other) => other.streamId === streamId && other.exchange.startedAt < exchange.startedAt,
  );
  const openedAt = exchange.response?.at ?? exchange.startedAt;
  const listener = listeners.find(({ transcript }) => transcript.events.some(({ at }) => at > openedAt));
  const live = liveWordsOf(evidence, streamId);
  if (listener === undefined || live === undefined) {
    const [obstacle] = listeners.flatMap((other) => whyIncomparable(evidence, other) ?? []);
    if (obstacle !== undefined && (live === undefined || obstacle.because !== undefined)) return obstacle;
    if (listeners.length === 0)
      return { reason: `Nobody listened to the session before ${exchangeName(exchange)} joined.`, remedy: LONGER };
    const over = { reason: `The session was over when ${exchangeName(exchange)} was opened.`, remedy: LONGER };
    return whyKeptOut(evidence, exchange.id) ?? over;
  }
  const before = listener.transcript.events.filter(({ kind, at }) => kind === 'batch' && at <= exchange.startedAt);
  const wordsBefore = before.reduce((sum, { wordCount }) => sum + wordCount, 0);
  const missing = missingHistory(live.holder.transcript.words, subscription.transcript.words);
  // Where a session that is out of order begins is not known.
  const obstacle = missing > 0 ? misordered(live.holder) : undefined;
  return obstacle ?? { subscription, listener, batchesBefore: before.length, wordsBefore, live, missing };
}

/** Where the target answered 429 to a subscriber until nobody received anything any more. */
export function whyKeptOut(evidence: Evidence, id: string): Unverified | undefined {
  const attempts = evidence.recording.exchanges.filter((one) => one.id === id || one.supersededBy === id);
  const [first] = attempts;
  const refused = attempts.filter(({ response }) => response?.status === 429).length;
  const letInAt = attempts.find(({ response }) => response?.status === 200)?.response?.at ?? Number.POSITIVE_INFINITY;
  const inTime = withRole(evidence, 'first', 'concurrent').some(({ transcript }) =>
    transcript.events.some(({ at }) => at > letInAt),
  );
  if (first === undefined || refused === 0 || inTime) return undefined;
  return {
    reason: `${exchangeName({ ...first, id })} was answered 429 ${counted(refused, 'time')}, and not let in before the session was over.`,
    remedy: MORE_STREAMS,
  };
}

/** One cause, one failure: what a subscriber without the beginning did receive may have no gap. */
export function lacksHistory({ exchange }: Subscription, missing: number): Unverified {
  return blockedBy({
    because: 'replay.from-start',
    reason: `${exchangeName(exchange)} lacks the first ${counted(missing, 'word')}.`,
  });
}
