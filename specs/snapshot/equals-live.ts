import type { Check } from '../../helpers/judging/check.ts';
import { blockedBy } from '../../helpers/judging/findings.ts';
import { compareWithSession, liveWordsOf, whyIncomparable, withRole } from '../../helpers/judging/live-words.ts';
import { snapshotsWithWords } from '../../helpers/judging/snapshots.ts';
import { differenceOf } from '../../helpers/judging/word-sequences.ts';

export const equalsLive: Check = {
  id: 'snapshot.equals-live',
  sentence: 'The words of the snapshot equal those that the live subscriber saw.',
  judge(evidence, findings) {
    for (const [streamId, snapshots] of snapshotsWithWords(evidence, findings)) {
      const live = liveWordsOf(evidence, streamId);
      if (live === undefined) {
        const listener = withRole(evidence, 'first', 'concurrent').find((other) => other.streamId === streamId);
        const incomparable = listener && whyIncomparable(evidence, listener);
        if (incomparable !== undefined) findings.leaveUnverified(incomparable);
      } else if (!live.agreed) {
        const reason = 'The live subscribers do not agree on what the session said.';
        findings.leaveUnverified(blockedBy({ because: 'replay.concurrent', reason }));
      } else {
        // One read that equals the live words is enough here: that others differ breaks snapshot.stable.
        const truth = live.holder.transcript.words;
        const closest = snapshots.find(({ transcript }) => !differenceOf(truth, transcript.words)) ?? snapshots[0];
        if (closest !== undefined) compareWithSession(evidence, findings, closest, live);
      }
    }
  },
};
