import { parsePointer, valueAt } from '../contract/pointer.ts';
import type { SchemaIssue } from '../contract/types.ts';
import { counted, printable, quoted, shortened, shownValue } from './findings.ts';

/** What a schema finds wrong with the data of an event: which value, of which word, and what it must be. */
export function shownIssues(
  data: unknown,
  [first, ...others]: readonly [SchemaIssue, ...SchemaIssue[]],
): { readonly message: string; readonly expected: readonly string[]; readonly actual: string } {
  const { pointer, message, schemaPointer } = first;
  const actual = valueAndKind(valueAt(data, pointer));
  const more = others.length === 0 ? '' : ` (and ${counted(others.length, 'more issue')})`;
  return {
    message: `${placeOf(pointer)}${ofWord(data, pointer)} is ${actual}; it ${printable(withArticle(message))}${more}`,
    expected: [`a value that is valid against ${schemaPointer}`],
    actual,
  };
}

/** `"0.375" (a string)` */
export function valueAndKind(value: unknown): string {
  return value === null || value === undefined ? String(value) : `${shownValue(value)} (${kindOf(value)})`;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number' && !Number.isFinite(value)) return 'a number that is too large to be read';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** `words[3].start` */
function placeOf(pointer: string): string {
  const path = parsePointer(pointer)
    .map((token) => (/^\d+$/.test(token) ? `[${token}]` : `.${printable(shortened(token, 40))}`))
    .join('');
  return path === '' ? 'it' : path.replace(/^\./, '');
}

function ofWord(data: unknown, pointer: string): string {
  const word = /^\/words\/\d+/.exec(pointer)?.[0];
  const text = word === undefined ? undefined : valueAt(data, `${word}/word`);
  return typeof text === 'string' ? ` of ${quoted(text, 40)}` : '';
}

/** `must be number`, as a person says it. */
function withArticle(message: string): string {
  return message.replace(/^must be (?=[a-z]+$)/, /^must be [aio]/.test(message) ? 'must be an ' : 'must be a ');
}
