import { brokenOffBy } from '../../helpers/judging/broken-off-session.ts';
import type { Check } from '../../helpers/judging/check.ts';
import { joinedAt, whyKeptOut } from '../../helpers/judging/joining.ts';
import { compareWithSession, whyIncomparable, withRole } from '../../helpers/judging/live-words.ts';

export const reconnect: Check = {
  id: 'replay.reconnect',
  sentence:
    'After a subscriber drops its connection the session goes on, and a new subscription receives the full history.',
  judge(evidence, findings) {
    const keptOut = whyKeptOut(evidence, 'dropped');
    if (keptOut !== undefined) findings.explain(keptOut);
    for (const dropped of withRole(evidence, 'dropped')) {
      const interruption = brokenOffBy(evidence, dropped.streamId);
      if (interruption === undefined) continue;
      findings.observe();
      findings.violate(() => interruption);
    }
    if (findings.violationCount > 0) return;
    for (const subscription of withRole(evidence, 'reconnected')) {
      const joined = joinedAt(evidence, subscription);
      const obstacle = 'reason' in joined ? joined : whyIncomparable(evidence, subscription);
      if (obstacle !== undefined) findings.leaveUnverified(obstacle);
      else if ('live' in joined) compareWithSession(evidence, findings, subscription, joined.live);
    }
  },
};
