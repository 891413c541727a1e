import type { Evidence, Subscription } from './check.ts';
import { hasEnded } from './root-causes.ts';

/** Instructions for the voice, such as SSML: they are not spoken. `5 < 6` and `a <b` are. */
const MARKUP = /<!--.*?-->|<\?.*?\?>|<\/?[A-Za-z][\w:-]*(?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*\/?>/gs;

/** The text that a session speaks, without markup, where it is known. */
export function scriptOf({ recording }: Evidence, streamId: string): string | undefined {
  return recording.streams.find((stream) => stream.streamId === streamId)?.script?.replace(MARKUP, ' ');
}

/** Compared without case, white space, punctuation and compatibility forms (NFKC). */
export function spelled(text: string): string {
  return withoutForm(text).replace(/[\p{P}\p{White_Space}\p{Cf}]+/gu, '');
}

/** Whether the words of a subscription are its script to the last mark: then no word event is one too many. */
export function isItsScript(evidence: Evidence, { streamId, transcript }: Subscription): boolean {
  const script = scriptOf(evidence, streamId);
  if (script === undefined) return false;
  const unspaced = (text: string): string => withoutForm(text).replace(/\p{White_Space}+/gu, '');
  const [words, whole] = [unspaced(transcript.words.text.join('')), unspaced(script)];
  // One that was cut has the beginning of it.
  return hasEnded(transcript) ? words === whole : whole.startsWith(words);
}

function withoutForm(text: string): string {
  return text.normalize('NFKC').toUpperCase().normalize('NFKC');
}
