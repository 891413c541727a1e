import type { Check } from '../../helpers/judging/check.ts';
import { judgeBodies, messageRule } from '../../helpers/judging/error-body.ts';

export const message: Check = {
  id: 'errors.message',
  sentence: 'The message of an error is not empty.',
  judge: (evidence, findings) => judgeBodies(evidence, findings, messageRule),
};
