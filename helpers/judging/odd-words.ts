import type { Transcript } from '../transcript/transcript.ts';
import type { Evidence, Subscription } from './check.ts';
import type { Findings } from './findings.ts';
import { isSoundWord, perTranscript, soundWordCount } from './root-causes.ts';

/** White space to Unicode or to JavaScript, control characters, halves of characters. One class: it is tried on every word. */
const ODD = /[\s\p{White_Space}\p{Cc}\p{Cs}]/u;

const oddWords = perTranscript(({ words: { text } }: Transcript): readonly number[] => {
  const odd: number[] = [];
  for (let word = 0; word < text.length; word += 1) {
    const token = text[word] ?? '';
    if (token === '' || ODD.test(token)) odd.push(word);
  }
  return odd;
});

/** Observes every word of a valid batch; gives those that are empty or hold more than printable text. */
export function* oddWordsOf(
  { subscriptions }: Evidence,
  findings: Findings,
): Generator<{ readonly subscription: Subscription; readonly word: number; readonly text: string }> {
  for (const subscription of subscriptions) {
    const { transcript } = subscription;
    findings.observe(soundWordCount(transcript));
    for (const word of oddWords(transcript))
      if (isSoundWord(transcript, word)) yield { subscription, word, text: transcript.words.text[word] ?? '' };
  }
}

/** No spoken token: nothing, white space, or halves of characters (lone surrogates) alone. */
export function isBlank(text: string): boolean {
  return /^[\s\p{White_Space}\p{Cs}]*$/u.test(text);
}
