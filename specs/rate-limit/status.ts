import { atHead, shownAnswer } from '../../helpers/judging/answers.ts';
import type { Check } from '../../helpers/judging/check.ts';
import { limitedAnswers, otherRefusals } from '../../helpers/judging/rate-limits.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';

export const status: Check = {
  id: 'rate-limit.status',
  sentence: 'Past its rate limit the target answers 429.',
  judge(evidence, findings) {
    findings.observe(limitedAnswers(evidence, findings).length);
    for (const exchange of otherRefusals(evidence)) {
      findings.observe();
      findings.violate(() => ({
        message: `Past its limit the target answered ${exchangeName(exchange)} with ${shownAnswer(exchange)}, not 429.`,
        expected: ['429 with Retry-After'],
        actual: shownAnswer(exchange),
        ...atHead(exchange),
      }));
    }
  },
};
