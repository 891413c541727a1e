import type { Check } from '../../helpers/judging/check.ts';
import { atWord } from '../../helpers/judging/findings.ts';
import { isBlank, oddWordsOf } from '../../helpers/judging/odd-words.ts';

export const wordText: Check = {
  id: 'schema.word-text',
  sentence: 'The word of every word event is a spoken token, neither empty nor white space alone.',
  judge(evidence, findings) {
    for (const { subscription, word, text } of oddWordsOf(evidence, findings)) {
      if (!isBlank(text)) continue;
      const shown = codePoints(text);
      findings.violate(() => ({
        message: text === '' ? 'A word is the empty string.' : `A word holds no text: ${shown}.`,
        expected: ['a spoken token: a word, a partial word or a punctuation mark'],
        actual: text === '' ? '""' : shown,
        ...atWord(subscription, word),
      }));
    }
  },
};

function codePoints(text: string): string {
  return [...text.slice(0, 8)]
    .map((character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`)
    .join(' ');
}
