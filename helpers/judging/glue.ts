import type { Transcript } from '../transcript/transcript.ts';
import type { Evidence, Subscription } from './check.ts';
import { garbledIn } from './garbled-words.ts';
import {
  beginsAddress,
  type Edges,
  edgesOf,
  isAsciiAlphanumeric,
  isPunctuationToken,
  isSpoken,
} from './glued-punctuation.ts';
import { hasEnded, isSoundWord, soundWordCount } from './root-causes.ts';
import { type ScriptMarks, scriptMarks } from './script-marks.ts';
import { scriptOf } from './spelling.ts';

export interface GluedMark {
  /** Index of the token. */
  readonly token: number;
  readonly mark: string;
  readonly side: 'before' | 'after';
}

export interface Glue {
  /** Tokens that hold a letter or digit. */
  readonly judged: number;
  readonly marks: readonly GluedMark[];
}

const known = new WeakMap<Transcript, Glue>();

/** Punctuation that is glued to the words of a subscription. */
export function glueOf(evidence: Evidence, { streamId, transcript }: Subscription): Glue {
  let glue = known.get(transcript);
  if (glue === undefined) {
    const script = scriptOf(evidence, streamId);
    const { judged, marks } = soundGlue(transcript, script === undefined ? undefined : scriptMarks(script));
    const garbled = garbledIn(evidence, streamId);
    // Half of a letter is no mark.
    glue = { judged, marks: marks.filter(({ token }) => garbled(transcript.words.text[token] ?? '') === undefined) };
    known.set(transcript, glue);
  }
  return glue;
}

function soundGlue(transcript: Transcript, script: ScriptMarks | undefined): Glue {
  const { text } = transcript.words;
  const glue = glueIn(text, hasEnded(transcript), script);
  if (soundWordCount(transcript) === text.length) return glue;
  const isSound = (token: number): boolean => isSoundWord(transcript, token);
  return {
    judged: text.filter((token, index) => isSpoken(token) && isSound(index)).length,
    marks: glue.marks.filter(({ token }) => isSound(token)),
  };
}

/** `ended`: nothing follows the last token. `script`: what is known of the text that they speak. */
export function glueIn(tokens: readonly string[], ended: boolean, script?: ScriptMarks): Glue {
  const seen = new Map<string, { readonly edges: Edges; readonly isWord: boolean }>();
  const marks: GluedMark[] = [];
  const open: OpenToken[] = [];
  let judged = 0;
  for (let token = 0; token < tokens.length; token += 1) {
    const text = tokens[token] ?? '';
    if (isAsciiAlphanumeric(text.charCodeAt(0)) && isAsciiAlphanumeric(text.charCodeAt(text.length - 1))) {
      judged += 1;
      continue;
    }
    let about = seen.get(text);
    if (about === undefined) {
      about = { edges: edgesOf(text), isWord: !isPunctuationToken(text) };
      seen.set(text, about);
    }
    const { edges, isWord } = about;
    if (isWord) judged += 1;
    if (edges.kind === 'glued') marks.push({ token, mark: edges.mark, side: edges.side });
    else if (edges.kind !== 'clean') open.push({ token, edges });
  }
  if (open.length > 0) {
    for (const mark of decideByContext(tokens, open, ended, script)) marks.push(mark);
    marks.sort((a, b) => a.token - b.token);
  }
  const isInside = ({ token, side }: GluedMark): boolean => {
    const first = side === 'after' ? token : token - 1;
    return script?.joins(tokens[first] ?? '', tokens[first + 1] ?? '') === true;
  };
  return { judged, marks: script === undefined ? marks : marks.filter((mark) => !isInside(mark)) };
}

interface OpenToken {
  readonly token: number;
  readonly edges: Exclude<Edges, { kind: 'clean' | 'glued' }>;
}

type Period = Extract<Edges, { kind: 'period' }>;

/** So many different words at ends of sentences are no abbreviations, in a stream without one full stop apart. */
const TELLING_WEIGHT = 3;
const FULL_STOP = /^[.。｡।॥۔։።။។᠃]$/u;

function* decideByContext(
  tokens: readonly string[],
  open: readonly OpenToken[],
  ended: boolean,
  script: ScriptMarks | undefined,
): Generator<GluedMark> {
  const hasCase = tokens.some((token) => /\p{Lu}/u.test(token));
  const setsApart = tokens.some((token) => FULL_STOP.test(token));
  const bare = standingBare(tokens, open);
  const unsure: { readonly token: number; readonly edges: Period }[] = [];
  for (const { token, edges } of open) {
    const next = nextWord(tokens, token);
    if (edges.kind === 'dash') {
      if (script?.isBefore(edges.mark, edges.core)) yield { token, mark: edges.mark, side: 'after' };
    } else if (edges.kind !== 'period') {
      const side = edges.kind === 'fraction' ? 'before' : 'after';
      if (edges.kind === 'scheme' && script === undefined && beginsAddress(tokens[token] ?? '')) continue;
      if (!isPart(tokens, token, edges.kind, next, ended)) yield { token, mark: edges.mark, side };
    } else if (endsSentence(tokens, token, next, hasCase, ended)) {
      const { core } = edges;
      if (script?.endsSentence(core, next, bare.has(core.toLowerCase()))) yield { token, mark: '.', side: 'after' };
      // Elsewhere full stops stand apart: this one is part of an abbreviation or an ordinal.
      else if (setsApart || edges.weight === 0) continue;
      else if ((next === undefined && (isLong(core) || edges.weight === 2)) || bare.has(core.toLowerCase()))
        yield { token, mark: '.', side: 'after' };
      else unsure.push({ token, edges });
    }
  }
  const weights = new Map(unsure.map(({ edges: { core, weight } }) => [core.toLowerCase(), weight]));
  let weight = 0;
  for (const one of weights.values()) weight += one;
  if (weight >= TELLING_WEIGHT) for (const { token } of unsure) yield { token, mark: '.', side: 'after' };
}

/** Whether a mark belongs to the token after all: half a number, an address, a name such as Yahoo!. */
function isPart(
  tokens: readonly string[],
  token: number,
  kind: 'number' | 'fraction' | 'scheme' | 'name',
  next: string | undefined,
  ended: boolean,
): boolean {
  if (kind === 'number') return next === undefined ? !ended : /^\p{N}/u.test(next);
  if (kind === 'fraction') return /\p{N}$/u.test(tokens[token - 1] ?? '');
  const following = tokens[token + 1] ?? '';
  return kind === 'scheme' ? /^[/\\]/.test(following) : goesOn(following);
}

/** The sentence is not over before this token: a word in lower case, or a mark that ends or divides it. */
function goesOn(next: string): boolean {
  return /^(?:\p{Ll}|[.,;:?!…]+$)/u.test(next);
}

function isLong(core: string): boolean {
  return (core.match(/\p{L}/gu)?.length ?? 0) > 2 || /^\p{Nd}{4,}$/u.test(core);
}

/** Of the words that stand with a full stop, those that also stand without; in lower case. */
function standingBare(tokens: readonly string[], open: readonly OpenToken[]): ReadonlySet<string> {
  const sought = new Set<string>();
  for (const { edges } of open)
    if (edges.kind === 'period' && /\p{L}/u.test(edges.core)) sought.add(edges.core.toLowerCase());
  const bare = new Set<string>();
  if (sought.size > 0)
    for (const token of tokens) {
      const text = token.toLowerCase();
      if (sought.has(text)) bare.add(text);
    }
  return bare;
}

function nextWord(tokens: readonly string[], token: number): string | undefined {
  for (let next = token + 1; next < tokens.length; next += 1) {
    const text = tokens[next] ?? '';
    if (!isPunctuationToken(text)) return text.trim();
  }
  return undefined;
}

/** A full stop apart that follows makes the one in the token part of an abbreviation; so does a word in lower case. */
function endsSentence(
  tokens: readonly string[],
  token: number,
  next: string | undefined,
  hasCase: boolean,
  ended: boolean,
): boolean {
  const following = tokens[token + 1]?.trim();
  if (
    following !== undefined &&
    isPunctuationToken(following) &&
    !/^[\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{Quotation_Mark}—―–-]/u.test(following)
  )
    return false;
  if (next === undefined) return ended;
  return hasCase ? /^[\p{Lu}\p{Lt}\p{Lo}¿¡"“«„'’]/u.test(next) : true;
}
