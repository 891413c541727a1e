import type { Check } from '../../helpers/judging/check.ts';
import { atEvent, printable, quoted } from '../../helpers/judging/findings.ts';
import { endInDisguise, isIntact } from '../../helpers/judging/root-causes.ts';
import { forEachEvent } from '../../helpers/judging/streams.ts';

export const eventTypes: Check = {
  id: 'framing.event-types',
  sentence:
    'Word batches arrive as events of the default type, the end as an event of type end, and no other event arrives.',
  judge(evidence, findings) {
    forEachEvent(evidence, (subscription, event) => {
      const { transcript } = subscription;
      if (!isIntact(transcript, event) || event === endInDisguise(transcript)) return;
      findings.observe();
      if (event.kind !== 'other') return;
      findings.violate(() => ({
        message: `Event ${event.index} has the type ${quoted(event.type)}, which neither a batch nor the end has.`,
        expected: ['no event field, or event: message, on a batch', 'event: end on the end'],
        actual: `event: ${printable(event.type.slice(0, 80))}`,
        ...atEvent(subscription, event),
      }));
    });
  },
};
