import type { Evidence, Subscription } from './check.ts';
import { atWord, type Findings, quoted, shownSeconds } from './findings.ts';
import { type BackwardStep, type Order, orderOf } from './word-order.ts';

/** What a rule about order says of the steps back that it is about. */
export interface StepRule {
  stepsOf(order: Order): readonly BackwardStep[];
  observed(order: Order): number;
  describe(
    subscription: Subscription,
    step: BackwardStep,
  ): { readonly message: string; readonly expected: readonly string[]; readonly actual: string };
}

export function judgeSteps({ subscriptions }: Evidence, findings: Findings, rule: StepRule): void {
  for (const subscription of subscriptions) {
    const order = orderOf(subscription.transcript);
    findings.observe(rule.observed(order));
    for (const step of rule.stepsOf(order))
      findings.violate(() => ({ ...rule.describe(subscription, step), ...atWord(subscription, step.word) }));
  }
}

/** `"Ada", which starts at 1.1 s`. */
export function startOf({ transcript: { words } }: Subscription, word: number): string {
  return `${quoted(words.text[word] ?? '', 40)}, which starts at ${shownSeconds(words.start[word] ?? 0)}`;
}

/** `1.1 s after 1.4 s`. */
export function startsOf({ transcript: { words } }: Subscription, { before, word }: BackwardStep): string {
  return `${shownSeconds(words.start[word] ?? 0)} after ${shownSeconds(words.start[before] ?? 0)}`;
}
