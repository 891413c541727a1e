import { atHead, refusedBecause, shownAnswer, subscriptionRequests } from '../../helpers/judging/answers.ts';
import type { Check } from '../../helpers/judging/check.ts';
import { whyIncomparable, withRole } from '../../helpers/judging/live-words.ts';
import { isItsScript, scriptOf, spelled } from '../../helpers/judging/spelling.ts';

/** A target that writes words otherwise than its script does has them all where it has most of their letters. */
const SHARE_OF_LETTERS = 0.7;

export const unwatched: Check = {
  id: 'snapshot.unwatched',
  sentence: 'A session to which nobody subscribed while it ran is served, once it is completed, with all its words.',
  judge(evidence, findings) {
    for (const exchange of subscriptionRequests(evidence.recording)) {
      if (refusedBecause(exchange, evidence.recording) !== 'snapshot.unwatched') continue;
      findings.observe();
      findings.violate(() => ({
        message: `The completed session that nobody had subscribed to was answered ${shownAnswer(exchange)}.`,
        expected: ['200 with all words and the end'],
        actual: shownAnswer(exchange),
        ...atHead(exchange),
      }));
    }
    const writesAsScripted = evidence.subscriptions.some(
      (subscription) => subscription.role !== 'unwatched' && isItsScript(evidence, subscription),
    );
    for (const subscription of withRole(evidence, 'unwatched')) {
      const incomparable = whyIncomparable(evidence, subscription);
      if (incomparable !== undefined) {
        findings.leaveUnverified(incomparable);
        continue;
      }
      findings.observe();
      const { exchange, transcript, streamId } = subscription;
      const wanted = spelled(scriptOf(evidence, streamId) ?? '');
      const held = spelled(transcript.words.text.join(''));
      if (writesAsScripted ? held === wanted : held.length >= wanted.length * SHARE_OF_LETTERS) continue;
      findings.violate(() => ({
        message: `The session that nobody subscribed to while it spoke holds ${held.length} of the ${wanted.length} letters that it was given to speak, in ${transcript.words.length} words.`,
        expected: ['all words of the script'],
        actual: `${transcript.words.length} words`,
        ...atHead(exchange),
      }));
    }
  },
};
