import type { RequirementId } from '../contract/types.ts';
import { exchangeName } from '../recording/exchange-name.ts';
import type { Exchange, SessionStatus } from '../recording/recording.ts';
import type { StreamEvent, WordTable } from '../transcript/transcript.ts';
import { brokenOffBy } from './broken-off-session.ts';
import type { Evidence, Subscription, Unverified, Violation } from './check.ts';
import { atEvent, blockedBy, counted, measuredSeconds } from './findings.ts';
import { withRole } from './live-words.ts';
import { readableBatches, wordsSpoiltBy } from './root-causes.ts';
import { stalledSeconds } from './stalls.ts';
import { isInSeconds } from './time-units.ts';
import { waitBehind } from './waiting.ts';
import { orderOf } from './word-order.ts';

/** How a listener that was there from the start received its words. `half`: the first half as it was spoken. */
export type Arrival =
  | { readonly kind: 'as spoken' }
  | { readonly kind: 'held back' | 'half held back'; readonly violation: Violation }
  /** `held up`: by the suite's own machine, so that nothing can be told of the session at all. */
  | { readonly kind: 'untold' | 'held up'; readonly unverified: Unverified };

/** Fewer batches, or less audio, do not tell streaming from one delivery. */
const FEWEST_BATCHES = 3;
const SHORTEST_AUDIO = 2;
/** Of it, what is spoken after the second batch: a server, or a compression, may hold a batch until it has the next. */
const SHORTEST_AWAITED = 1;
/** Of the time that the audio takes: what arrives over a longer one was streamed. */
const STREAMED_SHARE = 0.5;
/** A listener that was there for less of it joined a session that was over, or ahead of its audio. */
const WAITED_SHARE = 0.5;
/** A session that is younger cannot have spoken its words yet: they are ahead of their audio. */
const SPOKEN_SHARE = 0.9;
/** Words of a session that is younger than that can hardly have been held back. */
const EARLY_SHARE = 0.05;
/** What arrives within a longer share of the time that was listened was not sent at once. */
const SHARE_OF_SESSION = 0.1;
/** In seconds of audio: what another listener heard meanwhile. */
const SHORTEST_HEARD = 3;
/** In seconds of audio: the first word of a session that is said to stream may take that long. */
const LONGEST_SILENCE = 15;

const LONGER = 'Use a session that speaks for longer.';

/** When a listener heard what, in seconds on the run's clock; `needed`: the wall time that its audio takes. */
interface Listening {
  readonly subscription: Subscription;
  readonly batches: readonly StreamEvent[];
  /** In seconds of audio. */
  readonly audio: number;
  readonly needed: number;
  /** So soon after each other two batches prove nothing. */
  readonly margin: number;
  /** The last moment at which the session was known not to speak yet. */
  readonly from: number;
  readonly createdAt: number | undefined;
  readonly statuses: readonly SessionStatus[];
  readonly firstAt: number;
  readonly endAt: number;
}

const known = new WeakMap<Subscription, Arrival>();

/**
 * Held back to the end: all words arrived in one short stretch, at once or dripping, after a wait as long as the audio; or
 * another listener, or the session's status, shows that they were there long before. A listener that joined a session
 * already over shows neither.
 */
export function arrivalAt(evidence: Evidence, subscription: Subscription): Arrival {
  let arrival = known.get(subscription);
  if (arrival === undefined) {
    const wait = waitBehind(evidence, subscription.exchange);
    const heard = wait
      ? blockedBy({ because: 'replay.concurrent', reason: wait.message })
      : listeningOf(evidence, subscription);
    arrival = 'reason' in heard ? { kind: 'untold', unverified: heard } : arrivalOf(evidence, heard);
    known.set(subscription, arrival);
  }
  return arrival;
}

function arrivalOf(evidence: Evidence, heard: Listening): Arrival {
  const { subscription, audio, needed, margin, from, createdAt, statuses, firstAt, endAt } = heard;
  const { exchange } = subscription;
  const arrival = endAt - firstAt;
  if (arrival >= needed * STREAMED_SHARE) return secondHalf(evidence, heard);
  const waited = firstAt - from;
  const proof = proofOfHoldingBack(evidence, heard);
  if (proof !== undefined) return { kind: 'held back', violation: allAtTheEnd(heard, proof) };
  // A session that still runs well after its words came has not held them back to its end.
  const runsOn = statuses.some(({ at, status }) => status === 'streaming' && at > firstAt + margin);
  const untold = (reason: string, remedy: string): Arrival => ({ kind: 'untold', unverified: { reason, remedy } });
  if (createdAt !== undefined && isAhead(createdAt, firstAt, needed)) {
    if (runsOn || arrival >= margin || firstAt - createdAt < needed * EARLY_SHARE) return secondHalf(evidence, heard);
    return untold(
      `All of ${exchangeName(exchange)} arrived within ${measuredSeconds(arrival)}, ${measuredSeconds(firstAt - createdAt)} after the session was created, which cannot have spoken ${measuredSeconds(audio)} by then: its words were ahead of their audio, or it speaks faster than anyone listens and held them back.`,
      'Use a session that speaks no faster than its audio is heard.',
    );
  }
  if (waited < needed * (createdAt === undefined ? SPOKEN_SHARE : WAITED_SHARE))
    return arrival >= margin
      ? { kind: 'as spoken' }
      : untold(
          `All of ${exchangeName(exchange)} arrived within ${measuredSeconds(arrival)}, soon after it was opened: the session was over, or ahead of its audio.`,
          'Subscribe before the session speaks.',
        );
  // A target that answers slowly has not held back what was spoken while it made up its answer.
  const answering = quickestHead(evidence, subscription);
  if (waited - answering < needed * WAITED_SHARE)
    return untold(
      `All of ${exchangeName(exchange)} arrived within ${measuredSeconds(arrival)}: the target took ${measuredSeconds(answering)} and more to answer each request, and by then the session was over.`,
      LONGER,
    );
  if (runsOn) return { kind: 'as spoken' };
  // Without its status, a slow start and words ahead of their audio look alike to words that drip.
  if (arrival > (endAt - exchange.startedAt) * SHARE_OF_SESSION && statuses.length === 0)
    return untold(
      `All of ${exchangeName(exchange)} arrived within ${measuredSeconds(arrival)}, ${measuredSeconds(waited)} after it was opened, and the session's status is not known: it may have begun late.`,
      'Give the run a session whose status it can ask (WORDS_SESSION).',
    );
  // What was held up may have waited that much less, or have come that much further apart.
  const stalled = stalledSeconds(evidence.recording, from, endAt);
  if (waited - stalled < needed * WAITED_SHARE || arrival + stalled >= needed * STREAMED_SHARE)
    return {
      kind: 'held up',
      unverified: {
        reason: `The machine that ran the suite was held up for ${measuredSeconds(stalled)} while ${exchangeName(exchange)} was open.`,
        remedy: 'Run again on a machine with time to spare.',
      },
    };
  return { kind: 'held back', violation: allAtTheEnd(heard) };
}

/** A session that is nine seconds old cannot have spoken for twenty. */
function isAhead(createdAt: number | undefined, at: number, spoken: number): boolean {
  return createdAt !== undefined && at - createdAt < spoken * SPOKEN_SHARE;
}

/** What shows, however fast the session speaks, that its words were there long before this listener got them all at once. */
function proofOfHoldingBack(evidence: Evidence, heard: Listening): string | undefined {
  const { subscription, needed, from, createdAt, statuses, firstAt, endAt } = heard;
  const { exchange, streamId } = subscription;
  const { settings } = evidence.recording;
  const answeredAt = exchange.startedAt + quickestHead(evidence, subscription);
  const isBurst = (since: number) => endAt - firstAt <= (firstAt - since) * SHARE_OF_SESSION;
  for (const other of withRole(evidence, 'first', 'concurrent')) {
    if (other.streamId !== streamId || other === subscription) continue;
    const times = readableBatches(other.transcript)
      .filter(({ wordCount, at }) => wordCount > 0 && at > answeredAt && at < firstAt)
      .map(({ at }) => at);
    const [since = Number.NaN] = times;
    const spread = (times.at(-1) ?? Number.NaN) - since;
    if (times.length >= FEWEST_BATCHES && spread >= SHORTEST_HEARD / settings.speed && isBurst(since))
      return `${exchangeName(other.exchange)} had received ${counted(times.length, 'batch', 'batches')} of them by then, the first ${measuredSeconds(firstAt - since)} earlier`;
  }
  const at = (status: string) => statuses.find((one) => one.status === status)?.at ?? Number.NaN;
  const since = Math.max(from, answeredAt, at('streaming'));
  const isLong = firstAt - since >= LONGEST_SILENCE / settings.speed;
  return isLong && isBurst(since) && isAhead(createdAt, at('completed'), needed)
    ? `its status was "streaming" ${measuredSeconds(firstAt - since)} earlier, and "completed" when they had come`
    : undefined;
}

function allAtTheEnd({ subscription, batches, audio, firstAt, endAt }: Listening, proof?: string): Violation {
  const { exchange } = subscription;
  const [first] = batches;
  return {
    message: `${exchangeName(exchange)} waited ${measuredSeconds(firstAt - exchange.startedAt)}, then got all ${counted(batches.length, 'batch', 'batches')} of ${measuredSeconds(audio)} of audio within ${measuredSeconds(endAt - firstAt)}: they were held back to the end of the session${proof === undefined ? '' : ` (${proof})`}.`,
    expected: ['batches that arrive while the session runs'],
    actual: `all within ${measuredSeconds(endAt - firstAt)}`,
    ...(first === undefined ? { exchange: exchange.id } : atEvent(subscription, first)),
  };
}

/** Of the audio, at the least: less that comes late is a slow batch or two. */
const HALF = 0.4;
/** Of the time that it takes to speak: what was held back waited about so long, and then came so fast. */
const SHORTEST_WAIT = 0.8;
const LONGEST_WAIT = 1.5;
const LONGEST_BURST = 0.2;

/** Whether the second half, though the first came as it was spoken, was held back to the end. */
function secondHalf({ recording }: Evidence, heard: Listening): Arrival {
  const { subscription, batches, audio, statuses, margin, createdAt, endAt } = heard;
  const { words } = subscription.transcript;
  const lastEnd = words.end[words.length - 1] ?? Number.NaN;
  let wait = 0;
  let after = 0;
  for (let batch = 1; batch < batches.length; batch += 1) {
    const gap = (batches[batch]?.at ?? 0) - (batches[batch - 1]?.at ?? 0);
    if (gap > wait) [wait, after] = [gap, batch];
  }
  const event = batches[after];
  const before = batches[after - 1];
  if (event === undefined || before === undefined) return { kind: 'as spoken' };
  const from = words.start[event.firstWord] ?? Number.NaN;
  const silence = longestPause(words, lastWordOf(before)) / recording.settings.speed;
  const spoken = (lastEnd - from) / recording.settings.speed;
  const isHalf =
    batches.length - after >= FEWEST_BATCHES &&
    lastEnd - from >= audio * HALF &&
    wait - stalledSeconds(recording, before.at, event.at) >= spoken * SHORTEST_WAIT &&
    wait <= spoken * LONGEST_WAIT &&
    silence < wait / 2 &&
    endAt - event.at <= spoken * LONGEST_BURST &&
    !isAhead(createdAt ?? subscription.exchange.startedAt, event.at, lastEnd / recording.settings.speed) &&
    !statuses.some(({ at, status }) => status === 'streaming' && at > event.at + margin);
  if (!isHalf) return { kind: 'as spoken' };
  const { exchange } = subscription;
  return {
    kind: 'half held back',
    violation: {
      message: `${exchangeName(exchange)} got nothing for ${measuredSeconds(wait)}, then the last ${counted(batches.length - after, 'batch', 'batches')} of ${measuredSeconds(lastEnd - from)} of audio within ${measuredSeconds(endAt - event.at)}: half of the session was held back to its end.`,
      expected: ['batches that arrive while the session runs'],
      actual: `the last ${measuredSeconds(lastEnd - from)} of audio within ${measuredSeconds(endAt - event.at)}`,
      level: 'SHOULD',
      ...atEvent(subscription, event),
    },
  };
}

/** In seconds, from this word on. A batch may wait for its next one, so that a pause delays what stands before it, too. */
function longestPause({ start, end, length }: WordTable, first: number): number {
  let longest = 0;
  for (let word = first + 1; word < length; word += 1)
    longest = Math.max(longest, (start[word] ?? 0) - (end[word - 1] ?? 0));
  return longest;
}

/** In seconds: how long the target takes for the head of a stream at the least, by the other subscriptions of the run. */
function quickestHead({ subscriptions }: Evidence, { exchange: { id } }: Subscription): number {
  const waits = subscriptions.flatMap(({ exchange }) =>
    exchange.id === id || exchange.response === undefined ? [] : [exchange.response.at - exchange.startedAt],
  );
  return waits.length === 0 ? 0 : Math.min(...waits);
}

function listeningOf(evidence: Evidence, subscription: Subscription): Listening | Unverified {
  const { recording } = evidence;
  const { speed } = recording.settings;
  const { exchange, transcript, streamId } = subscription;
  const { words } = transcript;
  const batches = readableBatches(transcript).filter(({ wordCount }) => wordCount > 0);
  const [first, second] = batches;
  const lastEnd = words.end[words.length - 1] ?? 0;
  const audio = lastEnd - (words.start[0] ?? 0);
  const awaited = lastEnd - (words.end[lastWordOf(second ?? first)] ?? 0);
  const isLong = batches.length >= FEWEST_BATCHES && audio >= SHORTEST_AUDIO && awaited >= SHORTEST_AWAITED;
  if (first === undefined || !isLong || !isInSeconds(transcript)) {
    const interruption = brokenOffBy(evidence, streamId);
    if (interruption !== undefined) return blockedBy({ because: 'replay.reconnect', reason: interruption.message });
    if (!isInSeconds(transcript)) return untimed(exchange, 'ordering.seconds');
    const spoilt = wordsSpoiltBy(transcript);
    if (spoilt !== undefined) return blockedBy(spoilt);
    if (orderOf(transcript).acrossBatches.length > 0) return untimed(exchange, 'ordering.across-batches');
    return {
      reason: `${exchangeName(exchange)} held ${counted(batches.length, 'batch', 'batches')} of ${measuredSeconds(audio)} of audio: too little to tell.`,
      remedy: LONGER,
    };
  }
  const stream = recording.streams.find((one) => one.streamId === streamId);
  const statuses = stream?.statuses ?? [];
  const silent = statuses.filter(({ status, at }) => status === 'pending' && at < first.at).map(({ at }) => at);
  return {
    subscription,
    batches,
    audio,
    needed: audio / speed,
    margin: Math.min(awaited / 20, awaited / (4 * speed)),
    from: Math.max(exchange.startedAt, ...silent),
    createdAt: stream?.createdAt,
    statuses,
    firstAt: first.at,
    endAt: transcript.events.find(({ kind }) => kind === 'end')?.at ?? exchange.ending.at,
  };
}

function lastWordOf(batch: StreamEvent | undefined): number {
  return batch === undefined ? 0 : batch.firstWord + batch.wordCount - 1;
}

function untimed(exchange: Exchange, because: RequirementId): Unverified {
  return blockedBy({ because, reason: `The times of ${exchangeName(exchange)} do not tell how long its audio is.` });
}
