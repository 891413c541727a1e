import type { Check, Subscription, Violation } from '../check.ts';
import { atWord, counted, Findings, nothingObserved, quoted, shownSeconds } from '../judging.ts';
import { duplicatesOf } from './duplicates.ts';

export const noDuplicates: Check = {
  id: 'ordering.no-duplicates',
  judge(evidence) {
    const findings = new Findings();
    for (const subscription of evidence.subscriptions) {
      const { transcript } = subscription;
      const { originals } = duplicatesOf(transcript);
      findings.observe(transcript.words.length);
      for (const [word, original] of originals)
        findings.violate(() => repeated(subscription, word, original, originals.size));
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
    message: `${token} from ${times} arrived in event ${event[original]} and again in event ${event[word]}; ${exchange.id} delivers ${counted(count, 'word event')} twice.`,
    expected: ['each word event once', 'the same word again at another time'],
    actual: `${token} at word ${original} and at word ${word}`,
    ...atWord(subscription, word),
  };
}
