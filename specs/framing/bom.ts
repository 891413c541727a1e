import type { Check } from '../../helpers/judging/check.ts';
import { atByte } from '../../helpers/judging/findings.ts';
import { isUtf16 } from '../../helpers/judging/root-causes.ts';
import { bodiesIn } from '../../helpers/judging/streams.ts';

export const bom: Check = {
  id: 'framing.bom',
  sentence: 'A byte order mark stands only at the start of the body.',
  judge(evidence, findings) {
    for (const subscription of bodiesIn(evidence)) {
      findings.observe();
      if (isUtf16(subscription.transcript)) continue;
      for (const offset of subscription.transcript.strayByteOrderMarks)
        findings.violate(() => ({
          message: `A byte order mark stands at offset ${offset}, where it becomes part of a field name.`,
          expected: ['a byte order mark at offset 0 only', 'none'],
          actual: `EF BB BF at offset ${offset}`,
          ...atByte(subscription, offset, 3),
        }));
    }
  },
};
