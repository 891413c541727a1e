import type { Exchange, Recording } from '../recording/recording.ts';
import { earlierOf, subscriptionRequests } from './answers.ts';
import type { Evidence, Subscription } from './check.ts';
import { blockedBy, counted, type Findings } from './findings.ts';
import { whyIncomparable, withRole } from './live-words.ts';
import { hasEnded, wordsSpoiltBy } from './root-causes.ts';

/** Requests for completed sessions, with a valid credential. */
export function snapshotRequests({ recording }: Evidence): readonly Exchange[] {
  return subscriptionRequests(recording).filter(
    ({ purpose }) => purpose.kind === 'subscription' && purpose.role === 'snapshot',
  );
}

/** Snapshots whose words can be compared, stream by stream; says of the others why not. */
export function comparableSnapshots(
  evidence: Evidence,
  findings: Findings,
): ReadonlyMap<string, readonly Subscription[]> {
  const streams = new Map<string, Subscription[]>();
  for (const snapshot of withRole(evidence, 'snapshot')) {
    const incomparable = whyIncomparable(evidence, snapshot);
    if (incomparable !== undefined) findings.leaveUnverified(incomparable);
    else streams.set(snapshot.streamId, [...(streams.get(snapshot.streamId) ?? []), snapshot]);
  }
  return streams;
}

/** As comparableSnapshots, without those that hold nothing of a session that spoke: snapshot.served is what that breaks. */
export function snapshotsWithWords(
  evidence: Evidence,
  findings: Findings,
): ReadonlyMap<string, readonly Subscription[]> {
  const streams = new Map<string, readonly Subscription[]>();
  for (const [streamId, snapshots] of comparableSnapshots(evidence, findings)) {
    const kept = snapshots.filter((snapshot) => !(isEmpty(snapshot) && hasSpoken(evidence, snapshot)));
    const reason = 'The completed session was served without words.';
    if (kept.length < snapshots.length) findings.leaveUnverified(blockedBy({ because: 'snapshot.served', reason }));
    streams.set(streamId, kept);
  }
  return streams;
}

/** The end came, and no word, though none was lost on its way. */
export function isEmpty({ transcript }: Subscription): boolean {
  return hasEnded(transcript) && transcript.words.length === 0 && wordsSpoiltBy(transcript) === undefined;
}

/** Whether anybody heard a word of the session, now or in an earlier recording; undefined where nobody listened. */
export function hasSpoken(evidence: Evidence, { streamId, exchange }: Subscription): boolean | undefined {
  const counts = evidence.subscriptions
    .filter((other) => other.streamId === streamId && (other.role !== 'snapshot' || other.transcript.words.length > 0))
    .map(({ transcript }) => transcript.words.length);
  const earlier = earlierOf(exchange, evidence.recording);
  if (earlier !== undefined) counts.push(earlier.words.length);
  return counts.length === 0 ? undefined : counts.some((count) => count > 0);
}

/** What an earlier recording holds of the session, for a message. */
export function knownFrom(exchange: Exchange, recording: Recording): string {
  const earlier = earlierOf(exchange, recording);
  if (earlier === undefined) return '';
  return `; the recording of ${earlier.recordedAt} holds ${counted(earlier.words.length, 'word')} of it`;
}
