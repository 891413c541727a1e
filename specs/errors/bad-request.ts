import {
  answerTo,
  atHead,
  provoked,
  REFUSED_ID,
  reachesOperation,
  shownAnswer,
  variantOf,
} from '../../helpers/judging/answers.ts';
import type { Check } from '../../helpers/judging/check.ts';
import { header, mediaType } from '../../helpers/judging/evidence.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';

export const badRequest: Check = {
  id: 'errors.bad-request',
  sentence: 'A malformed session id is answered 400 or 404, never with success and never with a server error.',
  judge(evidence, findings) {
    for (const exchange of provoked(evidence, 'bad-request', findings)) {
      findings.observe();
      const status = answerTo(exchange).kind === 'status' ? exchange.response?.status : undefined;
      const own = reachesOperation(exchange);
      const refused = status !== undefined && (own ? REFUSED_ID.includes(status) : status >= 300 && status < 500);
      if (refused && !own)
        findings.note(
          `${exchangeName(exchange)}: ${shownAnswer(exchange)}, ${mediaType(header(exchange, 'content-type')) || 'no media type'}; a server in front of the application may have answered, so the body is not judged.`,
        );
      if (refused) continue;
      findings.violate(() => ({
        message: `A malformed session id (${variantOf(exchange)}) was answered ${shownAnswer(exchange)}.`,
        expected: own
          ? ['400', '404', '414 or 422, which refuse an id, too']
          : ['400', '404', 'another refusal (3xx or 4xx)'],
        actual: shownAnswer(exchange),
        ...atHead(exchange),
        // A firewall may drop such a request without an answer, and so may a server that crashes on it.
        ...(own || status !== undefined ? {} : { level: 'SHOULD' as const }),
      }));
    }
  },
};
