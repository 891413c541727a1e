import type { Check } from '../../helpers/judging/check.ts';
import { envelopeRule, judgeBodies } from '../../helpers/judging/error-body.ts';

export const envelope: Check = {
  id: 'errors.envelope',
  sentence: 'The body of an error is an object with an error member that is valid against the StandardAPIError schema.',
  judge: (evidence, findings) => judgeBodies(evidence, findings, envelopeRule),
};
