import type { Check, Evidence, Unverified } from '../../helpers/judging/check.ts';
import { atWord, blockedBy } from '../../helpers/judging/findings.ts';
import { wordsSpoiltBy } from '../../helpers/judging/root-causes.ts';
import { sharedRunsOf } from '../../helpers/judging/shared-bounds.ts';
import { FEWEST_WORDS, unitOf } from '../../helpers/judging/time-units.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';

export const seconds: Check = {
  id: 'ordering.seconds',
  sentence: 'Times are in seconds, not in milliseconds, samples or ticks.',
  judge(evidence, findings) {
    for (const subscription of evidence.subscriptions) {
      const unit = unitOf(subscription.transcript);
      if (!unit.judged) continue;
      findings.observe(unit.spoken);
      const { fault } = unit;
      if (fault === undefined) continue;
      findings.violate(() => ({
        message: `The ${fault.of} of ${exchangeName(subscription.exchange)} are not seconds${fault.of === 'ends' ? ', and the starts are' : ''}: ${fault.figures}, as if the ${fault.of} were ${fault.likely}.`,
        expected: ['times in seconds, at which words last as long as a voice takes for them'],
        actual: `${unit.measured}, taken as seconds`,
        ...atWord(subscription, 0),
      }));
    }
    const untold = whyUntold(evidence);
    if (untold !== undefined) findings.explain(untold);
  },
};

/** Why words that were heard do not tell the unit of their times. */
function whyUntold({ subscriptions }: Evidence): Unverified | undefined {
  if (subscriptions.some(({ transcript }) => wordsSpoiltBy(transcript) !== undefined)) return undefined;
  const shared = subscriptions.find(({ transcript }) =>
    sharedRunsOf(transcript).runs.some(({ count }) => count >= FEWEST_WORDS),
  );
  if (shared !== undefined)
    return blockedBy({
      because: 'ordering.own-times',
      reason: `The words of ${exchangeName(shared.exchange)} share their bounds.`,
    });
  const most = Math.max(0, ...subscriptions.map(({ transcript }) => unitOf(transcript).spoken));
  if (most === 0) return undefined;
  return {
    reason:
      most < FEWEST_WORDS
        ? `No subscription held the ${FEWEST_WORDS} spoken words that the unit of time can be told from.`
        : 'The words have no length, and the times between them do not tell their unit.',
    remedy: 'Give the session more text to speak (WORDS_SCRIPT), without long silences.',
  };
}
