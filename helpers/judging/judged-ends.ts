import type { StreamEvent, Transcript } from '../transcript/transcript.ts';
import { isIntact, isUtf16 } from './root-causes.ts';

/** The `end` events that a client of this stream sees. */
export function endsOf(transcript: Transcript): readonly StreamEvent[] {
  if (isUtf16(transcript)) return [];
  return transcript.events.filter((event) => event.kind === 'end' && isIntact(transcript, event));
}
