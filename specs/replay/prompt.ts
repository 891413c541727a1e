import type { Check, Evidence } from '../../helpers/judging/check.ts';
import { joinedAt, joinedInTheMiddle, lacksHistory } from '../../helpers/judging/joining.ts';
import { whyIncomparable, withRole } from '../../helpers/judging/live-words.ts';
import { judgePaces, type Pace, paceOfHistory } from '../../helpers/judging/pace.ts';

export const prompt: Check = {
  id: 'replay.prompt',
  sentence: 'A late subscriber receives the history in a burst, not at speaking pace.',
  judge(evidence, findings) {
    const paces = joinedInTheMiddle(evidence, findings).flatMap(({ subscription, wordsBefore, listener, missing }) => {
      if (missing === 0) return [paceOfHistory(evidence, subscription, listener, wordsBefore)];
      const spoilt = whyIncomparable(evidence, subscription);
      findings.leaveUnverified(spoilt?.because === undefined ? lacksHistory(subscription, missing) : spoilt);
      return [];
    });
    judgePaces([...paces, ...pacesOfReturned(evidence)], findings);
  },
};

/** Who comes back has the most history to receive: a pace shows there best. That it comes in a burst is for late ones to show. */
function pacesOfReturned(evidence: Evidence): readonly Pace[] {
  return withRole(evidence, 'reconnected').flatMap((subscription) => {
    const joined = joinedAt(evidence, subscription);
    if ('reason' in joined || joined.missing > 0) return [];
    const pace = paceOfHistory(evidence, subscription, joined.listener, joined.wordsBefore);
    return pace.kind === 'paced' ? [pace] : [];
  });
}
