import { atHead, shownAnswer } from '../../helpers/judging/answers.ts';
import type { Check } from '../../helpers/judging/check.ts';
import { blockedBy } from '../../helpers/judging/findings.ts';
import { limitedAnswers, secondsAsked } from '../../helpers/judging/rate-limits.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';

export const recovers: Check = {
  id: 'rate-limit.recovers',
  sentence: 'After the seconds that Retry-After names, the same request succeeds.',
  judge(evidence, findings) {
    const { exchanges } = evidence.recording;
    const limited = limitedAnswers(evidence, findings);
    const vague = limited.find((exchange) => secondsAsked(exchange) === undefined);
    for (const exchange of vague === undefined ? exchanges : []) {
      const { purpose, response } = exchange;
      if (purpose.kind !== 'burst-recovery' || response === undefined) continue;
      findings.observe();
      if (response.status === 200) continue;
      findings.violate(() => ({
        message: `${exchangeName(exchange)} waited ${purpose.waited} s, as Retry-After asks, and was answered ${shownAnswer(exchange)}.`,
        expected: ['200'],
        actual: shownAnswer(exchange),
        ...atHead(exchange),
      }));
    }
    // An ordinary 429 that was waited out shows the same, where it then succeeded: other traffic may explain it otherwise.
    for (const { supersededBy } of limited) {
      const status = exchanges.find(({ id }) => id === supersededBy)?.response?.status ?? 500;
      if (status !== 429 && status < 500) findings.observe();
    }
    if (vague !== undefined)
      findings.explain(
        blockedBy({
          because: 'rate-limit.retry-after',
          reason: `${exchangeName(vague)} does not say how long to wait.`,
        }),
      );
    else if (limited.length > 0)
      findings.explain({
        reason: 'No request was sent again after the seconds that Retry-After asks for.',
        remedy: 'Allow the burst (WORDS_BURST=1), with a limit whose Retry-After the run can wait out.',
      });
  },
};
