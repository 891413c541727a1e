import type { Check } from '../../helpers/judging/check.ts';
import { atEvent, quoted } from '../../helpers/judging/findings.ts';
import { lostALine } from '../../helpers/judging/root-causes.ts';
import { forEachEvent } from '../../helpers/judging/streams.ts';

export const dispatched: Check = {
  id: 'framing.dispatched',
  sentence:
    'Every event reaches clients: none lacks its blank line when the body ends, and none has a type but no data.',
  judge(evidence, findings) {
    forEachEvent(evidence, (subscription, event) => {
      const { exchange, transcript } = subscription;
      if (lostALine(transcript, event)) return;
      const cutByTheRunOrTheNetwork = event.dispatch === 'unterminated' && exchange.ending.kind !== 'complete';
      if (cutByTheRunOrTheNetwork) return;
      findings.observe();
      if (event.dispatch === 'dispatched') return;
      const open = event.dispatch === 'unterminated';
      findings.violate(() => ({
        message: open
          ? `The last event, of type ${quoted(event.type)}, is left without its blank line when the body ends, so clients drop it.`
          : `Event ${event.index} has the type ${quoted(event.type)} but no data line, so clients never see it.`,
        expected: ['data lines, and a blank line after each event'],
        actual: open ? 'no blank line before the end of the body' : 'no data line',
        ...atEvent(subscription, event),
      }));
    });
  },
};
