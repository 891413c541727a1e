import { type ParseErrorCode, printParseErrorCode, visit } from 'jsonc-parser';
import type { JsonFault } from './transcript.ts';

/** Deeper data is pruned, so that nothing that walks it by recursion can overflow. */
export const DEEPEST = 64;
/** Shorter data can nest deeper than that, yet not deep enough to overflow anything. */
const WORTH_MEASURING = 1024;

export interface ParsedData {
  /** What stands deeper than `DEEPEST` is left out; undefined where the data is no JSON text. */
  readonly value: unknown;
  readonly fault: JsonFault | null;
  readonly pruned: boolean;
}

/** Reads the data of one event as exactly one JSON text (RFC 8259). Never throws. */
export function parseData(data: string): ParsedData {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return { value: undefined, fault: describeFault(data), pruned: false };
  }
  if (data.length > WORTH_MEASURING && depthOf(data) > DEEPEST)
    return { value: prune(value, DEEPEST), fault: null, pruned: true };
  return { value, fault: typeof value === 'string' ? faultOfText(value) : null, pruned: false };
}

/** JSON inside a JSON string: a client that parses once gets a string. */
function faultOfText(text: string): JsonFault | null {
  if (!/^\s*[{[]/.test(text)) return null;
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  return { message: 'the data is a JSON string that holds a JSON text', position: 0 };
}

function describeFault(data: string): JsonFault {
  if (data === '') return { message: 'the data is empty', position: 0 };
  let fault: JsonFault = { message: 'the data is not a JSON text' };
  if (depthOf(data) > DEEPEST) return fault;
  let found = false;
  visit(
    data,
    {
      onError: (code, position, length) => {
        if (found) return;
        found = true;
        fault = { message: `${faultName(code)} at character ${position}${shown(data, position, length)}`, position };
      },
    },
    { disallowComments: true, allowTrailingComma: false },
  );
  return fault;
}

function faultName(code: ParseErrorCode): string {
  const name = printParseErrorCode(code);
  if (name === 'EndOfFileExpected') return 'a second JSON text begins';
  const words = name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return words.endsWith(' expected') ? `${words.slice(0, -' expected'.length)} is missing` : words;
}

function shown(data: string, position: number, length: number): string {
  const text = data.slice(position, position + Math.min(length, 20));
  return text === '' ? '' : `: ${JSON.stringify(text)}`;
}

/** How deep arrays and objects nest; brackets inside strings do not count. */
function depthOf(data: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < data.length; index++) {
    const unit = data.charCodeAt(index);
    if (unit === 0x22) inString = !inString;
    else if (inString) {
      if (unit === 0x5c) index++;
    } else if (unit === 0x7b || unit === 0x5b) {
      depth++;
      if (depth > deepest) deepest = depth;
    } else if (unit === 0x7d || unit === 0x5d) depth--;
  }
  return deepest;
}

function prune(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '…';
  if (Array.isArray(value)) return value.map((item) => prune(item, depth - 1));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, prune(member, depth - 1)]));
}

/** Member names that stand twice in one object (RFC 8259 §4). The data must be a JSON text that is not too deep. */
export function duplicateMembers(data: string): readonly string[] {
  const duplicates = new Set<string>();
  const open: Set<string>[] = [];
  visit(data, {
    onObjectBegin: () => {
      open.push(new Set());
    },
    onObjectEnd: () => {
      open.pop();
    },
    onObjectProperty: (name) => {
      const names = open.at(-1);
      if (names?.has(name)) duplicates.add(name);
      names?.add(name);
    },
  });
  return [...duplicates];
}

/**
 * Whether a member of the text may be missing from its value, as the first of two of one name is. Each member has one
 * colon, so this needs no second parse: colons = members + colons in strings, and those beyond that belong to members lost.
 */
export function mayRepeatMembers(value: unknown, data: string, colons: number): boolean {
  const { members, colonsInStrings } = countMembers(value);
  if (members === colons) return false;
  return members + colonsInStrings !== colons || /\\u003a/i.test(data);
}

function countMembers(value: unknown): { members: number; colonsInStrings: number } {
  let members = 0;
  let colonsInStrings = 0;
  const pending: unknown[] = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next === 'string') colonsInStrings += countColons(next);
    else if (Array.isArray(next)) for (const item of next) pending.push(item);
    else if (typeof next === 'object' && next !== null)
      for (const [name, member] of Object.entries(next)) {
        members++;
        colonsInStrings += countColons(name);
        pending.push(member);
      }
  }
  return { members, colonsInStrings };
}

export function countColons(text: string): number {
  let colons = 0;
  for (let index = text.indexOf(':'); index !== -1; index = text.indexOf(':', index + 1)) colons++;
  return colons;
}
