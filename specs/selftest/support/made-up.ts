import type { RequirementId } from '../../../helpers/contract/types.ts';
import type { Check, Judgement } from '../../../helpers/judging/check.ts';

/** A check that finds what it is told, whatever the recording. */
export function finding(id: RequirementId, judgement: Partial<Judgement>): Check {
  const { observations = 1, violations = [], violationCount = violations.length, unverified, notes = [] } = judgement;
  return {
    id,
    judge(_evidence, findings) {
      findings.observe(observations);
      for (let index = 0; index < violationCount; index += 1) {
        const violation = violations[index % violations.length];
        if (violation !== undefined) findings.violate(() => violation);
      }
      if (unverified !== undefined) findings.leaveUnverified(unverified);
      for (const note of notes) findings.note(note);
    },
  };
}
