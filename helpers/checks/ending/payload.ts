import type { Check } from '../../judging/check.ts';
import { atEvent, blockedBy, Findings, printable, shownValue } from '../../judging/findings.ts';
import { endsOf, noEndObserved } from '../../judging/judged-ends.ts';

export const payload: Check = {
  id: 'ending.payload',
  judge(evidence) {
    const findings = new Findings();
    for (const subscription of evidence.subscriptions) {
      for (const end of endsOf(subscription.transcript)) {
        if (end.json !== null) {
          findings.leaveUnverified(
            blockedBy({
              because: 'framing.json',
              reason: `The data of the end event of ${subscription.exchange.id} is not JSON.`,
            }),
          );
          continue;
        }
        findings.observe();
        const value = end.payload;
        if (typeof value !== 'object' || value === null || Array.isArray(value)) {
          findings.violate(() => ({
            message: `The data of the end event is ${kindOf(value)}, not a JSON object.`,
            expected: ['a JSON object; {} will do'],
            actual: shownValue(value),
            ...atEvent(subscription, end),
          }));
          continue;
        }
        const [issue] = end.schemaIssues;
        if (issue === undefined) continue;
        findings.violate(() => ({
          message: `The data of the end event breaks the WordsEndEvent schema at "${printable(issue.pointer)}": ${printable(issue.message)}.`,
          expected: [`a value that is valid against ${issue.schemaPointer}`],
          actual: shownValue(value),
          ...atEvent(subscription, end),
        }));
      }
    }
    return findings.judgement(() => noEndObserved(evidence));
  },
};

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}
