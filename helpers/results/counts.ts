import { OUTCOMES, type Outcome, type RequirementResult } from './results.ts';

export function countsOf(results: readonly Pick<RequirementResult, 'outcome'>[]): Readonly<Record<Outcome, number>> {
  const counts = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  for (const { outcome } of results) counts[outcome] += 1;
  return counts;
}
