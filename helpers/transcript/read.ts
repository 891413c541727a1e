import { isAscii } from 'node:buffer';
import type { EventSourceMessage } from 'eventsource-parser';
import type { Contract, SchemaIssue } from '../contract/types.ts';
import { InternalError } from '../errors.ts';
import type { Exchange } from '../recording/recording.ts';
import { NO_MEMBERS, WordCollector } from './batch-words.ts';
import { BlockScanner } from './block-scanner.ts';
import { type Body, joinBody } from './body.ts';
import { duplicateMembers, mayRepeatMembers, parseData } from './json.ts';
import { readPayloads } from './payloads.ts';
import type { StreamEvent, Transcript } from './transcript.ts';
import { decodeText, firstInvalidUtf8 } from './utf8.ts';

const NO_ISSUES: readonly SchemaIssue[] = Object.freeze([]);
const NO_NAMES: readonly string[] = Object.freeze([]);
const KEPT_ISSUES = 50;

/**
 * Reads one body as an event stream (WHATWG HTML §9.2). Pure; never throws on bytes of the target.
 * Framing is read by a scanner of our own and by eventsource-parser; where they disagree, InternalError: one of them is wrong.
 */
export function readTranscript(exchange: Exchange, contract: Contract): Transcript {
  const reader = new TranscriptReader(exchange, contract);
  reader.read();
  return reader.transcript();
}

class TranscriptReader {
  readonly #exchange: Exchange;
  readonly #contract: Contract;
  readonly #body: Body;
  readonly #ascii: boolean;
  readonly #cut: boolean;
  readonly #scanner: BlockScanner;
  readonly #collector: WordCollector;
  readonly #events: StreamEvent[] = [];

  constructor(exchange: Exchange, contract: Contract) {
    this.#exchange = exchange;
    this.#contract = contract;
    this.#body = joinBody(exchange.chunks);
    this.#ascii = isAscii(this.#body.bytes);
    this.#cut = exchange.ending.kind !== 'complete';
    this.#scanner = new BlockScanner(this.#body.bytes, this.#cut);
    this.#collector = new WordCollector(contract);
  }

  read(): void {
    readPayloads(this.#body.bytes, (message) => this.#addDispatched(message));
    if (this.#nextDispatched()) throw this.#disagreement('the parser does not dispatch this event');
  }

  transcript(): Transcript {
    return {
      exchange: this.#exchange,
      bytes: this.#body.bytes,
      events: this.#events,
      words: this.#collector.columns.table(),
      invalidUtf8At: firstInvalidUtf8(this.#body.bytes, this.#cut),
      strayByteOrderMarks: this.#scanner.strayByteOrderMarks,
      lineIssues: this.#scanner.issues.kept,
      lineIssueCount: this.#scanner.issues.count,
      arrivalOf: this.#body.arrivalOf,
    };
  }

  /** Adds the blocks that no client sees, up to the next one that is dispatched. */
  #nextDispatched(): boolean {
    while (this.#scanner.next()) {
      if (this.#scanner.dispatch === 'dispatched') return true;
      this.#events.push(this.#newEvent());
    }
    return false;
  }

  #addDispatched(message: EventSourceMessage): void {
    if (!this.#nextDispatched()) throw this.#disagreement('the parser dispatches one event more');
    this.#compare(message);
    const event = this.#newEvent();
    this.#events.push(event);
    if (this.#scanner.lastEventId !== '') event.lastEventId = this.#scanner.lastEventId;
    const data = this.#ascii ? message.data : this.#scanner.data();
    const { value, fault, pruned } = parseData(data);
    event.json = fault;
    if (fault) return;
    event.schemaIssues = validate(event.kind, value, this.#contract);
    let members = 0;
    if (event.kind === 'batch') {
      const walk = this.#collector.collect(value, event.index);
      event.wordCount = this.#collector.columns.length - event.firstWord;
      event.undocumented = walk.undocumented;
      members = walk.members;
    }
    const colons = this.#scanner.dataColons();
    // As many members as colons: no member is lost, whatever the strings hold.
    if (!pruned && members !== colons && mayRepeatMembers(value, data, colons))
      event.duplicateMembers = duplicateMembers(data);
    if (event.kind !== 'batch' || event.schemaIssues.length > 0) event.payload = value;
  }

  #newEvent(): Mutable<StreamEvent> {
    const { type, dispatch, byteOffset, byteEnd } = this.#scanner;
    return {
      index: this.#events.length,
      type,
      kind: type === 'message' ? 'batch' : type === 'end' ? 'end' : 'other',
      dispatch,
      byteOffset,
      byteLength: byteEnd - byteOffset,
      at: this.#body.arrivalOf(byteEnd - 1),
      json: null,
      schemaIssues: NO_ISSUES,
      firstWord: this.#collector.columns.length,
      wordCount: 0,
      undocumented: NO_MEMBERS,
      duplicateMembers: NO_NAMES,
    };
  }

  #compare({ event = 'message', id, data }: EventSourceMessage): void {
    const { type, id: ownId } = this.#scanner;
    if (event !== type && decodeText(event) !== type) throw this.#disagreement('they read another type');
    if (id !== ownId && (id === undefined || decodeText(id) !== ownId))
      throw this.#disagreement('they read another id');
    if (!this.#scanner.isLatin1Data(data)) throw this.#disagreement('they read other data');
  }

  #disagreement(what: string): InternalError {
    return new InternalError(
      `The line scanner and eventsource-parser disagree on ${this.#exchange.id} at byte ${this.#scanner.byteOffset}: ${what}.`,
    );
  }
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function validate(kind: StreamEvent['kind'], value: unknown, contract: Contract): readonly SchemaIssue[] {
  const validator =
    kind === 'batch' ? contract.validateWordBatch : kind === 'end' ? contract.validateWordsEnd : undefined;
  const issues = validator?.(value) ?? NO_ISSUES;
  if (issues.length === 0) return NO_ISSUES;
  return issues.length > KEPT_ISSUES ? issues.slice(0, KEPT_ISSUES) : issues;
}
