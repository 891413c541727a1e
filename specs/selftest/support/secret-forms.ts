import { Buffer } from 'node:buffer';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const escaped = (text: string, write: (code: number) => string) =>
  text.replace(/[^\w]/g, (character) => write(character.charCodeAt(0)));
const hex = (code: number, digits: number) => code.toString(16).padStart(digits, '0');

function base32(text: string): string {
  const bits = [...Buffer.from(text)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(group.padEnd(5, '0'), 2)]).join('');
}

/** Every form in which a target may repeat a credential that is easy to turn back. */
export const FORMS: Readonly<Record<string, (key: string) => string>> = {
  'as it is': (key) => key,
  'in capitals': (key) => key.toUpperCase(),
  'with its case swapped': (key) =>
    key.replace(/[a-z]/gi, (c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())),
  reversed: (key) => [...key].reverse().join(''),
  'percent-encoded': encodeURIComponent,
  'percent-encoded in lower case': (key) => encodeURIComponent(key).replace(/%../g, (code) => code.toLowerCase()),
  'percent-encoded twice': (key) => encodeURIComponent(encodeURIComponent(key)),
  'JSON-escaped': (key) => JSON.stringify(key).slice(1, -1).replaceAll('/', '\\/'),
  'JSON-escaped as .NET does': (key) => escaped(key, (code) => `\\u${hex(code, 4).toUpperCase()}`),
  'JSON in JSON': (key) => JSON.stringify(JSON.stringify(key)).slice(3, -3),
  'HTML-escaped': (key) => escaped(key, (code) => `&#x${hex(code, 2).toUpperCase()};`),
  'HTML-escaped in decimals': (key) => escaped(key, (code) => `&#${code};`),
  'HTML-escaped by name': (key) =>
    key.replaceAll('+', '&plus;').replaceAll('/', '&sol;').replaceAll('=', '&equals;').replaceAll('"', '&quot;'),
  'in base64': base64,
  'in URL-safe base64': (key) => Buffer.from(key).toString('base64url'),
  'in base64 behind a name': (key) => base64(`user:${key}`),
  'in wrapped base64': (key) => (base64(`a:${key}`).match(/.{1,10}/g) ?? []).join('\r\n'),
  'in base64 of base64': (key) => base64(base64(key)),
  'in base32': base32,
  'in hexadecimal': (key) => Buffer.from(key).toString('hex'),
  'in spaced hexadecimal': (key) => (Buffer.from(key).toString('hex').toUpperCase().match(/../g) ?? []).join(' '),
  'in hexadecimal with colons': (key) => (Buffer.from(key).toString('hex').match(/../g) ?? []).join(':'),
  'with spaces between': (key) => [...key].join(' '),
  'with zero-width characters between': (key) => [...key].join('\u200b'),
  'with a colour in it': (key) => `${key.slice(0, 9)}\u001b[31m${key.slice(9)}\u001b[0m`,
  'its first twelve characters': (key) => key.slice(0, 12),
  'twelve characters of it': (key) => key.slice(5, 17),
  'its last three quarters': (key) => key.slice(Math.floor(key.length / 4)),
};
