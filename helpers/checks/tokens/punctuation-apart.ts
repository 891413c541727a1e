import type { Check, Subscription, Violation } from '../../judging/check.ts';
import { atWord, Findings, nothingObserved, quoted } from '../../judging/findings.ts';
import {
  type Edges,
  edgesOf,
  isAsciiAlphanumeric,
  isPunctuationToken,
  LETTER_OR_DIGIT,
} from '../../judging/glued-punctuation.ts';
import { hasEnded, isSoundWord, perTranscript, soundWordCount } from '../../judging/root-causes.ts';
import type { Transcript } from '../../transcript/transcript.ts';

interface GluedMark {
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

/** Punctuation that is glued to words in a transcript. */
export const glueOf = perTranscript((transcript: Transcript): Glue => {
  const { text } = transcript.words;
  const glue = glueIn(text, hasEnded(transcript));
  if (soundWordCount(transcript) === text.length) return glue;
  const isSound = (token: number): boolean => isSoundWord(transcript, token);
  return {
    judged: text.filter((token, index) => LETTER_OR_DIGIT.test(token) && isSound(index)).length,
    marks: glue.marks.filter(({ token }) => isSound(token)),
  };
});

/** `ended`: nothing follows the last token. */
export function glueIn(tokens: readonly string[], ended: boolean): Glue {
  const known = new Map<string, { readonly edges: Edges; readonly isWord: boolean }>();
  const marks: GluedMark[] = [];
  const open: OpenToken[] = [];
  let judged = 0;
  for (let token = 0; token < tokens.length; token += 1) {
    const text = tokens[token] ?? '';
    if (isAsciiAlphanumeric(text.charCodeAt(0)) && isAsciiAlphanumeric(text.charCodeAt(text.length - 1))) {
      judged += 1;
      continue;
    }
    let about = known.get(text);
    if (about === undefined) {
      about = { edges: edgesOf(text), isWord: !isPunctuationToken(text) };
      known.set(text, about);
    }
    const { edges, isWord } = about;
    if (isWord) judged += 1;
    if (edges.kind === 'glued') marks.push({ token, mark: edges.mark, side: edges.side });
    else if (edges.kind !== 'clean') open.push({ token, edges });
  }
  if (open.length > 0) {
    for (const token of decideByContext(tokens, open, ended)) marks.push(token);
    marks.sort((a, b) => a.token - b.token);
  }
  return { judged, marks };
}

interface OpenToken {
  readonly token: number;
  readonly edges: Exclude<Edges, { kind: 'clean' | 'glued' }>;
}

/** As many different short words at ends of sentences are no abbreviations, in a stream without one period apart. */
const TELLING_SHORT_WORDS = 3;

function* decideByContext(tokens: readonly string[], open: readonly OpenToken[], ended: boolean): Generator<GluedMark> {
  const hasCase = tokens.some((token) => /\p{Lu}/u.test(token));
  const bare = standingBare(tokens, open);
  const unsure: { readonly token: number; readonly core: string }[] = [];
  for (const { token, edges } of open) {
    const next = nextWord(tokens, token);
    if (edges.kind === 'number') {
      const halfOfNumber = next === undefined ? !ended : /^\p{N}/u.test(next);
      if (!halfOfNumber) yield { token, mark: edges.mark, side: 'after' };
      continue;
    }
    if (edges.kind === 'fraction') {
      if (!/\p{N}$/u.test(tokens[token - 1] ?? '')) yield { token, mark: edges.mark, side: 'before' };
      continue;
    }
    if (edges.kind === 'scheme') {
      if (!/^[/\\]/.test(tokens[token + 1] ?? '')) yield { token, mark: edges.mark, side: 'after' };
      continue;
    }
    if (edges.kind === 'name') {
      if (!goesOn(tokens[token + 1] ?? '')) yield { token, mark: edges.mark, side: 'after' };
      continue;
    }
    if (!endsSentence(tokens, token, next, hasCase, ended)) continue;
    const isLast = next === undefined && (edges.core.match(/\p{L}/gu)?.length ?? 0) > 2;
    if (edges.sure || isLast || bare.has(edges.core.toLowerCase())) yield { token, mark: '.', side: 'after' };
    else unsure.push({ token, core: edges.core.toLowerCase() });
  }
  const telling = new Set(unsure.map(({ core }) => core)).size >= TELLING_SHORT_WORDS && !bare.has(PERIOD);
  if (telling) for (const { token } of unsure) yield { token, mark: '.', side: 'after' };
}

const PERIOD = '.';

/** The sentence is not over before this token: a word in lower case, or a mark that ends or divides it. */
function goesOn(next: string): boolean {
  return /^(?:\p{Ll}|[.,;:?!…]+$)/u.test(next);
}

/** Of the words that stand with a period, and of the period, those that also stand alone; in lower case. */
function standingBare(tokens: readonly string[], open: readonly OpenToken[]): ReadonlySet<string> {
  const sought = new Set([PERIOD]);
  for (const { edges } of open) if (edges.kind === 'period') sought.add(edges.core.toLowerCase());
  const bare = new Set<string>();
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

/** A period apart that follows makes the one in the token part of an abbreviation; so does a word in lower case. */
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

export const punctuationApart: Check = {
  id: 'tokens.punctuation-apart',
  judge(evidence) {
    const findings = new Findings();
    for (const subscription of evidence.subscriptions) {
      const { judged, marks } = glueOf(subscription.transcript);
      findings.observe(judged);
      for (const mark of marks) findings.violate(() => glued(subscription, mark));
    }
    return findings.judgement(() =>
      nothingObserved(evidence, 'word with letters or digits', 'Subscribe to a session that speaks.'),
    );
  },
};

function glued(subscription: Subscription, { token, mark, side }: GluedMark): Violation {
  const text = subscription.transcript.words.text[token] ?? '';
  return {
    message: `The token ${quoted(text, 40)} has ${quoted(mark)} glued ${side === 'after' ? 'to its end' : 'to its front'}.`,
    expected: [
      'the word and the punctuation mark as two word events',
      "marks that belong to the word: don't, well-known, 3.14, U.S., e.g., $5, C++",
    ],
    actual: quoted(text, 40),
    ...atWord(subscription, token),
  };
}
