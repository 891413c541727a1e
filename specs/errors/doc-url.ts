import type { Check } from '../../helpers/judging/check.ts';
import { docUrlRule, judgeBodies } from '../../helpers/judging/error-body.ts';

export const docUrl: Check = {
  id: 'errors.doc-url',
  sentence: 'The doc_url of an error, where it is a string, is an absolute URL.',
  judge: (evidence, findings) => judgeBodies(evidence, findings, docUrlRule),
};
