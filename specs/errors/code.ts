import type { Check } from '../../helpers/judging/check.ts';
import { codeRule, judgeBodies } from '../../helpers/judging/error-body.ts';

export const code: Check = {
  id: 'errors.code',
  sentence: 'The code of an error is the one that the contract gives as the example for its status.',
  judge: (evidence, findings) => judgeBodies(evidence, findings, codeRule),
};
