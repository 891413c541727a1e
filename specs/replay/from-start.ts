import type { Check } from '../../helpers/judging/check.ts';
import { atEvent, atWord, counted } from '../../helpers/judging/findings.ts';
import { joinedInTheMiddle } from '../../helpers/judging/joining.ts';
import { whyIncomparable } from '../../helpers/judging/live-words.ts';
import { shownWord } from '../../helpers/judging/word-sequences.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';
import type { Exchange } from '../../helpers/recording/recording.ts';

export const fromStart: Check = {
  id: 'replay.from-start',
  sentence: 'A subscriber that joins while the session runs receives it from the first word.',
  judge(evidence, findings) {
    for (const { subscription, batchesBefore, live, missing } of joinedInTheMiddle(evidence, findings)) {
      const { exchange, transcript } = subscription;
      const { words } = transcript;
      const obstacle = whyIncomparable(evidence, subscription);
      if (obstacle !== undefined && (obstacle.because !== undefined || (words.length === 0 && wasStopped(exchange)))) {
        findings.leaveUnverified(obstacle);
        continue;
      }
      findings.observe();
      const truth = live.holder.transcript.words;
      if (missing === 0) continue;
      const [first] = transcript.events;
      findings.violate(() => ({
        message: `${exchangeName(exchange)} joined after ${counted(batchesBefore, 'batch', 'batches')} and lacks the first ${counted(missing, 'word')}: it starts with ${shownWord(words, 0)}, the session with ${shownWord(truth, 0)}.`,
        expected: [`${shownWord(truth, 0)} first`],
        actual: shownWord(words, 0),
        exchange: exchange.id,
        ...(words.length > 0 ? atWord(subscription, 0) : first && atEvent(subscription, first)),
      }));
    }
  },
};

/** By the run, which was interrupted or had read enough: the target had no time to send what is missing. */
function wasStopped({ ending }: Exchange): boolean {
  return ending.kind === 'stopped' && ending.bound !== 'seconds';
}
