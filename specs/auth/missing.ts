import type { Check } from '../../helpers/judging/check.ts';
import { judgeUnauthorized } from '../../helpers/judging/credentials.ts';

export const missing: Check = {
  id: 'auth.missing',
  sentence: 'A request without any credential is answered 401.',
  judge: (evidence, findings) => judgeUnauthorized(evidence, findings, 'missing'),
};
