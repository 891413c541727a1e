import { expect, test } from '@playwright/test';
import { glueIn } from '../../../helpers/judging/glue.ts';
import { tokenize } from '../../../helpers/reference/tokens.ts';
import { judge, judgeBody } from '../support/judging.ts';
import { buildRecording, buildSubscription, END_FRAME, type SpokenWord, streamBody } from '../support/recordings.ts';
import { inBatches, speak } from '../support/speech.ts';

const bodyOf = (tokens: readonly string[]) => streamBody(inBatches(speak(tokens)));
const tokensOf = (text: string) => text.split(' ');
const found = (text: string, script?: string) => judgeBody(bodyOf(tokensOf(text)), script).broken;

const whole: Record<string, readonly string[]> = {
  'apostrophes inside': ["don't", "rock'n'roll", 'l’été', "O'Neill", "aujourd'hui", "ma'am"],
  'apostrophes at an edge': ["boys'", "'cause", '’90s', "'tis", 'singin’', '‘cause'],
  hyphens: ['well-known', 'pre-', '-ish', '1990–', 'e‑mail', 'בית־ספר'],
  numbers: ['3.14', '1,000', '10:30', '1.000,50', '½', 'x²', '7up', '-5', '٣٫١٤', '１２３'],
  measures: ['5%', '5‰', '80°', '6\'2"', '5″', '٪٥'],
  money: ['$5', '5€', '£3.50'],
  'abbreviations with inner periods': ['U.S.', 'e.g.', 'p.m.', 'z.B.', 'Ph.D.', 'a.k.a.', 'S.p.A.', 'т.е.', 'π.χ.'],
  'abbreviations of one piece': ['Mr.', 'Dr.', 'St.', 'No.', 'etc.', 'approx.', 'usw.', 'bzw.', 'Sra.', 'ул.', 'κ.'],
  'initials and ordinals': ['J.', '3.', '24.12.', 'XIV.'],
  'abbreviation marks of other scripts': ['กรุงเทพฯ', 'डॉ॰', 'डॉ.', 'ดร.', 'د.', 'צה"ל', 'ד״ר', 'ג׳'],
  'signs that belong to names': ['C++', 'C#', 'F*', 'AT&T', 'R&B', '.NET', '!Kung', 'Ke$ha', 'A+'],
  'signs in front': ['#1', '@me', '§5', '№5', '&c'],
  addresses: ['heygen.com', 'https://heygen.com/a', 'me@heygen.com'],
  'brackets that belong to the word': ['(re)think', 'word(s)', 'f(x)', '[laughter]'],
  emoticons: [':D', ';P', ':smile:'],
  emoji: ['👍', '👨‍👩‍👧', '#️⃣', '1️⃣', '❤️', '🇫🇷'],
  'marks of their own': ['...', '?!', '—', '…', '¿', '¡', '“', '”', '。', '؟', '।', '(', ')', '«', '»', '//'],
  'scripts that use no spaces': ['你好', '人々', 'こんにちは', 'スーパー', 'สวัสดี', 'ວຽງຈັນ', 'མཚན་', 'ភាសាខ្មែរ'],
  'scripts with marks above and below': ['नमस्ते', 'مَرْحَبًا', 'שָׁלוֹם', 'e\u0301', 'தமிழ்', 'ਪੰਜਾਬੀ'],
  'marks that stand inside Armenian words': ['Ի՞նչ', 'այո՞', 'ո՜վ'],
  'word dividers': ['ሰላም፡', 'བོད་'],
  'joiners and direction marks': ['صفحه\u200cها', 'क्\u200dष', '\u200fשלום\u200f'],
};

for (const [name, tokens] of Object.entries(whole))
  for (const token of tokens)
    test(`conforms: ${name}: ${token}`, () => {
      expect(judgeBody(bodyOf([token, 'and', 'so', 'on', '.'])).broken).toEqual([]);
      expect(judgeBody(bodyOf(['Then', 'came', token])).broken).toEqual([]);
    });

const glued: Record<string, readonly string[]> = {
  'ASCII marks': ['Hello,', 'why?', 'Hello!', 'Hello:', 'one;', 'world.', 'Ada.', ',and'],
  quotes: [
    '"Hi',
    'Hi"',
    '“Hi',
    'Hi”',
    '«Bonjour',
    'Bonjour»',
    '„Hallo',
    'Hallo“',
    '‹a',
    '「好',
    '好」',
    '『好',
    '"Hi"',
  ],
  brackets: ['(hello', 'world)', '(hello)', '（好', '好）', '《书', 'word]', '{a'],
  'inverted marks': ['¿Qué', '¡Hola'],
  ellipses: ['word…', 'word...', '...and', '…and', 'word..'],
  dashes: ['word—', '—word', 'word―'],
  'Chinese and Japanese': ['好。', '好，', '好、', '好！', '吗？', 'です｡'],
  'Arabic and Urdu': ['مرحبا؟', 'مرحبا،', 'مرحبا؛', 'شکریہ۔', 'مرحبا.'],
  'scripts of India': ['नमस्ते।', 'नमस्ते॥', 'ধন্যবাদ।'],
  'other scripts': ['ሰላም።', 'Բարեւ։', 'မင်္ဂလာပါ။', 'ជំរាបសួរ។', 'བོད།', 'γεια;', 'привет.', 'שלום.', '안녕.'],
  'after a sign or a digit': ['5%.', 'C++,', 'U.S.,', '5?', '1990,', '1990.', '$5.', "boys',", 'e\u0301,', "'Hi,'"],
  'before a direction mark': ['שלום,\u200f'],
};

for (const [name, tokens] of Object.entries(glued))
  for (const token of tokens)
    test(`found: ${name}: ${token}`, () => {
      const judged = judgeBody(bodyOf(['then', 'came', token]));
      expect(judged.broken).toEqual(['tokens.punctuation-apart']);
      expect(judged.of('tokens.punctuation-apart').violations[0]).toMatchObject({
        word: 2,
        event: 0,
        exchange: 'first',
      });
    });

const periods: Record<string, readonly [text: string, flagged: readonly number[]]> = {
  'a listed abbreviation before a name': ['Then Dr. Ada came in .', []],
  'an unlisted long one before lower case': ['We met approximat. five times .', []],
  'an abbreviation before a comma': ['at Smith Inc. , they said so .', []],
  'an abbreviation, where full stops stand apart elsewhere': ['Der stellv. Vorsitzende kam . Dann ging er .', []],
  'a word at the end of a sentence, likewise': ['I saw the morning. Then I left .', []],
  'short words at three ends of sentences, no period apart': [
    'I saw Ada. You ran home. We ate cake. They left',
    [2, 5, 8],
  ],
  'one abbreviation, no period apart': ['Der stellv. Vorsitzende kam !', []],
  'a word that also stands alone, no period apart': ['I saw Ada. Then Ada left', [2]],
  'the last word of a finished stream': ['my name is Ada.', [3]],
  'an ordinal before a noun': ['am 3. Oktober war der 1000. Besucher da , 1991. Hrvatska', []],
  'text without upper case': ['i saw the morning. then i left early. so it was', [3, 7]],
  Korean: ['나는 갔다. 너는 왔다. 우리는', [1, 3]],
  'Thai, which ends no sentence with one': ['ประกาศ ของ กสทช. เรื่อง นี้ และ กรุงเทพฯ', []],
  'initials in Hindi, which has the danda': ['डॉ. ए. पी. जे. डब्ल्यू. कलाम आए । वे बोले ।', []],
  'abbreviations of Polish, Croatian and English': ['§ 2 rozporz. Rady . Zemlja Northants. County .', []],
  'a name with an exclamation mark, in mid-sentence': ['I work at Yahoo! in town , and saw Jeopardy! .', []],
  'a long abbreviation before a name': ['the öffentl. Dienst and the Philos. Transactions .', []],
  'a name with an exclamation mark, before another': ['we joined Yahoo! Inc. in May , or so .', []],
  'the beginning of an address': ['see https: //heygen.com , and C: \\\\data .', []],
  'an address in parts': ['see https:// heygen.com and file:/// C:\\ data .', []],
  'a colon before a word': ['see this: it works .', [1]],
  'the beginning of an address that has no slash': ['mail mailto: me@x.org or localhost: 8080 .', []],
  'an exclamation mark at the end of a sentence': ['I saw Ada! Then I left .', [2]],
  'the other half of a number': ['it costs 1 ,000 dollars , or 3 ,5 more .', []],
  'a comma before a number': ['we left ,1990 came .', [2]],
  'half a number': ['it costs 1, 000 dollars .', []],
  'half an amount of money': ['it costs $5. 50 in all .', []],
  'a comma after a number': ['in 1990, they left .', [1]],
  'dashes, which may be half a range': ['wait-- she said pre– and post–war .', []],
  'a control character': ['Hel\u0007lo. There Hi,\u0001 now .', []],
};

for (const [name, [text, flagged]] of Object.entries(periods))
  test(`periods and commas: ${name}`, () => {
    const words = judgeBody(bodyOf(tokensOf(text)))
      .of('tokens.punctuation-apart')
      .violations.map(({ word }) => word);
    expect(words).toEqual(flagged);
  });

const shown: Record<string, readonly [script: string, tokens: string, flagged: readonly number[]]> = {
  'the end of the script': ['It was so. It was I who saw Ada.', 'It was so . It was I who saw Ada.', [9]],
  'the end of a paragraph': ['I saw the morning.\nBirds sang.', 'I saw the morning. Birds sang .', [3]],
  'a word that begins sentences': ['I saw the town. Then I left.', 'I saw the town. Then I left .', [3]],
  'a word that stands alone elsewhere': [
    'I saw Ada. Berlin slept, Ada left.',
    'I saw Ada. Berlin slept , Ada left .',
    [2],
  ],
  'a word with digits': ['We close at 5pm. Doors shut.', 'We close at 5pm. Doors shut .', [3]],
  'a word with digits, hyphenated': ['It was COVID-19. Many fell ill.', 'It was COVID-19. Many fell ill .', [2]],
  'a double hyphen': ['But wait-- she said.', 'But wait-- she said .', [1]],
  'an en dash': ['But wait – she said.', 'But wait– she said .', [1]],
  'an abbreviation before a name': ['Der stellv. Vorsitzende ging.', 'Der stellv. Vorsitzende ging .', []],
  'an abbreviation that ends the script, too': [
    'The Northants. County team came from Northants.',
    'The Northants. County team came from Northants .',
    [],
  ],
  'an abbreviation that is spelt as a word is': [
    'Wash. State voters wash, and Wash. State voters dry.',
    'Wash. State voters wash , and Wash. State voters dry .',
    [],
  ],
  'addresses in parts': [
    'Mail mailto:me@x.org, call tel:+1, see localhost:8080 and q?b=1 now.',
    'Mail mailto: me@x.org , call tel: +1 , see localhost: 8080 and q? b=1 now .',
    [],
  ],
  'a word that ends a sentence before a name, too, and stands apart from its full stop': [
    'He loves music. Bob loves music. It is all music.',
    'He loves music . Bob loves music. It is all music.',
    [6, 10],
  ],
  'a unit that is spelt as a word is': [
    'The pipe in it is 5 in. PVC pipe. It is so.',
    'The pipe in it is 5 in. PVC pipe . It is so .',
    [],
  ],
  'words that may begin addresses, and do not': [
    'Call us. Tel: 555 1234. Take a sip: it is good.',
    'Call us . Tel: 555 1234 . Take a sip: it is good .',
    [3, 9],
  ],
  'addresses between other quotation marks, in parts, their figures spoken': [
    'Dial “tel:911” or open “localhost:8080” now.',
    'Dial “ tel: 911 ” or open “ localhost: eighty eighty ” now .',
    [],
  ],
  'an address in a sentence without spaces': [
    '请打开localhost:8080吧。你好吗？好，我走。',
    '请 打开 localhost: 8080 吧 。 你 好 吗？ 好， 我 走 。',
    [8, 9],
  ],
  'a numbered list': ['1. The cat sat here. 2. The dog ran here.', '1. The cat sat here . 2. The dog ran here .', []],
  'a full stop before a dash': ['I love music. — That is it.', 'I love music. — That is it .', [2]],
  'a full stop before a word that is written otherwise': [
    'The music is in. I love music. That’s it.',
    "The music is in . I love music. That's it .",
    [7],
  ],
  'an address with other letters, in parts': [
    'Siehe https://käse.de/suche?q=brie jetzt.',
    'Siehe https://käse.de/suche? q=brie jetzt .',
    [],
  ],
  'an ordinal before a noun': ['Der 1000. Besucher kam.', 'Der 1000. Besucher kam .', []],
  'a range that goes on': ['the pre– and post-war years.', 'the pre– and post-war years .', [1]],
};

for (const [name, [script, tokens, flagged]] of Object.entries(shown))
  test(`what a known script shows: ${name}`, () => {
    const judged = judgeBody(bodyOf(tokensOf(tokens)), script);
    expect(judged.of('tokens.punctuation-apart').violations.map(({ word }) => word)).toEqual(flagged);
  });

const TEXTS: readonly string[] = [
  `Mr. Smith, of the U.S., said: "Don't go!" The boys' well-known 3.14 — it's $5 (5%) in C++... Really?! x² 👍`,
  'Am 3. Oktober sagte Dr. Müller z.B. „Hallo, Welt!“ – usw. Das kostet 1.000,50 €. Ludwig XIV. war da.',
  '¿Qué tal? ¡Hola! El Sr. García vive en la Avda. Diagonal, núm. 5. «Bien», dijo.',
  "Aujourd'hui, l'été « est » là ! M. Dupont arrive ; c'est bien…",
  '你好，世界。今天天气很好！“真的吗？”他问。《红楼梦》',
  'こんにちは。「元気？」と言った、ね〜。スーパー・マン。',
  '안녕하세요. 저는 김 씨입니다, 반갑습니다! "네" 라고.',
  'مرحبا، كيف حالك؟ أنا د. أحمد؛ شكرا.',
  'नमस्ते। डॉ. शर्मा, आप कैसे हैं? ठीक हूँ।',
  'שלום, מה שלומך? צה"ל וד"ר כהן.',
  'Привет, как дела? Это г. Москва, ул. Ленина, д. 5, т.е. дом. «Да»!',
  'Γεια σου; Τι κάνεις; Καλά, π.χ. έτσι.',
  'Բարեւ։ Ինչպե՞ս ես, լա՜վ։',
  'ሰላም፡ነው። እንዴት፣ ነህ፤',
  'ជំរាបសួរ។ မင်္ဂလာပါ။ ਪੰਜਾਬੀ। தமிழ், Tiếng Việt, xin chào!',
  `"Well," she said, "I'm (not) going..." - then left: one; two: three! No!! word—word.`,
];

for (const text of TEXTS)
  test(`a voice that sets marks apart conforms, one that splits at spaces does not: ${text.slice(0, 30)}`, () => {
    expect(glueIn(tokenize(text), true).marks).toEqual([]);
    expect(glueIn(text.split(/\s+/u), true).marks.length).toBeGreaterThan(0);
  });

test('a token as long as a body is judged by its edges', () => {
  const long = 'a'.repeat(5_000_000);
  expect(glueIn([`${long},`, long, `${'('.repeat(5_000_000)}a`], true).marks.map(({ token }) => token)).toEqual([0, 2]);
});

test('the last word of a stream that we left says nothing', () => {
  const body = bodyOf(tokensOf('my name is Ada.')).replace(END_FRAME, '');
  const dropped = buildSubscription('dropped', body, { ending: { kind: 'stopped', at: 1, bound: 'probe' } });
  expect(judge(buildRecording([buildSubscription('first'), dropped])).broken).toEqual([]);
});

test('glued marks are found on replay only, once, at the end of a long stream', () => {
  const words = Array.from(
    { length: 3000 },
    (_, index): SpokenWord => [index % 9 ? `w${index}` : ',', index / 10, index / 10 + 0.1],
  );
  const last: SpokenWord = ['naïve،', 300, 300.3];
  const recording = buildRecording([
    buildSubscription('first', streamBody(inBatches(words))),
    buildSubscription('late', streamBody(inBatches([...words, last]))),
  ]);
  const judged = judge(recording);
  expect(judged.broken).toEqual(['tokens.punctuation-apart']);
  expect(judged.of('tokens.punctuation-apart').violations).toEqual([
    expect.objectContaining({ exchange: 'late', word: 3000 }),
  ]);
});

test.describe('punctuation that is present', () => {
  const SCRIPT = 'Hello, my name is Ada. What is yours?';
  const SPOKEN = 'Hello , my name is Ada . What is yours ?';
  const BARE = 'Hello my name is Ada What is yours';
  const LONG = Array.from({ length: 30 }, (_, index) => `word${index}`).join(' ');

  test('conforms: a known script, spoken with its marks', () => {
    const judged = judgeBody(bodyOf(tokensOf(SPOKEN)), SCRIPT);
    expect(judged.broken).toEqual([]);
    expect(judged.of('tokens.punctuation-present').observations).toBeGreaterThan(0);
    expect(judged.of('tokens.script').observations).toBeGreaterThan(0);
  });

  test('found: a known script, spoken without', () => {
    const judged = judgeBody(bodyOf(tokensOf(BARE)), SCRIPT);
    expect(judged.broken).toEqual(['tokens.punctuation-present']);
    expect(judged.of('tokens.punctuation-present').violations[0]?.level).toBeUndefined();
  });

  for (const script of [
    'no marks at all',
    "don't stop, it says".replace(',', ''),
    'well-known U.S. C++ 3.14 Dr. Who',
    'rock & roll',
  ])
    test(`conforms: nothing is due for the script ${script}`, () => {
      const tokens = tokensOf(script);
      expect(judgeBody(bodyOf(tokens), script).broken).toEqual([]);
    });

  for (const [script, text] of [
    ['你好，世界。', '你好 世界'],
    ['नमस्ते दुनिया।', 'नमस्ते दुनिया'],
    ['مرحبا، كيف حالك؟', 'مرحبا كيف حالك'],
    ['Hello… there', 'Hello there'],
  ] as const)
    test(`found: none for the script ${script}`, () => {
      expect(found(text, script)).toEqual(['tokens.punctuation-present']);
    });

  const KINDS = 'Well, yes, it is. But why? And how? I say: go; and we: stay; now! So be it! The end, then.';
  const spokenWithout = (mark: string) => KINDS.replace(/(?=[,.:;?!])/g, ' ').replaceAll(` ${mark}`, '');
  for (const [mark, name] of [
    [',', 'comma'],
    ['.', 'full stop'],
    ['?', 'question mark'],
    ['!', 'exclamation mark'],
    [':', 'colon'],
    [';', 'semicolon'],
  ] as const)
    test(`found: each ${name} of the script left out`, () => {
      const judgement = judgeBody(bodyOf(tokensOf(spokenWithout(mark))), KINDS).of('tokens.punctuation-present');
      expect(judgement.violations).toEqual([
        expect.objectContaining({ message: expect.stringMatching(new RegExp(`an? ${name},`)) }),
      ]);
    });

  test('words without text may stand for the marks that are missing', () => {
    const tokens = KINDS.replace(/(?=[,.:;?!])/g, ' ')
      .split(' ')
      .map((token) => (token === ',' ? '' : token));
    const judged = judgeBody(bodyOf(tokens), KINDS);
    expect(judged.broken).toEqual(['schema.word-text']);
    expect(judged.unverified).toMatchObject({ 'tokens.punctuation-present': 'schema.word-text' });
  });

  test('a kind that is glued is one cause', () => {
    const glued = KINDS.replace(/(?=[.:;?!])/g, ' ');
    const judged = judgeBody(bodyOf(tokensOf(glued)), KINDS);
    expect(judged.broken).toEqual(['tokens.punctuation-apart']);
    expect(judged.unverified).toMatchObject({ 'tokens.punctuation-present': 'tokens.punctuation-apart' });
  });

  for (const [what, script, tokens] of [
    ['a kind that stands once', 'Well, yes. So it is. And why?', 'Well yes . So it is . And why'],
    [
      'numbers, times, addresses and names',
      'At 10:30, see https://a.b, or 9:15: 1,000 at Yahoo! and Yahoo! now.',
      'At 10:30 , see https://a.b , or 9:15 : 1,000 at Yahoo! and Yahoo! now .',
    ],
    ['abbreviations alone', 'Dr. Who, e.g. Mr. What, etc. So it is!', 'Dr. Who , e.g. Mr. What , etc. So it is !'],
    ['another form of the same kind', '你好，世界，再见。好。', '你好 , 世界 , 再见 . 好 .'],
  ] as const)
    test(`conforms: ${what}`, () => {
      expect(judgeBody(bodyOf(tokensOf(tokens)), script).broken).toEqual([]);
    });

  test('Thai prose owes none', () => {
    const thai = Array.from({ length: 40 }, () => 'สวัสดี');
    expect(judgeBody(bodyOf(thai)).broken).toEqual([]);
  });

  test('found: an apostrophe alone, for a script with full stops', () => {
    const script = 'The boys’ houses. It is grand.';
    expect(found('The boys ’ houses It is grand', script)).toEqual(['tokens.punctuation-present']);
  });

  test('a session that said nothing of its script: not verified, for want of words', () => {
    const { reason } = judgeBody(END_FRAME, SCRIPT).of('tokens.punctuation-present').unverified ?? {};
    expect(reason).not.toContain('No script');
    expect(reason).toContain('word');
  });

  for (const [script, text] of [
    ['<speak version="1.1">Hello, <break time="1s"/> Ada.</speak>', 'Hello , Ada .'],
    ['<speak><!-- note: calm. -->Hello there</speak>', 'Hello there'],
    ['If 5 < 6, then 7 > 3.', 'If 5 < 6 , then 7 > 3 .'],
  ] as const)
    test(`conforms: markup is not spoken, and what is none is: ${script}`, () => {
      expect(judgeBody(bodyOf(tokensOf(text)), script).broken).toEqual([]);
    });

  test('glued marks are one cause', () => {
    const judged = judgeBody(bodyOf(tokensOf(SCRIPT)), SCRIPT);
    expect(judged.broken).toEqual(['tokens.punctuation-apart']);
    expect(judged.unverified).toMatchObject({ 'tokens.punctuation-present': 'tokens.punctuation-apart' });
  });

  test('found, as a SHOULD: thirty words of an unknown script', () => {
    const judgement = judgeBody(bodyOf(tokensOf(LONG))).of('tokens.punctuation-present');
    expect(judgement.violations).toEqual([expect.objectContaining({ level: 'SHOULD' })]);
  });

  test('conforms: thirty words of an unknown script with one mark', () => {
    const judged = judgeBody(bodyOf([...tokensOf(LONG), '.']));
    expect(judged.broken).toEqual([]);
    expect(judged.of('tokens.punctuation-present').observations).toBeGreaterThan(0);
  });

  test('fewer words of an unknown script: not verified, with a remedy', () => {
    const judged = judgeBody(bodyOf(tokensOf(BARE)));
    expect(judged.broken).toEqual([]);
    expect(judged.of('tokens.punctuation-present').unverified?.remedy).toContain('WORDS_SCRIPT');
  });

  test('a known script that did not run to its end: not verified', () => {
    const cut = buildSubscription('first', bodyOf(tokensOf(BARE)).replace(END_FRAME, ''), {
      ending: { kind: 'stopped', at: 1, bound: 'seconds' },
    });
    const judged = judge(
      buildRecording([cut], {
        streams: [{ streamId: 'stream-1', origin: 'create', state: 'live', statuses: [], script: SCRIPT }],
      }),
    );
    expect(judged.broken).toEqual([]);
    expect(Object.keys(judged.unverified)).toEqual(
      expect.arrayContaining(['tokens.script', 'tokens.punctuation-present']),
    );
  });

  test('a mark that only one subscription lacks is left to the rules that compare them', () => {
    const recording = buildRecording(
      [buildSubscription('first', bodyOf(tokensOf(SPOKEN))), buildSubscription('late', bodyOf(tokensOf(BARE)))],
      { streams: [{ streamId: 'stream-1', origin: 'create', state: 'live', statuses: [], script: SCRIPT }] },
    );
    expect(judge(recording).broken).toEqual([]);
  });
});

test.describe('words that spell the script', () => {
  const same: Record<string, readonly [text: string, script: string]> = {
    'other case': ['hello , ADA .', 'Hello, Ada.'],
    'partial words': ['un believ able !', 'Unbelievable!'],
    'other spaces': ['10 000 .', '10\u202f000.'],
    'other apostrophes and quotes': ["don't .", '“Don’t.”'],
    'composed and decomposed letters': ['cafe\u0301 .', 'Café.'],
    'compatibility forms': ['ＡＢＣ ﬁn .', 'abc fin.'],
    'sharp s': ['STRASSE .', 'Straße.'],
    'final sigma': ['ΣΟΦΟΣ .', 'σοφος.'],
    Chinese: ['你好 ， 世界 。', '你好，世界。'],
    'a number': ['I have seventy two words , and then more .', 'I have 72 words, and then more.'],
    'a number at the end': ['I have seventy two .', 'I have 72.'],
    'numbers side by side': [
      'call five five five one two or nine nine , now and then .',
      'Call 555 12 or 99, now and then.',
    ],
    'a word between numbers': [
      'we saw three point one four seconds , one thousand words , 10 tests , no more .',
      'We saw 3.14 seconds, 1,000 words, ten tests, no more.',
    ],
    'a number word beside a number': ['one of 5 , and that was all .', '1 of 5, and that was all.'],
    'units of measurement': ['five kilograms and ten kilometres per hour , no more .', '5 kg and 10 km/h, no more.'],
    'number words as digits': ['I have 72 words , and then more .', 'I have seventy two words, and then more.'],
    'signs and abbreviations': [
      'doctor Who gave five percent and ten dollars to saint Mary & me .',
      'Dr. Who gave 5% and $10 to St. Mary & me.',
    ],
    'abbreviations that begin as the word does': [
      'we met Professor Smith in September , approximately at noon .',
      'We met Prof. Smith in Sept. , approx. at noon.',
    ],
    'an address': ['see heygen dot com slash docs for all of it .', 'See heygen.com/docs for all of it.'],
    'a Roman numeral': ['it was Henry the eighth who did that .', 'It was Henry VIII who did that.'],
    'a tag, unspoken': ['so it is , and so be it .', 'So [laughs] it is, and so be it.'],
    'an emoji, unspoken': ['so it is , and so be it .', 'So it is 😀, and so be it.'],
  };
  for (const [name, [text, script]] of Object.entries(same))
    test(`conforms: ${name}`, () => {
      const judged = judgeBody(bodyOf(tokensOf(text)), script);
      expect(judged.broken).toEqual([]);
      expect(judged.of('tokens.script').observations).toBe(1);
    });

  const other: Record<string, readonly [text: string, word: number]> = {
    'a word left out': ['my name Ada .', 2],
    'another word': ['my name was Ada .', 2],
    'a tail left out': ['my name is .', 3],
    'words too many': ['my name is Ada Lovelace .', 4],
  };

  for (const [name, text, script] of [
    ['a number left out', 'I have words , and then more .', 'I have 72 words, and then more.'],
    ['words too many behind an abbreviation', 'Prof the very ugly old Smith talks .', 'Prof. Smith talks.'],
    ['another word after a number', 'I have seventy two birds , and then more .', 'I have 72 words, and then more.'],
    [
      'a word between numbers left out',
      'we saw 3.14 1,000 words , no more than that .',
      'We saw 3.14 seconds, 1,000 words, no more than that.',
    ],
    [
      'a word between spoken numbers left out',
      'we saw three point one four one thousand words , no more than that .',
      'We saw 3.14 seconds, 1,000 words, no more than that.',
    ],
    [
      'a word before a number left out',
      'we 3.14 seconds , no more than that .',
      'We saw 3.14 seconds, no more than that.',
    ],
    [
      'a word between numbers too many',
      'we saw 3.14 long seconds , 1,000 words , no more than that .',
      'We saw 3.14 seconds, 1,000 words, no more than that.',
    ],
  ] as const)
    test(`found: ${name}`, () => {
      expect(judgeBody(bodyOf(tokensOf(text)), script).broken).toEqual(['tokens.script']);
    });
  for (const [name, [text, word]] of Object.entries(other))
    test(`found: ${name}`, () => {
      const judged = judgeBody(bodyOf(tokensOf(text)), 'My name is Ada.');
      expect(judged.broken).toEqual(['tokens.script']);
      expect(judged.of('tokens.script').violations[0]).toMatchObject({ word });
    });

  for (const [name, encoding] of [
    ['Latin-1', 'latin1'],
    ['Windows-1252', 'windows-1252'],
  ] as const)
    test(`UTF-8 that was read as ${name} is no glued punctuation, and no way of writing`, () => {
      const wrong = (word: string): string =>
        encoding === 'latin1'
          ? Buffer.from(word).toString('latin1')
          : word.replace('Zoë', 'ZoÃ«').replace('“', 'â€œ').replace('’', 'â€™');
      const words = tokensOf('my name is Zoë , it ’s “ Zoë .').map(wrong);
      const judged = judgeBody(bodyOf(words), 'My name is Zoë, it’s “Zoë.');
      expect(judged.broken).toEqual(['tokens.script']);
      expect(judged.of('tokens.script').violations[0]).toMatchObject({ word: 3, level: 'MUST' });
      expect(judgeBody(bodyOf(words), 'My name is ZoÃ«, it’s “Zoë.').broken).toContain('tokens.punctuation-apart');
    });

  test('words delivered twice, or out of order, are one cause', () => {
    const [first = [], second = []] = inBatches(speak(tokensOf('my name is Ada , and yours is what , if I may ask ?')));
    const script = 'my name is Ada, and yours';
    for (const [batches, because] of [
      [[first, first, second], 'ordering.no-duplicates'],
      [[second, first], 'ordering.across-batches'],
      [[first.toReversed(), second], 'ordering.in-batch'],
    ] as const) {
      const judged = judgeBody(streamBody(batches), script);
      expect(judged.broken).toEqual([because]);
      expect(judged.unverified).toMatchObject({ 'tokens.script': because });
    }
  });

  test('a session that failed on its way is not held to its script', () => {
    const body = bodyOf(tokensOf('my name is .'));
    for (const status of ['completed', 'error']) {
      const statuses = [
        { at: 1, status: 'streaming' },
        { at: 9, status },
      ];
      const stream = {
        streamId: 'stream-1',
        origin: 'create',
        state: 'live',
        script: 'My name is Ada.',
        statuses,
      } as const;
      const judged = judge(buildRecording([buildSubscription('first', body)], { streams: [stream] }));
      expect(judged.broken).toEqual(status === 'error' ? [] : ['tokens.script']);
    }
  });

  test('an unknown script: not verified, with the reason of the run', () => {
    expect(judgeBody(bodyOf(tokensOf('Hello .'))).of('tokens.script').unverified?.remedy).toContain('WORDS_SCRIPT');
    const unmet = [{ need: 'script' as const, declared: false, reason: 'none was given', remedy: 'give one' }];
    expect(judge(buildRecording(undefined, { unmet })).of('tokens.script').unverified).toEqual({
      reason: 'none was given',
      remedy: 'give one',
    });
  });
});

test('text of the target stays printable in messages', () => {
  const judged = judgeBody(bodyOf(['\u2066Hi\u202e,', 'there', '.']));
  const [violation] = judged.of('tokens.punctuation-apart').violations;
  expect(violation?.message).toContain('\\u{2066}');
  expect(JSON.stringify(violation)).not.toMatch(/[\u2066\u202e]/);
});
