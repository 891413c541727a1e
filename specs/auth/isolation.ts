import { atHead, provoked, refusals, shownAnswer } from '../../helpers/judging/answers.ts';
import type { Check, Evidence } from '../../helpers/judging/check.ts';
import { blockedBy } from '../../helpers/judging/findings.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';
import type { Exchange } from '../../helpers/recording/recording.ts';
import { readTranscript } from '../../helpers/transcript/read.ts';

export const isolation: Check = {
  id: 'auth.isolation',
  sentence: "Another account's credential does not open this session: it is answered 401 or 404.",
  judge(evidence, findings) {
    for (const exchange of provoked(evidence, 'isolation', findings)) {
      const status = exchange.response?.status;
      if (status !== 401 && status !== 404 && isAnsweredAsUnknown(exchange, evidence)) {
        const reason = `${exchangeName(exchange)} was answered ${shownAnswer(exchange)}, as an unknown session is, and shows no word.`;
        findings.leaveUnverified(blockedBy({ because: 'errors.not-found', reason }));
        continue;
      }
      findings.observe();
      if (status === 401 || status === 404) continue;
      findings.violate(() => ({
        message: `${exchangeName(exchange)} was answered ${shownAnswer(exchange)}${status === 403 ? ', which the contract does not document' : ''}.`,
        expected: ['401', '404'],
        actual: shownAnswer(exchange),
        ...atHead(exchange),
        ...(status === 403 ? { level: 'SHOULD' as const } : {}),
      }));
    }
  },
};

/** Another account's session is unknown to this one: what answers unknown sessions wrongly answers it so, too. */
function isAnsweredAsUnknown(exchange: Exchange, { recording, contract }: Evidence): boolean {
  const status = exchange.response?.status;
  const alike = refusals(recording, 'not-found').some(({ response }) => response?.status === status);
  return alike && status !== undefined && (status >= 300 || readTranscript(exchange, contract).words.length === 0);
}
