import type { Stages, TimedWord, Utterance } from '../reference/pipeline.ts';
import { isPunctuation } from '../reference/tokens.ts';
import { inLongSession, longText, milliseconds, saidWord, saidWords, withVoice } from './overrides.ts';
import type { Fault, Variant } from './types.ts';

/** Glues marks to the word before or after them, in the voice: every subscriber sees it. */
function gluing(mark: RegExp, side: 'before' | 'after' = 'after', to = /^/) {
  return (defaults: Stages): Partial<Stages> => ({
    voice(text, from): Utterance {
      const { words, until } = defaults.voice(text, from);
      const glued: TimedWord[] = [];
      let open: TimedWord | undefined;
      for (const word of words) {
        const previous = glued.at(-1);
        if (side === 'before' && mark.test(word.word)) open = word;
        else if (
          side === 'after' &&
          mark.test(word.word) &&
          previous !== undefined &&
          !isPunctuation(previous.word) &&
          to.test(previous.word)
        )
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

function withoutMarks(defaults: Stages, mark: RegExp): Partial<Stages> {
  return {
    voice(text, from) {
      const { words, until } = defaults.voice(text, from);
      return { words: words.filter(({ word }) => !mark.test(word)), until };
    },
  };
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
    stages: (defaults) => withoutMarks(defaults, /^\p{P}+$/u),
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
    id: 'commas-dropped',
    sentence: 'It gives full stops and question marks, and no commas.',
    stages: (defaults) => withoutMarks(defaults, /^,$/),
    turns: { 'tokens.punctuation-present': 'fail' },
  },
  {
    id: 'commas-spelt-out',
    sentence: 'Its voice reads commas aloud, as words.',
    stages: (defaults) =>
      withVoice(defaults, (words) => words.map((word) => (word.word === ',' ? { ...word, word: 'comma' } : word))),
    turns: { 'tokens.punctuation-present': 'fail', 'tokens.script': 'warn' },
  },
  {
    id: 'full-stop-glued-to-some-words',
    sentence: 'Its list of abbreviations is too long: it keeps the full stop of some words that end a sentence.',
    script:
      'Here we go, then, all of us. The shop shuts at 5pm. Then we leave. So it was COVID-19. The end is near. It is over now.',
    stages: gluing(/^\.$/, 'after', /^(?:5pm|COVID-19)$/),
    turns: { 'tokens.punctuation-apart': 'fail' },
  },
  {
    id: 'double-hyphen-glued',
    sentence: 'It knows no double hyphens.',
    script: 'But wait -- she said, as ever -- and then we go. So it is, and here it ends. It is over now, all of it.',
    stages: gluing(/^--$/),
    turns: { 'tokens.punctuation-apart': 'fail' },
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
    stages: (defaults) => withoutMarks(defaults, /\p{N}/u),
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

/** Speaks exactly these tokens, white space between them, as the reference voice speaks words. */
function speaks(id: string, sentence: string, script: string): Variant {
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

export const tokensVariants: readonly Variant[] = [
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
  speaks(
    'german-abbreviations',
    'Speaks German abbreviations before nouns, which have capitals.',
    'Der stellv. Vorsitzende kam . Der 1000. Besucher , die öffentl. Hand und der beauftr. Richter auch . Ende .',
  ),
  speaks(
    'croatian-and-polish',
    'Speaks ordinals and abbreviations of Croatian and Polish before names.',
    'Od 1991. Hrvatska je slobodna . W § 3 rozporz. Rady Polska ma rację . I tak dalej , i tak dalej .',
  ),
  speaks(
    'thai-abbreviations',
    'Speaks Thai, whose full stops abbreviate.',
    'ประกาศ ของ กสทช. เรื่อง คลื่น ความถี่ พ.ศ. 2567 ใน กรุงเทพฯ มี ผล แล้ว วัน นี้',
  ),
  speaks(
    'hindi-initials',
    'Speaks Hindi with initials, whose sentences end with the danda.',
    'डॉ. ए. पी. जे. अब्दुल कलाम आए । एम. डब्ल्यू. शर्मा भी आए । सब लोग खुश हैं ।',
  ),
  speaks(
    'addresses-in-parts',
    'Speaks addresses part by part.',
    'Go to https:// heygen.com / docs , or open C:\\ data . Then come back , all of you , by now .',
  ),
  {
    id: 'thai-prose-of-unknown-script',
    sentence: 'Speaks a long text in Thai, which has no punctuation.',
    near: 'tokens.punctuation-present',
    completed: ['สวัสดีครับวันนี้อากาศดีมากเราไปเที่ยวกันนะแล้วกลับมากินข้าวที่บ้านตอนเย็น '.repeat(4)],
  },
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
    script: 'We keep 5% of it, as ever. And then we go home, slowly, all of us.',
    stages: (defaults) => ({
      voice: (text, from) => defaults.voice(text.replaceAll('5%', 'five percent'), from),
    }),
  },
];
