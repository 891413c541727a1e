import type { Check, Subscription, Violation } from '../../helpers/judging/check.ts';
import { atWord, counted, quoted, shownSeconds } from '../../helpers/judging/findings.ts';
import { noiseAt } from '../../helpers/judging/float-noise.ts';
import { unitOf } from '../../helpers/judging/time-units.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';

export const origin: Check = {
  id: 'ordering.origin',
  sentence: 'Times count from the start of the streamed audio, so none is negative and none is a wall-clock time.',
  judge(evidence, findings) {
    for (const subscription of evidence.subscriptions) {
      const { start, length } = subscription.transcript.words;
      const latest = latestStart(subscription);
      let tooLate = 0;
      let firstTooLate = -1;
      for (let word = 0; word < length; word += 1) {
        const from = start[word] ?? Number.NaN;
        if (Number.isNaN(from)) continue;
        findings.observe();
        if (from < 0 && from < -noiseAt(0)) findings.violate(() => negative(subscription, word, from));
        if (from <= latest) continue;
        tooLate += 1;
        if (firstTooLate < 0) firstTooLate = word;
      }
      if (firstTooLate >= 0) findings.violate(() => wallClock(subscription, firstTooLate, tooLate));
    }
  },
};

/** More than a day of audio: the longest session lasts an hour. */
const LATEST_SECONDS = 100_000;
/** Where times are in another unit, their unit is only estimated. */
const LATEST_ESTIMATED_SECONDS = 1_000_000;

/** Times in another unit, which ordering.seconds is about, grow large as well. */
function latestStart({ transcript }: Subscription): number {
  const { fault } = unitOf(transcript);
  return fault === undefined ? LATEST_SECONDS : LATEST_ESTIMATED_SECONDS * fault.perSecond;
}

const EXPECTED = ['times from the start of the streamed audio: 0 or later, and within the length of a session'];

function negative(subscription: Subscription, word: number, from: number): Violation {
  return {
    message: `${quoted(subscription.transcript.words.text[word] ?? '', 40)} starts at ${shownSeconds(from)}, before the audio does.`,
    expected: EXPECTED,
    actual: shownSeconds(from),
    ...atWord(subscription, word),
  };
}

function wallClock(subscription: Subscription, word: number, count: number): Violation {
  const { text, start } = subscription.transcript.words;
  const from = start[word] ?? 0;
  const days = Math.round(from / 86_400);
  return {
    message: `${quoted(text[word] ?? '', 40)} starts at ${shownSeconds(from)}, ${days} days into the audio, as ${counted(count, 'word')} of ${exchangeName(subscription.exchange)} ${count === 1 ? 'does' : 'do'}: a clock's time, not the audio's.`,
    expected: EXPECTED,
    actual: shownSeconds(from),
    ...atWord(subscription, word),
  };
}
