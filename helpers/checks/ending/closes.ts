import type { Check, Evidence, Subscription, Unverified } from '../../judging/check.ts';
import { atEvent, Findings, measuredSeconds } from '../../judging/findings.ts';
import { endsOf, noEndObserved } from '../../judging/judged-ends.ts';
import { cutBy, stalledSeconds } from '../../judging/root-causes.ts';

export const closes: Check = {
  id: 'ending.closes',
  judge(evidence) {
    const findings = new Findings();
    for (const subscription of evidence.subscriptions) judgeClosing(evidence, subscription, findings);
    return findings.judgement(() => noEndObserved(evidence));
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
    findings.leaveUnverified(runnerTooSlow(subscription, stalled));
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
      ? `The response of ${exchange.id} ended ${measuredSeconds(open)} after its end event.`
      : `The response of ${exchange.id} was still open ${measuredSeconds(open)} after its end event.`,
    expected: [`the response ends within ${measuredSeconds(limit)} of the end event`],
    actual: closed ? `ended after ${measuredSeconds(open)}` : `open for ${measuredSeconds(open)}, then closed by us`,
    ...atEvent(subscription, final),
  }));
}

function runnerTooSlow({ exchange }: Subscription, stalled: number): Unverified {
  return {
    reason: `The machine that ran the suite was held up for ${measuredSeconds(stalled)} after the end event of ${exchange.id}.`,
    remedy: 'Run again on a machine with time to spare.',
  };
}

function stoppedTooEarly({ exchange }: Subscription, open: number, limit: number): Unverified {
  return {
    reason: `${exchange.id} was closed by us ${measuredSeconds(open)} after its end event, before the ${measuredSeconds(limit)} that it has.`,
    remedy: 'Raise WORDS_MAX_SECONDS above what the session needs.',
  };
}
