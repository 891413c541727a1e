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

/** That a subscriber was not answered while another one, of the same session, received batches to its end. */
export function waitBehind(evidence: Evidence, exchange: Exchange): Violation | undefined {
  const { streamId, startedAt, response, purpose } = exchange;
  if (purpose.kind !== 'subscription' || purpose.role === 'snapshot') return undefined;
  if (response === undefined) return undefined;
  for (const other of withRole(evidence, 'first', 'concurrent')) {
    if (other.streamId !== streamId || other.exchange === exchange || other.exchange.startedAt > startedAt) continue;
    const times = other.transcript.events.map(({ at }) => at);
    const lastAt = times.at(-1) ?? Number.POSITIVE_INFINITY;
    if (response.at < lastAt) continue;
    const during = new Set(times.filter((at) => at > startedAt && at <= lastAt)).size;
    const waited = lastAt - startedAt;
    const usable = waited - stalledSeconds(evidence.recording, startedAt, lastAt);
    const usual = (other.exchange.response?.at ?? other.exchange.startedAt) - other.exchange.startedAt;
    const shortest = Math.max(SHORTEST_WAIT, 1 / evidence.recording.settings.speed, usual * USUAL_WAITS);
    if (during < FEWEST_BATCHES || usable < shortest) continue;
    return {
      message: `${exchangeName(exchange)} got no head until ${exchangeName(other.exchange)} was over: it waited ${measuredSeconds(response.at - startedAt)}, while ${exchangeName(other.exchange)} received ${counted(during, 'event')}.`,
      expected: [AT_ONCE],
      actual: `an answer after ${measuredSeconds(response.at - startedAt)}`,
      ...atHead(exchange),
    };
  }
  return undefined;
}
