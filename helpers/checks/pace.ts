import type { Evidence, Subscription, Violation } from './check.ts';
import { atWord, type Findings, measuredSeconds } from './judging.ts';
import { stalledSeconds } from './soundness.ts';

/** A burst takes less than this share of the time that its audio takes to speak. */
const BURST_SHARE = 0.5;
/** Arrivals closer together than this say nothing about a pace, in seconds of wall time. */
const SHORTEST_TELLING = 0.15;

/**
 * Whether words that were spoken before they were asked for arrived in a burst, or as slowly as they were spoken.
 * `count`: how many of the subscription's first words these are.
 */
export function judgePace(evidence: Evidence, subscription: Subscription, count: number, findings: Findings): void {
  const { words, events } = subscription.transcript;
  const last = Math.min(count, words.length) - 1;
  const [from, to] = [events[words.event[0] ?? -1]?.at, events[words.event[last] ?? -1]?.at];
  if (from === undefined || to === undefined) return;
  const { speed } = evidence.recording.settings;
  const spoken = ((words.end[last] ?? 0) - (words.start[0] ?? 0)) / speed;
  const arrival = to - from;
  const limit = spoken * BURST_SHARE;
  if (!(spoken > 0)) return;
  if (arrival <= limit) {
    findings.observe();
    return;
  }
  if (arrival <= Math.max(SHORTEST_TELLING, 1 / speed)) {
    findings.leaveUnverified({
      reason: `The history of ${subscription.exchange.id} is too short to tell a burst from a pace (${measuredSeconds(spoken)} of speech arrived in ${measuredSeconds(arrival)}).`,
      remedy: 'Use a longer session.',
    });
    return;
  }
  const stalled = stalledSeconds(evidence.recording, from, to);
  if (arrival - stalled <= limit) {
    findings.leaveUnverified({
      reason: `The machine that ran the suite was held up for ${measuredSeconds(stalled)} while ${subscription.exchange.id} arrived.`,
      remedy: 'Run again on a machine with time to spare.',
    });
    return;
  }
  findings.observe();
  findings.violate(
    (): Violation => ({
      message: `${subscription.exchange.id} received ${last + 1} words that were already spoken over ${measuredSeconds(arrival)}, where speaking them takes ${measuredSeconds(spoken)}.`,
      expected: [`a burst: less than ${measuredSeconds(limit)}`],
      actual: measuredSeconds(arrival),
      ...atWord(subscription, last),
    }),
  );
}
