import { subscriptionRequests } from '../../helpers/judging/answers.ts';
import type { Check, Evidence, Subscription } from '../../helpers/judging/check.ts';
import type { Findings } from '../../helpers/judging/findings.ts';
import {
  compareWithSession,
  liveWordsOf,
  misordered,
  whyIncomparable,
  withRole,
} from '../../helpers/judging/live-words.ts';
import { wordsSpoiltBy } from '../../helpers/judging/root-causes.ts';
import { waitBehind } from '../../helpers/judging/waiting.ts';
import { differenceOf, differs, firstOf } from '../../helpers/judging/word-sequences.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';

export const concurrent: Check = {
  id: 'replay.concurrent',
  sentence: 'Subscribers that listen at the same time each receive every word.',
  judge(evidence, findings) {
    const sideBySide = withRole(evidence, 'first', 'concurrent');
    const alone = !sideBySide.some(({ role }) => role === 'concurrent');
    // The first one, too: where words are shared out among subscribers, it may be the one that lacks some.
    for (const subscription of sideBySide) {
      const incomparable = whyIncomparable(evidence, subscription);
      const live = liveWordsOf(evidence, subscription.streamId);
      if (incomparable !== undefined || live === undefined) {
        if (!alone && incomparable !== undefined) findings.leaveUnverified(incomparable);
        continue;
      }
      // What all listeners lack, the known script and one who has it tell.
      const holder = live.fuller ?? live.holder;
      if (alone && differenceOf(holder.transcript.words, subscription.transcript.words) === undefined) continue;
      compareWithSession(evidence, findings, subscription, { holder, fuller: undefined });
    }
    for (const exchange of subscriptionRequests(evidence.recording)) {
      const wait = waitBehind(evidence, exchange);
      if (wait === undefined) continue;
      findings.observe();
      findings.violate(() => wait);
    }
    for (const dropped of withRole(evidence, 'dropped')) judgeDropped(evidence, findings, dropped);
  },
};

/** One that dropped its connection had, up to there, what the others had. */
function judgeDropped(evidence: Evidence, findings: Findings, dropped: Subscription): void {
  const { words } = dropped.transcript;
  const live = liveWordsOf(evidence, dropped.streamId);
  if (live === undefined || words.length === 0 || wordsSpoiltBy(dropped.transcript) !== undefined) return;
  const heard = live.holder.transcript.words;
  // Whoever has fewer words lacks what the other was sent.
  const [fuller, other] = heard.length < words.length ? [dropped, live.holder] : [live.holder, dropped];
  const truth = other === dropped ? firstOf(heard, words.length) : words;
  const difference = differenceOf(truth, other.transcript.words);
  if (difference === undefined) return;
  const disorder = misordered(live.holder) ?? misordered(dropped);
  if (disorder !== undefined) {
    findings.leaveUnverified(disorder);
    return;
  }
  findings.observe();
  findings.violate(() => differs(other, truth, difference, `those of ${exchangeName(fuller.exchange)}`));
}
