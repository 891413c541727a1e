import type { Check, Subscription, Violation } from '../../helpers/judging/check.ts';
import { atWord, quoted } from '../../helpers/judging/findings.ts';
import { type GluedMark, glueOf } from '../../helpers/judging/glue.ts';

export const punctuationApart: Check = {
  id: 'tokens.punctuation-apart',
  sentence: 'Sentence punctuation is a word event of its own, never glued to a word.',
  judge(evidence, findings) {
    for (const subscription of evidence.subscriptions) {
      const { judged, marks } = glueOf(evidence, subscription);
      findings.observe(judged);
      for (const mark of marks) findings.violate(() => glued(subscription, mark));
    }
  },
};

function glued(subscription: Subscription, { token, mark, side }: GluedMark): Violation {
  const text = subscription.transcript.words.text[token] ?? '';
  return {
    message: `The token ${quoted(text, 40)} has ${quoted(mark)} glued ${side === 'after' ? 'to its end' : 'to its front'}.`,
    expected: [
      'the word and the punctuation mark as two word events',
      "marks that belong to the word: don't, well-known, 3.14, U.S., e.g., $5, C++",
    ],
    actual: quoted(text, 40),
    ...atWord(subscription, token),
  };
}
