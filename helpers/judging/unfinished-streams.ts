import { MORE_STREAMS } from '../contract/needs.ts';
import { exchangeName } from '../recording/exchange-name.ts';
import type { Recording } from '../recording/recording.ts';
import type { Transcript } from '../transcript/transcript.ts';
import type { Evidence, Subscription, Unverified } from './check.ts';
import { measuredSeconds } from './findings.ts';
import { endsOf } from './judged-ends.ts';
import { stalledSeconds } from './stalls.ts';

/** Why the session of a stream that was still open, and long silent, was over; undefined where neither is known. */
export function outlivedBy(
  evidence: Evidence,
  subscription: Subscription,
): { readonly over: string; readonly silence: number } | undefined {
  const { ending } = subscription.exchange;
  if (ending.kind !== 'stopped' || ending.bound !== 'seconds') return undefined;
  const over = whySessionIsOver(evidence, subscription);
  const silence = silentSeconds(evidence.recording, subscription);
  return over === undefined || silence < patienceOf(evidence) ? undefined : { over, silence };
}

/**
 * How long a stream must have been silent, and its session over, before a missing `end` is a violation: as long as
 * it has for closing after one.
 */
function patienceOf({ recording }: Evidence): number {
  return recording.settings.endCloseSeconds;
}

function whySessionIsOver(evidence: Evidence, subscription: Subscription): string | undefined {
  const { recording, subscriptions } = evidence;
  const patience = patienceOf(evidence);
  const { streamId, role, exchange } = subscription;
  const stoppedAt = exchange.ending.at;
  const stream = recording.streams.find((candidate) => candidate.streamId === streamId);
  if (role === 'snapshot' || role === 'unwatched' || stream?.state === 'completed')
    return 'its session was completed before it was opened';
  const status = stream?.statuses.at(-1);
  if (status?.status === 'completed' && stoppedAt - status.at >= patience)
    return `its session was completed ${measuredSeconds(stoppedAt - status.at)} before`;
  for (const other of subscriptions) {
    const [end] = other.streamId === streamId ? endsOf(other.transcript) : [];
    if (end !== undefined && stoppedAt - end.at >= patience)
      return `${exchangeName(other.exchange)} had its end event ${measuredSeconds(stoppedAt - end.at)} before`;
  }
  return undefined;
}

function silentSeconds(recording: Recording, { exchange, transcript }: Subscription): number {
  // Comments keep a stream open and say nothing; a line under way is something.
  const underWay = breaksOff(transcript) ? transcript.arrivalOf(transcript.bytes.length - 1) : 0;
  const from = Math.max(transcript.events.at(-1)?.at ?? exchange.response?.at ?? exchange.startedAt, underWay);
  const to = exchange.ending.at;
  return to - from - stalledSeconds(recording, from, to);
}

/** Why a stream that the run stopped says nothing of its end. */
export function stoppedTooEarly({ exchange }: Subscription): Unverified {
  const bound = exchange.ending.kind === 'stopped' ? exchange.ending.bound : undefined;
  if (bound === 'interrupt')
    return {
      reason: `The run was interrupted before ${exchangeName(exchange)} ended.`,
      remedy: 'Let the run come to its end.',
    };
  if (bound === 'probe')
    return {
      reason: `${exchangeName(exchange)} was closed by the run before its end: the target refused the streams that were to follow.`,
      remedy: MORE_STREAMS,
    };
  const setting = bound === 'seconds' ? 'WORDS_MAX_SECONDS' : 'WORDS_MAX_BYTES';
  return {
    reason: `${exchangeName(exchange)} was stopped by us after ${measuredSeconds(exchange.ending.at - exchange.startedAt)}, before its end event had come.`,
    remedy: `Raise ${setting} above what the session needs, or give a shorter session.`,
  };
}

/** Whether the body ends inside a line. */
export function breaksOff({ bytes }: Transcript): boolean {
  const last = bytes.at(-1);
  return last !== undefined && last !== 0x0a && last !== 0x0d;
}
