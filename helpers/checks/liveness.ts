import type { RequirementId } from '../contract/types.ts';
import { whyAbsent } from '../judging/answers.ts';
import { brokenOffBy } from '../judging/broken-off-session.ts';
import type { Check, Evidence, Judgement, Subscription, Unverified } from '../judging/check.ts';
import { atEvent, blockedBy, counted, Findings, measuredSeconds } from '../judging/findings.ts';
import { judgeLateArrival } from '../judging/late-delivery.ts';
import { withRole } from '../judging/live-words.ts';
import { readableBatches, wordsSpoiltBy } from '../judging/root-causes.ts';
import { machineHeldUp, stalledSeconds } from '../judging/stalls.ts';
import { isInSeconds } from '../judging/time-units.ts';
import { orderOf } from '../judging/word-order.ts';
import type { SessionStatus } from '../recording/recording.ts';
import type { StreamEvent } from '../transcript/transcript.ts';

/** Fewer batches, or less audio, cannot tell a stream from a parcel. */
const FEWEST_BATCHES = 3;
const SHORTEST_AUDIO = 2;
/** Of it, what is spoken after the second batch: a server, or a compression, may hold a batch until it has the next. */
const SHORTEST_AWAITED = 1;

/** What arrives within a longer share of the time that was listened was not held back to its end. */
const SHARE_OF_SESSION = 0.1;

const LONGER = 'Use a session that speaks for longer.';

/** When a listener heard what, in seconds on the run's clock; `audio` and `awaited` in seconds of audio. */
interface Listening {
  readonly first: StreamEvent;
  readonly batches: number;
  readonly audio: number;
  /** What of it was yet to be spoken when the second batch was complete. */
  readonly awaited: number;
  /** From the last moment at which the session was known not to speak yet. */
  readonly from: number;
  readonly firstAt: number;
  readonly endAt: number;
}

/**
 * Held back to the end: everything arrived in one short stretch, after a wait about as long as the audio itself.
 * A listener that joined a session already over, or one that speaks faster than anyone listens, shows neither.
 */
function judgeStreams(evidence: Evidence): Judgement {
  const findings = new Findings();
  const untold = judgeFromStart(evidence, findings);
  // Where nobody heard the session as it spoke, a late subscriber could not either.
  if (findings.observations > 0 && findings.violationCount === 0) judgeLateArrival(evidence, findings);
  return findings.judgement(() => untold ?? whyAbsent(evidence, ['first', 'concurrent'], 'live-session'));
}

/** Those that listened from the start. Returns why nothing could be told of one of them. */
function judgeFromStart(evidence: Evidence, findings: Findings): Unverified | undefined {
  const { recording } = evidence;
  const { speed } = recording.settings;
  // One listener that heard too little is no reason to doubt what the other heard.
  let untold: Unverified | undefined;
  for (const subscription of withRole(evidence, 'first', 'concurrent')) {
    const { exchange } = subscription;
    const heard = listeningOf(evidence, subscription);
    if ('reason' in heard) {
      const interruption = brokenOffBy(evidence, subscription.streamId);
      untold ??= interruption ? blockedBy({ because: 'replay.reconnect', reason: interruption.message }) : heard;
      continue;
    }
    const { first, batches, audio, awaited, from, firstAt, endAt } = heard;
    const arrival = endAt - firstAt;
    const margin = Math.min(awaited / 20, awaited / (4 * speed));
    if (arrival >= margin) {
      findings.observe();
      continue;
    }
    if (firstAt - from < (audio / speed) * 0.5) {
      findings.leaveUnverified({
        reason: `All of ${exchange.id} arrived within ${measuredSeconds(arrival)}, soon after it was opened: the session was over, or ahead of its audio.`,
        remedy: 'Subscribe before the session speaks.',
      });
      continue;
    }
    // A target that answers slowly has not held back what was spoken while it made up its answer.
    const answering = quickestHead(evidence, subscription);
    if (firstAt - from - answering < (audio / speed) * 0.5) {
      untold ??= {
        reason: `All of ${exchange.id} arrived within ${measuredSeconds(arrival)}: the target took ${measuredSeconds(answering)} and more to answer each request, and by then the session was over.`,
        remedy: LONGER,
      };
      continue;
    }
    // A session that still runs well after its words came has not held them back to its end.
    const spokeOn = statusesOf(evidence, subscription).some(
      ({ at, status }) => status === 'streaming' && at > firstAt + margin,
    );
    if (spokeOn || arrival > (endAt - exchange.startedAt) * SHARE_OF_SESSION) {
      findings.observe();
      continue;
    }
    const stalled = stalledSeconds(recording, exchange.startedAt, endAt);
    if (stalled > margin) {
      findings.leaveUnverified(machineHeldUp(stalled, `while ${exchange.id} was open`));
      continue;
    }
    findings.observe();
    findings.violate(() => ({
      message: `${exchange.id} waited ${measuredSeconds(firstAt - exchange.startedAt)}, then got all ${counted(batches, 'batch', 'batches')} of ${measuredSeconds(audio)} of audio within ${measuredSeconds(arrival)}: they were held back to the end of the session.`,
      expected: ['batches that arrive while the session runs'],
      actual: `all within ${measuredSeconds(arrival)}`,
      ...atEvent(subscription, first),
    }));
  }
  return untold;
}

function statusesOf({ recording }: Evidence, { streamId }: Subscription): readonly SessionStatus[] {
  return recording.streams.find((stream) => stream.streamId === streamId)?.statuses ?? [];
}

/** In seconds: how long the target takes for the head of a stream at the least, by the other subscriptions of the run. */
function quickestHead({ subscriptions }: Evidence, { exchange: { id } }: Subscription): number {
  const waits = subscriptions.flatMap(({ exchange }) =>
    exchange.id === id || exchange.response === undefined ? [] : [exchange.response.at - exchange.startedAt],
  );
  return waits.length === 0 ? 0 : Math.min(...waits);
}

/** Whether words were held back to the end of the session, so that nobody could join it in its middle. */
export function isHeldBack(evidence: Evidence): boolean {
  const findings = new Findings();
  judgeFromStart(evidence, findings);
  return findings.violationCount > 0;
}

function listeningOf({ recording }: Evidence, subscription: Subscription): Listening | Unverified {
  const { exchange, transcript, streamId } = subscription;
  const batches = readableBatches(transcript).filter(({ wordCount }) => wordCount > 0);
  const [first, second] = batches;
  const { words } = transcript;
  const audio = (words.end[words.length - 1] ?? 0) - (words.start[0] ?? 0);
  const awaited = (words.end[words.length - 1] ?? 0) - (words.end[lastWordOf(second ?? first)] ?? 0);
  if (!isInSeconds(transcript)) return untimed(exchange.id, 'ordering.seconds');
  const isLong = batches.length >= FEWEST_BATCHES && audio >= SHORTEST_AUDIO && awaited >= SHORTEST_AWAITED;
  if (first === undefined || !isLong) {
    const spoilt = wordsSpoiltBy(transcript);
    if (spoilt !== undefined) return blockedBy(spoilt);
    if (orderOf(transcript).acrossBatches.length > 0) return untimed(exchange.id, 'ordering.across-batches');
    return {
      reason: `${exchange.id} held ${counted(batches.length, 'batch', 'batches')} of ${measuredSeconds(audio)} of audio: too little to tell.`,
      remedy: LONGER,
    };
  }
  const silent = (recording.streams.find((stream) => stream.streamId === streamId)?.statuses ?? [])
    .filter(({ status, at }) => status === 'pending' && at < first.at)
    .map(({ at }) => at);
  return {
    first,
    batches: batches.length,
    audio,
    awaited,
    from: Math.max(exchange.startedAt, ...silent),
    firstAt: first.at,
    endAt: transcript.events.find(({ kind }) => kind === 'end')?.at ?? exchange.ending.at,
  };
}

function lastWordOf(batch: StreamEvent | undefined): number {
  return batch === undefined ? 0 : batch.firstWord + batch.wordCount - 1;
}

function untimed(id: string, because: RequirementId): Unverified {
  return blockedBy({ because, reason: `The times of ${id} do not tell how long its audio is.` });
}

/** Arrival against audio time, from the batch that came with the least delay: the zero of the audio is not known. */
function judgeLag(evidence: Evidence): Judgement {
  const { speed } = evidence.recording.settings;
  const findings = new Findings();
  for (const { exchange, transcript } of withRole(evidence, 'first', 'concurrent')) {
    const { words } = transcript;
    const lags = readableBatches(transcript)
      .filter(({ wordCount }) => wordCount > 0)
      .map(({ at, firstWord, wordCount }) => at - (words.end[firstWord + wordCount - 1] ?? Number.NaN) / speed)
      .filter((lag) => Number.isFinite(lag))
      .sort((a, b) => a - b);
    const [least] = lags;
    if (least === undefined) continue;
    findings.observe(lags.length);
    const [median, most] = [lags[Math.floor(lags.length / 2)] ?? least, lags.at(-1) ?? least];
    const firstAt = transcript.events.find(({ kind }) => kind === 'batch')?.at ?? exchange.startedAt;
    findings.note(
      `${exchange.id}: the first batch ${measuredSeconds(firstAt - exchange.startedAt)} after the request; behind the promptest of ${counted(lags.length, 'batch', 'batches')}: median ${measuredSeconds(median - least)}, most ${measuredSeconds(most - least)}.`,
    );
  }
  return findings.judgement(() => whyAbsent(evidence, ['first', 'concurrent'], 'live-session'));
}

export const livenessChecks: readonly Check[] = [
  { id: 'liveness.streams', judge: judgeStreams },
  { id: 'liveness.lag', judge: judgeLag },
];
