import type { StreamEvent, Transcript } from '../transcript/transcript.ts';
import type { Evidence, Unverified } from './check.ts';
import { blockedBy, nothingObserved, spoiltWords } from './findings.ts';
import { endHiddenBy, hasEnded, isIntact, isUtf16 } from './root-causes.ts';

const END_REMEDY = 'Subscribe to a session that ends within the bounds of the run (WORDS_MAX_SECONDS).';

/** The `end` events that a client of this stream sees. */
export function endsOf(transcript: Transcript): readonly StreamEvent[] {
  if (isUtf16(transcript)) return [];
  return transcript.events.filter((event) => event.kind === 'end' && isIntact(transcript, event));
}

/** Why no stream could be read whole, from its first word to its end; undefined where one could. */
export function whyNoneIsWhole(evidence: Evidence): Unverified | undefined {
  const spoilt = spoiltWords(evidence);
  if (spoilt) return spoilt;
  return evidence.subscriptions.some(({ transcript }) => hasEnded(transcript)) ? undefined : noEndObserved(evidence);
}

/** Why a rule about what is in or after the `end` event had none to look at. */
function noEndObserved(evidence: Evidence): Unverified {
  for (const { transcript } of evidence.subscriptions) {
    const hidden = endHiddenBy(transcript);
    if (hidden) return blockedBy(hidden);
  }
  const endless = evidence.subscriptions.find(({ exchange }) => exchange.ending.kind === 'complete');
  if (endless)
    return blockedBy({ because: 'ending.once', reason: `${endless.exchange.id} ended without an end event.` });
  return nothingObserved(evidence, 'end event', END_REMEDY);
}
