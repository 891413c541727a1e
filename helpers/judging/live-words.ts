import { exchangeName } from '../recording/exchange-name.ts';
import type { SubscriptionRole } from '../recording/recording.ts';
import type { Evidence, Subscription, Unverified } from './check.ts';
import { excessIn } from './duplicates.ts';
import { blockedBy, type Findings } from './findings.ts';
import { endsOf } from './judged-ends.ts';
import { endHiddenBy, hasEnded, wordsSpoiltBy } from './root-causes.ts';
import { isItsScript } from './spelling.ts';
import { outlivedBy, stoppedTooEarly } from './unfinished-streams.ts';
import { disorderOf } from './word-order.ts';
import { differenceOf, differs, lacksWordsOf, type WordSequence } from './word-sequences.ts';

/** What a session said, as its subscribers agree. */
export interface LiveWords {
  /** One that received all of it. */
  readonly holder: Subscription;
  /** One that spells the known script, of which the holder lacks words: those who heard the session live lost them. */
  readonly fuller: Subscription | undefined;
  /** False where nothing tells which of several live sequences is the session's. */
  readonly agreed: boolean;
}

const LIVE_ROLES: ReadonlySet<SubscriptionRole> = new Set(['first', 'concurrent', 'late', 'reconnected']);

export function withRole({ subscriptions }: Evidence, ...roles: readonly SubscriptionRole[]): readonly Subscription[] {
  return subscriptions.filter(({ role }) => roles.includes(role));
}

/** However soon a stream must close after its end. */
const LONG_SILENCE_SECONDS = 5;

/** Why the words of a subscription cannot be compared to their end; undefined where they can. */
export function whyIncomparable(evidence: Evidence, subscription: Subscription): Unverified | undefined {
  const { transcript, exchange, role } = subscription;
  const spoilt = wordsSpoiltBy(transcript);
  if (spoilt !== undefined) return blockedBy(spoilt);
  if (hasEnded(transcript) || exchange.ending.kind === 'complete') return undefined;
  // Nothing more was to come of a live session that was long over.
  const silence = role === 'snapshot' ? 0 : (outlivedBy(evidence, subscription)?.silence ?? 0);
  return silence < LONG_SILENCE_SECONDS ? stoppedTooEarly(subscription) : undefined;
}

const known = new WeakMap<Evidence, Map<string, LiveWords | undefined>>();

/** The words of a session that was listened to while it ran; undefined where nobody heard it to its end. */
export function liveWordsOf(evidence: Evidence, streamId: string): LiveWords | undefined {
  let streams = known.get(evidence);
  if (streams === undefined) {
    streams = new Map();
    known.set(evidence, streams);
  }
  if (!streams.has(streamId)) streams.set(streamId, agree(evidence, streamId));
  return streams.get(streamId);
}

/**
 * What subscribers agree on is grouped, and the best group stands for the session: one whose streams have their end; one
 * that holds no word twice where another does not; one that every listener from the start heard; one that spells the known script; one that has more
 * votes, where everything read from the store (history, snapshots) is one vote; the longer one; the earlier one.
 */
function agree(evidence: Evidence, streamId: string): LiveWords | undefined {
  const comparable = evidence.subscriptions.filter(
    (subscription) => subscription.streamId === streamId && whyIncomparable(evidence, subscription) === undefined,
  );
  if (!comparable.some(isLive)) return undefined;
  const groups = grouped(comparable);
  const listening = comparable.filter(isListener).length;
  const candidates = groups.map((members) => {
    const listeners = members.filter(isListener).length;
    const [holder] = members;
    const only = groups.length === 1;
    return {
      holder,
      live: members.some(isLive),
      ended: members.some(({ transcript }) => hasEnded(transcript)),
      sound: only || excessIn(evidence, holder).count === 0,
      whole: listeners === listening,
      script: only || isItsScript(evidence, holder),
      votes: listeners + (members.length > listeners ? 1 : 0),
      length: holder.transcript.words.length,
    };
  });
  const [best] = candidates.sort(
    (a, b) =>
      Number(b.ended) - Number(a.ended) ||
      Number(b.sound) - Number(a.sound) ||
      // One listener alone may be the one that lost words.
      (listening > 1 ? Number(b.whole) - Number(a.whole) : 0) ||
      Number(b.script) - Number(a.script) ||
      b.votes - a.votes ||
      b.length - a.length,
  );
  if (best === undefined) return undefined;
  const { holder } = best;
  const fuller = candidates.find(
    ({ script, holder: other }) => script && lacksWordsOf(other.transcript.words, holder.transcript.words),
  )?.holder;
  return { holder, fuller, agreed: best.live && (best.whole || best.script || best.votes > 1) };
}

function isLive({ role }: Subscription): boolean {
  return LIVE_ROLES.has(role);
}

/** One that was there from the start. */
function isListener({ role }: Subscription): boolean {
  return role === 'first' || role === 'concurrent';
}

type Group = readonly [Subscription, ...Subscription[]];

function grouped(subscriptions: readonly Subscription[]): readonly Group[] {
  const groups: [Subscription, ...Subscription[]][] = [];
  for (const subscription of subscriptions) {
    const group = groups.find(([holder]) => equal(holder, subscription));
    if (group === undefined) groups.push([subscription]);
    else group.push(subscription);
  }
  return groups;
}

function equal(a: Subscription, b: Subscription): boolean {
  return (
    a.transcript.words.length === b.transcript.words.length &&
    differenceOf(a.transcript.words, b.transcript.words) === undefined
  );
}

/**
 * Compares a subscription with the session, from the session's word `from` on. A difference that follows from a breach of
 * another rule is no finding of its own.
 */
export function compareWithSession(
  evidence: Evidence,
  findings: Findings,
  subscription: Subscription,
  { holder, fuller }: Pick<LiveWords, 'holder' | 'fuller'>,
  from = 0,
): void {
  const truth = holder.transcript.words;
  const difference = differenceOf(truth, subscription.transcript.words, from);
  const cause =
    difference &&
    (doubledInStore(evidence, subscription, truth, from) ??
      behindEnd(holder, difference.index) ??
      behindEnd(subscription, difference.seenIndex) ??
      endlessBy(holder) ??
      misordered(holder) ??
      (isListener(subscription) ? misordered(subscription) : endlessBy(subscription)) ??
      (fuller && equal(fuller, subscription) ? lostLive(holder) : undefined));
  if (cause !== undefined) {
    findings.leaveUnverified(cause);
    return;
  }
  findings.observe();
  if (difference !== undefined)
    findings.violate(() => differs(subscription, truth, difference, `those of ${exchangeName(holder.exchange)}`));
}

function lostLive({ exchange }: Subscription): Unverified {
  const reason = `${exchangeName(exchange)} lacks words of the script, which others have.`;
  return blockedBy({ because: 'replay.concurrent', reason });
}

/** A stream without its end is no measure for others: it may lack what came after it. */
function endlessBy({ transcript, exchange }: Subscription): Unverified | undefined {
  if (exchange.ending.kind !== 'complete' || hasEnded(transcript)) return undefined;
  const endless = { because: 'ending.once', reason: `${exchangeName(exchange)} ended without an end event.` } as const;
  return blockedBy(endHiddenBy(transcript) ?? endless);
}

/** A stream out of order is no measure for others. */
export function misordered({ transcript }: Subscription): Unverified | undefined {
  const disorder = disorderOf(transcript);
  return disorder && blockedBy(disorder);
}

/** Where a stream sends words after its end, and a difference begins no sooner: clients have stopped listening there. */
function behindEnd({ transcript, exchange }: Subscription, word: number): Unverified | undefined {
  const [end] = endsOf(transcript);
  const after = end && transcript.events.find(({ index, wordCount }) => index > end.index && wordCount > 0);
  if (after === undefined || word < after.firstWord) return undefined;
  return blockedBy({ because: 'ending.last', reason: `${exchangeName(exchange)} has words after its end event.` });
}

/**
 * Where the words differ only by some that the store delivers twice, which the snapshots show, or all who read history where
 * there are none: the breach that this follows from. What one reader alone gets twice, between history and live, is that
 * reader's.
 */
export function doubledInStore(
  evidence: Evidence,
  subscription: Subscription,
  truth: WordSequence,
  from = 0,
): Unverified | undefined {
  const { count, originalOf } = excessIn(evidence, subscription);
  if (count === 0 || isListener(subscription)) return undefined;
  const readers = (...roles: SubscriptionRole[]) =>
    withRole(evidence, ...roles).filter(({ streamId }) => streamId === subscription.streamId);
  const isOther = (reader: Subscription) => reader !== subscription;
  const snapshots = readers('snapshot').filter(isOther);
  const others = snapshots.length > 0 ? snapshots : readers('late', 'reconnected').filter(isOther);
  const { text, start, end } = subscription.transcript.words;
  const doubled = [...text.keys()].filter((word) => originalOf(word) >= 0);
  const isInStore = others.some((reader) => {
    const stored = excessIn(evidence, reader);
    return doubled.every((word) => stored.originalOf(word) >= 0);
  });
  if (!isInStore) return undefined;
  const once = (_: unknown, word: number) => originalOf(word) < 0;
  const kept = { text: text.filter(once), start: start.filter(once), end: end.filter(once) };
  if (differenceOf(truth, { ...kept, length: kept.text.length }, from) !== undefined) return undefined;
  return blockedBy({
    because: 'ordering.no-duplicates',
    reason: `${exchangeName(subscription.exchange)} differs only by words that it delivers twice.`,
  });
}
