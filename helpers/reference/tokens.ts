/**
 * Text → spoken tokens: sentence punctuation of any script apart, words whole. Each run between white space is read on its
 * own, so text that is cut at white space gives the same tokens as the whole.
 */
const SEPARATORS = /[\s\p{Cc}\u200b\u2060]+/u;
const UNSPACED = String.raw`\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}ー々`;
const PIECES = new RegExp(`[${UNSPACED}\\p{M}]*[${UNSPACED}][${UNSPACED}\\p{M}]*|[^${UNSPACED}]+`, 'gu');
const UNSPACED_PIECE = new RegExp(`[${UNSPACED}]`, 'u');
const MARK = /\p{P}/u;
const ONLY_MARKS = /^\p{P}+$/u;
const MARK_GROUPS = /\.{2,}|…+|[?!‽⁇⁈⁉]{2,}|[？！]{2,}|-{2,}|[—―]+|./gsu;
/** Where a mark inside a run ends a word: `well—yes`, `one;two`, `(a)b`. A comma or colon does unless digits stand around it. */
const INNER_MARKS =
  /(\.{2,}|[…—―“”"„«»()[\]{};!?¿¡؟؛،।॥。、，！？；：「」『』（）]+|(?<!\p{Nd}),|,(?!\p{Nd})|(?<!\p{Nd}):|:(?!\p{Nd}))/u;
const ADDRESS = /^(?:\p{L}[\p{L}\d+.-]*:\/\/\S+|[^@\s]+@[^@\s]+\.[^@\s]+)$/u;
const DOTTED = /^(?:\p{L}\p{M}*\.){2,}$/u;
const ABBREVIATION = /^(?:mr|mrs|ms|dr|prof|st|jr|sr|vs|etc)\.$/iu;
const ELISION = /^['’](?:\d0s|cause|em|til|tis|twas|bout|round|n['’]?)$/iu;
const TRAILING_APOSTROPHE = /(?:[sxz]|\p{L}in|['’]n)['’]$/iu;
const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

/** Spoken tokens of a text in order; none is empty or holds white space. */
export function tokenize(text: string): string[] {
  const tokens: string[] = [];
  for (const run of wellFormed(text).split(SEPARATORS)) {
    for (const piece of run.match(PIECES)?.flatMap(inShortRuns) ?? []) {
      if (UNSPACED_PIECE.test(piece)) for (const { segment } of segmenter.segment(piece)) readRun(segment, tokens);
      else readRun(piece, tokens);
    }
  }
  return tokens;
}

/** Length in UTF-16 units of the part of `text` that later text cannot change: up to its last white space or CJK sentence mark. */
export function settledLength(text: string): number {
  return /^[\s\S]*(?:\s|[。！？、，](?=\P{P}))/u.exec(text)?.[0].length ?? 0;
}

export function isPunctuation(token: string): boolean {
  return ONLY_MARKS.test(token);
}

/** Lone surrogates cannot be sent as UTF-8. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

/** Peeling is quadratic in the length of a run; no word is this long. */
function inShortRuns(run: string): string[] {
  return run.length <= 256 ? [run] : (run.match(/.{1,256}/gsu) ?? []);
}

function readRun(run: string, tokens: string[]): void {
  const before: string[] = [];
  const after: string[] = [];
  const core = [...run];
  while (core.length > 0 && leadsApart(core)) before.push(core.shift() ?? '');
  while (core.length > 0 && trailsApart(core, before)) after.unshift(core.pop() ?? '');
  const word = core.join('');
  pushMarks(before.join(''), tokens);
  if (word !== '') pushWord(word, tokens);
  pushMarks(after.join(''), tokens);
}

function pushWord(word: string, tokens: string[]): void {
  if (ADDRESS.test(word)) {
    tokens.push(word);
    return;
  }
  const parts = word.split(INNER_MARKS).filter((part) => part !== '');
  if (parts.length === 1) tokens.push(word);
  else for (const part of parts) readRun(part, tokens);
}

function pushMarks(marks: string, tokens: string[]): void {
  for (const group of marks.match(MARK_GROUPS) ?? []) tokens.push(group);
}

function leadsApart(run: readonly string[]): boolean {
  const mark = run[0] ?? '';
  if (!MARK.test(mark)) return false;
  const next = run[1] ?? '';
  if (/[#@&§%_]/u.test(mark)) return !/[\p{L}\p{N}_]/u.test(next);
  if (/['’]/u.test(mark)) return !ELISION.test(run.join('').replace(/[^\p{L}\p{N}'’]+$/u, ''));
  if (/[-.]/u.test(mark)) return !/\p{Nd}/u.test(next);
  return true;
}

function trailsApart(run: readonly string[], before: readonly string[]): boolean {
  const mark = run[run.length - 1] ?? '';
  if (!MARK.test(mark)) return false;
  const previous = run[run.length - 2] ?? '';
  if (/[%‰]/u.test(mark)) return !/\p{N}/u.test(previous);
  if (/[#_]/u.test(mark)) return !/[\p{L}\p{N}_]/u.test(previous);
  const whole = run.join('');
  if (mark === '.') return !DOTTED.test(whole) && !ABBREVIATION.test(whole);
  if (/['’]/u.test(mark)) return before.some((quote) => /['’‘]/u.test(quote)) || !TRAILING_APOSTROPHE.test(whole);
  return true;
}
