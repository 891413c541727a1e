import type { Check } from '../../judging/check.ts';
import { atWord, blockedBy, Findings, nothingObserved, spoiltWords } from '../../judging/findings.ts';
import { sharedRunsOf } from '../../judging/shared-bounds.ts';
import { FEWEST_WORDS, unitOf } from '../../judging/time-units.ts';

export const seconds: Check = {
  id: 'ordering.seconds',
  judge(evidence) {
    const findings = new Findings();
    let most = 0;
    for (const subscription of evidence.subscriptions) {
      const unit = unitOf(subscription.transcript);
      most = Math.max(most, unit.spoken);
      if (!unit.judged) continue;
      findings.observe(unit.spoken);
      const { fault } = unit;
      if (fault === undefined) continue;
      findings.violate(() => ({
        message: `The times of ${subscription.exchange.id} are not seconds: ${fault.figures}, as if they were ${fault.likely}.`,
        expected: ['times in seconds, at which words last as long as a voice takes for them'],
        actual: `${unit.measured}, taken as seconds`,
        ...atWord(subscription, 0),
      }));
    }
    const shared = evidence.subscriptions.find(({ transcript }) =>
      sharedRunsOf(transcript).runs.some(({ count }) => count >= FEWEST_WORDS),
    );
    if (shared !== undefined)
      findings.explain(
        blockedBy({ because: 'ordering.own-times', reason: `The words of ${shared.exchange.id} share their bounds.` }),
      );
    return findings.judgement(() =>
      most === 0
        ? nothingObserved(evidence, 'word that lasts', 'Subscribe to a session that speaks.')
        : (spoiltWords(evidence) ?? {
            reason:
              most < FEWEST_WORDS
                ? `No subscription held the ${FEWEST_WORDS} spoken words that the unit of time can be told from.`
                : 'The words have no length, and the times between them do not tell their unit.',
            remedy: 'Give the session more text to speak (WORDS_SCRIPT), without long silences.',
          }),
    );
  },
};
