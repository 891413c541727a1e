import type { Check, Evidence, Subscription, Violation } from '../../helpers/judging/check.ts';
import { atWord, counted, type Findings, quoted, shownSeconds } from '../../helpers/judging/findings.ts';
import {
  FEWEST_WORDS,
  outweighOwnTimes,
  type SharedRun,
  sharedBy,
  sharedRunsOf,
} from '../../helpers/judging/shared-bounds.ts';
import { hasWholeSecondsOnly } from '../../helpers/judging/word-times.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';
import type { Transcript } from '../../helpers/transcript/transcript.ts';

const EXPECTED = ['each word with its own start and end', 'parts of one word, which may share its bounds'];

export const ownTimes: Check = {
  id: 'ordering.own-times',
  sentence:
    'Each word event has the time bounds of its own word, not those of its sentence, of its batch or of all words.',
  judge(evidence, findings) {
    for (const subscription of evidence.subscriptions) judgeStream(evidence, subscription, findings);
    const whole = evidence.subscriptions.find(({ transcript }) => lacksFractions(transcript));
    if (whole !== undefined && findings.violationCount === 0)
      findings.note(
        `All times of ${exchangeName(whole.exchange)} are whole seconds: words that share them may each have their own.`,
      );
  },
};

function judgeStream(evidence: Evidence, subscription: Subscription, findings: Findings): void {
  const { transcript } = subscription;
  const { spoken, lengthless, runs } = sharedRunsOf(transcript);
  const kindOf = sharedBy(evidence, subscription);
  const kinds = runs.map(kindOf);
  const several = runs.filter((_, index) => kinds[index] === 'several words');
  if (outweighOwnTimes(transcript, runs, kinds)) {
    findings.observe(spoken);
    for (const run of several) findings.violate(() => shared(subscription, run));
    return;
  }
  const unsure = runs.reduce((count, run, index) => count + (kinds[index] === 'unknown' ? run.count : 0), 0);
  if (unsure > spoken / 2) {
    findings.explain({
      reason: `${unsure} of ${counted(spoken, 'spoken word')} of ${exchangeName(subscription.exchange)} share their bounds with others, and no script tells whether they are parts of one word.`,
      remedy: 'Give the run the text that is spoken (WORDS_SCRIPT).',
    });
    return;
  }
  findings.observe(spoken);
  if (spoken >= FEWEST_WORDS && lengthless > spoken / 2)
    findings.violate(() => momentary(subscription, lengthless, spoken));
}

function lacksFractions(transcript: Transcript): boolean {
  return sharedRunsOf(transcript).spoken >= FEWEST_WORDS && hasWholeSecondsOnly(transcript.words);
}

function shared(subscription: Subscription, { first, last, count }: SharedRun): Violation {
  const { text, start, end } = subscription.transcript.words;
  const bounds = `${shownSeconds(start[first] ?? 0)} to ${shownSeconds(end[first] ?? 0)}`;
  return {
    message: `${counted(count, 'word')} in a row, from ${quoted(text[first] ?? '', 40)} to ${quoted(text[last] ?? '', 40)}, all have the bounds ${bounds}.`,
    expected: EXPECTED,
    actual: `${counted(count, 'word')} from ${bounds}`,
    ...atWord(subscription, first),
  };
}

function momentary(subscription: Subscription, count: number, spoken: number): Violation {
  const { start, end } = subscription.transcript.words;
  return {
    message: `${count} of ${counted(spoken, 'spoken word')} of ${exchangeName(subscription.exchange)} end when they start.`,
    expected: ['words that last as long as they sound'],
    actual: `start = end for ${counted(count, 'word')}`,
    level: 'SHOULD',
    ...atWord(
      subscription,
      start.findIndex((from, word) => from === end[word]),
    ),
  };
}
