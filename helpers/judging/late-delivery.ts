import { exchangeName } from '../recording/exchange-name.ts';
import type { Evidence, Subscription } from './check.ts';
import { atEvent, counted, type Findings, measuredSeconds } from './findings.ts';
import { withRole } from './live-words.ts';
import { hasEnded } from './root-causes.ts';
import { stalledSeconds } from './stalls.ts';
import { waitBehind } from './waiting.ts';

const FEWEST_BATCHES = 3;
/** Batches may be cut otherwise, and history may take a moment; what is spoken meanwhile comes after it. */
const SHORTEST_AUDIO = 5;
/** Of the time in which another heard the same words. */
const SHARE_OF_ARRIVAL = 0.1;
const SHARE_WAITED = 0.5;

/**
 * Whether late subscribers, too, receive what is spoken after they joined while it is spoken: compared, word by word,
 * with one that listened from the start. The rules about replay judge those whose words differ.
 */
export function judgeLateArrival(evidence: Evidence, findings: Findings): void {
  for (const late of withRole(evidence, 'late', 'reconnected')) {
    const early = withRole(evidence, 'first', 'concurrent').find(
      ({ streamId, transcript }) =>
        streamId === late.streamId &&
        hasEnded(transcript) &&
        hasEnded(late.transcript) &&
        transcript.words.length === late.transcript.words.length,
    );
    if (early !== undefined && waitBehind(evidence, late.exchange) === undefined)
      compare(evidence, early, late, findings);
  }
}

function compare({ recording }: Evidence, early: Subscription, late: Subscription, findings: Findings): void {
  const { exchange, transcript } = late;
  const { words } = transcript;
  const last = words.length - 1;
  const openedAt = exchange.response?.at ?? Number.POSITIVE_INFINITY;
  let first = last;
  while (first > 0 && arrivalOf(early, first - 1) > openedAt) first -= 1;
  const batches = (early.transcript.words.event[last] ?? 0) - (early.transcript.words.event[first] ?? 0) + 1;
  const audio = (words.end[last] ?? Number.NaN) - (words.end[first] ?? Number.NaN);
  if (first === 0 || batches < FEWEST_BATCHES || !(audio >= SHORTEST_AUDIO)) return;
  const span = arrivalOf(early, last) - arrivalOf(early, first);
  const flushedAt = arrivalOf(late, first);
  const endAt = transcript.events.find(({ kind }) => kind === 'end')?.at ?? arrivalOf(late, last);
  // Words that came well before the end were not held back to it.
  const took = endAt - flushedAt;
  // Whoever was still receiving history, however slowly, was not kept waiting.
  const heardAt = transcript.events.findLast(({ at }) => at < flushedAt - span * SHARE_OF_ARRIVAL)?.at ?? openedAt;
  const waited = flushedAt - Math.max(arrivalOf(early, first), heardAt);
  if (span < audio / recording.settings.speed / 4) return;
  if (stalledSeconds(recording, exchange.startedAt, arrivalOf(late, last)) > span * SHARE_OF_ARRIVAL) return;
  findings.observe();
  if (took >= span * SHARE_OF_ARRIVAL || waited < span * SHARE_WAITED) return;
  const event = transcript.events[words.event[first] ?? -1];
  if (event === undefined) return;
  findings.violate(() => ({
    message: `${exchangeName(exchange)} got the ${counted(last - first + 1, 'word')} that were spoken after it had joined within ${measuredSeconds(took)}, where ${exchangeName(early.exchange)} heard them over ${measuredSeconds(span)}: they were held back to the end of the session.`,
    expected: ['batches that arrive while the session runs, for a late subscriber as for others'],
    actual: `all within ${measuredSeconds(took)}, ${measuredSeconds(waited)} after ${exchangeName(early.exchange)} had the first of them`,
    ...atEvent(late, event),
  }));
}

function arrivalOf({ transcript }: Subscription, word: number): number {
  return transcript.events[transcript.words.event[word] ?? -1]?.at ?? Number.NaN;
}
