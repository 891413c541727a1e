import type { SubscriptionRole } from '../recording/recording.ts';
import type { Evidence, Subscription, Unverified } from './check.ts';
import { excessIn } from './duplicates.ts';
import { blockedBy } from './findings.ts';
import { hasEnded, wordsSpoiltBy } from './root-causes.ts';
import { outlivedBy, stoppedTooEarly } from './unfinished-streams.ts';
import { differenceOf } from './word-sequences.ts';

/** What a session said, as its subscribers agree. */
export interface LiveWords {
  /** One that received all of it. */
  readonly holder: Subscription;
  /** False where no two subscribers agree: then the one that received most stands for the session. */
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
 * The sequence that most live subscribers received stands for the session, but none that holds words twice where another
 * does not: the same faulty history may reach many. Among equals, the one stands that more snapshots
 * repeat, then the one of the earlier subscriber. So one subscriber that lost a word is found to differ, whichever it is.
 * Where the subscribers that listened side by side all differ, words were shared out among them: then the longest
 * sequence, live or snapshot, stands for the session.
 */
function agree(evidence: Evidence, streamId: string): LiveWords | undefined {
  const comparable = evidence.subscriptions.filter(
    (subscription) => subscription.streamId === streamId && whyIncomparable(evidence, subscription) === undefined,
  );
  const live = comparable.filter(({ role }) => LIVE_ROLES.has(role));
  const snapshots = comparable.filter(({ role }) => role === 'snapshot');
  const groups = grouped(live).map((members) => {
    const [holder] = members;
    const repeated = snapshots.filter((snapshot) => holder !== undefined && equal(holder, snapshot)).length;
    const doubled = holder !== undefined && excessIn(evidence, holder).count > 0;
    return { holder, members, repeated, doubled };
  });
  groups.sort(
    (a, b) => Number(a.doubled) - Number(b.doubled) || b.members.length - a.members.length || b.repeated - a.repeated,
  );
  const [best] = groups;
  if (best?.holder === undefined) return undefined;
  const agreed = best.members.length > 1 || best.repeated > 0;
  const sideBySide = live.filter(({ role }) => role === 'first' || role === 'concurrent');
  if (agreed || sideBySide.length < 2) return { holder: best.holder, agreed: agreed || live.length === 1 };
  const holder = comparable.reduce((longest, one) =>
    one.transcript.words.length > longest.transcript.words.length ? one : longest,
  );
  return { holder, agreed: false };
}

function grouped(subscriptions: readonly Subscription[]): readonly (readonly Subscription[])[] {
  const groups: Subscription[][] = [];
  for (const subscription of subscriptions) {
    const group = groups.find(([holder]) => holder !== undefined && equal(holder, subscription));
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
