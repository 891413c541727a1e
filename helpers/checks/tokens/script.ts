import type { Check, Evidence, Subscription, Unverified, Violation } from '../../judging/check.ts';
import { excessIn } from '../../judging/duplicates.ts';
import { atWord, blockedBy, counted, Findings, nothingObserved, quoted } from '../../judging/findings.ts';
import { whyNoneIsWhole } from '../../judging/judged-ends.ts';
import { hasEnded, wordsSpoiltBy } from '../../judging/root-causes.ts';
import { scriptOf, spelled } from '../../judging/spelling.ts';
import { orderOf } from '../../judging/word-order.ts';

export const script: Check = {
  id: 'tokens.script',
  judge(evidence) {
    const findings = new Findings();
    for (const { streamId, script: text } of evidence.recording.streams)
      if (text !== undefined) judgeStream(evidence, streamId, findings);
    return findings.judgement(() => nothingCompared(evidence));
  },
};

/**
 * That the session's words spell its script is one question, answered by any subscription that does; that subscriptions
 * differ is what replay and snapshot are about.
 */
function judgeStream(evidence: Evidence, streamId: string, findings: Findings): void {
  const wanted = spelled(scriptOf(evidence, streamId) ?? '');
  const whole = evidence.subscriptions.filter(
    (subscription) => subscription.streamId === streamId && hasEnded(subscription.transcript),
  );
  if (wanted === '' || whole.length === 0) return;
  const spellings = whole.map((subscription) => ({
    subscription,
    spelling: spelled(subscription.transcript.words.text.join('')),
  }));
  const right = spellings.filter(({ spelling }) => spelling === wanted);
  if (right.length > 0) {
    findings.observe(right.length);
    return;
  }
  const obstacle =
    failedOf(evidence, streamId) ??
    whole.map((subscription) => hindrance(evidence, subscription)).find((found) => found !== undefined);
  if (obstacle !== undefined) {
    findings.leaveUnverified(obstacle);
    return;
  }
  findings.observe(whole.length);
  const [first] = spellings;
  if (first !== undefined) findings.violate(() => misspelled(first.subscription, first.spelling, wanted));
}

/** A session that failed spoke no more of its script than it came to. */
function failedOf({ recording }: Evidence, streamId: string): Unverified | undefined {
  const { statuses = [] } = recording.streams.find((stream) => stream.streamId === streamId) ?? {};
  if (statuses.at(-1)?.status !== 'error') return undefined;
  return {
    reason: 'The session ended in error, after a part of its script.',
    remedy: 'Run again, and see at the target why the session failed.',
  };
}

/** Words that were lost, doubled or moved break a requirement of their own. */
function hindrance(evidence: Evidence, subscription: Subscription): Unverified | undefined {
  const { transcript, exchange } = subscription;
  const spoilt = wordsSpoiltBy(transcript);
  if (spoilt) return blockedBy(spoilt);
  if (excessIn(evidence, subscription).count > 0)
    return blockedBy({ because: 'ordering.no-duplicates', reason: `${exchange.id} delivers words twice.` });
  const { inBatch, acrossBatches } = orderOf(transcript);
  const because =
    inBatch.length > 0 ? 'ordering.in-batch' : acrossBatches.length > 0 ? 'ordering.across-batches' : null;
  return because === null ? undefined : blockedBy({ because, reason: `The words of ${exchange.id} are out of order.` });
}

function nothingCompared(evidence: Evidence): Unverified {
  const scripts = evidence.recording.streams.filter((stream) => stream.script !== undefined);
  const unmet = evidence.unmet('script');
  if (scripts.length === 0)
    return (
      unmet ?? {
        reason: 'The text that was spoken is not known.',
        remedy: 'Give the run the text that is spoken (WORDS_SCRIPT, or "script" from WORDS_SESSION_COMMAND).',
      }
    );
  if (evidence.subscriptions.length === 0 || evidence.subscriptions.every(({ transcript }) => hasEnded(transcript)))
    return nothingObserved(
      evidence,
      'stream of a session whose script is known',
      'Give the run a session with a script.',
    );
  const obstacle = whyNoneIsWhole(evidence);
  if (obstacle !== undefined) return obstacle;
  return {
    reason: 'No subscription of a session whose script is known ran to its end.',
    remedy: 'Let the session come to its end (WORDS_MAX_SECONDS), or repair ending.once.',
  };
}

const SHOWN = 24;

function misspelled(subscription: Subscription, spelling: string, wanted: string): Violation {
  let same = 0;
  while (same < spelling.length && same < wanted.length && spelling[same] === wanted[same]) same += 1;
  const from = Math.max(0, same - SHOWN / 3);
  const got = spelling.slice(from, same + SHOWN);
  const due = wanted.slice(from, same + SHOWN);
  const what =
    same === spelling.length
      ? `stop ${counted(wanted.length - same, 'letter')} before the script does, at ${quoted(due)}`
      : same === wanted.length
        ? `go on for ${counted(spelling.length - same, 'letter')} after the script, with ${quoted(got)}`
        : `spell ${quoted(got)} where the script has ${quoted(due)}`;
  return {
    message: `The words of ${subscription.exchange.id} ${what}, after ${counted(same, 'letter')} that agree.`,
    expected: [`${quoted(due)}: the script, whatever its case, white space and punctuation`],
    actual: quoted(got),
    ...atWord(subscription, wordAt(subscription, same)),
  };
}

/** The word that holds this letter of the spelling. */
function wordAt({ transcript }: Subscription, letter: number): number {
  const { text, length } = transcript.words;
  let letters = 0;
  for (let word = 0; word < length; word += 1) {
    letters += spelled(text[word] ?? '').length;
    if (letters > letter) return word;
  }
  return Math.max(0, length - 1);
}
