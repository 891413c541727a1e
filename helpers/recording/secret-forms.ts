import { Buffer } from 'node:buffer';
import type { CredentialKind } from './recording.ts';
import { unescaped } from './unescape.ts';

/** A value that must never be written down, and what stands in its place where length does not matter. */
export interface Secret {
  /** How requests carry it, or what is made of it. */
  readonly kinds: readonly CredentialKind[];
  readonly value: string;
  readonly placeholder: string;
}

/** Below this length a value is an ordinary word, which stands in many texts: it is not searched for. */
const SHORTEST_SECRET = 8;
/** A part of this length, or of three quarters, is as good as the whole. */
const LONGEST_PART = 12;

/** One of the ways to compare a text: what each ASCII character becomes; 0 where it is passed over. */
export type View = Uint8Array;

const ignoringCase = viewOf((character) => character.toLowerCase());
const lettersAndDigits = viewOf((character) => (/[0-9a-z]/i.test(character) ? character.toLowerCase() : ''));
const base64Alphabets = viewOf((character) => ({ '-': '+', _: '/' })[character] ?? character);

function viewOf(map: (character: string) => string): View {
  return Uint8Array.from({ length: 128 }, (_, code) => map(String.fromCharCode(code)).charCodeAt(0) || 0);
}

/** One way to write a secret. Where a text, compared in this view, has `part` characters of it in a row, it holds the secret. */
export interface Form {
  readonly secret: Secret;
  readonly view: View;
  readonly characters: Uint8Array;
  readonly part: number;
  /** So many in a row prove that the secret was repeated: fewer may be an ordinary word, or the head of any JWT. */
  readonly proof: number;
}

/**
 * Every form in which a secret is looked for. Texts are unescaped before they are compared, so escapes are no forms.
 * In base32 and base64 a value is written differently at each place where it may begin.
 */
export function formsOf(secret: Secret): readonly Form[] {
  return valuesOf(secret).flatMap(({ value, proves }) => {
    const visible = visibleCharacters(value);
    if (visible.length < SHORTEST_SECRET) return [];
    const part = Math.min(LONGEST_PART, Math.ceil(visible.length * 0.75));
    const form = (view: View, text: string | Uint8Array, inText: number): Form => ({
      secret,
      view,
      characters: Buffer.from(text).map((code) => view[code] ?? 0),
      part: inText,
      proof: proves ? Math.ceil(inText * Math.max(1, SHORTEST_SECRET / part)) : Number.POSITIVE_INFINITY,
    });
    const bytes = Buffer.from(value, 'utf8');
    const inBase64 = Math.floor((part * 8 - 4) / 6);
    const once = encodings(bytes, BASE64);
    const twice = once.flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')]);
    return [
      form(ignoringCase, visible, part),
      form(ignoringCase, visible.toReversed(), part),
      form(lettersAndDigits, bytes.toString('hex'), part * 2),
      ...encodings(bytes, BASE32).map((text) => form(lettersAndDigits, text, Math.floor((part * 8 - 4) / 5))),
      ...once.map((text) => form(base64Alphabets, text, inBase64)),
      ...[...new Set(twice)]
        .flatMap((text) => encodings(Buffer.from(text), BASE64))
        .map((text) => form(base64Alphabets, text, Math.floor((inBase64 * 8 - 4) / 6))),
    ];
  });
}

/** The head of a JWT says how it is signed, and its claims may stand in other tokens: its signature is what is secret. */
function valuesOf({ value, kinds }: Secret): readonly { readonly value: string; readonly proves: boolean }[] {
  const proves = kinds.some((kind) => kind !== 'none');
  const [, claims, signature] = /^(eyJ[\w-]+\.[\w-]+\.)([\w-]+)$/.exec(value) ?? [];
  return claims === undefined || signature === undefined
    ? [{ value, proves }]
    : [
        { value: claims, proves: false },
        { value: signature, proves },
      ];
}

function visibleCharacters(value: string): Uint8Array {
  const bytes = Buffer.from(value, 'utf8');
  const codes = new Uint8Array(bytes.length);
  const places = new Int32Array(bytes.length);
  return codes.subarray(0, unescaped(bytes, true, { codes, starts: places, ends: places }).count);
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The characters of an encoding (RFC 4648) that hold these bytes and nothing else, wherever in a longer text they begin. */
function encodings(bytes: Uint8Array, alphabet: string): readonly string[] {
  const bits = Math.log2(alphabet.length);
  const places = Array.from({ length: bits }, (_, skipped) => skipped).filter(
    (skipped) => bits % 2 || skipped % 2 === 0,
  );
  return places.map((skipped) => {
    let text = '';
    let value = 0;
    let held = -skipped;
    for (const byte of bytes) {
      value = ((value << 8) | byte) & 0xffff;
      held += 8;
      for (; held >= bits; held -= bits) text += alphabet[(value >> (held - bits)) & (alphabet.length - 1)];
    }
    return text;
  });
}
