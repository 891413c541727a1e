import type { Contract } from '../contract/types.ts';
import type { StreamEvent, WordTable } from './transcript.ts';

type JsonObject = Readonly<Record<string, unknown>>;

export const NO_MEMBERS: StreamEvent['undocumented'] = Object.freeze({});
const KEPT_PATHS = 50;
const SHOWN_OF_NAME = 60;

/** Reads the words of batches into columns, of an invalid batch all that can be used; the columns double as they fill. */
export class WordReader {
  /** Of the batch read last: its members and those of its words; values nested deeper are not counted. */
  members = 0;
  readonly #contract: Contract;
  /** Of the batch read last: paths of members that the contract does not name, with counts. */
  readonly #undocumented = new Map<string, number>();
  /** Member names of the last word whose names are all documented: most words repeat them, so one look-up serves many. */
  #usualNames: readonly string[] = [];
  readonly #text: string[] = [];
  #start = new Float64Array(256);
  #end = new Float64Array(256);
  #event = new Int32Array(256);

  constructor(contract: Contract) {
    this.#contract = contract;
  }

  get length(): number {
    return this.#text.length;
  }

  get undocumented(): StreamEvent['undocumented'] {
    return this.#undocumented.size === 0 ? NO_MEMBERS : Object.fromEntries(this.#undocumented);
  }

  /** @param event index of the event that holds the batch */
  readBatch(batch: unknown, event: number): void {
    this.members = 0;
    this.#undocumented.clear();
    if (!isRecord(batch)) return;
    for (const name in batch) {
      this.members++;
      if (!this.#contract.batchMembers.has(name)) this.#countUndocumented('', name);
    }
    const words = Object.hasOwn(batch, 'words') ? batch.words : undefined;
    if (!Array.isArray(words)) return;
    for (const word of words as readonly unknown[])
      if (isRecord(word)) {
        this.#countMembers(word);
        this.#push(word, event);
      }
  }

  table(): WordTable {
    const { length } = this;
    return {
      length,
      text: this.#text,
      start: this.#start.subarray(0, length),
      end: this.#end.subarray(0, length),
      event: this.#event.subarray(0, length),
    };
  }

  #push({ word, start, end }: JsonObject, event: number): void {
    const index = this.#text.length;
    if (index === this.#event.length) {
      this.#start = grown(this.#start, new Float64Array(index * 2));
      this.#end = grown(this.#end, new Float64Array(index * 2));
      this.#event = grown(this.#event, new Int32Array(index * 2));
    }
    this.#text.push(typeof word === 'string' ? word : (JSON.stringify(word) ?? ''));
    this.#start[index] = secondsOf(start);
    this.#end[index] = secondsOf(end);
    this.#event[index] = event;
  }

  #countMembers(word: JsonObject): void {
    let count = 0;
    let usual = true;
    for (const name in word) {
      if (name !== this.#usualNames[count]) usual = false;
      count++;
    }
    this.members += count;
    if (usual) return;
    const names = Object.keys(word);
    const undocumented = names.filter((name) => !this.#contract.wordMembers.has(name));
    for (const name of undocumented) this.#countUndocumented('words/*/', name);
    if (undocumented.length === 0) this.#usualNames = names;
  }

  #countUndocumented(parent: string, name: string): void {
    const path = parent + shortened(name).replaceAll('~', '~0').replaceAll('/', '~1');
    const count = this.#undocumented.get(path) ?? 0;
    if (count > 0 || this.#undocumented.size < KEPT_PATHS) this.#undocumented.set(path, count + 1);
  }
}

function grown<Column extends Float64Array | Int32Array>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}

function secondsOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : Number.NaN;
}

function shortened(name: string): string {
  return name.length > SHOWN_OF_NAME ? `${name.slice(0, SHOWN_OF_NAME)}…` : name;
}

function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
