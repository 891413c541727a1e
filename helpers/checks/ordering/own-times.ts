import type { Check, Evidence, Subscription, Violation } from '../../judging/check.ts';
import { atWord, counted, Findings, nothingObserved, quoted, shownSeconds } from '../../judging/findings.ts';
import { isSpoken } from '../../judging/glued-punctuation.ts';
import { readableBatches } from '../../judging/root-causes.ts';
import { type SharedBy, type SharedRun, sharedBy, sharedRunsOf } from '../../judging/shared-bounds.ts';
import { sameBounds } from '../../judging/word-times.ts';
import type { Transcript } from '../../transcript/transcript.ts';

/** So many more words share bounds than have their own, somewhere in a stream: no slip of an aligner. */
const TELLING_EXCESS = 6;
/** In a stream of so few words, all of them. */
const FEWEST_WORDS = 4;
const EXPECTED = ['each word with its own start and end', 'parts of one word, which may share its bounds'];

export const ownTimes: Check = {
  id: 'ordering.own-times',
  judge(evidence) {
    const findings = new Findings();
    for (const subscription of evidence.subscriptions) judgeStream(evidence, subscription, findings);
    return findings.judgement(() =>
      nothingObserved(evidence, 'word with a start and an end', 'Subscribe to a session that speaks.'),
    );
  },
};

function judgeStream(evidence: Evidence, subscription: Subscription, findings: Findings): void {
  const { transcript } = subscription;
  const { spoken, runs } = sharedRunsOf(transcript);
  const kindOf = sharedBy(evidence, subscription);
  const kinds = runs.map(kindOf);
  const several = runs.filter((_, index) => kinds[index] === 'several words');
  if (isTelling(transcript, runs, kinds)) {
    findings.observe(spoken);
    for (const run of several) findings.violate(() => shared(subscription, run));
    return;
  }
  if (kinds.includes('unknown') && isUniform(transcript)) {
    findings.explain({
      reason: `All words of each batch of ${subscription.exchange.id} share their bounds, and no script tells whether they are parts of one word.`,
      remedy: 'Give the run the text that is spoken (WORDS_SCRIPT).',
    });
    return;
  }
  findings.observe(spoken);
  if (spoken >= FEWEST_WORDS && lastsNowhere(transcript)) findings.violate(() => endless(subscription, spoken));
}

/**
 * Follows the stream: words that share bounds count up, words with their own count down. Without a script, one run may
 * be a word longer than any that is known.
 */
function isTelling({ words }: Transcript, runs: readonly SharedRun[], kinds: readonly SharedBy[]): boolean {
  const fewestRuns = kinds.includes('unknown') ? 2 : 1;
  const counts = { several: 0, own: 0, runs: 0 };
  let excess = 0;
  let next = 0;
  for (const [index, { first, last, count }] of runs.entries()) {
    const own = spokenBetween(words.text, next, first);
    next = last + 1;
    counts.own += own;
    excess = Math.max(0, excess - own);
    if (kinds[index] !== 'several words') continue;
    counts.several += count;
    counts.runs += 1;
    excess += count;
    if (excess >= TELLING_EXCESS && counts.runs >= fewestRuns) return true;
  }
  counts.own += spokenBetween(words.text, next, words.length);
  return counts.own === 0 && counts.several >= FEWEST_WORDS && !kinds.includes('unknown');
}

function spokenBetween(text: readonly string[], from: number, to: number): number {
  let count = 0;
  for (let word = from; word < to; word += 1) if (isSpoken(text[word] ?? '')) count += 1;
  return count;
}

/** All words of each batch have the same bounds, as if those were the batch's. */
function isUniform(transcript: Transcript): boolean {
  const { words } = transcript;
  let batches = 0;
  for (const { firstWord, wordCount } of readableBatches(transcript)) {
    let first = -1;
    let count = 0;
    for (let word = firstWord; word < firstWord + wordCount; word += 1) {
      if (!isSpoken(words.text[word] ?? '')) continue;
      if (first >= 0 && !sameBounds(words, first, word)) return false;
      if (first < 0) first = word;
      count += 1;
    }
    if (count > 1) batches += 1;
  }
  return batches >= FEWEST_WORDS;
}

function lastsNowhere({ words: { start, end } }: Transcript): boolean {
  return start.every((from, word) => !((end[word] ?? Number.NaN) > from));
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

function endless(subscription: Subscription, count: number): Violation {
  return {
    message: `All ${count} words of ${subscription.exchange.id} end when they start.`,
    expected: ['words that last as long as they sound'],
    actual: 'start = end for every word',
    level: 'SHOULD',
    ...atWord(subscription, 0),
  };
}
