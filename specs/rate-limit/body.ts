import type { Check } from '../../helpers/judging/check.ts';
import { errorAnswers } from '../../helpers/judging/error-answers.ts';
import {
  type BodyRule,
  codeRule,
  docUrlRule,
  envelopeRule,
  mediaTypeRule,
  messageRule,
  noLeakRule,
} from '../../helpers/judging/error-body.ts';
import { limitedAnswers } from '../../helpers/judging/rate-limits.ts';

/** Each as grave as the rule of the area errors. */
const RULES: readonly (readonly [rule: BodyRule, level: 'MUST' | 'SHOULD'])[] = [
  [mediaTypeRule, 'MUST'],
  [envelopeRule, 'MUST'],
  [messageRule, 'SHOULD'],
  [codeRule, 'SHOULD'],
  [docUrlRule, 'SHOULD'],
  [noLeakRule, 'SHOULD'],
];

export const body: Check = {
  id: 'rate-limit.body',
  sentence: 'The body of a 429 answer keeps the rules for error bodies.',
  judge(evidence, findings) {
    const limited = new Set(limitedAnswers(evidence, findings));
    for (const answer of errorAnswers(evidence)) {
      if (!limited.has(answer.exchange)) continue;
      findings.observe();
      // The gravest finding alone: a body that is no envelope has no message, code or doc_url to speak of.
      for (const [rule, level] of RULES) {
        const violation = rule(answer, evidence.contract);
        if (violation === undefined || violation === null) continue;
        findings.violate(() => ({ ...violation, level }));
        break;
      }
    }
  },
};
