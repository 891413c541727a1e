import type { Check, Evidence, Subscription, Unverified } from '../../helpers/judging/check.ts';
import { atEvent, type Findings, measuredSeconds } from '../../helpers/judging/findings.ts';
import { endsOf } from '../../helpers/judging/judged-ends.ts';
import { cutBy } from '../../helpers/judging/root-causes.ts';
import { machineHeldUp, stalledSeconds } from '../../helpers/judging/stalls.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';

export const closes: Check = {
  id: 'ending.closes',
  sentence: 'The response ends soon after the end event, within 5 seconds unless the run sets another bound.',
  judge(evidence, findings) {
    for (const subscription of evidence.subscriptions) judgeClosing(evidence, subscription, findings);
  },
};

function judgeClosing({ recording }: Evidence, subscription: Subscription, findings: Findings): void {
  const { exchange, transcript } = subscription;
  if (endsOf(transcript).length === 0 || cutBy(exchange)) return;
  // What follows the end is what ending.last and ending.once are about, so the clock starts after it.
  const final = transcript.events.findLast((event) => event.dispatch === 'dispatched');
  if (final === undefined) return;
  const limit = recording.settings.endCloseSeconds;
  const closed = exchange.ending.kind === 'complete';
  const open = exchange.ending.at - final.at;
  const stalled = stalledSeconds(recording, final.at, exchange.ending.at);
  if (open > limit && open - stalled <= limit) {
    findings.leaveUnverified(machineHeldUp(stalled, `after the end event of ${exchangeName(exchange)}`));
    return;
  }
  if (open <= limit) {
    if (closed) findings.observe();
    else if (subscription.role !== 'dropped') findings.leaveUnverified(stoppedTooEarly(subscription, open, limit));
    return;
  }
  findings.observe();
  findings.violate(() => ({
    message: closed
      ? `The response of ${exchangeName(exchange)} ended ${measuredSeconds(open)} after its end event; the limit is ${measuredSeconds(limit)}.`
      : `The response of ${exchangeName(exchange)} was still open ${measuredSeconds(open)} after its end event; the limit is ${measuredSeconds(limit)}.`,
    expected: [`the response ends within ${measuredSeconds(limit)} of the end event`],
    actual: closed ? `ended after ${measuredSeconds(open)}` : `open for ${measuredSeconds(open)}, then closed by us`,
    ...atEvent(subscription, final),
  }));
}

function stoppedTooEarly({ exchange }: Subscription, open: number, limit: number): Unverified {
  return {
    reason: `${exchangeName(exchange)} was closed by us ${measuredSeconds(open)} after its end event, before the ${measuredSeconds(limit)} that it has.`,
    remedy: 'Raise WORDS_MAX_SECONDS above what the session needs.',
  };
}
