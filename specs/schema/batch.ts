import { batchesOf } from '../../helpers/judging/batches.ts';
import type { Check } from '../../helpers/judging/check.ts';
import { atEvent } from '../../helpers/judging/findings.ts';
import { shownIssues } from '../../helpers/judging/schema-issues.ts';

export const batch: Check = {
  id: 'schema.batch',
  sentence: 'Every batch is valid against the WordBatch schema of the contract.',
  judge(evidence, findings) {
    for (const { subscription, event } of batchesOf(evidence)) {
      findings.observe();
      const [issue, ...others] = event.schemaIssues;
      if (issue === undefined) continue;
      findings.violate(() => {
        const shown = shownIssues(event.payload, [issue, ...others]);
        return {
          ...shown,
          message: `Event ${event.index} is no valid WordBatch: ${shown.message}.`,
          ...atEvent(subscription, event),
        };
      });
    }
  },
};
