import { exchangeName } from '../recording/exchange-name.ts';
import type { StreamEvent } from '../transcript/transcript.ts';
import type { Evidence, Subscription, Unverified, Violation } from './check.ts';
import { atWord, counted, type Findings, measuredSeconds } from './findings.ts';
import { machineHeldUp, stalledSeconds } from './stalls.ts';

/** How words arrived that had been spoken before they were asked for. */
export type Pace =
  | { readonly kind: 'burst' }
  | { readonly kind: 'paced'; readonly violation: Violation }
  | { readonly kind: 'undecided'; readonly unverified: Unverified };

/** A burst takes less than this share of the time that its audio takes to speak. */
const BURST_SHARE = 0.5;
/** A subscriber that is behind by less than this share of what it missed has been given that at once. */
const CAUGHT_UP_SHARE = 0.25;
/** Below this, in seconds of wall time, the run's own jitter could be what was measured. */
const TELLING_SECONDS = 0.15;
/** Stalls of our own up to this share of what was measured do not explain it. */
const EXPLAINED_BY_STALLS = 0.2;

/** Observes each pace that is decided; only where none is, the rule is left unverified. */
export function judgePaces(paces: readonly Pace[], findings: Findings): void {
  for (const pace of paces) {
    if (pace.kind === 'undecided') continue;
    findings.observe();
    if (pace.kind === 'paced') findings.violate(() => pace.violation);
  }
  const undecided = paces.find((pace) => pace.kind === 'undecided');
  if (findings.observations === 0 && undecided?.kind === 'undecided') findings.leaveUnverified(undecided.unverified);
}

/** Of a whole session that is read again. */
export function paceOfSnapshot(evidence: Evidence, subscription: Subscription): Pace {
  const { words } = subscription.transcript;
  const burst = burstOf(evidence, subscription, words.length);
  if (burst.spoken <= 0 || burst.arrival <= burst.spoken * BURST_SHARE) return { kind: 'burst' };
  // One hiccup on the way is no pace.
  const steady = burst.arrival - burst.widestGap;
  if (steady <= Math.max(burst.spoken * BURST_SHARE, TELLING_SECONDS, shortestTold(evidence)))
    return tooShort(subscription, burst);
  const stalled = stalledSeconds(evidence.recording, burst.from, burst.to);
  if (stalled > burst.arrival * EXPLAINED_BY_STALLS) return heldUp(subscription, stalled);
  return {
    kind: 'paced',
    violation: {
      message: `The ${counted(words.length, 'word')} of ${exchangeName(subscription.exchange)} came over ${measuredSeconds(burst.arrival)}, where speaking them takes ${measuredSeconds(burst.spoken)}.`,
      expected: [`a burst: less than ${measuredSeconds(burst.spoken * BURST_SHARE)}`],
      actual: measuredSeconds(burst.arrival),
      ...atWord(subscription, words.length - 1),
    },
  };
}

/**
 * Of what a late subscriber had missed. A slow network or a busy runner delays everyone; one that is given its history
 * at speaking pace stays behind the subscriber that was there before it. `history`: words that one had by then.
 */
export function paceOfHistory(evidence: Evidence, late: Subscription, listener: Subscription, history: number): Pace {
  const burst = burstOf(evidence, late, history);
  if (burst.spoken <= 0 || burst.arrival <= burst.spoken * BURST_SHARE) return { kind: 'burst' };
  const openedAt = late.exchange.response?.at ?? late.exchange.startedAt;
  const missed = openedAt - (listener.transcript.events.find(({ wordCount }) => wordCount > 0)?.at ?? openedAt);
  const lags = lagsBehind(listener, late, openedAt, openedAt + missed);
  const lag = lags[Math.floor(lags.length / 2)];
  if (lag === undefined) return tooShort(late, burst);
  if (lag <= missed * CAUGHT_UP_SHARE) return { kind: 'burst' };
  if (lag <= Math.max(TELLING_SECONDS, shortestTold(evidence))) return tooShort(late, burst);
  const stalled = stalledSeconds(evidence.recording, openedAt, openedAt + missed + lag);
  if (stalled > lag * EXPLAINED_BY_STALLS) return heldUp(late, stalled);
  return {
    kind: 'paced',
    violation: {
      message: `${exchangeName(late.exchange)} joined ${measuredSeconds(missed)} after the first batch and stayed more than a batch and ${measuredSeconds(lag)} behind ${exchangeName(listener.exchange)}: its history took ${measuredSeconds(burst.arrival)}, where speaking it takes ${measuredSeconds(burst.spoken)}.`,
      expected: ['history in a burst, then the words as they are spoken'],
      actual: `a batch and ${measuredSeconds(lag)} behind`,
      ...atWord(late, Math.max(0, Math.min(history, late.transcript.words.length) - 1)),
    },
  };
}

/** A second of audio, on the clock of the run; never more than a second, however slowly it speaks. */
function shortestTold({ recording }: Evidence): number {
  return Math.min(1, 1 / recording.settings.speed);
}

interface Burst {
  readonly from: number;
  readonly to: number;
  /** Wall time between the first and the last of the words. */
  readonly arrival: number;
  readonly widestGap: number;
  /** Wall time that they take to speak. */
  readonly spoken: number;
}

function burstOf({ recording }: Evidence, { transcript }: Subscription, count: number): Burst {
  const { words, events } = transcript;
  const last = Math.min(count, words.length) - 1;
  const [firstEvent = 0, lastEvent = -1] = [words.event[0], words.event[last]];
  const spoken = ((words.end[last] ?? 0) - (words.start[0] ?? 0)) / recording.settings.speed;
  const from = events[firstEvent]?.at ?? 0;
  let [to, widestGap] = [from, 0];
  for (let index = firstEvent; index <= lastEvent; index += 1) {
    const at = events[index]?.at ?? to;
    widestGap = Math.max(widestGap, at - to);
    to = at;
  }
  return { from, to, arrival: to - from, widestGap, spoken: Number.isFinite(spoken) ? spoken : 0 };
}

/** Fewer say nothing about the lag of one subscriber behind another. */
const FEWEST_LAGS = 3;

/**
 * How much later each batch's first word reached one subscriber than the next batch reached the other, in rising order:
 * the batches between two instants, or the next few where there are fewer. A batch behind is no pace: a compression, or a
 * server that ends an event when it begins the next, may hold one back. A word that had not come when the run stopped
 * waiting is at least as late as that, which tells where it is more than a subscriber may be that caught up.
 */
function lagsBehind(ahead: Subscription, behind: Subscription, from: number, to: number): readonly number[] {
  const { words, events } = behind.transcript;
  const { ending } = behind.exchange;
  const lags: number[] = [];
  let held: StreamEvent | undefined;
  for (const event of ahead.transcript.events) {
    if (event.at <= from || (event.wordCount === 0 && event.kind !== 'end')) continue;
    if (held !== undefined) {
      if (held.at > to && lags.length >= FEWEST_LAGS) break;
      const reached = events[words.event[held.firstWord] ?? -1];
      if (reached !== undefined) lags.push(reached.at - event.at);
      else if (ending.kind === 'stopped' && ending.at - event.at > (to - from) * CAUGHT_UP_SHARE)
        lags.push(ending.at - event.at);
    }
    held = event.wordCount === 0 ? undefined : event;
  }
  return lags.sort((a, b) => a - b);
}

function tooShort({ exchange }: Subscription, { spoken, arrival }: Burst): Pace {
  return {
    kind: 'undecided',
    unverified: {
      reason: `The history of ${exchangeName(exchange)} is too short to tell a burst from a pace (${measuredSeconds(spoken)} of speech arrived in ${measuredSeconds(arrival)}).`,
      remedy: 'Use a longer session.',
    },
  };
}

function heldUp({ exchange }: Subscription, stalled: number): Pace {
  return { kind: 'undecided', unverified: machineHeldUp(stalled, `while ${exchangeName(exchange)} arrived`) };
}
