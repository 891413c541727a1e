import { judgeSteps } from '../../helpers/judging/backward-steps.ts';
import type { Check } from '../../helpers/judging/check.ts';
import { quoted, shownSeconds } from '../../helpers/judging/findings.ts';

export const ends: Check = {
  id: 'ordering.ends',
  sentence: 'End times never go back from one word to the next.',
  judge(evidence, findings) {
    judgeSteps(evidence, findings, {
      stepsOf: (order) => order.ends,
      observed: (order) => order.timedWords,
      describe({ transcript: { words } }, { before, word }) {
        const earlier = shownSeconds(words.end[before] ?? 0);
        const later = shownSeconds(words.end[word] ?? 0);
        return {
          message: `${quoted(words.text[word] ?? '', 40)} ends at ${later}, before ${quoted(words.text[before] ?? '', 40)}, which stands in front of it and ends at ${earlier}.`,
          expected: ['ends that never go back; words may overlap'],
          actual: `${later} after ${earlier}`,
        };
      },
    });
  },
};
