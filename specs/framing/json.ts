import type { Check } from '../../helpers/judging/check.ts';
import { atEvent, printable } from '../../helpers/judging/findings.ts';
import { endInDisguise, isIntact } from '../../helpers/judging/root-causes.ts';
import { forEachEvent } from '../../helpers/judging/streams.ts';

export const json: Check = {
  id: 'framing.json',
  sentence: 'The data of each event is exactly one JSON text.',
  judge(evidence, findings) {
    forEachEvent(evidence, (subscription, event) => {
      const { transcript } = subscription;
      if (!isIntact(transcript, event) || event === endInDisguise(transcript)) return;
      findings.observe();
      const fault = event.json;
      if (fault === null) return;
      findings.violate(() => ({
        message: `The data of event ${event.index} is not exactly one JSON text: ${printable(fault.message)}.`,
        expected: ['one JSON text (RFC 8259)'],
        actual: fault.position === undefined ? 'no JSON text' : `a fault at character ${fault.position} of the data`,
        ...atEvent(subscription, event),
      }));
    });
  },
};
