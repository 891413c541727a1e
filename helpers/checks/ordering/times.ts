import type { Check, Subscription, Violation } from '../../judging/check.ts';
import { atWord, counted, Findings, nothingObserved, quoted, shownSeconds } from '../../judging/findings.ts';
import { noiseAt } from '../../judging/float-noise.ts';
import { unitOf } from '../../judging/time-units.ts';

const REMEDY = 'Subscribe to a session that speaks.';

export const bounds: Check = {
  id: 'ordering.bounds',
  judge(evidence) {
    const findings = new Findings();
    for (const subscription of evidence.subscriptions) {
      const { text, start, end, length } = subscription.transcript.words;
      for (let word = 0; word < length; word += 1) {
        const from = start[word] ?? Number.NaN;
        const to = end[word] ?? Number.NaN;
        // Times that are no numbers are what schema.batch is about.
        if (Number.isNaN(from) || Number.isNaN(to)) continue;
        findings.observe();
        if (from <= to || from <= to + noiseAt(to)) continue;
        findings.violate(() => ({
          message: `${quoted(text[word] ?? '', 40)} ends at ${shownSeconds(to)}, before it starts at ${shownSeconds(from)}.`,
          expected: ['start ≤ end; equal where a word has no length'],
          actual: `start ${shownSeconds(from)}, end ${shownSeconds(to)}`,
          ...atWord(subscription, word),
        }));
      }
    }
    return findings.judgement(() => nothingObserved(evidence, 'word with a start and an end', REMEDY));
  },
};

/** More than a day of audio: no session lasts that long (the longest is an hour), so time does not count from its start. */
const LATEST_START_SECONDS = 100_000;
/** Where times are in another unit, their unit is only estimated. */
const LATEST_ESTIMATED_START_SECONDS = 1_000_000;

export const origin: Check = {
  id: 'ordering.origin',
  judge(evidence) {
    const findings = new Findings();
    for (const subscription of evidence.subscriptions) {
      const { transcript } = subscription;
      const { start, length } = transcript.words;
      // Times in another unit are what ordering.seconds is about: they too grow large.
      const { fault } = unitOf(transcript);
      const latest = fault === undefined ? LATEST_START_SECONDS : LATEST_ESTIMATED_START_SECONDS * fault.perSecond;
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
    return findings.judgement(() => nothingObserved(evidence, 'word with a start', REMEDY));
  },
};

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
    message: `${quoted(text[word] ?? '', 40)} starts at ${shownSeconds(from)}, ${days} days into the audio, as ${counted(count, 'word')} of ${subscription.exchange.id} ${count === 1 ? 'does' : 'do'}: a clock's time, not the audio's.`,
    expected: EXPECTED,
    actual: shownSeconds(from),
    ...atWord(subscription, word),
  };
}
