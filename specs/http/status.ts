import {
  answerTo,
  atHead,
  rateLimited,
  refusedBecause,
  shownAnswer,
  subscriptionRequests,
  unprovenAsGiven,
  whenCreated,
} from '../../helpers/judging/answers.ts';
import type { Check } from '../../helpers/judging/check.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';
import type { Exchange } from '../../helpers/recording/recording.ts';

export const status: Check = {
  id: 'http.status',
  sentence: 'A known session requested with valid credentials is answered with status 200.',
  judge({ recording }, findings) {
    if (recording.settings.trustsAnyCertificate)
      findings.note('TLS certificates were not verified: the run had NODE_TLS_REJECT_UNAUTHORIZED=0.');
    for (const { supersededBy, ...exchange } of recording.exchanges)
      if (supersededBy !== undefined && exchange.response === undefined)
        findings.note(
          `${exchangeName({ ...exchange, id: supersededBy })} got ${shownAnswer(exchange)}, and was sent once more: the network may have broken it.`,
        );
    for (const exchange of subscriptionRequests(recording)) {
      const answer = answerTo(exchange);
      const unproven = unprovenAsGiven(exchange, recording);
      if (unproven !== undefined) findings.explain(unproven);
      else if (answer.kind === 'rate-limited') {
        findings.note(
          `${exchangeName(exchange)} was answered ${shownAnswer(exchange)} until the run's patience ended.`,
        );
        findings.explain(rateLimited(exchange));
      } else if (answer.kind === 'none' && answer.ours) {
        if (exchange.ending.kind === 'no-response' || isBoundReached(exchange))
          findings.leaveUnverified({
            reason: `${exchangeName(exchange)} got no response within the run's bounds (${answer.reason}).`,
            remedy: 'Raise WORDS_MAX_SECONDS, or look at the network between here and the target.',
          });
      } else {
        const broken = refusedBecause(exchange, recording);
        if (broken !== undefined && broken !== 'http.status') continue;
        findings.observe();
        if (broken !== undefined)
          findings.violate(() => ({
            message: `${exchangeName(exchange)} asked for a known session with valid credentials and got ${shownAnswer(exchange)}${whenCreated(exchange, recording)}.`,
            expected: ['200'],
            actual: shownAnswer(exchange),
            ...atHead(exchange),
          }));
      }
    }
  },
};

/** Stopped because the head was too long in coming, or too large: not by an operator, nor as the probe has it. */
function isBoundReached({ ending }: Exchange): boolean {
  return ending.kind === 'stopped' && ending.bound !== 'interrupt' && ending.bound !== 'probe';
}
