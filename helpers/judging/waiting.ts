import { exchangeName } from '../recording/exchange-name.ts';
import type { Exchange } from '../recording/recording.ts';
import { atHead } from './answers.ts';
import type { Evidence, Violation } from './check.ts';
import { counted, measuredSeconds } from './findings.ts';
import { withRole } from './live-words.ts';
import { stalledSeconds } from './stalls.ts';

/** Batches that another subscriber must have received during the wait: fewer, and the session was about to end. */
const FEWEST_BATCHES = 2;
/** In seconds of wall time: a shorter wait may be the network's. */
const SHORTEST_WAIT = 0.25;
/** A wait that is no longer than so many times what the other subscriber waited for its own head is how this target answers. */
const USUAL_WAITS = 2;

/** What must happen where a subscriber asks beside another. */
export const AT_ONCE = 'an answer at once, beside the other subscribers';

/** Subscribers that heard nothing before another one was over: a single one is held back, several are served one at a time. */
const FEWEST_WAITING = 2;

/** What a subscriber got only when another one was over: its head, or, as all who listened beside that one, its first event. */
function servedAfter(
  { subscriptions }: Evidence,
  { streamId, response, ...exchange }: Exchange,
  other: Exchange,
  overAt: number,
): { readonly what: 'head' | 'event'; readonly at: number } | undefined {
  if (response === undefined) return undefined;
  if (response.at >= overAt) return { what: 'head', at: response.at };
  const beside = subscriptions.filter(
    ({ role, exchange: { startedAt }, ...one }) =>
      one.streamId === streamId && role !== 'snapshot' && startedAt > other.startedAt && startedAt < overAt,
  );
  const heardSooner = beside.some(({ transcript }) => transcript.events.some(({ at }) => at < overAt));
  if (heardSooner || beside.length < FEWEST_WAITING) return undefined;
  const event = beside.find((one) => one.exchange.id === exchange.id)?.transcript.events[0];
  return event && { what: 'event', at: event.at };
}

/** That a subscriber was not served while another one, of the same session, received batches to its end. */
export function waitBehind(evidence: Evidence, exchange: Exchange): Violation | undefined {
  const { streamId, startedAt, purpose } = exchange;
  if (purpose.kind !== 'subscription' || purpose.role === 'snapshot') return undefined;
  for (const other of withRole(evidence, 'first', 'concurrent')) {
    if (other.streamId !== streamId || other.exchange === exchange || other.exchange.startedAt > startedAt) continue;
    const times = other.transcript.events.map(({ at }) => at);
    const lastAt = times.at(-1) ?? Number.POSITIVE_INFINITY;
    const served = servedAfter(evidence, exchange, other.exchange, lastAt);
    if (served === undefined) continue;
    const during = new Set(times.filter((at) => at > startedAt && at <= lastAt)).size;
    const waited = lastAt - startedAt;
    const usable = waited - stalledSeconds(evidence.recording, startedAt, lastAt);
    const usual = (other.exchange.response?.at ?? other.exchange.startedAt) - other.exchange.startedAt;
    const shortest = Math.max(SHORTEST_WAIT, 1 / evidence.recording.settings.speed, usual * USUAL_WAITS);
    if (during < FEWEST_BATCHES || usable < shortest) continue;
    const wait = measuredSeconds(served.at - startedAt);
    return {
      message: `${exchangeName(exchange)} got no ${served.what} until ${exchangeName(other.exchange)} was over: it waited ${wait}, while ${exchangeName(other.exchange)} received ${counted(during, 'event')}.`,
      expected: [AT_ONCE],
      actual: `the first ${served.what} after ${wait}`,
      ...atHead(exchange),
    };
  }
  return undefined;
}
