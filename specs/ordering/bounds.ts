import type { Check } from '../../helpers/judging/check.ts';
import { atWord, quoted, shownSeconds } from '../../helpers/judging/findings.ts';
import { noiseAt } from '../../helpers/judging/float-noise.ts';

export const bounds: Check = {
  id: 'ordering.bounds',
  sentence: 'No word ends before it starts.',
  judge(evidence, findings) {
    for (const subscription of evidence.subscriptions) {
      const { text, start, end, length } = subscription.transcript.words;
      for (let word = 0; word < length; word += 1) {
        const from = start[word] ?? Number.NaN;
        const to = end[word] ?? Number.NaN;
        // Times that are no numbers are what schema.batch is about.
        if (Number.isNaN(from) || Number.isNaN(to)) continue;
        findings.observe();
        if (from <= to || from <= to + noiseAt(to)) continue;
        findings.violate(() => ({
          message: `${quoted(text[word] ?? '', 40)} ends at ${shownSeconds(to)}, before it starts at ${shownSeconds(from)}.`,
          expected: ['start ≤ end; equal where a word has no length'],
          actual: `start ${shownSeconds(from)}, end ${shownSeconds(to)}`,
          ...atWord(subscription, word),
        }));
      }
    }
  },
};
