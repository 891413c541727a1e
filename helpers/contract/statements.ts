import { endSchemaPointer, OPERATION, SCHEMAS, WORDS_PATH } from './operation.ts';
import { parsePointer, toPointer, valueAt } from './pointer.ts';
import { foldSpace } from './quotes.ts';
import { followReference, references } from './references.ts';

/** One thing that the contract says: a sentence of prose, or a keyword with its value. */
export interface Statement {
  readonly pointer: string;
  readonly text: string;
  /** Of a sentence, within the folded text of its description; the whole text of a keyword. */
  readonly start: number;
  readonly end: number;
}

const PROSE = new Set(['description', 'summary']);

/** All that the contract says of the words stream: its operation, and every schema and security scheme that it leads to. */
export function statementsOf(document: unknown): readonly Statement[] {
  return roots(document).flatMap((pointer) => [...leaves(valueAt(document, pointer), pointer)]);
}

/** Pointers from which everything that concerns the operation is reached, none within another. */
function roots(document: unknown): readonly string[] {
  const pathItem = toPointer(['paths', WORDS_PATH]);
  const shared = ['summary', 'description', 'parameters'].map((member) => `${pathItem}/${member}`);
  const named = ['WordBatch', 'WordEvent', 'StandardAPIError'].map((name) => `${SCHEMAS}/${name}`);
  const endSchema = endSchemaPointer(document);
  const queue = [OPERATION, ...shared, ...named, ...(endSchema === undefined ? [] : [endSchema])];
  const operationSecurity = valueAt(document, `${OPERATION}/security`);
  if (operationSecurity === undefined) queue.push('/security');
  queue.push(...securitySchemes(operationSecurity ?? valueAt(document, '/security')));
  const found: string[] = [];
  for (let pointer = queue.shift(); pointer !== undefined; pointer = queue.shift()) {
    const within = found.some((root) => pointer === root || pointer?.startsWith(`${root}/`));
    if (within || valueAt(document, pointer) === undefined) continue;
    found.push(pointer);
    const targets = references(valueAt(document, pointer)).map(({ target }) => followReference(document, target));
    queue.push(...targets.filter((target) => target !== undefined));
  }
  return found;
}

function securitySchemes(security: unknown): readonly string[] {
  const alternatives: readonly unknown[] = Array.isArray(security) ? security : [];
  const names = alternatives.flatMap((alternative) => Object.keys(alternative ?? {}));
  return [...new Set(names)].map((name) => toPointer(['components', 'securitySchemes', name]));
}

function* leaves(value: unknown, pointer: string): Generator<Statement> {
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
    for (const [key, member] of Object.entries(value)) yield* leaves(member, pointer + toPointer([key]));
    return;
  }
  const text = typeof value === 'string' ? foldSpace(value) : JSON.stringify(value);
  if (typeof value === 'string' && PROSE.has(parsePointer(pointer).at(-1) ?? ''))
    for (const sentence of splitSentences(text)) yield { pointer, ...sentence };
  else yield { pointer, text, start: 0, end: text.length };
}

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
