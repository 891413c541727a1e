import { batchesOf } from '../../helpers/judging/batches.ts';
import type { Check } from '../../helpers/judging/check.ts';
import { counted, printable } from '../../helpers/judging/findings.ts';

const MEMBERS_LISTED = 20;

export const undocumented: Check = {
  id: 'schema.undocumented',
  sentence: 'Members that the contract does not name are listed, with how often each was seen.',
  judge(evidence, findings) {
    const counts = new Map<string, number>();
    for (const { event } of batchesOf(evidence)) {
      findings.observe();
      for (const path in event.undocumented)
        counts.set(path, (counts.get(path) ?? 0) + (event.undocumented[path] ?? 0));
    }
    const listed = [...counts].sort(([, a], [, b]) => b - a).slice(0, MEMBERS_LISTED);
    for (const [path, count] of listed) findings.note(`${printable(path)}: ${counted(count, 'time')}`);
    if (counts.size > listed.length)
      findings.note(`${counts.size - listed.length} more members that the contract does not name`);
  },
};
