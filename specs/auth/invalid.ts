import type { Check } from '../../helpers/judging/check.ts';
import { judgeUnauthorized } from '../../helpers/judging/credentials.ts';

export const invalid: Check = {
  id: 'auth.invalid',
  sentence:
    'A wrong credential, however close to the right one, an empty one or one of another scheme is answered 401.',
  judge: (evidence, findings) => judgeUnauthorized(evidence, findings, 'invalid'),
};
