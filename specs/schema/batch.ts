import { batchesOf } from '../../helpers/judging/batches.ts';
import type { Check } from '../../helpers/judging/check.ts';
import { atEvent, counted, printable, shownValue } from '../../helpers/judging/findings.ts';
import type { StreamEvent } from '../../helpers/transcript/transcript.ts';

export const batch: Check = {
  id: 'schema.batch',
  sentence: 'Every batch is valid against the WordBatch schema of the contract.',
  judge(evidence, findings) {
    for (const { subscription, event } of batchesOf(evidence)) {
      findings.observe();
      const [issue] = event.schemaIssues;
      if (issue === undefined) continue;
      findings.violate(() => ({
        message: `Event ${event.index} is no valid WordBatch at "${printable(issue.pointer)}": ${printable(issue.message)}${others(event)}.`,
        expected: [`a value that is valid against ${issue.schemaPointer}`],
        actual: shownValue(event.payload),
        ...atEvent(subscription, event),
      }));
    }
  },
};

function others({ schemaIssues }: StreamEvent): string {
  return schemaIssues.length === 1 ? '' : `, and ${counted(schemaIssues.length - 1, 'issue')} more`;
}
