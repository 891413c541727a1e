import type { Contract } from '../contract/types.ts';
import type { WordColumns } from './word-columns.ts';

export type MemberCounts = Readonly<Record<string, number>>;

export const NO_MEMBERS: MemberCounts = Object.freeze({});
const KEPT_PATHS = 50;
const SHOWN_OF_NAME = 60;

/** What one walk over a batch finds besides its words. */
export interface BatchWalk {
  readonly undocumented: MemberCounts;
  /** Members of the batch and of its words, without what is nested in members that the contract does not name. */
  readonly members: number;
  /** Whether some member holds an object or array where a batch has none. */
  readonly nested: boolean;
}

/** Adds the words of one batch to the columns: of an invalid batch all that can be used. */
export function collectWords(value: unknown, event: number, contract: Contract, columns: WordColumns): BatchWalk {
  let counts: Record<string, number> | undefined;
  let members = 0;
  let nested = false;
  const note = (path: string): void => {
    counts ??= {};
    const known = Object.hasOwn(counts, path);
    if (known || Object.keys(counts).length < KEPT_PATHS) setOwn(counts, path, known ? (counts[path] ?? 0) + 1 : 1);
  };
  if (!isRecord(value)) return { undocumented: NO_MEMBERS, members, nested: true };
  const { batchMembers, wordMembers } = contract;
  for (const name in value) {
    members++;
    if (!batchMembers.has(name)) note(pathOf('', name));
    if (name !== 'words' && isObject(value[name])) nested = true;
  }
  const words = Object.hasOwn(value, 'words') ? value.words : undefined;
  if (!Array.isArray(words)) return { undocumented: counts ?? NO_MEMBERS, members, nested: true };
  for (const item of words as readonly unknown[]) {
    if (!isRecord(item)) {
      nested = true;
      continue;
    }
    for (const name in item) {
      members++;
      if (!wordMembers.has(name)) note(pathOf('words/*/', name));
      if (isObject(item[name])) nested = true;
    }
    columns.push(textOf(item), secondsOf(item, 'start'), secondsOf(item, 'end'), event);
  }
  return { undocumented: counts ?? NO_MEMBERS, members, nested };
}

function textOf(item: Readonly<Record<string, unknown>>): string {
  const word = Object.hasOwn(item, 'word') ? item.word : undefined;
  return typeof word === 'string' ? word : (JSON.stringify(word) ?? '');
}

function secondsOf(item: Readonly<Record<string, unknown>>, member: 'start' | 'end'): number {
  const seconds = item[member];
  return typeof seconds === 'number' && Number.isFinite(seconds) ? seconds : Number.NaN;
}

function pathOf(parent: string, name: string): string {
  const short = name.length > SHOWN_OF_NAME ? `${name.slice(0, SHOWN_OF_NAME)}…` : name;
  return parent + short.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** Also for a member named `__proto__`. */
function setOwn(counts: Record<string, number>, name: string, count: number): void {
  Object.defineProperty(counts, name, { value: count, enumerable: true, configurable: true, writable: true });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return isObject(value) && !Array.isArray(value);
}
