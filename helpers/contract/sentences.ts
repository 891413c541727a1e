/** A stretch of a text: `text.slice(start, end)`. */
export interface Sentence {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const CLOSES: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/**
 * Splits prose into sentences, and at semicolons into the clauses that each say one thing. A mark within backticks or
 * brackets ends nothing, nor does a full stop before a small letter (`e.g. this`). White space between is left out.
 */
export function splitSentences(text: string): readonly Sentence[] {
  const sentences: Sentence[] = [];
  let start = 0;
  for (const end of [...endings(text), text.length]) {
    const slice = text.slice(start, end);
    const trimmed = slice.trim();
    const from = start + slice.indexOf(trimmed);
    if (trimmed !== '') sentences.push({ text: trimmed, start: from, end: from + trimmed.length });
    start = end;
  }
  return sentences;
}

/** Indices just after each mark that ends a sentence. */
function* endings(text: string): Generator<number> {
  const closers: string[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const mark = text.charAt(index);
    if (mark === '`') index = skipCode(text, index);
    else if (CLOSES[mark] !== undefined) closers.push(CLOSES[mark]);
    else if (mark === closers.at(-1)) closers.pop();
    else if (closers.length === 0 && isEnding(text, index)) yield index + 1;
  }
}

/** The closing backtick, or the same place where there is none. */
function skipCode(text: string, index: number): number {
  const close = text.indexOf('`', index + 1);
  return close === -1 ? index : close;
}

function isEnding(text: string, index: number): boolean {
  const rest = text.slice(index + 1, index + 4);
  if (text.charAt(index) === ';') return /^\s/.test(rest);
  return /[.!?]/.test(text.charAt(index)) && /^\s+[^\s\p{Ll}]/u.test(rest);
}
