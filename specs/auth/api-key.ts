import type { Check } from '../../helpers/judging/check.ts';
import { judgeSuffices } from '../../helpers/judging/credentials.ts';

export const apiKey: Check = {
  id: 'auth.api-key',
  sentence: 'The header x-api-key alone suffices to read the stream.',
  judge: (evidence, findings) => judgeSuffices(evidence, findings, 'api-key', 'x-api-key'),
};
