import type { Contract, SchemaIssue } from '../contract/types.ts';
import type { Exchange } from '../recording/recording.ts';
import { type Block, dataOf, scanBlocks } from './block-scanner.ts';
import { joinBody } from './body.ts';
import { countColons, duplicateMembers, mayRepeatMembers, parseData } from './json.ts';
import type { StreamEvent, Transcript } from './transcript.ts';
import { firstInvalidUtf8 } from './utf8.ts';
import { NO_MEMBERS, type WordReader, wordReader } from './words.ts';

const NO_ISSUES: readonly SchemaIssue[] = Object.freeze([]);
const NO_NAMES: readonly string[] = Object.freeze([]);
const KEPT_ISSUES = 50;

/** Reads one body as an event stream (WHATWG HTML §9.2), event by event. Pure; never throws on bytes of the target. */
export function readTranscript(exchange: Exchange, contract: Contract): Transcript {
  const { bytes, arrivalOf } = joinBody(exchange.chunks);
  const cut = exchange.ending.kind !== 'complete';
  const words = wordReader(contract);
  const events: StreamEvent[] = [];
  const { strayByteOrderMarks, issues } = scanBlocks(bytes, cut, (block) => {
    const event = newEvent(events.length, block, words.count(), arrivalOf(block.byteEnd - 1));
    if (event.dispatch === 'dispatched') readData(event, block, dataOf(bytes, block), { words, contract });
    events.push(event);
  });
  return {
    exchange,
    bytes,
    events,
    words: words.table(),
    invalidUtf8At: firstInvalidUtf8(bytes, cut),
    strayByteOrderMarks,
    lineIssues: issues.kept,
    lineIssueCount: issues.count,
    arrivalOf,
  };
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function newEvent(index: number, block: Block, firstWord: number, at: number): Mutable<StreamEvent> {
  const { type, dispatch, byteOffset, byteEnd } = block;
  return {
    index,
    type,
    kind: type === 'message' ? 'batch' : type === 'end' ? 'end' : 'other',
    dispatch,
    byteOffset,
    byteLength: byteEnd - byteOffset,
    at,
    json: null,
    schemaIssues: NO_ISSUES,
    firstWord,
    wordCount: 0,
    undocumented: NO_MEMBERS,
    duplicateMembers: NO_NAMES,
  };
}

function readData(
  event: Mutable<StreamEvent>,
  { lastEventId }: Block,
  data: string,
  { words, contract }: { words: WordReader; contract: Contract },
): void {
  if (lastEventId !== '') event.lastEventId = lastEventId;
  const { value, fault, pruned } = parseData(data);
  event.json = fault;
  if (fault) return;
  event.schemaIssues = validate(event.kind, value, contract);
  let members = 0;
  if (event.kind === 'batch') {
    const batch = words.readBatch(value, event.index);
    event.wordCount = words.count() - event.firstWord;
    event.undocumented = batch.undocumented;
    members = batch.members;
  }
  const colons = countColons(data);
  // As many members as colons: no member is lost, whatever the strings hold.
  if (!pruned && members !== colons && mayRepeatMembers(value, data, colons))
    event.duplicateMembers = duplicateMembers(data);
  if (event.kind !== 'batch' || event.schemaIssues.length > 0) event.payload = value;
}

function validate(kind: StreamEvent['kind'], value: unknown, contract: Contract): readonly SchemaIssue[] {
  const validator =
    kind === 'batch' ? contract.validateWordBatch : kind === 'end' ? contract.validateWordsEnd : undefined;
  const issues = validator?.(value) ?? NO_ISSUES;
  if (issues.length === 0) return NO_ISSUES;
  return issues.length > KEPT_ISSUES ? issues.slice(0, KEPT_ISSUES) : issues;
}
