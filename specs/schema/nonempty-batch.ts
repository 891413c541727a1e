import { batchesOf } from '../../helpers/judging/batches.ts';
import type { Check } from '../../helpers/judging/check.ts';
import { atEvent } from '../../helpers/judging/findings.ts';

export const nonemptyBatch: Check = {
  id: 'schema.nonempty-batch',
  sentence: 'A batch holds at least one word event.',
  judge(evidence, findings) {
    for (const { subscription, event } of batchesOf(evidence)) {
      if (event.schemaIssues.length > 0) continue;
      findings.observe();
      if (event.wordCount > 0) continue;
      findings.violate(() => ({
        message: `Event ${event.index} is a batch without words.`,
        expected: ['at least one word event in a batch', 'a comment, where the stream is only to be kept alive'],
        actual: '"words":[]',
        ...atEvent(subscription, event),
      }));
    }
  },
};
