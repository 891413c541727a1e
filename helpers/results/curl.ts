import type { Exchange, HeaderList, RecordedRequest } from '../recording/recording.ts';

/** A variable of the shell, its last characters perhaps cut off or replaced. */
const expansion = (variable: string, cut = '', added = ''): string => `"\${${variable}${cut}}${added}"`;

/** How a shell makes a credential that is nearly right. `TRUNCATED` stands in recordings of older versions. */
const NEARLY: Readonly<Record<string, (variable: string) => string>> = {
  NEAR: (variable) => expansion(variable, '%????', 'xxxx'),
  TRUNCATED: (variable) => expansion(variable, '%????????'),
  SHORTENED: (variable) => expansion(variable, '%?'),
  LENGTHENED: (variable) => expansion(variable, '', 'x'),
  RECASED: (variable) => `"$(printf %s ${expansion(variable)} | tr a-zA-Z A-Za-z)"`,
};

/** What stands in a recording for a credential, and how a shell makes it from the operator's own. */
const CREDENTIALS: Readonly<Record<string, string>> = {
  $WORDS_API_KEY: expansion('WORDS_API_KEY'),
  $WORDS_BEARER_TOKEN: expansion('WORDS_BEARER_TOKEN'),
  $WORDS_OTHER_API_KEY: expansion('WORDS_OTHER_API_KEY'),
  ...Object.fromEntries(
    Object.entries(NEARLY).flatMap(([name, made]) => [
      [`$${name}_API_KEY`, made('WORDS_API_KEY')],
      [`$${name}_BEARER`, made('WORDS_BEARER_TOKEN')],
    ]),
  ),
};
const CREDENTIAL = /\$(?:WORDS_(?:API_KEY|BEARER_TOKEN|OTHER_API_KEY)|[A-Z]+_(?:API_KEY|BEARER))(?!\w)/g;

/** Set by curl itself for the request it makes. */
const LEFT_TO_CURL = new Set(['host', 'connection', 'content-length', 'transfer-encoding']);

/**
 * A command line for a POSIX shell that repeats a recorded request: unbuffered, the URL untouched, every argument
 * quoted, credentials as shell variables.
 * @param recordedAt the base URL of somebody else's recording: WORDS_BASE_URL of the reader stands in its place, for no
 * credential goes where the reader did not send it.
 */
export function curlCommand(request: RecordedRequest, recordedAt?: string): string {
  const words = ['curl', '-sS', '-i', '-N', '--globoff', '--path-as-is'];
  if (request.method !== 'GET') words.push('-X', literal(request.method));
  if (hasHeader(request.headers, 'accept-encoding')) words.push('--compressed');
  // curl drops a header that is given as `name:`; `name;` sends it empty.
  for (const [name, value] of request.headers)
    if (!LEFT_TO_CURL.has(name.toLowerCase()))
      words.push('-H', shellQuoted(value === '' ? `${name};` : `${name}: ${value}`));
  if (request.body !== undefined) words.push('--data-raw', literal(request.body));
  words.push(recordedAt === undefined ? literal(request.url) : atReadersTarget(request.url, recordedAt));
  return words.join(' ');
}

/** What a repeated request shows in place of a session that spoke when it was recorded; absent where it shows the same. */
export function repeatNote({ purpose, response }: Exchange): string | undefined {
  const wasLive =
    purpose.kind === 'subscription'
      ? purpose.role !== 'snapshot'
      : purpose.kind === 'refusal' && purpose.against === 'live' && response?.status === 200;
  return wasLive
    ? 'The session is over by now: this reads what is stored of it. To see it live, start a session and send this with its id while it speaks, or run again.'
    : undefined;
}

function atReadersTarget(url: string, recordedAt: string): string {
  const path = url.startsWith(recordedAt) ? url.slice(recordedAt.length) : url.replace(/^[^/?#]*:\/\/[^/?#]*/, '');
  return `${expansion('WORDS_BASE_URL')}${literal(path)}`;
}

function hasHeader(headers: HeaderList, name: string): boolean {
  return headers.some(([key]) => key.toLowerCase() === name);
}

/** Quoted but for credentials, which the shell is to expand. Other wrong credentials stay what they are: harmless text. */
function shellQuoted(text: string): string {
  let quoted = '';
  let from = 0;
  for (const match of text.matchAll(CREDENTIAL)) {
    if (match.index > from) quoted += literal(text.slice(from, match.index));
    quoted += CREDENTIALS[match[0]] ?? literal(match[0]);
    from = match.index + match[0].length;
  }
  return quoted + (from < text.length || text === '' ? literal(text.slice(from)) : '');
}

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

function literal(text: string): string {
  if (text === '') return "''";
  if (/^[A-Za-z0-9_.:/=@%+,-]+$/.test(text)) return text;
  if (!UNPRINTABLE.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  // Bytes that must not reach a terminal raw: ANSI-C quoting, byte by byte.
  let escapes = '';
  for (const byte of new TextEncoder().encode(text))
    escapes +=
      byte < 0x20 || byte > 0x7e || byte === 0x27 || byte === 0x5c
        ? `\\x${byte.toString(16).padStart(2, '0')}`
        : String.fromCharCode(byte);
  return `$'${escapes}'`;
}
