import { atHead, refusedBecause, shownAnswer, unprovenAsGiven } from '../../helpers/judging/answers.ts';
import type { Check } from '../../helpers/judging/check.ts';
import { blockedBy } from '../../helpers/judging/findings.ts';
import { withRole } from '../../helpers/judging/live-words.ts';
import { cutBy, endHiddenBy, hasEnded } from '../../helpers/judging/root-causes.ts';
import { hasSpoken, isEmpty, knownFrom, snapshotRequests } from '../../helpers/judging/snapshots.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';

export const served: Check = {
  id: 'snapshot.served',
  sentence: 'A completed session answers 200 with all its words and the end event.',
  judge(evidence, findings) {
    const { recording } = evidence;
    for (const exchange of snapshotRequests(evidence)) {
      if (refusedBecause(exchange, recording) !== 'snapshot.served') continue;
      const unproven = unprovenAsGiven(exchange, recording);
      if (unproven !== undefined) {
        findings.leaveUnverified(unproven);
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
