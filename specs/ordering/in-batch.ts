import { judgeSteps, startOf, startsOf } from '../../helpers/judging/backward-steps.ts';
import type { Check } from '../../helpers/judging/check.ts';

export const inBatch: Check = {
  id: 'ordering.in-batch',
  sentence: 'The words in a batch are ordered by start time.',
  judge(evidence, findings) {
    judgeSteps(evidence, findings, {
      stepsOf: (order) => order.inBatch,
      observed: (order) => order.batches,
      describe: (subscription, step) => ({
        message: `In a batch, ${startOf(subscription, step.word)} stands after ${startOf(subscription, step.before)}.`,
        expected: ['the words of a batch in the order of their starts; equal starts will do'],
        actual: startsOf(subscription, step),
      }),
    });
  },
};
