import { type Batch, exceedsTimeCap, type Span, spansOf } from '../../helpers/judging/batches.ts';
import type { Check, Violation } from '../../helpers/judging/check.ts';
import { atEvent, blockedBy, shownSeconds } from '../../helpers/judging/findings.ts';
import { noiseAt } from '../../helpers/judging/float-noise.ts';
import { sameBounds } from '../../helpers/judging/word-times.ts';

const LONGEST_SPAN_SECONDS = 1.5;
/** Windows of a second end with a long word now and then; in fewer batches it says nothing of how they are cut. */
const FEWEST_LONG_TAILS = 3;

export const timeSpan: Check = {
  id: 'batching.time-span',
  sentence: 'A batch of more than one word spans at most 1.5 seconds from its first start to its last end.',
  judge(evidence, findings) {
    let judged = 0;
    const longTails: (Batch & { readonly span: Span })[] = [];
    for (const batch of spansOf(evidence, findings)) {
      const { event, span } = batch;
      if (event.wordCount < 2) {
        findings.explain({
          reason: 'Each batch holds one word.',
          remedy: 'Nothing is amiss: one word of any length conforms, and only longer batches can break this rule.',
        });
        continue;
      }
      if (isOneSpan(batch))
        findings.explain({
          reason: 'The words of each batch share their bounds, as the parts of one word do.',
          remedy: 'Run again with a text of several sentences.',
        });
      else if (exceedsTimeCap(evidence, span))
        findings.explain(
          blockedBy({
            because: 'batching.time-cap',
            reason: 'The words of the batches start further apart than a batch may hold.',
          }),
        );
      else {
        findings.observe();
        judged += 1;
        if (!isLong(span, span.lastEnd)) continue;
        if (isLong(span, span.earlierEnd)) findings.violate(() => tooLong(batch));
        else longTails.push(batch);
      }
    }
    if (longTails.length < FEWEST_LONG_TAILS || longTails.length <= judged / 2) return;
    for (const batch of longTails) findings.violate(() => tooLong(batch));
  },
};

function isLong({ firstStart }: Span, end: number): boolean {
  return end - firstStart > LONGEST_SPAN_SECONDS + noiseAt(end);
}

/** What ordering.own-times is about, or parts of one word. */
function isOneSpan({ subscription: { transcript }, event: { firstWord, wordCount } }: Batch): boolean {
  for (let word = firstWord + 1; word < firstWord + wordCount; word += 1)
    if (!sameBounds(transcript.words, firstWord, word)) return false;
  return true;
}

function tooLong({ subscription, event, span }: Batch & { readonly span: Span }): Violation {
  const width = shownSeconds(span.lastEnd - span.firstStart);
  return {
    message: `The words of event ${event.index} span ${width}, from ${shownSeconds(span.firstStart)} to ${shownSeconds(span.lastEnd)}; the limit is ${shownSeconds(LONGEST_SPAN_SECONDS)}.`,
    expected: [
      `at most ${shownSeconds(LONGEST_SPAN_SECONDS)} from the first start to the last end`,
      'one word of any length',
      'a last word that is long, in fewer than half of the batches',
    ],
    actual: `${width} from the first start to the last end`,
    ...atEvent(subscription, event),
  };
}
