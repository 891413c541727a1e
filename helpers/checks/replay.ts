import { whyAbsent } from '../judging/answers.ts';
import { brokenOffBy } from '../judging/broken-off-session.ts';
import type { Check, Evidence, Judgement, Subscription, Unverified } from '../judging/check.ts';
import { atEvent, atWord, blockedBy, counted, Findings } from '../judging/findings.ts';
import { isHeldBack } from '../judging/held-back.ts';
import { type LiveWords, liveWordsOf, whyIncomparable, withRole } from '../judging/live-words.ts';
import { judgePaces, paceOfHistory } from '../judging/pace.ts';
import { wordsSpoiltBy } from '../judging/root-causes.ts';
import { differenceOf, differs, firstOf, missingHistory, shownWord } from '../judging/word-sequences.ts';

/** A late subscriber proves something only where this much had been sent before it asked. */
const BATCHES_BEFORE_LATE = 2;

const LONGER = 'Use a session that speaks for longer, so that a subscriber can join in its middle.';
const MORE_STREAMS = 'Let this account open four streams of one session at the same time.';

/** A subscription that was opened while the session ran, and what had been said by then. */
interface Joined {
  readonly subscription: Subscription;
  /** One that was there before, and still was when this one was opened. */
  readonly listener: Subscription;
  readonly batchesBefore: number;
  readonly wordsBefore: number;
  readonly live: LiveWords;
}

/** Late subscribers that joined in the middle; says of the others why they prove nothing. */
function joinedInTheMiddle(evidence: Evidence, findings: Findings): readonly Joined[] {
  return withRole(evidence, 'late').flatMap((subscription) => {
    const joined = joinedAt(evidence, subscription);
    if ('reason' in joined) {
      findings.leaveUnverified(joined);
      return [];
    }
    if (joined.batchesBefore < BATCHES_BEFORE_LATE) {
      findings.leaveUnverified({
        reason: `${subscription.exchange.id} joined after ${counted(joined.batchesBefore, 'batch', 'batches')} only.`,
        remedy: LONGER,
      });
      return [];
    }
    return [joined];
  });
}

function joinedAt(evidence: Evidence, subscription: Subscription): Joined | Unverified {
  const { exchange, streamId } = subscription;
  const live = liveWordsOf(evidence, streamId);
  if (live === undefined) return nobodyListened(evidence, streamId);
  const listeners = withRole(evidence, 'first', 'concurrent').filter(
    (other) => other.streamId === streamId && other.exchange.startedAt < exchange.startedAt,
  );
  const openedAt = exchange.response?.at ?? exchange.startedAt;
  const listener = listeners.find(({ transcript }) => transcript.events.some(({ at }) => at > openedAt));
  if (listener === undefined) return whyNotRunning(evidence, subscription, listeners);
  const before = listener.transcript.events.filter(({ kind, at }) => kind === 'batch' && at <= exchange.startedAt);
  const wordsBefore = before.reduce((sum, { wordCount }) => sum + wordCount, 0);
  return { subscription, listener, batchesBefore: before.length, wordsBefore, live };
}

/** Nobody received anything after the subscription was opened. */
function whyNotRunning(evidence: Evidence, { exchange }: Subscription, listeners: readonly Subscription[]): Unverified {
  const spoilt = listeners.map(({ transcript }) => wordsSpoiltBy(transcript)).find((obstacle) => obstacle);
  if (spoilt !== undefined) return blockedBy(spoilt);
  if (isHeldBack(evidence))
    return blockedBy({
      because: 'liveness.streams',
      reason: `Words came only when the session ended, before ${exchange.id} was opened.`,
    });
  if (listeners.length === 0)
    return { reason: `Nobody listened to the session before ${exchange.id} joined.`, remedy: LONGER };
  return (
    whyKeptOut(evidence, exchange.id) ?? {
      reason: `The session was over when ${exchange.id} was opened.`,
      remedy: LONGER,
    }
  );
}

/** Where the target answered 429 to a subscriber until nobody received anything any more. */
function whyKeptOut(evidence: Evidence, id: string): Unverified | undefined {
  const attempts = evidence.recording.exchanges.filter((one) => one.id === id || one.supersededBy === id);
  const refused = attempts.filter(({ response }) => response?.status === 429).length;
  const letInAt = attempts.find(({ response }) => response?.status === 200)?.response?.at ?? Number.POSITIVE_INFINITY;
  const inTime = withRole(evidence, 'first', 'concurrent').some(({ transcript }) =>
    transcript.events.some(({ at }) => at > letInAt),
  );
  if (refused === 0 || inTime) return undefined;
  return {
    reason: `${id} was answered 429 ${counted(refused, 'time')}, and not let in before the session was over.`,
    remedy: MORE_STREAMS,
  };
}

function nobodyListened(evidence: Evidence, streamId: string): Unverified {
  const listener = withRole(evidence, 'first', 'concurrent').find((other) => other.streamId === streamId);
  return (
    (listener && whyIncomparable(evidence, listener)) ?? whyAbsent(evidence, ['first', 'concurrent'], 'live-session')
  );
}

function judgeFromStart(evidence: Evidence): Judgement {
  const findings = new Findings();
  for (const { subscription, batchesBefore, live } of joinedInTheMiddle(evidence, findings)) {
    const spoilt = whyIncomparable(evidence, subscription);
    const { words } = subscription.transcript;
    if (spoilt !== undefined && (spoilt.because !== undefined || (words.length === 0 && wasCutShort(subscription)))) {
      findings.leaveUnverified(spoilt);
      continue;
    }
    findings.observe();
    const truth = live.holder.transcript.words;
    const missing = missingHistory(truth, words);
    if (missing === 0) continue;
    const [end] = subscription.transcript.events;
    findings.violate(() => ({
      message: `${subscription.exchange.id} joined after ${counted(batchesBefore, 'batch', 'batches')} and lacks the first ${counted(missing, 'word')}: it starts with ${shownWord(words, 0)}, the session with ${shownWord(truth, 0)}.`,
      expected: [`${shownWord(truth, 0)} first`],
      actual: shownWord(words, 0),
      ...(words.length > 0
        ? atWord(subscription, 0)
        : end === undefined
          ? { exchange: subscription.exchange.id }
          : atEvent(subscription, end)),
    }));
  }
  return findings.judgement(() => whyAbsent(evidence, ['late'], 'late-subscriber'));
}

/** By the run, which was interrupted or had read enough: the target had no time to send what is missing. */
function wasCutShort({ exchange: { ending } }: Subscription): boolean {
  return ending.kind === 'stopped' && ending.bound !== 'seconds';
}

function judgeNoGap(evidence: Evidence): Judgement {
  const findings = new Findings();
  for (const { subscription, live } of joinedInTheMiddle(evidence, findings)) {
    const incomparable = whyIncomparable(evidence, subscription);
    if (incomparable !== undefined) {
      findings.leaveUnverified(incomparable);
      continue;
    }
    const truth = live.holder.transcript.words;
    const missing = missingHistory(truth, subscription.transcript.words);
    const difference = differenceOf(truth, subscription.transcript.words, missing);
    if (difference === undefined && missing > 0) {
      // One cause: what it did receive has no gap.
      findings.leaveUnverified(
        blockedBy({
          because: 'replay.from-start',
          reason: `${subscription.exchange.id} lacks the first ${counted(missing, 'word')}.`,
        }),
      );
      continue;
    }
    findings.observe();
    if (difference !== undefined)
      findings.violate(() => differs(subscription, truth, difference, `those of ${live.holder.exchange.id}`));
  }
  return findings.judgement(() => whyAbsent(evidence, ['late'], 'late-subscriber'));
}

/** Judges `first` as well: where words are shared out among subscribers, it is the one that may lack some. */
function judgeConcurrent(evidence: Evidence): Judgement {
  const findings = new Findings();
  const sideBySide = withRole(evidence, 'first', 'concurrent');
  const alone = !sideBySide.some(({ role }) => role === 'concurrent');
  for (const subscription of sideBySide) {
    const incomparable = whyIncomparable(evidence, subscription);
    const live = liveWordsOf(evidence, subscription.streamId);
    if (incomparable !== undefined || live === undefined) {
      if (!alone) findings.leaveUnverified(incomparable ?? nobodyListened(evidence, subscription.streamId));
      continue;
    }
    const truth = live.holder.transcript.words;
    const difference = differenceOf(truth, subscription.transcript.words);
    if (difference === undefined && alone) continue;
    findings.observe();
    if (difference !== undefined)
      findings.violate(() => differs(subscription, truth, difference, `those of ${live.holder.exchange.id}`));
  }
  judgeDropped(evidence, findings);
  return findings.judgement(() => whyAbsent(evidence, ['concurrent'], 'concurrent-subscriber'));
}

/** One that dropped its connection had, up to there, what the others had. */
function judgeDropped(evidence: Evidence, findings: Findings): void {
  for (const subscription of withRole(evidence, 'dropped')) {
    const { transcript, streamId } = subscription;
    const live = liveWordsOf(evidence, streamId);
    if (live === undefined || transcript.words.length === 0 || wordsSpoiltBy(transcript) !== undefined) continue;
    const truth = firstOf(live.holder.transcript.words, transcript.words.length);
    const difference = differenceOf(truth, transcript.words);
    if (difference === undefined) continue;
    findings.observe();
    findings.violate(() => differs(subscription, truth, difference, `those of ${live.holder.exchange.id}`));
  }
}

function judgeReconnect(evidence: Evidence): Judgement {
  const findings = new Findings();
  for (const subscription of withRole(evidence, 'reconnected')) {
    const joined = joinedAt(evidence, subscription);
    const obstacle = 'reason' in joined ? joined : whyIncomparable(evidence, subscription);
    const interruption = brokenOffBy(evidence, subscription.streamId);
    if (interruption !== undefined) {
      findings.observe();
      findings.violate(() => interruption);
    } else if (obstacle !== undefined || 'reason' in joined) {
      if (obstacle !== undefined) findings.leaveUnverified(obstacle);
    } else {
      findings.observe();
      const truth = joined.live.holder.transcript.words;
      const difference = differenceOf(truth, subscription.transcript.words);
      if (difference !== undefined)
        findings.violate(() => differs(subscription, truth, difference, `those of ${joined.live.holder.exchange.id}`));
    }
  }
  return findings.judgement(
    () => whyKeptOut(evidence, 'dropped') ?? whyAbsent(evidence, ['reconnected'], 'reconnection'),
  );
}

function judgePrompt(evidence: Evidence): Judgement {
  const findings = new Findings();
  const paces = joinedInTheMiddle(evidence, findings).flatMap(({ subscription, wordsBefore, listener, live }) => {
    const missing = missingHistory(live.holder.transcript.words, subscription.transcript.words);
    if (missing === 0) return [paceOfHistory(evidence, subscription, listener, wordsBefore)];
    const spoilt = whyIncomparable(evidence, subscription);
    if (spoilt?.because !== undefined) {
      findings.leaveUnverified(spoilt);
      return [];
    }
    findings.leaveUnverified(
      blockedBy({
        because: 'replay.from-start',
        reason: `${subscription.exchange.id} lacks the first ${counted(missing, 'word')}.`,
      }),
    );
    return [];
  });
  judgePaces(paces, findings);
  return findings.judgement(() => whyAbsent(evidence, ['late'], 'late-subscriber'));
}

export const replayChecks: readonly Check[] = [
  { id: 'replay.from-start', judge: judgeFromStart },
  { id: 'replay.no-gap', judge: judgeNoGap },
  { id: 'replay.concurrent', judge: judgeConcurrent },
  { id: 'replay.reconnect', judge: judgeReconnect },
  { id: 'replay.prompt', judge: judgePrompt },
];
