import type { Check } from '../../helpers/judging/check.ts';
import { judgeSuffices } from '../../helpers/judging/credentials.ts';

export const bearer: Check = {
  id: 'auth.bearer',
  sentence: 'The header Authorization with a bearer token alone suffices to read the stream.',
  judge: (evidence, findings) => judgeSuffices(evidence, findings, 'bearer', 'a bearer token'),
};
