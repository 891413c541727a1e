import type { Evidence, Subscription } from '../judging/check.ts';
import { shownNumber } from '../judging/findings.ts';
import { spelled } from '../judging/spelling.ts';
import type { SubscriptionRole } from '../recording/recording.ts';
import type { Challenge } from './challenge.ts';
import type { SubmissionFinding } from './findings.ts';

/** Clocks of authority and vendor may differ by so much. */
const CLOCKS_DIFFER_SECONDS = 600;
/** From one word of two syllables or more to the next, however fast a voice, however long it pauses. */
const PACE_SECONDS = { least: 0.05, most: 5 };
const HEARD_BY: readonly (readonly [name: string, roles: readonly SubscriptionRole[]])[] = [
  ['live', ['first', 'concurrent']],
  ['late', ['late', 'reconnected']],
  ['snapshot', ['snapshot']],
];

export interface Freshness {
  /** Empty: the recording is younger than the challenge. */
  readonly problems: readonly SubmissionFinding[];
  readonly found: string;
}

/** Looks for the challenge words, in order and at plausible times, in every subscription of the live session. Pure. */
export function freshness(evidence: Evidence, challenge: Challenge): Freshness {
  const { recording } = evidence;
  const problems: SubmissionFinding[] = [];
  const problem = (message: string) => problems.push({ section: 'challenge', message });
  const days = (Date.parse(recording.startedAt) - Date.parse(challenge.issuedAt)) / 86_400_000;
  if (days < -CLOCKS_DIFFER_SECONDS / 86_400)
    problem(
      `The recording says that it began at ${recording.startedAt}, before the challenge was issued at ${challenge.issuedAt}.`,
    );
  const live = recording.streams.filter(({ state }) => state === 'live').map(({ streamId }) => streamId);
  const sentAt = whenSent(evidence, challenge);
  let found = '';
  for (const [name, roles] of HEARD_BY) {
    const heard = evidence.subscriptions.filter(
      ({ role, streamId }) => roles.includes(role) && live.includes(streamId),
    );
    if (heard.length === 0) problem(`No ${name} subscription of a live session was recorded.`);
    for (const subscription of heard) {
      const phrase = findPhrase(subscription, challenge.words);
      const { id } = subscription.exchange;
      if (phrase === undefined) {
        problem(`${id} does not hold the words "${challenge.words.join(' ')}" one after another.`);
        continue;
      }
      const odd = implausible(phrase);
      if (odd !== undefined) problem(`${id}: ${odd}`);
      if (sentAt !== undefined && phrase.arrivedAt < sentAt)
        problem(
          `${id}: the words arrived at ${shownNumber(phrase.arrivedAt)} s of the run, before they were sent at ${shownNumber(sentAt)} s.`,
        );
      found ||= `spoken from ${shownNumber(phrase.starts[0] ?? 0)} s to ${shownNumber(phrase.end)} s of the audio, in a run that began ${inDays(days)} the challenge was issued`;
    }
  }
  return { problems, found };
}

interface Phrase {
  /** Of each challenge word, in seconds of audio. */
  readonly starts: readonly number[];
  readonly end: number;
  /** Of the last word, in seconds on the run's clock. */
  readonly arrivedAt: number;
}

/** One word may come in several word events, and marks may stand between words; other words may not. */
function findPhrase({ transcript }: Subscription, challenge: readonly string[]): Phrase | undefined {
  const { words, events } = transcript;
  const wanted = challenge.map(spelled);
  const at = new Map<number, number>();
  let text = '';
  for (const [index, word] of words.text.entries()) {
    const letters = spelled(word);
    if (letters !== '') at.set(text.length, index);
    text += letters;
  }
  at.set(text.length, words.length);
  const phrase = wanted.join('');
  for (let from = text.indexOf(phrase); from !== -1; from = text.indexOf(phrase, from + 1)) {
    let offset = from;
    const indexes = wanted.map((word) => {
      const index = at.get(offset);
      offset += word.length;
      return index;
    });
    const next = at.get(offset);
    if (next === undefined || indexes.some((index) => index === undefined)) continue;
    let last = next - 1;
    while (spelled(words.text[last] ?? '') === '' && last > 0) last -= 1;
    return {
      starts: indexes.map((index) => words.start[index ?? 0] ?? Number.NaN),
      end: words.end[last] ?? Number.NaN,
      arrivedAt: events[words.event[last] ?? 0]?.at ?? Number.NaN,
    };
  }
  return undefined;
}

function implausible({ starts, end }: Phrase): string | undefined {
  for (const [index, start] of starts.entries()) {
    const seconds = (starts[index + 1] ?? end) - start;
    const isLast = index === starts.length - 1;
    if (!(seconds >= (isLast ? 0 : PACE_SECONDS.least) && seconds <= PACE_SECONDS.most))
      return `challenge word ${index + 1} takes ${shownNumber(seconds)} s; no voice says it in less than ${PACE_SECONDS.least} s or more than ${PACE_SECONDS.most} s.`;
  }
  return undefined;
}

/** When the run gave the words to the session; undefined where somebody else did. */
function whenSent({ recording }: Evidence, { words }: Challenge): number | undefined {
  const phrase = spelled(words.join(' '));
  return recording.exchanges.find(
    ({ purpose, request }) => purpose.kind === 'session' && spelled(request.body ?? '').includes(phrase),
  )?.startedAt;
}

function inDays(days: number): string {
  if (days < 0) return 'about when';
  return days < 1 ? `${Math.round(days * 24)} h after` : `${days.toFixed(1)} days after`;
}
