import type { Check } from '../../helpers/judging/check.ts';
import { judgeBodies, noLeakRule } from '../../helpers/judging/error-body.ts';

export const noLeak: Check = {
  id: 'errors.no-leak',
  sentence: 'The body of an error shows no stack trace, no file path and no server internals.',
  judge: (evidence, findings) => judgeBodies(evidence, findings, noLeakRule),
};
