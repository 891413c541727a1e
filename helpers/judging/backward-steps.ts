import type { Check, Evidence, Judgement, Subscription } from './check.ts';
import { atWord, counted, Findings, nothingObserved, quoted, shownSeconds } from './findings.ts';
import { type BackwardStep, type Order, orderOf } from './word-order.ts';

export const inBatch: Check = {
  id: 'ordering.in-batch',
  judge: (evidence) =>
    judgeSteps(
      evidence,
      { stepsOf: (order) => order.inBatch, observed: (order) => order.batches, what: 'batch with words' },
      (subscription, step) => ({
        ...comparedStarts(subscription, step),
        message: `In a batch, ${startOf(subscription, step.word)} stands after ${startOf(subscription, step.before)}.`,
        expected: ['the words of a batch in the order of their starts; equal starts will do'],
      }),
    ),
};

export const acrossBatches: Check = {
  id: 'ordering.across-batches',
  judge(evidence) {
    const judgement = judgeSteps(
      evidence,
      {
        stepsOf: (order) => order.acrossBatches,
        observed: (order) => Math.max(0, order.batches - 1),
        what: 'batch after another',
      },
      (subscription, step) => ({
        ...comparedStarts(subscription, step),
        message: `A batch begins with ${startOf(subscription, step.word)}, after a batch that ended with ${startOf(subscription, step.before)}.`,
        expected: ['a batch that starts no earlier than the last word of the batch before it starts'],
      }),
    );
    const explained = evidence.subscriptions.reduce(
      (sum, { transcript }) => sum + orderOf(transcript).explainedByDuplicates,
      0,
    );
    if (explained === 0) return judgement;
    const note = `${counted(explained, 'step')} back in time ${explained === 1 ? 'is' : 'are'} due to words delivered twice: see ordering.no-duplicates.`;
    return { ...judgement, notes: [...(judgement.notes ?? []), note] };
  },
};

export const ends: Check = {
  id: 'ordering.ends',
  judge: (evidence) =>
    judgeSteps(
      evidence,
      { stepsOf: (order) => order.ends, observed: (order) => order.timedWords, what: 'word after another' },
      (subscription, { before, word }) => {
        const { text, end } = subscription.transcript.words;
        const earlier = shownSeconds(end[before] ?? 0);
        const later = shownSeconds(end[word] ?? 0);
        return {
          message: `${quoted(text[word] ?? '', 40)} ends at ${later}, before ${quoted(text[before] ?? '', 40)}, which stands in front of it and ends at ${earlier}.`,
          expected: ['ends that never go back; words may overlap'],
          actual: `${later} after ${earlier}`,
        };
      },
    ),
};

interface Steps {
  stepsOf(order: Order): readonly BackwardStep[];
  observed(order: Order): number;
  readonly what: string;
}

interface Description {
  readonly message: string;
  readonly expected: readonly string[];
  readonly actual: string;
}

function judgeSteps(
  evidence: Evidence,
  steps: Steps,
  explain: (subscription: Subscription, step: BackwardStep) => Description,
): Judgement {
  const findings = new Findings();
  for (const subscription of evidence.subscriptions) {
    const order = orderOf(subscription.transcript);
    findings.observe(steps.observed(order));
    for (const step of steps.stepsOf(order))
      findings.violate(() => ({ ...explain(subscription, step), ...atWord(subscription, step.word) }));
  }
  return findings.judgement(() =>
    nothingObserved(evidence, steps.what, 'Subscribe to a session that speaks for several seconds.'),
  );
}

function startOf({ transcript }: Subscription, word: number): string {
  const { text, start } = transcript.words;
  return `${quoted(text[word] ?? '', 40)}, which starts at ${shownSeconds(start[word] ?? 0)}`;
}

function comparedStarts({ transcript }: Subscription, { before, word }: BackwardStep): { readonly actual: string } {
  const { start } = transcript.words;
  return { actual: `${shownSeconds(start[word] ?? 0)} after ${shownSeconds(start[before] ?? 0)}` };
}
