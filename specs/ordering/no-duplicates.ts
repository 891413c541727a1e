import type { Check, Subscription, Violation } from '../../helpers/judging/check.ts';
import { excessIn } from '../../helpers/judging/duplicates.ts';
import { atWord, counted, quoted, shownSeconds } from '../../helpers/judging/findings.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';

export const noDuplicates: Check = {
  id: 'ordering.no-duplicates',
  sentence: 'No subscription delivers the same word event twice.',
  judge(evidence, findings) {
    for (const subscription of evidence.subscriptions) {
      const { text, length } = subscription.transcript.words;
      const { count, echoes, originalOf } = excessIn(evidence, subscription);
      findings.observe(length);
      const [echo] = echoes;
      if (echo !== undefined)
        findings.note(
          `${exchangeName(subscription.exchange)}: ${counted(echoes.length, 'word event')} at the time of an equal one, first ${quoted(text[echo.again] ?? '', 40)} at word ${echo.again}: parts of a word and marks may be said twice, and nothing tells whether these are.`,
        );
      for (let word = 0; count > 0 && word < length; word += 1) {
        const original = originalOf(word);
        if (original >= 0) findings.violate(() => repeated(subscription, word, original, count));
      }
    }
  },
};

function repeated(subscription: Subscription, word: number, original: number, count: number): Violation {
  const { exchange, transcript } = subscription;
  const { text, start, end, event } = transcript.words;
  const token = quoted(text[word] ?? '', 40);
  const times = `${shownSeconds(start[word] ?? 0)} to ${shownSeconds(end[word] ?? 0)}`;
  return {
    message: `${token} from ${times} arrived in event ${event[original]} and again in event ${event[word]}; ${exchangeName(exchange)} delivers ${counted(count, 'word event')} too many.`,
    expected: ['each word event once', 'the same word again at another time'],
    actual: `${token} at word ${original} and at word ${word}`,
    ...atWord(subscription, word),
  };
}
