import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { CredentialKind, HeaderList } from '../recording/recording.ts';
import type { Secret } from '../recording/secret-forms.ts';
import type { Settings } from '../settings/settings.ts';

/**
 * What a probe sends to be let in, or to be refused. Close to the right one: `recased-`, with
 * small and capital letters swapped; `shortened-`, without its last character; `lengthened-`, with one more;
 * `relabelled-`, the right one under a scheme that takes no such thing (Digest, RFC 7616).
 */
export type CredentialName =
  | CredentialKind
  | `${'recased' | 'shortened' | 'lengthened'}-${'api-key' | 'bearer'}`
  | 'relabelled-bearer';

export interface SentCredential {
  readonly kind: CredentialKind;
  readonly headers: HeaderList;
  readonly recorded: HeaderList;
}

export interface Credentials {
  /** The one that most requests carry: the API key, or the bearer token where no key is given. */
  readonly primary: CredentialKind;
  /** Undefined where the operator gave nothing to make it of. */
  get(name: CredentialName): SentCredential | undefined;
  /** All values that must never be written down, those made up from them included. */
  readonly secrets: readonly Secret[];
}

export type CredentialSettings = {
  readonly [Name in 'apiKey' | 'bearerToken' | 'otherApiKey']?: Settings[Name] | undefined;
};

/**
 * The operator's credentials and the wrong ones made up from them. Of a right one never more than one thing is changed,
 * in the middle: many decoders ignore the last bits of a base64 text. A key is never sent as a bearer token, which it may be.
 */
export function credentialsOf({ apiKey, bearerToken, otherApiKey }: CredentialSettings): Credentials {
  const shapeOfKey = apiKey ?? 'sk_0123456789abcdef0123456789abcdef';
  const shapeOfToken = bearerToken ?? shapeOfKey;
  const values: Readonly<Partial<Record<CredentialName, string>>> = {
    'api-key': apiKey,
    bearer: bearerToken,
    'other-account': otherApiKey,
    'wrong-api-key': shuffled(shapeOfKey),
    'near-api-key': apiKey && changed(apiKey),
    'recased-api-key': apiKey && recased(apiKey),
    'shortened-api-key': apiKey && shortened(apiKey),
    'lengthened-api-key': apiKey && lengthened(apiKey),
    'empty-api-key': '',
    'wrong-bearer': shuffled(shapeOfToken),
    'near-bearer': bearerToken && changed(bearerToken),
    'recased-bearer': bearerToken && recased(bearerToken),
    'shortened-bearer': bearerToken && shortened(bearerToken),
    'lengthened-bearer': bearerToken && lengthened(bearerToken),
    'relabelled-bearer': bearerToken,
    'empty-bearer': '',
    'other-scheme': Buffer.from(`conformance:${shuffled(shapeOfKey)}`).toString('base64'),
    none: '',
  } as Partial<Record<CredentialName, string>>;
  const given = Object.entries(values).filter(([, value]) => value) as [CredentialName, string][];
  return {
    primary: apiKey === undefined ? 'bearer' : 'api-key',
    // Most near ones are found as parts of the right one; one in other letter case has no part of it once it is encoded.
    secrets: given
      .filter(([name]) => !/^(near|shortened|lengthened|relabelled)-/.test(name))
      .map(([name, value]) => ({
        kinds: name === 'api-key' || name === 'bearer' ? [name, `near-${name}`] : [kindOf(name)],
        value,
        placeholder: placeholderOf(name),
      })),
    get(name) {
      const value = values[name];
      if (value === undefined) return undefined;
      const recorded = value === '' ? '' : placeholderOf(name);
      return { kind: kindOf(name), headers: headersOf(name, value), recorded: headersOf(name, recorded) };
    },
  };
}

function headersOf(name: CredentialName, value: string): HeaderList {
  if (name === 'none') return [];
  if (name === 'other-scheme') return [['authorization', `Basic ${value}`]];
  if (name === 'relabelled-bearer') return [['authorization', `Digest ${value}`]];
  return name.endsWith('bearer') ? [['authorization', `Bearer ${value}`]] : [['x-api-key', value]];
}

function kindOf(name: CredentialName): CredentialKind {
  const close = /^(recased|shortened|lengthened|relabelled)-(api-key|bearer)$/.exec(name);
  return close ? (`near-${close[2]}` as CredentialKind) : (name as CredentialKind);
}

function placeholderOf(name: CredentialName): string {
  if (name === 'api-key') return '$WORDS_API_KEY';
  if (name === 'bearer') return '$WORDS_BEARER_TOKEN';
  if (name === 'other-account') return '$WORDS_OTHER_API_KEY';
  return `$${name.replaceAll('-', '_').toUpperCase()}`;
}

const CLASSES = ['0123456789', 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** Another one of its class; which, says the value of 0 to 255. */
function otherCharacter(character: string, value = 0): string {
  const alphabet = CLASSES.find((one) => one.includes(character));
  if (alphabet === undefined) return character;
  const shift = 1 + (value % (alphabet.length - 1));
  return alphabet[(alphabet.indexOf(character) + shift) % alphabet.length] ?? character;
}

/**
 * Of the same shape, with every letter and digit another one. Nobody can turn it back who does not know the right one, and
 * it is the same each time, so that whoever writes files knows what was sent.
 */
function shuffled(value: string): string {
  const digest = createHash('sha256').update(value).digest();
  return [...value].map((character, index) => otherCharacter(character, digest[index % digest.length])).join('');
}

/** With one letter or digit changed, about three quarters in. */
function changed(value: string): string {
  const characters = [...value];
  const middle = Math.floor(characters.length * 0.75);
  const near = (index: number) => Math.abs(index - middle);
  const index = characters
    .map((_, place) => place)
    .filter((place) => otherCharacter(characters[place] ?? '') !== characters[place])
    .sort((a, b) => near(a) - near(b))[0];
  if (index === undefined) return `${value}x`;
  characters[index] = otherCharacter(characters[index] ?? '');
  return characters.join('');
}

function recased(value: string): string | undefined {
  const swapped = value.replace(/[A-Za-z]/g, (letter) => (letter < 'a' ? letter.toLowerCase() : letter.toUpperCase()));
  return swapped === value ? undefined : swapped;
}

function shortened(value: string): string | undefined {
  return value.length < 4 ? undefined : value.slice(0, -1);
}

function lengthened(value: string): string {
  const last = value.slice(-1);
  return value + (/[0-9A-Za-z]/.test(last) ? otherCharacter(last) : '0');
}
