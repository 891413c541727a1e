import type { Check, Subscription } from '../../helpers/judging/check.ts';
import { atWord, counted, quoted } from '../../helpers/judging/findings.ts';
import { isBlank, oddWordsOf } from '../../helpers/judging/odd-words.ts';
import { perTranscript } from '../../helpers/judging/root-causes.ts';

export const oneToken: Check = {
  id: 'schema.one-token',
  sentence: 'The word of a word event is one token, without white space inside it.',
  judge(evidence, findings) {
    const notes = { 'white space at an edge': 0, 'a control character': 0 };
    for (const { subscription, word, text } of oddWordsOf(evidence, findings)) {
      if (isBlank(text)) continue;
      if (EDGE_SPACE.test(text)) notes['white space at an edge'] += 1;
      if (/(?!\s)\p{Cc}/u.test(text)) notes['a control character'] += 1;
      if (!INNER_SPACE.test(text.replace(DIGIT_GROUPING, '')) || isWordWithSpaces(subscription, text)) continue;
      findings.violate(() => ({
        message: `A word holds white space inside: ${quoted(text)}.`,
        expected: ['one token, without white space inside', 'a number (10 000) or a Vietnamese word, which have it'],
        actual: quoted(text),
        ...atWord(subscription, word),
      }));
    }
    for (const [what, count] of Object.entries(notes))
      if (count > 0) findings.note(`${counted(count, 'word')} ${count === 1 ? 'has' : 'have'} ${what}.`);
  },
};

const INNER_SPACE = /\S(?:[\s\p{White_Space}]+)\S/u;
const EDGE_SPACE = /^[\s\p{White_Space}]|[\s\p{White_Space}]$/u;
/** `10 000` is one token. */
const DIGIT_GROUPING = /(?<=\p{N})[ \u00A0\u2007\u2009\u202F](?=\p{N}{3}(?!\p{N}))/gu;

/** Vietnamese writes a space between the syllables of a word. */
function isWordWithSpaces({ transcript }: Subscription, text: string): boolean {
  return /^[\p{L}\p{M}]+(?: [\p{L}\p{M}]+){1,3}$/u.test(text) && isVietnamese(transcript);
}

/** Letters that only Vietnamese has. */
const VIETNAMESE = /[\u1EA0-\u1EF9ơưƠƯ]/u;
const SAMPLED_WORDS = 1000;
const SHARE_OF_WORDS = 0.1;

const isVietnamese = perTranscript(({ words: { text } }): boolean => {
  const sample = text.slice(0, SAMPLED_WORDS);
  return sample.filter((token) => VIETNAMESE.test(token.normalize('NFC'))).length > sample.length * SHARE_OF_WORDS;
});
