import type { Check } from '../../helpers/judging/check.ts';
import { quoted } from '../../helpers/judging/findings.ts';
import { judgeIgnoredLines } from '../../helpers/judging/ignored-lines.ts';

export const unknownFields: Check = {
  id: 'framing.unknown-fields',
  sentence: 'The stream has no lines but the fields event, data, id and retry, comments and blank lines.',
  judge(evidence, findings) {
    judgeIgnoredLines(evidence, findings, ({ kind, field }) =>
      kind === 'unknown-field'
        ? {
            message: `A line has the field name ${quoted(field)}, which event streams do not have.`,
            expected: ['the fields event, data, id and retry', 'a comment'],
            actual: `field name ${quoted(field)}`,
          }
        : undefined,
    );
  },
};
