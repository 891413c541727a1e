import type { Check } from '../../helpers/judging/check.ts';
import { judgeIgnoredLines } from '../../helpers/judging/ignored-lines.ts';
import type { LineIssue } from '../../helpers/transcript/transcript.ts';

export const retryId: Check = {
  id: 'framing.retry-id',
  sentence: 'A retry field holds ASCII digits only, and an id field holds no NUL.',
  judge(evidence, findings) {
    judgeIgnoredLines(evidence, findings, faultOf);
  },
};

function faultOf({ kind }: LineIssue) {
  if (kind === 'bad-retry')
    return {
      message: 'A retry field holds something other than ASCII digits, so clients ignore it.',
      expected: ['retry: with ASCII digits only'],
      actual: 'a retry field with other characters',
    };
  if (kind !== 'nul-in-id') return undefined;
  return {
    message: 'An id field holds a NUL, so clients ignore it.',
    expected: ['id: without U+0000'],
    actual: 'an id field with U+0000',
  };
}
