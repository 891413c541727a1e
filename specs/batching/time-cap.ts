import { exceedsTimeCap, LONGEST_SECONDS, spansOf } from '../../helpers/judging/batches.ts';
import type { Check } from '../../helpers/judging/check.ts';
import { atEvent, measuredSeconds, shownSeconds } from '../../helpers/judging/findings.ts';

export const timeCap: Check = {
  id: 'batching.time-cap',
  sentence: 'The words of a batch start within about one second of each other.',
  judge(evidence, findings) {
    const tolerance = evidence.recording.settings.timeCapToleranceSeconds;
    let widest = 0;
    for (const { subscription, event, span } of spansOf(evidence, findings)) {
      findings.observe();
      widest = Math.max(widest, span.lastStart - span.firstStart);
      if (!exceedsTimeCap(evidence, span)) continue;
      const width = shownSeconds(span.lastStart - span.firstStart);
      findings.violate(() => ({
        message: `The words of event ${event.index} start ${width} apart, from ${shownSeconds(span.firstStart)} to ${shownSeconds(span.lastStart)}; the limit is ${shownSeconds(LONGEST_SECONDS)}, with a tolerance of ${shownSeconds(tolerance)}.`,
        expected: [
          `starts within ${shownSeconds(LONGEST_SECONDS)} of the first, plus a tolerance of ${shownSeconds(tolerance)}`,
          'a last word that starts within that time and ends later',
          'one word of any length',
        ],
        actual: `${width} from the first start to the last`,
        ...atEvent(subscription, event),
      }));
    }
    if (findings.observations > 0)
      findings.note(`The words of the widest batch start within ${measuredSeconds(widest)} of each other.`);
  },
};
