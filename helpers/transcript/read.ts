import type { EventSourceMessage } from 'eventsource-parser';
import type { Contract, SchemaIssue } from '../contract/types.ts';
import type { Exchange } from '../recording/recording.ts';
import { SuiteError } from '../suite-error.ts';
import { type BatchWalk, collectWords, NO_MEMBERS } from './batch-words.ts';
import { BlockScanner } from './block-scanner.ts';
import { joinBody } from './body.ts';
import { duplicateMembers, mayRepeatMembers, parseData } from './json.ts';
import { readPayloads } from './payloads.ts';
import type { StreamEvent, Transcript } from './transcript.ts';
import { firstInvalidUtf8 } from './utf8.ts';
import { WordColumns } from './word-columns.ts';

const NO_ISSUES: readonly SchemaIssue[] = Object.freeze([]);
const NO_NAMES: readonly string[] = Object.freeze([]);
const KEPT_ISSUES = 50;

/**
 * Reads one body as an event stream (WHATWG HTML §9.2). Pure; never throws on bytes of the target.
 * Framing is read by a scanner of our own and by eventsource-parser; where they disagree, SuiteError: one of them is wrong.
 */
export function readTranscript(exchange: Exchange, contract: Contract): Transcript {
  const { bytes, arrivalOf } = joinBody(exchange.chunks);
  const cut = exchange.ending.kind !== 'complete';
  const scanner = new BlockScanner(bytes, cut);
  const events: StreamEvent[] = [];
  const words = new WordColumns();

  const placeOf = (): EventPlace => ({
    index: events.length,
    at: arrivalOf(scanner.byteEnd - 1),
    firstWord: words.length,
  });
  /** Adds blocks that no client sees up to the next one that is dispatched. */
  const nextDispatched = (): boolean => {
    while (scanner.next()) {
      if (scanner.dispatch === 'dispatched') return true;
      events.push(describeUnseen(scanner, placeOf()));
    }
    return false;
  };

  readPayloads(bytes, (message) => {
    if (!nextDispatched()) throw disagreement(exchange, bytes.length, 'the parser dispatches one event more');
    compare(scanner, message, exchange);
    events.push(describeDispatched(scanner, message.data, placeOf(), contract, words));
  });
  if (nextDispatched()) throw disagreement(exchange, scanner.byteOffset, 'the parser does not dispatch this event');

  return {
    exchange,
    bytes,
    events,
    words: words.table(),
    invalidUtf8At: firstInvalidUtf8(bytes, cut),
    strayByteOrderMarks: scanner.strayByteOrderMarks,
    lineIssues: scanner.issues.kept,
    lineIssueCount: scanner.issues.count,
    arrivalOf,
  };
}

interface EventPlace {
  readonly index: number;
  readonly at: number;
  readonly firstWord: number;
}

function describeUnseen(scanner: BlockScanner, { index, at, firstWord }: EventPlace): StreamEvent {
  return {
    index,
    type: scanner.type,
    kind: kindOf(scanner.type),
    dispatch: scanner.dispatch,
    byteOffset: scanner.byteOffset,
    byteLength: scanner.byteEnd - scanner.byteOffset,
    at,
    json: null,
    schemaIssues: NO_ISSUES,
    firstWord,
    wordCount: 0,
    undocumented: NO_MEMBERS,
    duplicateMembers: NO_NAMES,
  };
}

function describeDispatched(
  scanner: BlockScanner,
  data: string,
  { index, at, firstWord }: EventPlace,
  contract: Contract,
  words: WordColumns,
): StreamEvent {
  const kind = kindOf(scanner.type);
  const { value, fault, pruned } = parseData(data);
  const schemaIssues = fault ? NO_ISSUES : validate(kind, value, contract);
  const walk = kind === 'batch' && !fault ? collectWords(value, index, contract, words) : undefined;
  const duplicates = fault || pruned ? NO_NAMES : repeatedMembers(value, data, scanner.dataColons(), walk);
  const isValidBatch = kind === 'batch' && !fault && schemaIssues.length === 0;
  return {
    index,
    type: scanner.type,
    kind,
    dispatch: 'dispatched',
    byteOffset: scanner.byteOffset,
    byteLength: scanner.byteEnd - scanner.byteOffset,
    at,
    json: fault,
    schemaIssues,
    firstWord,
    wordCount: words.length - firstWord,
    undocumented: walk?.undocumented ?? NO_MEMBERS,
    duplicateMembers: duplicates,
    ...(scanner.lastEventId === '' ? undefined : { lastEventId: scanner.lastEventId }),
    ...(isValidBatch || fault ? undefined : { payload: value }),
  };
}

function kindOf(type: string): StreamEvent['kind'] {
  return type === 'message' ? 'batch' : type === 'end' ? 'end' : 'other';
}

function validate(kind: StreamEvent['kind'], value: unknown, contract: Contract): readonly SchemaIssue[] {
  const validator =
    kind === 'batch' ? contract.validateWordBatch : kind === 'end' ? contract.validateWordsEnd : undefined;
  const issues = validator?.(value) ?? NO_ISSUES;
  if (issues.length === 0) return NO_ISSUES;
  return issues.length > KEPT_ISSUES ? issues.slice(0, KEPT_ISSUES) : issues;
}

function repeatedMembers(value: unknown, data: string, colons: number, walk: BatchWalk | undefined): readonly string[] {
  // As many members as colons: none is lost, whatever the strings hold.
  if (walk && !walk.nested && walk.members === colons) return NO_NAMES;
  return mayRepeatMembers(value, data, colons) ? duplicateMembers(data) : NO_NAMES;
}

function compare(scanner: BlockScanner, message: EventSourceMessage, exchange: Exchange): void {
  const difference =
    (message.event ?? 'message') !== scanner.type
      ? 'type'
      : message.id !== scanner.id
        ? 'id'
        : message.data !== scanner.data()
          ? 'data'
          : undefined;
  if (difference) throw disagreement(exchange, scanner.byteOffset, `they read another ${difference}`);
}

function disagreement(exchange: Exchange, byteOffset: number, what: string): SuiteError {
  return new SuiteError(
    `The line scanner and eventsource-parser disagree on ${exchange.id} at byte ${byteOffset}: ${what}.`,
  );
}
