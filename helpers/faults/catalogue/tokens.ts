import type { Stages, TimedWord, Utterance } from '../../reference/pipeline.ts';
import { isPunctuation } from '../../reference/tokens.ts';
import { inLongSession, longText, saidWord, saidWords } from '../overrides.ts';
import type { Fault } from '../types.ts';

/** Glues marks to the word before or after them, in the voice: every subscriber sees it. */
function gluing(mark: RegExp, side: 'before' | 'after' = 'after') {
  return (defaults: Stages): Partial<Stages> => ({
    voice(text, from): Utterance {
      const { words, until } = defaults.voice(text, from);
      const glued: TimedWord[] = [];
      let open: TimedWord | undefined;
      for (const word of words) {
        const previous = glued.at(-1);
        if (side === 'before' && mark.test(word.word)) open = word;
        else if (side === 'after' && mark.test(word.word) && previous !== undefined && !isPunctuation(previous.word))
          glued[glued.length - 1] = { ...previous, word: previous.word + word.word, end: word.end };
        else {
          glued.push(open === undefined ? word : { ...word, word: open.word + word.word, start: open.start });
          open = undefined;
        }
      }
      return { words: glued, until };
    },
  });
}

const CHINESE =
  '大家好。今天天气很好，我们去公园散步。你们觉得怎么样？我觉得很好！明天也是好天气，我们再去一次。请大家带好水和食物。我们早上八点出发，下午三点回来。再见。';
const HINDI = 'नमस्ते। आज मौसम अच्छा है। हम बाग में चलते हैं। आप कैसे हैं? मैं ठीक हूँ। कल हम फिर मिलेंगे। सब लोग समय पर आएँ। धन्यवाद।';
const ARABIC =
  'مرحبا بكم جميعا. كيف حالكم اليوم؟ الطقس جميل، ونحن نذهب إلى الحديقة. هل تريدون أن تأتوا معنا؟ سنعود بعد الظهر. شكرا لكم.';
const SPANISH =
  '¿Qué tal estáis hoy? Hoy hace buen tiempo. ¡Vamos al parque! ¿Queréis venir con nosotros? Volveremos por la tarde. Muchas gracias a todos.';

export const tokensFaults: readonly Fault[] = [
  {
    id: 'punctuation-glued',
    sentence: 'It splits text at spaces, so that punctuation stays with its word.',
    stages: gluing(/^\p{P}+$/u),
    turns: { 'tokens.punctuation-apart': 'fail' },
  },
  {
    id: 'commas-glued',
    sentence: 'It sets full stops apart, and leaves commas with their words.',
    stages: gluing(/^,$/),
    turns: { 'tokens.punctuation-apart': 'fail' },
  },
  {
    id: 'question-mark-glued',
    sentence: 'It knows no question marks.',
    stages: gluing(/^\?$/),
    turns: { 'tokens.punctuation-apart': 'fail' },
  },
  {
    id: 'opening-quote-glued',
    sentence: 'It leaves opening quotation marks with the word that follows.',
    stages: gluing(/^["“]$/, 'before'),
    turns: { 'tokens.punctuation-apart': 'fail' },
  },
  {
    id: 'chinese-stop-glued',
    sentence: 'It knows the punctuation of ASCII only, which shows in Chinese.',
    script: CHINESE,
    stages: gluing(/^[。，！？]$/),
    turns: { 'tokens.punctuation-apart': 'fail' },
  },
  {
    id: 'danda-glued',
    sentence: 'It does not know the danda, which shows in Hindi.',
    script: HINDI,
    stages: gluing(/^।$/),
    turns: { 'tokens.punctuation-apart': 'fail' },
  },
  {
    id: 'arabic-question-mark-glued',
    sentence: 'It does not know the Arabic question mark.',
    script: ARABIC,
    stages: gluing(/^؟$/),
    turns: { 'tokens.punctuation-apart': 'fail' },
  },
  {
    id: 'inverted-question-mark-glued',
    sentence: 'It leaves the inverted question mark with the word that follows, which shows in Spanish.',
    script: SPANISH,
    stages: gluing(/^¿$/, 'before'),
    turns: { 'tokens.punctuation-apart': 'fail' },
  },
  {
    id: 'punctuation-glued-in-long-session',
    sentence: 'After ten minutes a fallback tokenizer takes over, which splits at spaces.',
    completed: [longText],
    stages: (defaults) =>
      saidWords(
        defaults,
        (words) =>
          words.flatMap((word, at) => {
            const next = words[at + 1];
            if (word.start < 200) return [word];
            if (isPunctuation(word.word) && at > 0) return [];
            return [next !== undefined && isPunctuation(next.word) ? { ...word, word: word.word + next.word } : word];
          }),
        inLongSession,
      ),
    turns: { 'tokens.punctuation-apart': 'fail' },
  },
  {
    id: 'no-punctuation',
    sentence: 'Its speech recogniser hears no punctuation.',
    stages: (defaults) => ({
      voice(text, from) {
        const { words, until } = defaults.voice(text, from);
        return { words: words.filter(({ word }) => !isPunctuation(word)), until };
      },
    }),
    turns: { 'tokens.punctuation-present': 'fail' },
  },
  {
    id: 'no-punctuation-in-long-session',
    sentence: 'It leaves punctuation out of recorded sessions, whose script nobody knows.',
    completed: [longText],
    stages: (defaults) =>
      saidWords(defaults, (words) => words.filter(({ word }) => !isPunctuation(word)), inLongSession),
    turns: { 'tokens.punctuation-present': 'warn', 'schema.nonempty-batch': 'warn' },
  },
  {
    id: 'words-of-a-recogniser',
    sentence: 'Its words are heard, not taken from the script, and some are heard wrongly.',
    stages: (defaults) => saidWord(defaults, (word) => (word.word === 'welcome' ? { ...word, word: 'well' } : word)),
    turns: { 'tokens.script': 'warn' },
  },
  {
    id: 'accents-lost',
    sentence: 'It drops letters that are not ASCII.',
    stages: (defaults) => saidWord(defaults, (word) => ({ ...word, word: word.word.replace(/[^\p{ASCII}]/gu, '') })),
    turns: { 'tokens.script': 'warn' },
  },
  {
    id: 'numbers-left-out',
    sentence: 'It gives no words for numbers.',
    stages: (defaults) => ({
      voice(text, from) {
        const { words, until } = defaults.voice(text, from);
        return { words: words.filter(({ word }) => !/\p{N}/u.test(word)), until };
      },
    }),
    turns: { 'tokens.script': 'warn' },
  },
  {
    id: 'words-of-the-prompt',
    sentence: 'It speaks the instructions to its voice before the script.',
    stages: (defaults) => ({
      voice: (text, from) => defaults.voice(from === 0 ? `Speak warmly. ${text}` : text, from),
    }),
    turns: { 'tokens.script': 'warn' },
  },
];
