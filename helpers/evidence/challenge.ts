import { randomInt } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parsed } from './manifest.ts';

/** What an authority keeps: the words, and when they came into the world. It gives the vendor the words alone. */
export interface Challenge {
  readonly format: 'words-conformance-challenge/1';
  /** ISO 8601, UTC. */
  readonly issuedAt: string;
  readonly words: readonly string[];
}

/** Common, spelt as they sound, of two syllables or more, no one a part of another: any English voice says them as one token. */
const WORDS =
  'amber anchor apple autumn balcony banana basket blanket butter button candle carpet castle cherry circus copper cotton dolphin dragon engine feather finger forest garden ginger guitar hammer harbor helmet honey island jacket kitchen ladder lantern lemon magnet marble meadow mirror monkey morning mountain nickel ocean olive orange oyster paper pepper picnic pillow pocket potato rabbit ribbon river rocket saddle silver sunset table tiger tomato tunnel umbrella velvet violin walnut water window winter yellow zebra'.split(
    ' ',
  );
/** Of 74 words each, drawn without repetition: about 49 bits. Nobody records them all beforehand. */
const DRAWN = 8;

const validate = new Ajv2020({ strict: true }).compile<Challenge>({
  type: 'object',
  properties: {
    format: { const: 'words-conformance-challenge/1' },
    issuedAt: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z$' },
    words: { type: 'array', minItems: 4, maxItems: 32, items: { type: 'string', pattern: '^\\p{L}+$' } },
  },
  required: ['format', 'issuedAt', 'words'],
  additionalProperties: false,
});

export function newChallenge(now: Date = new Date()): Challenge {
  const left = [...WORDS];
  const words = Array.from({ length: DRAWN }, () => left.splice(randomInt(left.length), 1)[0] ?? '');
  return { format: 'words-conformance-challenge/1', issuedAt: now.toISOString(), words };
}

/** Overwrites nothing: words that were given to somebody must be found again. */
export function writeChallenge(path: string, challenge: Challenge): void {
  writeFileSync(path, `${JSON.stringify(challenge, null, 2)}\n`, { flag: 'wx' });
}

export function readChallenge(path: string): Challenge {
  return parsed(readFileSync(path), path, validate);
}
