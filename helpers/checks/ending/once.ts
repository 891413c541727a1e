import type { Recording } from '../../recording/recording.ts';
import type { StreamEvent, Transcript } from '../../transcript/transcript.ts';
import type { Check, Evidence, Subscription, Unverified, Violation } from '../check.ts';
import {
  atEvent,
  blockedBy,
  counted,
  Findings,
  measuredSeconds,
  nothingObserved,
  printable,
  shownValue,
} from '../judging.ts';
import { endHiddenBy, stalledSeconds } from '../soundness.ts';
import { END_REMEDY, endsOf } from './ends.ts';

const EXPECTED = ['exactly one event: end, with data and a blank line, on every subscription that runs to its end'];

export const once: Check = {
  id: 'ending.once',
  judge(evidence) {
    const findings = new Findings();
    for (const subscription of evidence.subscriptions) {
      const ends = endsOf(subscription.transcript);
      const [, second] = ends;
      if (second !== undefined) {
        findings.observe();
        findings.violate(() => endedAgain(subscription, ends.length, second));
      } else if (ends.length === 1) findings.observe();
      else judgeWithoutEnd(evidence, subscription, findings);
    }
    return findings.judgement(() => nothingObserved(evidence, 'stream that ran to its end', END_REMEDY));
  },
};

function judgeWithoutEnd(evidence: Evidence, subscription: Subscription, findings: Findings): void {
  const { exchange, transcript } = subscription;
  const hidden = endHiddenBy(transcript);
  if (hidden) {
    findings.leaveUnverified(blockedBy(hidden));
    return;
  }
  if (exchange.ending.kind === 'complete') {
    findings.observe();
    findings.violate(() => neverEnded(subscription, 'The response ended without an end event'));
  } else if (exchange.ending.kind === 'stopped' && exchange.ending.bound !== 'probe') {
    const outlived = outlivedBy(evidence, subscription);
    if (outlived === undefined) findings.leaveUnverified(stoppedTooEarly(subscription));
    else {
      findings.observe();
      findings.violate(() =>
        neverEnded(
          subscription,
          `The stream stayed open without an end event: ${outlived.over}, and no event came in its last ${measuredSeconds(outlived.silence)}`,
        ),
      );
    }
  }
}

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
 * How long a stream must have been silent, and its session over, before a missing `end` is held against the target: as
 * long as it has for closing after one.
 */
function patienceOf({ recording }: Evidence): number {
  return recording.settings.endCloseSeconds;
}

function endedAgain(subscription: Subscription, count: number, second: StreamEvent): Violation {
  return {
    message: `${counted(count, 'end event')} arrived on ${subscription.exchange.id}, where one is due.`,
    expected: EXPECTED,
    actual: counted(count, 'end event'),
    ...atEvent(subscription, second),
  };
}

function neverEnded(subscription: Subscription, how: string): Violation {
  const { exchange, transcript } = subscription;
  const stray = transcript.events.findLast(
    (event) =>
      event.dispatch === 'dispatched' && (event.kind === 'other' || event.json !== null || event.wordCount === 0),
  );
  const place = stray ?? transcript.events.at(-1);
  return {
    message: `${how}${stray === undefined ? '' : `; ${printable(inWords(stray))} is no end event`}.`,
    expected: EXPECTED,
    actual: breaksOff(transcript)
      ? 'no end event: the body breaks off inside a line'
      : 'no end event: it was never sent',
    ...(place === undefined ? { exchange: exchange.id, at: exchange.ending.at } : atEvent(subscription, place)),
  };
}

function breaksOff({ bytes }: Transcript): boolean {
  const last = bytes.at(-1);
  return last !== undefined && last !== 0x0a && last !== 0x0d;
}

function inWords(event: StreamEvent): string {
  const payload = event.payload === undefined ? '' : ` with ${shownValue(event.payload, 60)}`;
  return event.kind === 'other'
    ? `event ${event.index} of type "${event.type.slice(0, 40)}"${payload}`
    : `event ${event.index} of the default type${payload}`;
}

function whySessionIsOver(evidence: Evidence, subscription: Subscription): string | undefined {
  const { recording, subscriptions } = evidence;
  const patience = patienceOf(evidence);
  const { streamId, role, exchange } = subscription;
  const stoppedAt = exchange.ending.at;
  const stream = recording.streams.find((candidate) => candidate.streamId === streamId);
  if (role === 'snapshot' || stream?.state === 'completed') return 'its session was completed before it was opened';
  const status = stream?.statuses.at(-1);
  if (status?.status === 'completed' && stoppedAt - status.at >= patience)
    return `its session was completed ${measuredSeconds(stoppedAt - status.at)} before`;
  for (const other of subscriptions) {
    const [end] = other.streamId === streamId ? endsOf(other.transcript) : [];
    if (end !== undefined && stoppedAt - end.at >= patience)
      return `${other.exchange.id} had its end event ${measuredSeconds(stoppedAt - end.at)} before`;
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
    return { reason: `The run was interrupted before ${exchange.id} ended.`, remedy: 'Let the run come to its end.' };
  const setting = bound === 'seconds' ? 'WORDS_MAX_SECONDS' : 'WORDS_MAX_BYTES';
  return {
    reason: `${exchange.id} was stopped by us after ${measuredSeconds(exchange.ending.at - exchange.startedAt)}, before its end event had come.`,
    remedy: `Raise ${setting} above what the session needs, or give a shorter session.`,
  };
}
