import { exchangeName } from '../recording/exchange-name.ts';
import { atHead } from './answers.ts';
import type { Evidence, Violation } from './check.ts';
import { measuredSeconds } from './findings.ts';
import { withRole } from './live-words.ts';
import { wordsSpoiltBy } from './root-causes.ts';
import { scriptOf, spelled } from './spelling.ts';

/** More than this share of the script's letters must stand after what was spoken last. */
const SHARE_UNSPOKEN = 0.2;
/** Letters by which the last words are found in the script. */
const FEWEST_LETTERS = 8;
const LAST_WORDS = 4;

/** In seconds of wall time; batches on their way may take that long however fast the session speaks. */
const SHORTEST_ON_THE_WAY = 0.25;
/** In seconds of audio: a batch may be on its way, and a server notices at the second one that it cannot send. */
const LONGEST_NOTICED = 3;

/**
 * That a session stopped speaking, or ended, when one of its subscribers dropped its connection: but for what was on its
 * way, no batch reached anyone after the drop, and much of a known script follows on what was spoken last.
 */
export function brokenOffBy(evidence: Evidence, streamId: string): Violation | undefined {
  // A session that failed, or never spoke, stopped for that.
  if (evidence.unmet('live-session') !== undefined) return undefined;
  const script = scriptOf(evidence, streamId);
  // One that ended by itself dropped nothing.
  const dropped = withRole(evidence, 'dropped').find(
    ({ exchange: { ending }, ...subscription }) =>
      subscription.streamId === streamId && ending.kind === 'stopped' && ending.bound === 'probe',
  );
  if (script === undefined || dropped === undefined) return undefined;
  const others = withRole(evidence, 'first', 'concurrent', 'late', 'reconnected').filter(
    (subscription) => subscription.streamId === streamId,
  );
  const droppedAt = dropped.exchange.ending.at;
  // What later ones receive after the drop may be history.
  const early = others.filter(
    ({ role, exchange }) => (role === 'first' || role === 'concurrent') && exchange.startedAt < droppedAt,
  );
  if (early.length === 0) return undefined;
  // Whom the run itself stopped could not have heard the session go on; those that ran out of time could.
  if (early.some(({ exchange: { ending } }) => ending.kind === 'stopped' && ending.bound !== 'seconds'))
    return undefined;
  const onTheWay = Math.max(SHORTEST_ON_THE_WAY, LONGEST_NOTICED / evidence.recording.settings.speed);
  const silentFrom = droppedAt + onTheWay;
  // Nor could those whose time ran out before the next batch could have come.
  if (early.some(({ exchange: { ending } }) => ending.kind === 'stopped' && ending.at < silentFrom + onTheWay))
    return undefined;
  if (early.some(({ transcript }) => transcript.events.some(({ kind, at }) => kind !== 'end' && at > silentFrom)))
    return undefined;
  if (others.some(({ transcript }) => wordsSpoiltBy(transcript) !== undefined)) return undefined;
  // What a snapshot holds beyond that was spoken, though nobody was sent it.
  const heard = [...others, ...withRole(evidence, 'snapshot').filter((one) => one.streamId === streamId)];
  const [longest] = heard.toSorted((a, b) => b.transcript.words.length - a.transcript.words.length);
  const left = longest === undefined ? 0 : unspoken(script, longest.transcript.words.text);
  if (left <= SHARE_UNSPOKEN) return undefined;
  return {
    message: `The session stopped when ${exchangeName(dropped.exchange)} left: ${measuredSeconds(silentFrom - droppedAt)} later no batch came any more to anybody, with ${Math.round(left * 100)} % of the script still to be spoken.`,
    expected: [GOES_ON],
    actual: 'the session stopped speaking',
    ...atHead(dropped.exchange),
    at: droppedAt,
  };
}

/** What must happen where a subscriber leaves. */
export const GOES_ON = 'the session goes on for the others';

/** What a voice may leave out: cues in brackets or braces, addresses. */
const NOT_SPOKEN = /\[[^\]]*\]|\{[^}]*\}|\b\w+:\/\/\S+|\bwww\.\S+|\S+@\S+/g;

/** The share of the script's letters that follow on the words spoken last; 0 where these stand nowhere in it. */
function unspoken(script: string, texts: readonly string[]): number {
  const whole = spelled(script.replace(NOT_SPOKEN, ' '));
  const heard = spelled(texts.join(''));
  let last = '';
  for (let from = texts.length - LAST_WORDS; last.length < FEWEST_LETTERS && from >= 0; from -= 1)
    last = spelled(texts.slice(from).join(''));
  // The same words may stand in the script more than once: not before what was heard.
  const at = last.length < FEWEST_LETTERS ? -1 : whole.indexOf(last, Math.floor(heard.length * 0.8) - last.length);
  return at < 0 ? 0 : 1 - (at + last.length) / whole.length;
}
