import type { Check } from '../../helpers/judging/check.ts';
import { atEvent, shownValue } from '../../helpers/judging/findings.ts';
import { endsOf } from '../../helpers/judging/judged-ends.ts';
import { shownIssues, valueAndKind } from '../../helpers/judging/schema-issues.ts';

export const payload: Check = {
  id: 'ending.payload',
  sentence:
    'The data of the end event is a JSON object, valid against the WordsEndEvent schema where the contract defines one.',
  judge(evidence, findings) {
    for (const subscription of evidence.subscriptions) {
      for (const end of endsOf(subscription.transcript)) {
        // framing.json speaks of an end that is no JSON.
        if (end.json !== null) continue;
        findings.observe();
        const value = end.payload;
        if (typeof value !== 'object' || value === null || Array.isArray(value)) {
          findings.violate(() => ({
            message: `The data of the end event is ${valueAndKind(value)}, not a JSON object.`,
            expected: ['a JSON object; {} will do'],
            actual: shownValue(value),
            ...atEvent(subscription, end),
          }));
          continue;
        }
        const [issue, ...others] = end.schemaIssues;
        if (issue === undefined) continue;
        findings.violate(() => {
          const shown = shownIssues(value, [issue, ...others]);
          return {
            ...shown,
            message: `The data of the end event breaks the WordsEndEvent schema: ${shown.message}.`,
            ...atEvent(subscription, end),
          };
        });
      }
    }
  },
};
