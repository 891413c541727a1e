import { atHead } from '../../helpers/judging/answers.ts';
import type { Check } from '../../helpers/judging/check.ts';
import { header } from '../../helpers/judging/evidence.ts';
import { quoted } from '../../helpers/judging/findings.ts';
import { limitedAnswers, secondsAsked } from '../../helpers/judging/rate-limits.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';

export const retryAfter: Check = {
  id: 'rate-limit.retry-after',
  sentence: 'A 429 answer carries a Retry-After header that is a whole number of seconds, zero or more.',
  judge(evidence, findings) {
    for (const exchange of limitedAnswers(evidence, findings)) {
      findings.observe();
      if (secondsAsked(exchange) !== undefined) continue;
      const value = header(exchange, 'retry-after');
      findings.violate(() => ({
        message:
          value === undefined
            ? `The 429 of ${exchangeName(exchange)} carries no Retry-After.`
            : `The Retry-After of ${exchangeName(exchange)} is ${quoted(value)}, which is no whole number of seconds.`,
        expected: ['a whole number of seconds, zero or more'],
        actual: value === undefined ? 'no Retry-After' : quoted(value),
        ...atHead(exchange),
      }));
    }
  },
};
