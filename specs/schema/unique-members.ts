import type { Check } from '../../helpers/judging/check.ts';
import { atEvent, quoted } from '../../helpers/judging/findings.ts';
import { isIntact, isUtf16 } from '../../helpers/judging/root-causes.ts';

export const uniqueMembers: Check = {
  id: 'schema.unique-members',
  sentence: 'No JSON object in the stream has the same member name twice.',
  judge(evidence, findings) {
    for (const subscription of evidence.subscriptions) {
      const { transcript } = subscription;
      if (isUtf16(transcript)) continue;
      for (const event of transcript.events) {
        if (event.json !== null || !isIntact(transcript, event)) continue;
        findings.observe();
        const [name] = event.duplicateMembers;
        if (name === undefined) continue;
        const names = event.duplicateMembers.slice(0, 5).map((member) => quoted(member, 40));
        findings.violate(() => ({
          message: `An object in event ${event.index} has the member ${quoted(name)} twice, so what clients read differs.`,
          expected: ['each member name once in an object'],
          actual: `twice: ${names.join(', ')}`,
          ...atEvent(subscription, event),
        }));
      }
    }
  },
};
