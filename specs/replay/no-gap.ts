import type { Check } from '../../helpers/judging/check.ts';
import { joinedInTheMiddle, lacksHistory } from '../../helpers/judging/joining.ts';
import { compareWithSession, whyIncomparable } from '../../helpers/judging/live-words.ts';
import { differenceOf } from '../../helpers/judging/word-sequences.ts';

export const noGap: Check = {
  id: 'replay.no-gap',
  sentence: "A late subscriber's words equal the first subscriber's to the end: same tokens, same times, same order.",
  judge(evidence, findings) {
    for (const { subscription, live, missing } of joinedInTheMiddle(evidence, findings)) {
      const incomparable = whyIncomparable(evidence, subscription);
      if (incomparable !== undefined) {
        findings.leaveUnverified(incomparable);
        continue;
      }
      const truth = live.holder.transcript.words;
      const { words } = subscription.transcript;
      if (missing > 0 && differenceOf(truth, words, missing) === undefined)
        findings.leaveUnverified(lacksHistory(subscription, missing));
      else compareWithSession(evidence, findings, subscription, live, missing);
    }
  },
};
