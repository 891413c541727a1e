import { judgeSteps, startOf, startsOf } from '../../helpers/judging/backward-steps.ts';
import type { Check } from '../../helpers/judging/check.ts';
import { counted } from '../../helpers/judging/findings.ts';
import { orderOf } from '../../helpers/judging/word-order.ts';

export const acrossBatches: Check = {
  id: 'ordering.across-batches',
  sentence: 'Start times never go back from one batch to the next.',
  judge(evidence, findings) {
    judgeSteps(evidence, findings, {
      stepsOf: (order) => order.acrossBatches,
      observed: (order) => Math.max(0, order.batches - 1),
      describe: (subscription, step) => ({
        message: `A batch begins with ${startOf(subscription, step.word)}, after a batch that ended with ${startOf(subscription, step.before)}.`,
        expected: ['a batch that starts no earlier than the last word of the batch before it starts'],
        actual: startsOf(subscription, step),
      }),
    });
    let explained = 0;
    for (const { transcript } of evidence.subscriptions) explained += orderOf(transcript).explainedByDuplicates;
    if (explained > 0)
      findings.note(
        `${counted(explained, 'step')} back in time ${explained === 1 ? 'is' : 'are'} due to words delivered twice: see ordering.no-duplicates.`,
      );
  },
};
