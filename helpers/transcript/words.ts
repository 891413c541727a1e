import type { Contract } from '../contract/types.ts';
import type { StreamEvent, WordTable } from './transcript.ts';

type JsonObject = Readonly<Record<string, unknown>>;

export const NO_MEMBERS: StreamEvent['undocumented'] = Object.freeze({});
const KEPT_PATHS = 50;
const SHOWN_OF_NAME = 60;

export interface WordReader {
  /** `event`: the index of the event that holds the batch. */
  readBatch(batch: unknown, event: number): BatchMembers;
  /** So many words were read. */
  count(): number;
  table(): WordTable;
}

interface BatchMembers {
  /** Of the batch and of its words; values nested deeper are not counted. */
  readonly members: number;
  /** Paths of members that the contract does not name, with counts. */
  readonly undocumented: StreamEvent['undocumented'];
}

/** Reads the words of batches into columns, of an invalid batch all that can be used; the columns double as they fill. */
export function wordReader({ batchMembers, wordMembers }: Contract): WordReader {
  const text: string[] = [];
  let start = new Float64Array(256);
  let end = new Float64Array(256);
  let event = new Int32Array(256);

  return { readBatch, count: () => text.length, table };

  function readBatch(batch: unknown, inEvent: number): BatchMembers {
    let members = 0;
    const undocumented = new Map<string, number>();
    if (isRecord(batch)) {
      for (const name in batch) {
        members++;
        if (!batchMembers.has(name)) countPath(undocumented, '', name);
      }
      const words = Object.hasOwn(batch, 'words') ? batch.words : undefined;
      for (const word of (Array.isArray(words) ? words : []) as readonly unknown[])
        if (isRecord(word)) {
          for (const name in word) {
            members++;
            if (!wordMembers.has(name)) countPath(undocumented, 'words/*/', name);
          }
          push(word, inEvent);
        }
    }
    return { members, undocumented: undocumented.size === 0 ? NO_MEMBERS : Object.fromEntries(undocumented) };
  }

  function push(word: JsonObject, inEvent: number): void {
    const index = text.length;
    if (index === event.length) {
      start = grown(start, new Float64Array(index * 2));
      end = grown(end, new Float64Array(index * 2));
      event = grown(event, new Int32Array(index * 2));
    }
    text.push(typeof word.word === 'string' ? word.word : (JSON.stringify(word.word) ?? ''));
    start[index] = secondsOf(word.start);
    end[index] = secondsOf(word.end);
    event[index] = inEvent;
  }

  function table(): WordTable {
    const { length } = text;
    return {
      length,
      text,
      start: start.subarray(0, length),
      end: end.subarray(0, length),
      event: event.subarray(0, length),
    };
  }
}

function countPath(counts: Map<string, number>, parent: string, name: string): void {
  const path = parent + shortened(name).replaceAll('~', '~0').replaceAll('/', '~1');
  const count = counts.get(path) ?? 0;
  if (count > 0 || counts.size < KEPT_PATHS) counts.set(path, count + 1);
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
