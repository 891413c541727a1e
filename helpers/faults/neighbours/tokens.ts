import type { TimedWord } from '../../reference/pipeline.ts';
import { isPunctuation } from '../../reference/tokens.ts';
import { milliseconds, withVoice } from '../overrides.ts';
import type { Neighbour } from '../types.ts';

/** Speaks exactly these tokens, white space between them, as the reference voice speaks words. */
function speaks(id: string, sentence: string, script: string): Neighbour {
  return {
    id,
    sentence,
    near: 'tokens.punctuation-apart',
    script,
    stages: () => ({
      voice(text, from) {
        let now = from === 0 ? 0.2 : from;
        const words: TimedWord[] = [];
        for (const word of text.split(/\s+/u).filter((token) => token !== '')) {
          const length = isPunctuation(word) ? 0.06 : 0.28;
          words.push({ word, start: milliseconds(now), end: milliseconds(now + length) });
          now += length + 0.03;
        }
        return { words, until: milliseconds(now) };
      },
    }),
  };
}

export const tokensNeighbours: readonly Neighbour[] = [
  speaks(
    'apostrophes-and-hyphens',
    'Speaks contractions, possessives, elisions and hyphenated words.',
    "don't rock'n'roll , the boys' well-known 'cause it's o'clock . ’tis l’été , mother-in-law's 'n' roll .",
  ),
  speaks(
    'numbers-and-signs',
    'Speaks numbers, prices, percentages and signs.',
    '3.14 1,000 , 10:30 $5 5% C++ #1 . @me AT&T , x² -5 +3 1/2 ½ 20°C € 1.000,50 ! 24/7 10:30:15 .5 C# .',
  ),
  speaks(
    'abbreviations',
    'Speaks abbreviations that end in a full stop.',
    'U.S. Mr. Smith and Dr. Jones , e.g. in Washington D.C. at 5 p.m. or i.e. No. 7 , J. R. Tolkien , etc. and so on .',
  ),
  speaks(
    'addresses',
    'Speaks names of sites, files and mail addresses.',
    'heygen.com or www.example.org , mail me@example.com and read.me node.js v1.2.3 then https://example.com/a?b=c .',
  ),
  speaks(
    'names-with-marks',
    'Speaks names that hold an exclamation mark.',
    'She works at Yahoo! in town , and watches Jeopardy! every day . So do we !',
  ),
  speaks(
    'marks-in-a-row',
    'Speaks tokens that are all punctuation.',
    'Well ... what ?! no — yes !! “ maybe ” « non » ( so ) [ x ] … end ?! ¿ qué ? ¡ no !',
  ),
  speaks('emoji', 'Speaks emoji and symbols.', 'so 😀 happy 👩‍👩‍👧 , we ❤️ it ! 🇫🇷 and #️⃣ or ™ © x² ♪ la la ♪ yes .'),
  speaks(
    'arabic',
    'Speaks Arabic, with its own marks.',
    'مرحبا ، كيف حالك ؟ أنا بخير ؛ شكرا لك ۔ نعم يا صديقي العزيز .',
  ),
  speaks(
    'hindi',
    'Speaks Hindi, with combining signs and the danda.',
    'नमस्ते , आप कैसे हैं ? मैं ठीक हूँ । धन्यवाद दोस्त , फिर मिलेंगे ॥',
  ),
  speaks('thai', 'Speaks Thai, which writes no spaces.', 'สวัสดี ครับ วันนี้ อากาศ ดี มาก ๆ เรา ไป เที่ยว กัน นะ ฯลฯ'),
  speaks(
    'chinese',
    'Speaks Chinese, with full-width marks.',
    '你好 ， 世界 ！ 今天 天气 很 好 。 我们 去 《 公园 》 吗 ？ 好 的 。',
  ),
  speaks(
    'japanese',
    'Speaks Japanese, with its middle dot and long vowels.',
    'こんにちは 、 世界 。 「 コーヒー 」 を 飲み ます か ？ ジョン・スミス です 。',
  ),
  speaks(
    'hebrew',
    'Speaks Hebrew, with geresh and gershayim inside words.',
    'שלום , מה שלומך ? צה״ל ג׳ירפה ארה״ב , טוב מאוד . תודה רבה !',
  ),
  speaks(
    'german-ordinals',
    'Speaks German ordinals and abbreviations.',
    'Am 3. Mai kam z.B. Herr Dr. Groß , usw. und am 1. Juni ca. 20 Gäste .',
  ),
  {
    id: 'partial-words',
    sentence: 'Sends words in parts, each with its own time.',
    near: 'tokens.script',
    stages: (defaults) =>
      withVoice(defaults, (words) =>
        words.flatMap(({ word, start, end }) => {
          const letters = [...word];
          if (letters.length < 6 || !/^\p{L}+$/u.test(word)) return [{ word, start, end }];
          const middle = milliseconds((start + end) / 2);
          return [
            { word: letters.slice(0, 3).join(''), start, end: middle },
            { word: letters.slice(3).join(''), start: middle, end },
          ];
        }),
      ),
  },
  {
    id: 'script-without-punctuation',
    sentence: 'Speaks a script that has no punctuation, and sends none.',
    near: 'tokens.punctuation-present',
    script: 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen',
  },
  {
    id: 'numbers-spoken-as-words',
    sentence: 'Speaks 5% as five percent, which the script does not spell.',
    near: 'tokens.script',
    warns: ['tokens.script'],
    script: 'We keep 5% of it, as ever. And then we go home, slowly, all of us.',
    stages: (defaults) => ({
      voice: (text, from) => defaults.voice(text.replaceAll('5%', 'five percent'), from),
    }),
  },
];
