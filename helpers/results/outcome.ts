import type { Level } from '../contract/types.ts';
import type { Judgement } from '../judging/check.ts';
import type { Outcome } from './results.ts';

/**
 * What a judgement means for its requirement. A finding's own level goes before the requirement's; a NOTE never fails
 * or warns; a rule that looked at nothing has not passed.
 */
export function outcomeOf(judgement: Judgement, level: Level, strict: boolean): Outcome {
  const levels = new Set(judgement.violations.map((violation) => violation.level ?? level));
  if (levels.has('MUST') || (strict && levels.has('SHOULD'))) return 'fail';
  if (levels.has('SHOULD')) return 'warn';
  if (judgement.notApplicable) return 'not-applicable';
  if (judgement.unverified || judgement.observations === 0) return 'inconclusive';
  return 'pass';
}
