import { isIP } from 'node:net';
import { EMBEDDED, type OptionKind } from './options.ts';

/** A value, or what is wrong with it and what to do. */
export type Parsed<Value> = { readonly value: Value } | { readonly problem: string; readonly remedy: string };

/** `--burst` and `WORDS_BURST=1`. */
export function parseSwitch(text: string): Parsed<boolean> {
  if (/^(1|true|yes|on)$/i.test(text)) return { value: true };
  if (/^(0|false|no|off)$/i.test(text)) return { value: false };
  return { problem: 'is neither on nor off', remedy: 'Give 1 or 0.' };
}

export function parseNumber(text: string, kind: Extract<OptionKind, { type: 'number' }>): Parsed<number> {
  const range = [
    kind.above === undefined ? undefined : `greater than ${kind.above}`,
    kind.least === undefined ? undefined : `at least ${kind.least}`,
    `at most ${kind.most}`,
  ]
    .filter((part) => part !== undefined)
    .join(' and ');
  const remedy = `Give a ${kind.whole ? 'whole ' : ''}number ${range}.`;
  if (!/^\d+(\.\d+)?$|^\.\d+$/.test(text)) return { problem: 'is not a number', remedy };
  const value = Number(text);
  if (kind.whole && !Number.isInteger(value)) return { problem: 'is not a whole number', remedy };
  if (value > kind.most || value < (kind.least ?? 0) || (kind.above !== undefined && value <= kind.above))
    return { problem: 'is out of range', remedy };
  return { value };
}

/** A credential becomes part of a header line: visible ASCII only (RFC 9110 §5.5). */
export function parseCredential(text: string): Parsed<string> {
  if (/^bearer\s/i.test(text))
    return { problem: 'begins with the name of its scheme', remedy: 'Give the token alone, without "Bearer ".' };
  if (/\s/.test(text))
    return {
      problem: 'holds white space or a line break',
      remedy: 'Give the bare credential; look for a newline at its end.',
    };
  if (!/^[\x21-\x7e]+$/.test(text))
    return {
      problem: 'holds characters that no HTTP header may carry',
      remedy: 'Copy the credential again, as ASCII.',
    };
  return { value: text };
}

/** Absolute, without a trailing slash; null for the embedded reference server. */
export function parseBaseUrl(text: string): Parsed<string | null> {
  if (text === EMBEDDED) return { value: null };
  const remedy = 'Give the absolute URL before /v3, such as https://api.example.com or http://[::1]:8080/prefix.';
  if (/[\s\p{Cc}]/u.test(text)) return { problem: 'holds white space or control characters', remedy };
  if (!/^https?:\/\//i.test(text))
    return /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
      ? { problem: 'is neither http nor https', remedy }
      : { problem: 'has no scheme', remedy: `Begin it with https:// or http://. ${remedy}` };
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return { problem: 'is not a URL', remedy };
  }
  if (url.username !== '' || url.password !== '')
    return {
      problem: 'holds a user name or password',
      remedy: 'Take it out; credentials go into WORDS_API_KEY or WORDS_BEARER_TOKEN.',
    };
  if (text.includes('?') || text.includes('#'))
    return { problem: 'holds a query or a fragment', remedy: 'Cut it off from the first ? or #.' };
  if (/\/v3(\/avatar-realtime.*)?\/?$/.test(url.pathname))
    return {
      problem: 'holds a part of the path that the suite appends itself',
      remedy: 'Cut it off before /v3.',
    };
  if (url.hostname === '' || (/^[\d.]+$/.test(url.hostname) && isIP(url.hostname) === 0))
    return { problem: 'has no usable host', remedy };
  return { value: `${url.origin}${url.pathname.replace(/\/+$/, '')}` };
}

/** Why an id cannot stand in the path of a request, in words that follow it; undefined where it can. */
export function streamIdProblem(streamId: string): string | undefined {
  if (streamId === '') return 'is empty';
  // URL parsers on the way would resolve it, and the credential would go to another path (RFC 3986 §5.2.4).
  if (streamId === '.' || streamId === '..') return 'is a step in a path, not a name';
  try {
    encodeURIComponent(streamId);
    return undefined;
  } catch {
    return 'holds half a character (a lone surrogate), which no URL can carry';
  }
}

/** An id that can stand in the path of a request. */
export function parseStreamId(text: string): Parsed<string> {
  const problem = streamIdProblem(text);
  return problem === undefined ? { value: text } : { problem, remedy: 'Give the id as the target gave it.' };
}

export function parseStreamIds(text: string): Parsed<readonly string[]> {
  const list = parseList(text);
  const wrong = 'value' in list ? list.value.map(parseStreamId).find((one) => 'problem' in one) : undefined;
  return wrong !== undefined && 'problem' in wrong ? wrong : list;
}

/** `a, b` → both, once each. */
export function parseList(text: string): Parsed<readonly string[]> {
  const items = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (items.length === 0) return { problem: 'names nothing', remedy: 'Give one, or several with commas, or unset it.' };
  return { value: [...new Set(items)] };
}

/** Words of letters alone, which a voice says as they are written; one space between them. */
export function parseWords(text: string): Parsed<string> {
  const words = text.trim().split(/\s+/);
  if (!words.every((word) => /^\p{L}+$/u.test(word)))
    return { problem: 'is not words with spaces between them', remedy: 'Give the words as the authority gave them.' };
  return { value: words.join(' ') };
}
