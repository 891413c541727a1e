import { exchangeName } from '../recording/exchange-name.ts';
import type { RefusalProbe } from '../recording/recording.ts';
import { atHead, provoked, refusedBecause, shownAnswer, subscriptionRequests } from './answers.ts';
import type { Evidence } from './check.ts';
import { blockedBy, type Findings } from './findings.ts';

/** That a subscription opens with this credential and no other. */
export function judgeSuffices(
  { recording }: Evidence,
  findings: Findings,
  credential: 'api-key' | 'bearer',
  named: string,
): void {
  for (const exchange of subscriptionRequests(recording)) {
    if (exchange.credential !== credential) continue;
    const because = refusedBecause(exchange, recording);
    const isRefused = because === `auth.${credential}`;
    if (isRefused || exchange.response?.status === 200) findings.observe();
    else if (because !== undefined)
      findings.explain(
        blockedBy({ because, reason: `${exchangeName(exchange)} was answered ${shownAnswer(exchange)}.` }),
      );
    if (isRefused)
      findings.violate(() => ({
        message: `${exchangeName(exchange)}, with ${named} alone, was answered ${shownAnswer(exchange)}, where the other credential opens the same stream.`,
        expected: ['200'],
        actual: shownAnswer(exchange),
        ...atHead(exchange),
      }));
  }
}

/** That each request of a probe is answered 401. */
export function judgeUnauthorized(evidence: Evidence, findings: Findings, probe: RefusalProbe): void {
  for (const exchange of provoked(evidence, probe, findings)) {
    findings.observe();
    if (exchange.response?.status === 401) continue;
    findings.violate(() => ({
      message: `${exchangeName(exchange)} was answered ${shownAnswer(exchange)}.`,
      expected: ['401'],
      actual: shownAnswer(exchange),
      ...atHead(exchange),
    }));
  }
}
