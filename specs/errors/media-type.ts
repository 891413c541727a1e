import type { Check } from '../../helpers/judging/check.ts';
import { judgeBodies, mediaTypeRule } from '../../helpers/judging/error-body.ts';

export const mediaType: Check = {
  id: 'errors.media-type',
  sentence: 'The body of an error is of media type application/json.',
  judge: (evidence, findings) => judgeBodies(evidence, findings, mediaTypeRule),
};
