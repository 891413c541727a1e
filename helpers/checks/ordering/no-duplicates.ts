import type { Check, Subscription, Violation } from '../../judging/check.ts';
import { excessIn } from '../../judging/duplicates.ts';
import { atWord, counted, Findings, nothingObserved, quoted, shownSeconds } from '../../judging/findings.ts';

export const noDuplicates: Check = {
  id: 'ordering.no-duplicates',
  judge(evidence) {
    const findings = new Findings();
    for (const subscription of evidence.subscriptions) {
      const { transcript } = subscription;
      const duplicates = excessIn(evidence, subscription);
      const { length } = transcript.words;
      findings.observe(length);
      const { echoes } = duplicates;
      const [echo] = echoes;
      if (echo !== undefined)
        findings.note(
          `${subscription.exchange.id}: ${counted(echoes.length, 'time')} an equal word event follows at the same time, first ${quoted(transcript.words.text[echo.again] ?? '', 40)} at word ${echo.again}: a part of a word or a mark said twice, or delivered twice.`,
        );
      if (duplicates.count === 0) continue;
      for (let word = 0; word < length; word += 1) {
        const original = duplicates.originalOf(word);
        if (original >= 0) findings.violate(() => repeated(subscription, word, original, duplicates.count));
      }
    }
    return findings.judgement(() => nothingObserved(evidence, 'word', 'Subscribe to a session that speaks.'));
  },
};

function repeated(subscription: Subscription, word: number, original: number, count: number): Violation {
  const { exchange, transcript } = subscription;
  const { text, start, end, event } = transcript.words;
  const token = quoted(text[word] ?? '', 40);
  const times = `${shownSeconds(start[word] ?? 0)} to ${shownSeconds(end[word] ?? 0)}`;
  return {
    message: `${token} from ${times} repeats word ${original}: it arrived in event ${event[original]} and again in event ${event[word]}; ${exchange.id} delivers ${counted(count, 'word event')} too many.`,
    expected: ['each word event once', 'the same word again at another time'],
    actual: `${token} at word ${original} and at word ${word}`,
    ...atWord(subscription, word),
  };
}
