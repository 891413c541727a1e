import type { Check } from '../../helpers/judging/check.ts';
import { joinedInTheMiddle, lacksHistory } from '../../helpers/judging/joining.ts';
import { whyIncomparable } from '../../helpers/judging/live-words.ts';
import { judgePaces, paceOfHistory } from '../../helpers/judging/pace.ts';
import { missingHistory } from '../../helpers/judging/word-sequences.ts';

export const prompt: Check = {
  id: 'replay.prompt',
  sentence: 'A late subscriber receives the history in a burst, not at speaking pace.',
  judge(evidence, findings) {
    const paces = joinedInTheMiddle(evidence, findings).flatMap(({ subscription, wordsBefore, listener, live }) => {
      const missing = missingHistory(live.holder.transcript.words, subscription.transcript.words);
      if (missing === 0) return [paceOfHistory(evidence, subscription, listener, wordsBefore)];
      const spoilt = whyIncomparable(evidence, subscription);
      findings.leaveUnverified(spoilt?.because === undefined ? lacksHistory(subscription, missing) : spoilt);
      return [];
    });
    judgePaces(paces, findings);
  },
};
