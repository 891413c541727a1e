import { atHead, earlierOf, isLost, refusedBecause, shownAnswer } from '../../helpers/judging/answers.ts';
import type { Check } from '../../helpers/judging/check.ts';
import { counted } from '../../helpers/judging/findings.ts';
import { doubledInStore } from '../../helpers/judging/live-words.ts';
import { comparableSnapshots, knownFrom, snapshotRequests } from '../../helpers/judging/snapshots.ts';
import { differenceOf, differs, type WordSequence } from '../../helpers/judging/word-sequences.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';
import type { EarlierWords } from '../../helpers/recording/recording.ts';

export const durable: Check = {
  id: 'snapshot.durable',
  sentence: 'A completed session still holds the words that an earlier recording of it holds.',
  judge(evidence, findings) {
    const { recording } = evidence;
    const unread = recording.earlier.filter(
      ({ streamId, baseUrl }) =>
        baseUrl === recording.target.baseUrl && recording.streams.every((stream) => stream.streamId !== streamId),
    );
    if (unread.length > 0)
      findings.note(
        `Of the earlier recording ${counted(unread.length, 'session')} ${unread.length === 1 ? 'was not read: name it' : 'were not read: name them'} in WORDS_COMPLETED_STREAM_ID (${unread.map(({ streamId }) => streamId).join(', ')}).`,
      );
    for (const exchange of snapshotRequests(evidence)) {
      const earlier = earlierOf(exchange, recording);
      const isServedElsewhere = refusedBecause(exchange, recording) !== 'snapshot.served';
      if (earlier === undefined || isServedElsewhere || !isLost(exchange, recording)) continue;
      findings.observe();
      findings.violate(() => ({
        message: `${exchangeName(exchange)} was answered ${shownAnswer(exchange)}${knownFrom(exchange, recording)}.`,
        expected: [`the ${counted(earlier.words.length, 'word')} of ${earlier.recordedAt}`],
        actual: shownAnswer(exchange),
        ...atHead(exchange),
      }));
    }
    for (const [streamId, [snapshot]] of comparableSnapshots(evidence, findings)) {
      const earlier = recording.earlier.find((one) => one.streamId === streamId);
      if (earlier === undefined || snapshot === undefined) continue;
      const truth = sequenceOf(earlier);
      const difference = differenceOf(truth, snapshot.transcript.words);
      const doubled = difference && doubledInStore(evidence, snapshot, truth);
      if (doubled !== undefined) {
        findings.leaveUnverified(doubled);
        continue;
      }
      findings.observe();
      if (difference !== undefined)
        findings.violate(() => differs(snapshot, truth, difference, `the recording of ${earlier.recordedAt}`));
    }
  },
};

function sequenceOf({ words }: EarlierWords): WordSequence {
  return {
    length: words.length,
    text: words.map(([text]) => text),
    start: words.map(([, start]) => start),
    end: words.map(([, , end]) => end),
  };
}
