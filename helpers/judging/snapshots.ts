import type { Exchange, Recording } from '../recording/recording.ts';
import { earlierOf, subscriptionRequests } from './answers.ts';
import type { Evidence, Subscription } from './check.ts';
import { counted, type Findings } from './findings.ts';
import { whyIncomparable, withRole } from './live-words.ts';

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

/** What an earlier recording holds of the session, for a message. */
export function knownFrom(exchange: Exchange, recording: Recording): string {
  const earlier = earlierOf(exchange, recording);
  if (earlier === undefined) return '';
  return `; the recording of ${earlier.recordedAt} holds ${counted(earlier.words.length, 'word')} of it`;
}
