import { atHead } from './answers.ts';
import type { Evidence, Violation } from './check.ts';
import { measuredSeconds } from './findings.ts';
import { withRole } from './live-words.ts';
import { wordsSpoiltBy } from './root-causes.ts';
import { scriptOf } from './spelling.ts';

/** A voice may shorten what it reads (numbers, abbreviations), but not by more than this share of its letters. */
const SHARE_SPOKEN = 0.8;

/** In seconds of wall time; batches on their way may take that long however fast the session speaks. */
const SHORTEST_ON_THE_WAY = 0.25;
/** In seconds of audio: a batch may be on its way, and a server notices at the second one that it cannot send. */
const LONGEST_NOTICED = 3;

/**
 * That a session stopped speaking when one of its subscribers dropped its connection: but for what was on its way, no
 * batch reached anyone after the drop, and much of a known script was never spoken. Without a script, nothing is said.
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
  const others = withRole(evidence, 'first', 'concurrent', 'late', 'reconnected').filter(
    (subscription) => subscription.streamId === streamId,
  );
  if (script === undefined || dropped === undefined || others.length === 0) return undefined;
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
  const expected = lettersIn([script]);
  const spoken = Math.max(...others.map(({ transcript }) => lettersIn(transcript.words.text)));
  if (spoken >= expected * SHARE_SPOKEN) return undefined;
  return {
    message: `From ${measuredSeconds(silentFrom - droppedAt)} after ${dropped.exchange.id} had dropped its connection, no batch came any more, with ${spoken} of the ${expected} letters of the script spoken.`,
    expected: ['the session goes on for the others'],
    actual: 'the session stopped speaking',
    ...atHead(dropped.exchange),
    at: droppedAt,
  };
}

function lettersIn(texts: readonly string[]): number {
  let letters = 0;
  for (const text of texts) letters += text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  return letters;
}
