import type { Contract } from '../contract/types.ts';
import { WordColumns } from './word-columns.ts';

export type MemberCounts = Readonly<Record<string, number>>;

export const NO_MEMBERS: MemberCounts = Object.freeze({});
const KEPT_PATHS = 50;
const SHOWN_OF_NAME = 60;

/** What one walk over a batch finds besides its words. */
export interface BatchWalk {
  readonly undocumented: MemberCounts;
  /** Members of the batch and of its words; those of values nested deeper are not counted. */
  readonly members: number;
}

const EMPTY_WALK: BatchWalk = { undocumented: NO_MEMBERS, members: 0 };

/** Adds the words of batches to the columns: of an invalid batch all that can be used. */
export class WordCollector {
  readonly columns = new WordColumns();
  readonly #contract: Contract;
  /** Member names of the last word whose names are all documented: most words repeat them, so one look-up serves many. */
  #usualNames: readonly string[] = [];
  #counts: Record<string, number> | undefined;
  #members = 0;

  constructor(contract: Contract) {
    this.#contract = contract;
  }

  collect(value: unknown, event: number): BatchWalk {
    if (!isRecord(value)) return EMPTY_WALK;
    this.#counts = undefined;
    this.#members = 0;
    for (const name in value) {
      this.#members++;
      if (!this.#contract.batchMembers.has(name)) this.#note(pathOf('', name));
    }
    const words = Object.hasOwn(value, 'words') ? value.words : undefined;
    if (Array.isArray(words))
      for (const item of words as readonly unknown[]) {
        if (!isRecord(item)) continue;
        this.#countMembers(item);
        this.columns.push(textOf(item), secondsOf(item.start), secondsOf(item.end), event);
      }
    return { undocumented: this.#counts ?? NO_MEMBERS, members: this.#members };
  }

  #countMembers(item: JsonObject): void {
    let count = 0;
    let usual = true;
    for (const name in item) {
      if (name !== this.#usualNames[count]) usual = false;
      count++;
    }
    this.#members += count;
    if (usual) return;
    const names = Object.keys(item);
    const undocumented = names.filter((name) => !this.#contract.wordMembers.has(name));
    for (const name of undocumented) this.#note(pathOf('words/*/', name));
    if (undocumented.length === 0) this.#usualNames = names;
  }

  #note(path: string): void {
    this.#counts ??= {};
    const counts = this.#counts;
    const count = Object.hasOwn(counts, path) ? (counts[path] ?? 0) : 0;
    if (count === 0 && Object.keys(counts).length >= KEPT_PATHS) return;
    // Defined, not assigned, for the sake of a member named `__proto__`.
    Object.defineProperty(counts, path, { value: count + 1, enumerable: true, configurable: true, writable: true });
  }
}

type JsonObject = Readonly<Record<string, unknown>>;

function textOf(item: JsonObject): string {
  const { word } = item;
  return typeof word === 'string' ? word : (JSON.stringify(word) ?? '');
}

function secondsOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : Number.NaN;
}

function pathOf(parent: string, name: string): string {
  const short = name.length > SHOWN_OF_NAME ? `${name.slice(0, SHOWN_OF_NAME)}…` : name;
  return parent + short.replaceAll('~', '~0').replaceAll('/', '~1');
}

function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
