import { atHead, earlierOf, refusedBecause, shownAnswer, subscriptionRequests } from '../../helpers/judging/answers.ts';
import type { Check, Evidence } from '../../helpers/judging/check.ts';
import { blockedBy, quoted } from '../../helpers/judging/findings.ts';
import { withRole } from '../../helpers/judging/live-words.ts';
import { cutBy, endHiddenBy, hasEnded } from '../../helpers/judging/root-causes.ts';
import { hasSpoken, isEmpty, knownFrom, snapshotRequests } from '../../helpers/judging/snapshots.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';
import type { Exchange } from '../../helpers/recording/recording.ts';

export const served: Check = {
  id: 'snapshot.served',
  sentence: 'A completed session answers 200 with all its words and the end event.',
  judge(evidence, findings) {
    const { recording } = evidence;
    for (const exchange of snapshotRequests(evidence)) {
      if (refusedBecause(exchange, recording) !== 'snapshot.served') continue;
      if (isUnknownAsGiven(exchange, evidence)) {
        findings.leaveUnverified({
          reason: `${exchangeName(exchange)} was answered 404: the target does not know ${quoted(exchange.streamId ?? '', 60)}, which the run was given as a completed session.`,
          remedy: 'Check WORDS_COMPLETED_STREAM_ID. Where it names a session of this account, the target has lost it.',
        });
        continue;
      }
      findings.observe();
      findings.violate(() => ({
        message: `${exchangeName(exchange)} asked for a completed session and got ${shownAnswer(exchange)}${knownFrom(exchange, recording)}.`,
        expected: ['200 with all words and the end'],
        actual: shownAnswer(exchange),
        ...atHead(exchange),
      }));
    }
    for (const snapshot of withRole(evidence, 'snapshot')) {
      const { exchange, transcript } = snapshot;
      const hidden = endHiddenBy(transcript)?.because;
      const because = cutBy(exchange) ?? hidden;
      if (hasEnded(transcript) && hidden === undefined) {
        const empty = isEmpty(snapshot);
        const spoke = !empty || hasSpoken(evidence, snapshot);
        if (spoke === undefined)
          findings.leaveUnverified({
            reason: `${exchangeName(exchange)} holds no words, and nothing else tells whether the session spoke.`,
            remedy: 'Name a session that spoke in WORDS_COMPLETED_STREAM_ID.',
          });
        else findings.observe();
        if (spoke && empty)
          findings.violate(() => ({
            message: `${exchangeName(exchange)} holds no words, and the session spoke.`,
            expected: ['200 with all words and the end'],
            actual: 'the end alone',
            ...atHead(exchange),
          }));
      } else if (because !== undefined || exchange.ending.kind === 'complete') {
        const cause = because ?? 'ending.once';
        findings.leaveUnverified(
          blockedBy({ because: cause, reason: `${exchangeName(exchange)} has no end that a client sees.` }),
        );
      } else
        findings.leaveUnverified({
          reason: `${exchangeName(exchange)} did not end within the bounds of the run.`,
          remedy: 'Raise WORDS_MAX_SECONDS and WORDS_MAX_BYTES.',
        });
    }
  },
};

/** An id of the operator's that no request could open, and that nothing else is known of: it may be mistyped. */
function isUnknownAsGiven(exchange: Exchange, { recording }: Evidence): boolean {
  const { streamId, response } = exchange;
  const stream = recording.streams.find((candidate) => candidate.streamId === streamId);
  if (stream?.state !== 'completed' || stream.statuses.length > 0) return false;
  if (earlierOf(exchange, recording) !== undefined) return false;
  return (
    response?.status === 404 &&
    subscriptionRequests(recording).every((other) => other.streamId !== streamId || other.response?.status !== 200)
  );
}
