import type { Check } from '../../helpers/judging/check.ts';
import { quoted } from '../../helpers/judging/findings.ts';
import { judgeIgnoredLines } from '../../helpers/judging/ignored-lines.ts';
import { hidesContent } from '../../helpers/judging/root-causes.ts';

export const fields: Check = {
  id: 'framing.fields',
  sentence:
    'No content is lost on lines that clients ignore: Data for data, space around the field name, JSON without a field name.',
  judge(evidence, findings) {
    judgeIgnoredLines(evidence, findings, (issue) =>
      hidesContent(issue)
        ? {
            message:
              issue.kind === 'bare-json'
                ? 'A line holds JSON without a field name, so clients ignore it.'
                : `A line has the field name ${quoted(issue.field)}, which clients ignore: names are compared literally.`,
            expected: ['data:, event:, id: or retry: at the very start of the line, in lower case', 'a comment'],
            actual: `field name ${quoted(issue.field)}`,
          }
        : undefined,
    );
  },
};
