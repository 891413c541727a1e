import { Buffer } from 'node:buffer';
import { batchesOf } from '../../helpers/judging/batches.ts';
import type { Check, Subscription } from '../../helpers/judging/check.ts';
import { atEvent, counted } from '../../helpers/judging/findings.ts';

const MOST_WORDS = 10;
const EXPECTED = [`at most ${MOST_WORDS} word events, punctuation included`];

export const wordCap: Check = {
  id: 'batching.word-cap',
  sentence: 'A batch holds at most 10 word events, punctuation included.',
  judge(evidence, findings) {
    let most = 0;
    for (const { subscription, event } of batchesOf(evidence)) {
      if (event.wordCount === 0) continue;
      findings.observe();
      most = Math.max(most, event.wordCount);
      if (event.wordCount <= MOST_WORDS) continue;
      findings.violate(() => ({
        message: `Event ${event.index} is a batch of ${event.wordCount} word events; the limit is ${MOST_WORDS}.`,
        expected: EXPECTED,
        actual: `${event.wordCount} word events`,
        ...atEvent(subscription, event),
      }));
    }
    if (most > 0) findings.note(`The largest batch holds ${counted(most, 'word event')}.`);
    for (const subscription of evidence.subscriptions) {
      const event = subscription.transcript.events.at(-1);
      const count = wordsOfUnfinished(subscription);
      if (event === undefined || count <= MOST_WORDS) continue;
      findings.observe();
      findings.violate(() => ({
        message: `Event ${event.index} held ${count} word events already when the run stopped reading it at its bound of bytes; the limit is ${MOST_WORDS}.`,
        expected: EXPECTED,
        actual: `more than ${count} word events`,
        ...atEvent(subscription, event),
      }));
    }
  },
};

/** Word events in a batch that was so long that the run stopped inside it (WORDS_MAX_BYTES). */
function wordsOfUnfinished({ exchange, transcript }: Subscription): number {
  const event = transcript.events.at(-1);
  const stopped = exchange.ending.kind === 'stopped' && exchange.ending.bound === 'bytes';
  if (!stopped || event?.kind !== 'batch' || event.dispatch !== 'unterminated') return 0;
  const bytes = Buffer.from(transcript.bytes.buffer, transcript.bytes.byteOffset + event.byteOffset, event.byteLength);
  let count = 0;
  for (let at = bytes.indexOf('"word"'); at >= 0; at = bytes.indexOf('"word"', at + 6)) count += 1;
  return count;
}
