import type { TimedWord } from '../reference/pipeline.ts';
import { isPunctuation } from '../reference/tokens.ts';
import { type Fault, faultsOf, type Variant, variantsNear } from './cases.ts';
import {
  inLongSession,
  longText,
  milliseconds,
  type Override,
  respelt,
  saidWord,
  saidWords,
  spokenWord,
  withVoice,
} from './overrides.ts';

/** Marks become part of the word before them, where it is one that `to` picks. */
export function gluedAfter(words: readonly TimedWord[], mark: RegExp, to = /^/): readonly TimedWord[] {
  const glued: TimedWord[] = [];
  for (const word of words) {
    const before = glued.at(-1);
    if (before && mark.test(word.word) && !isPunctuation(before.word) && to.test(before.word))
      glued[glued.length - 1] = { ...before, word: before.word + word.word, end: word.end };
    else glued.push(word);
  }
  return glued;
}

function gluing(mark: RegExp, to?: RegExp): Override {
  return withVoice((words) => gluedAfter(words, mark, to));
}

/** Opening marks become part of the word that follows. */
function gluingBefore(mark: RegExp): Override {
  return spokenWord((word, index, words) => {
    const opening = words[index - 1];
    if (mark.test(word.word)) return [];
    return opening && mark.test(opening.word)
      ? { ...word, word: opening.word + word.word, start: opening.start }
      : word;
  });
}

function withoutMarks(mark: RegExp): Override {
  return spokenWord((word) => (mark.test(word.word) ? [] : word));
}

const CHINESE =
  '大家好。今天天气很好，我们去公园散步。你们觉得怎么样？我觉得很好！明天也是好天气，我们再去一次。请大家带好水和食物。我们早上八点出发，下午三点回来。再见。';
const HINDI = 'नमस्ते। आज मौसम अच्छा है। हम बाग में चलते हैं। आप कैसे हैं? मैं ठीक हूँ। कल हम फिर मिलेंगे। सब लोग समय पर आएँ। धन्यवाद।';
const ARABIC =
  'مرحبا بكم جميعا. كيف حالكم اليوم؟ الطقس جميل، ونحن نذهب إلى الحديقة. هل تريدون أن تأتوا معنا؟ سنعود بعد الظهر. شكرا لكم.';
const SPANISH =
  '¿Qué tal estáis hoy? Hoy hace buen tiempo. ¡Vamos al parque! ¿Queréis venir con nosotros? Volveremos por la tarde. Muchas gracias a todos.';

export const faults: readonly Fault[] = [
  ...faultsOf('tokens.punctuation-apart', 'fail', {
    'punctuation-glued': ['It splits text at spaces, so that punctuation stays with its word.', gluing(/^\p{P}+$/u)],
    'commas-glued': ['It sets full stops apart, and leaves commas with their words.', gluing(/^,$/)],
    'question-mark-glued': ['It knows no question marks.', gluing(/^\?$/)],
    'opening-quote-glued': ['It leaves opening quotation marks with the word that follows.', gluingBefore(/^["“]$/)],
    'chinese-stop-glued': [
      'It knows the punctuation of ASCII only, which shows in Chinese.',
      gluing(/^[。，！？]$/),
      { script: CHINESE },
    ],
    'danda-glued': ['It does not know the danda, which shows in Hindi.', gluing(/^।$/), { script: HINDI }],
    'arabic-question-mark-glued': ['It does not know the Arabic question mark.', gluing(/^؟$/), { script: ARABIC }],
    'inverted-question-mark-glued': [
      'It leaves the inverted question mark with the word that follows, which shows in Spanish.',
      gluingBefore(/^¿$/),
      { script: SPANISH },
    ],
    'punctuation-glued-in-long-session': [
      'After ten minutes a fallback tokenizer takes over, which splits at spaces.',
      saidWords(
        (words) =>
          words.flatMap((word, at) => {
            const next = words[at + 1];
            if (word.start < 200) return [word];
            if (isPunctuation(word.word) && at > 0) return [];
            return [next !== undefined && isPunctuation(next.word) ? { ...word, word: word.word + next.word } : word];
          }),
        inLongSession,
      ),
      { completed: [longText] },
    ],
    'full-stop-glued-to-some-words': [
      'Its list of abbreviations is too long: it keeps the full stop of some words that end a sentence.',
      gluing(/^\.$/, /^(?:5pm|COVID-19)$/),
      {
        script:
          'Here we go, then, all of us. The shop shuts at 5pm. Then we leave. So it was COVID-19. The end is near. It is over now.',
      },
    ],
    'double-hyphen-glued': [
      'It knows no double hyphens.',
      gluing(/^--$/),
      {
        script:
          'But wait -- she said, as ever -- and then we go. So it is, and here it ends. It is over now, all of it.',
      },
    ],
    'en-dash-glued': [
      'It leaves en dashes with the word before them.',
      gluing(/^–$/),
      {
        script: 'But wait – she said, as ever – and then we go. So it is, and here it ends. It is over now, all of it.',
      },
    ],
  }),
  ...faultsOf('tokens.punctuation-present', 'fail', {
    'no-punctuation': ['Its speech recogniser hears no punctuation.', withoutMarks(/^\p{P}+$/u)],
    'commas-dropped': ['It gives full stops and question marks, and no commas.', withoutMarks(/^,$/)],
    'commas-spelt-out': [
      'Its voice reads commas aloud, as words.',
      spokenWord(respelt((word) => (word === ',' ? 'comma' : word))),
      { also: { 'tokens.script': 'warn' } },
    ],
  }),
  ...faultsOf('tokens.punctuation-present', 'warn', {
    'no-punctuation-in-long-session': [
      'It leaves punctuation out of recorded sessions, whose script nobody knows.',
      saidWords((words) => words.filter(({ word }) => !isPunctuation(word)), inLongSession),
      { completed: [longText], also: { 'schema.nonempty-batch': 'warn' } },
    ],
  }),
  ...faultsOf('tokens.script', 'fail', {
    'characters-decoded-in-pieces': [
      'It decodes the UTF-8 of its voice chunk by chunk, and cuts characters in two.',
      saidWord(respelt((word) => word.replace(/[^\0-\x7f]/, '\uFFFD\uFFFD'))),
      { script: 'Zoë went to the café, and Zoë said: thank you. We all spoke of the sea. Then Zoë left.' },
    ],
    'escaped-for-html': [
      'It escapes its words for HTML.',
      saidWord(respelt((word) => word.replace(/["&']/g, (mark) => `&#${mark.charCodeAt(0)};`))),
      { script: 'Tom & Jerry said: "Do not go, it is late." And they said: "We know." Then Tom & Jerry left.' },
    ],
    'utf-8-read-as-latin-1': [
      'It reads the UTF-8 of its voice as Latin-1.',
      saidWord(({ word, ...times }) => ({ word: Buffer.from(word).toString('latin1'), ...times })),
      {
        script:
          'Zoë went to the café, and Zoë said: thank you, Zoë. We all sat down at the old café and spoke of the sea. Then Zoë left.',
      },
    ],
  }),
  ...faultsOf('tokens.script', 'warn', {
    'words-of-a-recogniser': [
      'Its words are heard, not taken from the script, and some are heard wrongly.',
      saidWord(respelt((word) => (word === 'welcome' ? 'well' : word))),
    ],
    'accents-lost': [
      'It drops letters that are not ASCII.',
      saidWord(respelt((word) => word.replace(/[^\p{ASCII}]/gu, ''))),
    ],
    'numbers-left-out': ['It gives no words for numbers.', withoutMarks(/\p{N}/u)],
    'words-of-the-prompt': [
      'It speaks the instructions to its voice before the script.',
      (defaults) => ({
        voice: (text, from) => defaults.voice(from === 0 ? `Speak warmly. ${text}` : text, from),
      }),
    ],
  }),
];

/** Speaks the tokens of the script as they stand, white space between them, as the reference voice speaks words. */
const tokenByToken: Override = () => ({
  voice(text, from) {
    let now = from === 0 ? 0.2 : from;
    const words = (text.match(/\S+/gu) ?? []).map((word) => {
      const start = now;
      const end = now + (isPunctuation(word) ? 0.06 : 0.28);
      now = end + 0.03;
      return { word, start: milliseconds(start), end: milliseconds(end) };
    });
    return { words, until: milliseconds(now) };
  },
});

function speaks(sentence: string, script: string) {
  return [sentence, tokenByToken, { script }] as const;
}

export const variants: readonly Variant[] = [
  ...variantsNear('tokens.punctuation-apart', {
    'apostrophes-and-hyphens': speaks(
      'Speaks contractions, possessives, elisions and hyphenated words.',
      "don't rock'n'roll , the boys' well-known 'cause it's o'clock . ’tis l’été , mother-in-law's 'n' roll .",
    ),
    'numbers-and-signs': speaks(
      'Speaks numbers, prices, percentages and signs.',
      '3.14 1,000 , 10:30 $5 5% C++ #1 . @me AT&T , x² -5 +3 1/2 ½ 20°C € 1.000,50 ! 24/7 10:30:15 .5 C# .',
    ),
    abbreviations: speaks(
      'Speaks abbreviations that end in a full stop.',
      'U.S. Mr. Smith and Dr. Jones , e.g. in Washington D.C. at 5 p.m. or i.e. No. 7 , J. R. Tolkien , etc. and so on .',
    ),
    'abbreviation-at-the-end-too': speaks(
      'Speaks an abbreviation that no list has, in the middle of its script and at the end.',
      'Northants. County came to play , and so did we . They had a fine day of it in Northants.',
    ),
    addresses: speaks(
      'Speaks names of sites, files and mail addresses.',
      'heygen.com or www.example.org , mail me@example.com and read.me node.js v1.2.3 then https://example.com/a?b=c .',
    ),
    'names-with-marks': speaks(
      'Speaks names that hold an exclamation mark.',
      'She works at Yahoo! in town , and watches Jeopardy! every day . So do we !',
    ),
    'marks-in-a-row': speaks(
      'Speaks tokens that are all punctuation.',
      'Well ... what ?! no — yes !! “ maybe ” « non » ( so ) [ x ] … end ?! ¿ qué ? ¡ no !',
    ),
    emoji: speaks('Speaks emoji and symbols.', 'so 😀 happy 👩‍👩‍👧 , we ❤️ it ! 🇫🇷 and #️⃣ or ™ © x² ♪ la la ♪ yes .'),
    arabic: speaks(
      'Speaks Arabic, with its own marks.',
      'مرحبا ، كيف حالك ؟ أنا بخير ؛ شكرا لك ۔ نعم يا صديقي العزيز .',
    ),
    hindi: speaks(
      'Speaks Hindi, with combining signs and the danda.',
      'नमस्ते , आप कैसे हैं ? मैं ठीक हूँ । धन्यवाद दोस्त , फिर मिलेंगे ॥',
    ),
    thai: speaks('Speaks Thai, which writes no spaces.', 'สวัสดี ครับ วันนี้ อากาศ ดี มาก ๆ เรา ไป เที่ยว กัน นะ ฯลฯ'),
    chinese: speaks(
      'Speaks Chinese, with full-width marks.',
      '你好 ， 世界 ！ 今天 天气 很 好 。 我们 去 《 公园 》 吗 ？ 好 的 。',
    ),
    japanese: speaks(
      'Speaks Japanese, with its middle dot and long vowels.',
      'こんにちは 、 世界 。 「 コーヒー 」 を 飲み ます か ？ ジョン・スミス です 。',
    ),
    hebrew: speaks(
      'Speaks Hebrew, with geresh and gershayim inside words.',
      'שלום , מה שלומך ? צה״ל ג׳ירפה ארה״ב , טוב מאוד . תודה רבה !',
    ),
    'german-ordinals': speaks(
      'Speaks German ordinals and abbreviations.',
      'Am 3. Mai kam z.B. Herr Dr. Groß , usw. und am 1. Juni ca. 20 Gäste .',
    ),
    'german-abbreviations': speaks(
      'Speaks German abbreviations before nouns, which have capitals.',
      'Der stellv. Vorsitzende kam . Der 1000. Besucher , die öffentl. Hand und der beauftr. Richter auch . Ende .',
    ),
    'croatian-and-polish': speaks(
      'Speaks ordinals and abbreviations of Croatian and Polish before names.',
      'Od 1991. Hrvatska je slobodna . W § 3 rozporz. Rady Polska ma rację . I tak dalej , i tak dalej .',
    ),
    'thai-abbreviations': speaks(
      'Speaks Thai, whose full stops abbreviate.',
      'ประกาศ ของ กสทช. เรื่อง คลื่น ความถี่ พ.ศ. 2567 ใน กรุงเทพฯ มี ผล แล้ว วัน นี้',
    ),
    'hindi-initials': speaks(
      'Speaks Hindi with initials, whose sentences end with the danda.',
      'डॉ. ए. पी. जे. अब्दुल कलाम आए । एम. डब्ल्यू. शर्मा भी आए । सब लोग खुश हैं ।',
    ),
    'addresses-in-parts': speaks(
      'Speaks addresses part by part.',
      'Go to https:// heygen.com / docs , or open C:\\ data . Then come back , all of you , by now .',
    ),
  }),
  ...variantsNear('tokens.punctuation-present', {
    'thai-prose-of-unknown-script': [
      'Speaks a long text in Thai, which has no punctuation.',
      { completed: ['สวัสดีครับวันนี้อากาศดีมากเราไปเที่ยวกันนะแล้วกลับมากินข้าวที่บ้านตอนเย็น '.repeat(4)] },
    ],
    'script-without-punctuation': [
      'Speaks a script that has no punctuation, and sends none.',
      { script: 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen' },
    ],
  }),
  ...variantsNear('tokens.script', {
    'partial-words': [
      'Sends words in parts, each with its own time.',
      withVoice((words) =>
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
    ],
    'numbers-spoken-as-words': [
      'Speaks 5% as five percent, which the script does not spell.',
      (defaults) => ({
        voice: (text, from) => defaults.voice(text.replaceAll('5%', 'five percent'), from),
      }),
      { script: 'We keep 5% of it, as ever. And then we go home, slowly, all of us.' },
    ],
  }),
];
