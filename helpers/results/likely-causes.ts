import { GOES_ON } from '../judging/broken-off-session.ts';
import { header, mediaType } from '../judging/evidence.ts';
import { GARBLINGS } from '../judging/garbled-words.ts';
import { AT_ONCE } from '../judging/waiting.ts';
import { shiftSaidIn } from '../judging/word-sequences.ts';
import { joinBytes } from '../recording/join-bytes.ts';
import { type Exchange, ON_GRANTED_CONNECTION } from '../recording/recording.ts';
import type { RequirementResult } from './results.ts';
/** A breach, and the exchanges on which it was seen. */
export interface Breach {
  readonly result: RequirementResult;
  readonly on: readonly Exchange[];
}

/** What breaks several requirements at once. The first that claims a breach has it. */
export interface Cause {
  /** `broken`: every breach, by its requirement. `heardLive`: a session was listened to while it spoke. */
  claims(breach: Breach, broken: ReadonlyMap<string, Breach>, heardLive: boolean): boolean;
  says(breaches: readonly Breach[]): string;
}

/** `(api-key there, api-key here)` */
const SAME_CREDENTIAL = /\((\S+) there, \1 here\)/;
const THAN_SNAPSHOT = / differ from those of the (?:[a-z ]+ )?snapshot\b/;

/** Seconds by which all words come earlier or later, for each breach; NaN where there is another difference. */
function shiftsOf(breach: Breach | undefined): readonly number[] {
  return breach?.result.violations.map(({ message }) => shiftSaidIn(message) ?? Number.NaN) ?? [];
}

/** Subscribers whose times are further apart count them from different moments. */
const SHIFTS_DIFFER_SECONDS = 0.01;

/** Whether subscribers differ in nothing but their times, and each by another time. */
function isTimedBySubscriber(broken: ReadonlyMap<string, Breach>): boolean {
  const shifts = LOSSES.flatMap((loss) => shiftsOf(broken.get(loss)));
  return Math.max(...shifts) - Math.min(...shifts) > SHIFTS_DIFFER_SECONDS;
}

/** Of sessions that somebody listened to. */
const COMPARED_SNAPSHOTS: readonly string[] = [
  'snapshot.served',
  'snapshot.equals-live',
  'snapshot.stable',
  'snapshot.durable',
];

const LOSSES: readonly string[] = ['replay.no-gap', 'replay.reconnect', 'replay.concurrent'];

function isLoss(id: string): boolean {
  return LOSSES.includes(id);
}

export const CAUSES: readonly Cause[] = [
  {
    claims: ({ result: { id }, on }) => id === 'errors.media-type' && every(on, hasObjectBody),
    says: () => "The body is the API's own; its Content-Type was left to a default, or changed on the way (a proxy).",
  },
  {
    claims: ({ result, on }) => ['errors', 'auth'].includes(result.area) && every(on, isAnsweredInFront),
    says: () =>
      "The HTTP layer answered this (a proxy, a gateway or the framework's router), not the handler of the operation.",
  },
  {
    claims: ({ result: { id }, on }, broken) =>
      id === 'auth.isolation' && every(on, isGranted) && !broken.has('auth.missing') && !broken.has('auth.invalid'),
    says: () => "The account that a session belongs to is not compared with the credential's.",
  },
  {
    claims: ({ result: { id }, on }) => id === 'auth.invalid' && every(on, isNearlyRight),
    says: () => 'Credentials are compared loosely: without regard to letter case, or by a part of them.',
  },
  {
    claims: ({ result: { id }, on }) => id === 'auth.missing' && every(on, isRemembered),
    says: () => 'An account is remembered with its connection, and lets in what is sent there without a credential.',
  },
  {
    claims: ({ result, on }) => result.area === 'auth' && every(on, isGranted),
    says: (breaches) => `The credential is not checked ${whichSessions(breaches)}.`,
  },
  {
    claims: ({ result: { id }, on }, broken) =>
      ['errors.not-found', 'errors.bad-request'].includes(id) && broken.has('errors.not-found') && every(on, isGranted),
    says: () => 'A stream is opened for any id: whether there is such a session is not asked.',
  },
  {
    claims: ({ result, on }) => result.area === 'errors' && every(on, isCrash),
    says: () => 'The handler throws on such an id, and nothing catches it.',
  },
  {
    claims: ({ result }) => result.id === 'replay.concurrent' && expects(result, AT_ONCE),
    says: () => 'Subscribers are answered one after another: look for a lock on the session, or a single worker.',
  },
  {
    claims: ({ result }) => result.id === 'replay.reconnect' && expects(result, GOES_ON),
    says: () => 'The session ends when one of its subscribers leaves.',
  },
  {
    claims: ({ result: { id }, on }, broken) => {
      const lost = LOSSES.flatMap((loss) => broken.get(loss)?.on ?? []);
      const endless = broken.get('ending.once')?.on ?? [];
      if (id === 'ending.once')
        return every(on, (exchange) => isClosed(exchange) && (lost.includes(exchange) || isLate(exchange)));
      return isLoss(id) && every(on, (exchange) => isClosed(exchange) && endless.includes(exchange));
    },
    says: (breaches) =>
      breaches.some(({ result }) => isLoss(result.id))
        ? 'The response is closed before its session ends.'
        : 'The response to a late subscriber is closed before its session ends, or without its end.',
  },
  {
    claims: (breach, broken) =>
      ['ordering.origin', 'snapshot.equals-live', ...LOSSES].includes(breach.result.id) &&
      (breach.result.id === 'ordering.origin' || !shiftsOf(breach).some(Number.isNaN)) &&
      isTimedBySubscriber(broken),
    says: () => 'Times count from when each subscriber came, not from the start of the audio.',
  },
  {
    claims: ({ result: { id }, on }, broken) => {
      const [reading] = broken.get('snapshot.stable')?.on ?? [];
      const isSo = ({ result, on: places }: Breach) =>
        !result.violations.some(({ message }) => SAME_CREDENTIAL.test(message)) &&
        every(places, ({ credential }) => credential === reading?.credential);
      const breaches = ['snapshot.stable', ...LOSSES].flatMap((one) => broken.get(one) ?? []);
      return (id === 'snapshot.stable' || isLoss(id)) && on.length > 0 && breaches.length > 2 && breaches.every(isSo);
    },
    says: () => 'Sessions are served differently to one kind of credential and to the other.',
  },
  {
    claims: ({ result: { id }, on }, broken) =>
      id === 'replay.from-start' ||
      (['replay.no-gap', 'replay.reconnect'].includes(id) && broken.has('replay.from-start')) ||
      (isAboutWords(id) && broken.has('replay.from-start') && every(on, isLate)),
    says: () => 'History is not kept from the start of the session for subscribers who join late.',
  },
  {
    claims: ({ result: { id }, on }) =>
      ['replay.no-gap', 'replay.reconnect'].includes(id) || (isAboutWords(id) && every(on, isLate)),
    says: (breaches) =>
      breaches.every(({ result }) => result.id === 'replay.reconnect')
        ? 'A subscriber who comes back does not get what those who stayed were sent.'
        : 'Late subscribers do not get what was sent live: look at how history is stored, and at the seam where it turns into live words.',
  },
  {
    claims: ({ result: { id } }, broken) => id === 'snapshot.stable' && !broken.has('snapshot.equals-live'),
    says: (breaches) =>
      breaches.some(({ result }) => result.violations.some(({ message }) => SAME_CREDENTIAL.test(message)))
        ? 'A completed session is read differently from one time to the next.'
        : 'Completed sessions are served differently to one kind of credential and to the other.',
  },
  {
    claims: ({ result }) =>
      result.id === 'replay.concurrent' && result.violations.every(({ message }) => THAN_SNAPSHOT.test(message)),
    says: () =>
      'Words are kept for the snapshot that live subscribers are not sent: look at the queue of each of them.',
  },
  ...GARBLINGS.map(
    ({ expected, likelyCause }): Cause => ({
      claims: ({ result }) => result.id === 'tokens.script' && expects(result, expected),
      says: () => likelyCause,
    }),
  ),
  {
    claims: ({ result: { id } }, broken) =>
      id === 'snapshot.unwatched' && !COMPARED_SNAPSHOTS.some((other) => broken.has(other)),
    says: () =>
      'Words are kept only while somebody listens: look at what a subscriber starts, and what stops without one.',
  },
  {
    claims: ({ result: { id, area }, on }, _broken, heardLive) =>
      heardLive &&
      !every(on, isBarred) &&
      ((area === 'snapshot' && id !== 'snapshot.prompt') || (isAboutWords(id) && every(on, isSnapshot))),
    says: () => 'Completed sessions are stored or served differently from what was sent live.',
  },
  {
    claims: ({ result: { id } }) => ['ordering.no-duplicates', 'replay.concurrent'].includes(id),
    says: (breaches) =>
      breaches.some(({ result }) => result.id === 'replay.concurrent')
        ? breaches.length > 1
          ? 'Words are sent to a subscriber a second time, or to one subscriber and not to another.'
          : 'Words are sent to one subscriber and not to another.'
        : 'Words are sent a second time.',
  },
  {
    claims: ({ result, on }) =>
      result.id === 'ordering.across-batches' && goesBack(result, (to) => to <= 1) && on.length > new Set(on).size,
    says: () => 'Times are counted anew, from the start of each batch or utterance.',
  },
  {
    // By no more than two batches span: an utterance that begins with a pause goes back further.
    claims: ({ result }) =>
      result.id === 'ordering.across-batches' && goesBack(result, (to, from) => to > 1 && from - to < 2.5),
    says: () =>
      'Batches are sent in another order than they were spoken: look at what prepares or sends them side by side.',
  },
  {
    claims: ({ result: { id, violations } }) =>
      id === 'ending.last' && violations.every(({ actual }) => /with [1-9]\d* words?$/.test(actual)),
    says: () => 'The end does not wait for the last words: look at what still waits to be sent when the session ends.',
  },
  {
    claims: ({ result: { id, violations } }) =>
      id === 'ending.last' && violations.every(({ actual }) => actual.endsWith('with 0 words')),
    says: () => 'Something goes on sending when the end is sent: look for a timer that is not stopped.',
  },
  {
    claims: ({ result: { id } }) => ['liveness.streams', 'liveness.lag'].includes(id),
    says: () =>
      'Something holds the response back: a proxy that buffers, compression, or a writer that is not flushed.',
  },
  {
    claims: ({ result: { id } }, broken) =>
      id === 'batching.time-span' && !broken.has('batching.word-cap') && !broken.has('batching.time-cap'),
    says: () => 'A word inside the batch ends later than the words after it start: look at how ends are made.',
  },
  {
    claims: ({ result: { id } }, broken) =>
      id === 'batching.word-cap' && !broken.has('batching.time-cap') && !broken.has('batching.time-span'),
    says: () => 'A batch is closed by its time alone, not by its count of words.',
  },
  {
    claims: ({ result: { id } }) => ['batching.word-cap', 'batching.time-cap', 'batching.time-span'].includes(id),
    says: () => 'Words are gathered for longer than a batch may hold before they are sent.',
  },
];

function every(on: readonly Exchange[], holds: (exchange: Exchange) => boolean): boolean {
  return on.length > 0 && on.every(holds);
}

function expects({ violations }: RequirementResult, expected: string): boolean {
  return violations.length > 0 && violations.every((violation) => violation.expected[0] === expected);
}

/** Whether all steps back in time are such ones, by what they say: `0.1 s after 14.2 s`. */
function goesBack({ violations }: RequirementResult, isSuch: (to: number, from: number) => boolean): boolean {
  return violations.every(({ actual }) => {
    const [to = Number.NaN, from = Number.NaN] = actual.split(' s after ').map(Number.parseFloat);
    return isSuch(to, from);
  });
}

/** With a credential that differs from the right one in letter case or length alone, down to none of it. */
function isNearlyRight({ purpose, response }: Exchange): boolean {
  return (
    response?.status === 200 &&
    purpose.kind === 'refusal' &&
    /^(recased|shortened|lengthened|truncated|empty) /.test(purpose.variant)
  );
}

function isRemembered(exchange: Exchange): boolean {
  const { purpose } = exchange;
  return isGranted(exchange) && purpose.kind === 'refusal' && purpose.variant === ON_GRANTED_CONNECTION;
}

function isCrash({ purpose, response }: Exchange): boolean {
  return purpose.kind === 'refusal' && response?.status === 500;
}

function isGranted({ response }: Exchange): boolean {
  return response?.status === 200;
}

/** As if all had been sent. */
function isClosed({ ending }: Exchange): boolean {
  return ending.kind === 'complete';
}

/** An error without the contract's media type: the application's own handler answers in JSON. */
function isAnsweredInFront(exchange: Exchange): boolean {
  const status = exchange.response?.status ?? 0;
  // A server error is an exception of the handler as a rule, whose page the framework makes.
  return status >= 300 && status < 500 && !/[/+]json$/.test(mediaType(header(exchange, 'content-type')));
}

function hasObjectBody({ chunks }: Exchange): boolean {
  return /^\s*\{/.test(joinBytes(chunks).toString('latin1'));
}

function isLate({ purpose }: Exchange): boolean {
  return purpose.kind === 'subscription' && (purpose.role === 'late' || purpose.role === 'reconnected');
}

function isSnapshot({ purpose }: Exchange): boolean {
  return purpose.kind === 'subscription' && purpose.role === 'snapshot';
}

/** By an answer about who asks, not about what is asked for. */
function isBarred({ response }: Exchange): boolean {
  return response?.status === 401 || response?.status === 403;
}

function isAboutWords(id: string): boolean {
  return /^(schema|batching|ordering|tokens|framing|ending)\./.test(id);
}

function whichSessions(breaches: readonly Breach[]): string {
  const against = new Set(
    breaches.flatMap(({ on }) => on.map(({ purpose }) => (purpose.kind === 'refusal' ? purpose.against : 'live'))),
  );
  return against.size === 1 && !against.has('unknown') ? `for ${[...against][0]} sessions` : 'on every path';
}
