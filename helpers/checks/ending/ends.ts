import type { StreamEvent, Transcript } from '../../transcript/transcript.ts';
import { isIntact, isUtf16 } from '../soundness.ts';

export const END_REMEDY = 'Subscribe to a session that ends within the bounds of the run (WORDS_MAX_SECONDS).';

/** The `end` events that a client of this stream sees. */
export function endsOf(transcript: Transcript): readonly StreamEvent[] {
  if (isUtf16(transcript)) return [];
  return transcript.events.filter((event) => event.kind === 'end' && isIntact(transcript, event));
}
