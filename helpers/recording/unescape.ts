const PUNCTUATION: ReadonlyMap<string, number> = new Map(
  'amp& ast* bsol\\ colon: comma, commat@ dollar$ equals= excl! grave` gt> hyphen- dash- lbrack[ lcub{ lowbar_ lpar( lt< num# percnt% period. plus+ quest? quot" apos\' rbrack] rcub} rpar) semi; sol/ Hat^ verbar|'
    .split(' ')
    .map((entry) => [entry.slice(0, -1), entry.charCodeAt(entry.length - 1)]),
);
const LONGEST_ESCAPE = 16;
const DEEPEST_ESCAPE = 4;
const [PERCENT, BACKSLASH, AMPERSAND, ESC] = [0x25, 0x5c, 0x26, 0x1b];

export type Text = Uint8Array | Uint16Array;

/** Visible ASCII characters, each with the place where it stands. */
export interface Characters {
  readonly codes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** By code: 1 where a character stands for itself, 2 where an escape may begin with it. */
const KINDS = Uint8Array.from({ length: 256 }, (_, code) => {
  if (code === PERCENT || code === BACKSLASH || code === AMPERSAND || code === ESC) return 2;
  return code > 0x20 && code < 0x7f ? 1 : 0;
});

/**
 * Reads the visible ASCII characters of a text. Escapes are turned back, nested ones, too: percent-encoding, JSON and
 * JavaScript (`\u002B`, `\x2b`, `\/`), HTML (`&#x2B;`, `&plus;`). White space, control and non-ASCII characters, and the
 * colour codes of terminals, are passed over.
 * @param to takes what is read; as long as the text at least.
 * @param atEnd no more follows; else an escape that the text cuts is left for the next call.
 * @returns how many characters were read, of how much of the text.
 */
export function unescaped(
  text: Text,
  atEnd: boolean,
  { codes, starts, ends }: Characters,
): { count: number; read: number } {
  const { length } = text;
  let count = 0;
  let next = 0;
  for (let start = 0; start < length; start = next) {
    let code = text[start] ?? 0;
    next = start + 1;
    const kind = code < 256 ? KINDS[code] : 0;
    if (kind === 0) continue;
    if (kind === 2) {
      for (let depth = 0; depth < DEEPEST_ESCAPE; depth++) {
        if (KINDS[code] !== 2) break;
        if (!atEnd && length - next < LONGEST_ESCAPE) return { count, read: start };
        const meant = escapeOf(code, text, next);
        if (meant === undefined) break;
        [code, next] = meant;
      }
      if (code <= 0x20 || code >= 0x7f) continue;
    }
    codes[count] = code;
    starts[count] = start;
    ends[count] = next;
    count++;
  }
  return { count, read: length };
}

type Escape = readonly [code: number, next: number] | undefined;

/** What the escape means that `first` begins, and where the text goes on; undefined where it is none. */
function escapeOf(first: number, text: Text, at: number): Escape {
  if (first === AMPERSAND) return reference(text, at);
  if (first === ESC) return terminalCode(text, at);
  const letter = (text[at] ?? 0) | 0x20;
  const digits = letter === 0x75 ? 4 : first === PERCENT ? 2 : letter === 0x78 ? 2 : 0;
  const from = first === PERCENT && digits === 2 ? at : at + 1;
  if (digits > 0) {
    const code = hexadecimal(text, from, digits);
    return code === undefined ? undefined : [code, from + digits];
  }
  const mark = text[at] ?? 0;
  // \n, \t and their kin are white space; before a mark, the backslash is nothing.
  if (mark === 0x62 || mark === 0x66 || mark === 0x6e || mark === 0x72 || mark === 0x74) return [0, at + 1];
  const isMark = mark > 0x20 && mark < 0x7f && !/\w/.test(String.fromCharCode(mark));
  return isMark ? [mark, at + 1] : undefined;
}

function hexadecimal(text: Text, from: number, digits: number): number | undefined {
  let value = 0;
  for (let index = from; index < from + digits; index++) {
    const code = text[index] ?? 0;
    const lower = code | 0x20;
    if (code >= 0x30 && code <= 0x39) value = value * 16 + code - 0x30;
    else if (lower >= 0x61 && lower <= 0x66) value = value * 16 + lower - 0x57;
    else return undefined;
  }
  return value;
}

/** `#43;`, `#x2B;`, `plus;`: behind an ampersand. */
function reference(text: Text, at: number): Escape {
  const end = text.subarray(at, at + LONGEST_ESCAPE).indexOf(0x3b);
  if (end === -1) return undefined;
  const name = String.fromCharCode(...text.subarray(at, at + end));
  const number = /^#(?:x([0-9a-f]+)|(\d+))$/i.exec(name);
  const code = number === null ? PUNCTUATION.get(name) : Number(number[2] ?? `0x${number[1]}`);
  return code === undefined ? undefined : [code, at + end + 1];
}

/** A control sequence (ECMA-48 §5.4), behind ESC. */
function terminalCode(text: Text, at: number): Escape {
  if (text[at] !== 0x5b) return undefined;
  let end = at + 1;
  while (end < at + LONGEST_ESCAPE && (text[end] ?? 0) >= 0x20 && (text[end] ?? 0) < 0x40) end++;
  return [0, Math.min(end + 1, text.length)];
}
