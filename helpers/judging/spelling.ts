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

/** Scripts that set no spaces between words. */
const UNSPACED =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\p{sc=Tibetan}]/u;
const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

/**
 * The words of a script, each as it is compared. Where no spaces part them, each two words in a row stand for one:
 * voices cut such text in several ways.
 */
export function spelledWords(script: string): readonly string[] {
  return script.split(/[\s\p{White_Space}—―…,;:!?。，、！？]+/u).flatMap((piece) => {
    if (!UNSPACED.test(piece)) return [spelled(piece)];
    const segments = [...segmenter.segment(piece)].map(({ segment }) => spelled(segment)).filter((one) => one !== '');
    return segments.map((segment, index) => segment + (segments[index + 1] ?? ''));
  });
}

/** Whether the words of a subscription are its script to the last mark: then no word event is one too many. */
export function isItsScript(evidence: Evidence, { streamId, transcript }: Subscription): boolean {
  const script = scriptOf(evidence, streamId);
  if (script === undefined) return false;
  const [words, whole] = [unspaced(transcript.words.text.join('')), unspaced(script)];
  // One that was cut has the beginning of it.
  return hasEnded(transcript) ? words === whole : whole.startsWith(words);
}

/** Whether a text stands somewhere in a script, whatever the spaces; a text with letters also whatever the marks. */
export function isPartOf(script: string): (text: string) => boolean {
  const [marked, plain] = [unspaced(script), spelled(script)];
  return (text) => {
    const letters = spelled(text);
    return marked.includes(unspaced(text)) || (letters !== '' && plain.includes(letters));
  };
}

/** Compared without case, white space and compatibility forms (NFKC). */
export function unspaced(text: string): string {
  return withoutForm(text).replace(/\p{White_Space}+/gu, '');
}

function withoutForm(text: string): string {
  return text.normalize('NFKC').toUpperCase().normalize('NFKC');
}
