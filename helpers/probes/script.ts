/**
 * What the run lets a session say where the operator gives no text: contractions, numbers, abbreviations, quotes, a question,
 * letters beyond ASCII, a word twice in a row. `opening` lasts about twelve seconds; an extension three, for as long as the
 * probes need more.
 */
export const BUILT_IN_SCRIPT = {
  opening:
    "Hello, and welcome to the café! We don't guess, we measure: 3.14 seconds, 1,000 words, ten tests. " +
    'Is every word here, in order? "Yes," says Dr. Zoë, "I see that that is so."',
  extensions: [
    ' Some listeners arrive late, and they still hear it all.',
    ' Others leave, come back, and nothing is missing.',
    ' A comma, a pause; a well-known phrase.',
    ' Numbers such as 10:30 or 5% stay whole.',
    ' We wait a little longer, for a slower friend.',
  ],
  closing: ' That is all for now. Goodbye!',
} as const;

/** The text with the words of an authority as its last sentence. */
export function withChallenge(text: string, challenge: string | undefined): string {
  return challenge === undefined ? text : `${text.trimEnd()} ${challenge}.`;
}

/** What the session that nobody watches speaks: about five seconds, in words that are spoken as they are written. */
export const UNWATCHED_SCRIPT = 'Nobody listens to these words while they are spoken, and every one of them is kept.';

/** Where a sentence begins: after a space in scripts that write them, at once after an ideographic full stop. */
const SENTENCE_START = /(?<=[.!?…。！？]["'”’»]?\s)\S|(?<=[。！？]["'”’»」』]?)[^\s"'”’»」』]/gu;

/**
 * A script of the operator's in two parts, the second to be sent with the close of the input: its last sentence, or
 * its last word where it has but one, or nothing where it has no spaces.
 */
export function splitScript(script: string): readonly [opening: string, closing: string] {
  const text = script.trimEnd();
  const sentence = [...text.matchAll(SENTENCE_START)].at(-1)?.index ?? 0;
  const cut = sentence > 0 ? sentence : text.lastIndexOf(' ') + 1;
  return cut > 0 ? [script.slice(0, cut), script.slice(cut)] : [script, ''];
}

/** Of an ordinary voice. */
export const WORDS_PER_SECOND = 2.5;

/** A session needs a while to start, and its voice a while to stop. */
const AROUND_SPEECH_SECONDS = 5;

/** How long a session lasts that speaks this text, in seconds. */
export function sessionSecondsOf(text: string): number {
  return Math.ceil(countSpokenWords(text) / WORDS_PER_SECOND + AROUND_SPEECH_SECONDS);
}

/** A character of Chinese or Japanese takes about half as long as a word. */
const CHARACTERS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;

/** Tokens that a voice would take time for. */
export function countSpokenWords(text: string): number {
  const characters = text.match(CHARACTERS)?.length ?? 0;
  const words = text.replace(CHARACTERS, ' ').match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’.,:%-]*/gu)?.length ?? 0;
  return words + Math.ceil(characters / 2);
}
