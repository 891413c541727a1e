import type { Check } from '../../helpers/judging/check.ts';
import { withRole } from '../../helpers/judging/live-words.ts';
import { judgePaces, paceOfSnapshot } from '../../helpers/judging/pace.ts';
import { hasEnded } from '../../helpers/judging/root-causes.ts';

export const prompt: Check = {
  id: 'snapshot.prompt',
  sentence: 'A completed session is delivered at once, not at speaking pace.',
  judge(evidence, findings) {
    // A session in which nothing was said cannot be slow; one that was cut off before its first word tells nothing.
    const read = withRole(evidence, 'snapshot').filter(
      ({ transcript }) => transcript.words.length > 0 || hasEnded(transcript),
    );
    judgePaces(
      read.map((snapshot) => paceOfSnapshot(evidence, snapshot)),
      findings,
    );
  },
};
