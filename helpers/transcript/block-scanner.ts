import { Buffer } from 'node:buffer';
import { classifyUnknownLine, LineIssueLog } from './line-issues.ts';
import type { StreamEvent } from './transcript.ts';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;
const DATA = Buffer.from('data');
const EVENT = Buffer.from('event');
const ID = Buffer.from('id');
const RETRY = Buffer.from('retry');
const BYTE_ORDER_MARK = Buffer.from('\uFEFF');
const KEPT_MARKS = 1000;

/**
 * Reads an event stream line by line (WHATWG HTML §9.2.6), looking at each byte once.
 * `next()` moves to the next block that is an event or would have been one; the fields describe that block.
 */
export class BlockScanner {
  /** First byte of its first line that is no comment. */
  byteOffset = 0;
  /** First byte after its blank line, or the end of the body. */
  byteEnd = 0;
  dispatch: StreamEvent['dispatch'] = 'dispatched';
  /** The event type as a client dispatches it. */
  type = 'message';
  /** As a client has it when it dispatches this block: ids of earlier blocks live on. */
  lastEventId = '';
  /** How many colons its data holds. */
  dataColons = 0;
  readonly strayByteOrderMarks: number[] = [];
  readonly issues = new LineIssueLog();

  readonly #bytes: Buffer;
  /** The connection broke, so a last line without its end is no finding. */
  readonly #cut: boolean;
  #position: number;
  #lineTerminated = true;
  #lineColons = 0;
  #eventType = '';
  /** Start and end of each data line's value, flat. */
  readonly #dataSpans: number[] = [];
  #dataIsAscii = true;

  constructor(bytes: Buffer, cut: boolean) {
    this.#bytes = bytes;
    this.#cut = cut;
    this.#position = startsWith(bytes, 0, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  }

  next(): boolean {
    this.#startBlock();
    while (this.#position < this.#bytes.length) {
      const start = this.#position;
      const end = this.#endOfLine(start);
      if (end > start) this.#readLine(start, end);
      else if (this.#holdsEvent()) return this.#finishBlock(this.#dataSpans.length > 0 ? 'dispatched' : 'no-data');
      else this.#startBlock();
    }
    return this.#holdsEvent() && this.#finishBlock('unterminated');
  }

  /** The block's data lines, joined by line feeds, as a client has them. */
  data(): string {
    const spans = this.#dataSpans;
    const encoding = this.#dataIsAscii ? 'latin1' : 'utf8';
    let data = spans.length === 0 ? '' : this.#bytes.toString(encoding, spans[0], spans[1]);
    for (let index = 2; index < spans.length; index += 2)
      data += `\n${this.#bytes.toString(encoding, spans[index], spans[index + 1])}`;
    return data;
  }

  #startBlock(): void {
    this.byteOffset = -1;
    this.dataColons = 0;
    this.#eventType = '';
    this.#dataSpans.length = 0;
    this.#dataIsAscii = true;
  }

  #holdsEvent(): boolean {
    return this.#dataSpans.length > 0 || this.#eventType !== '';
  }

  #finishBlock(dispatch: StreamEvent['dispatch']): true {
    this.dispatch = dispatch;
    this.type = this.#eventType || 'message';
    this.byteEnd = this.#position;
    return true;
  }

  /** Moves past the line and its end; gives where its content ends. */
  #endOfLine(start: number): number {
    const bytes = this.#bytes;
    const { length } = bytes;
    let end = start;
    let colons = 0;
    let bits = 0;
    for (; end < length; end++) {
      const byte = bytes[end] as number;
      if (byte <= CR && (byte === LF || byte === CR)) break;
      if (byte === COLON) colons++;
      bits |= byte;
    }
    this.#lineColons = colons;
    if (bits > 0x7f) this.#dataIsAscii = false;
    this.#lineTerminated = end < length;
    const pair = bytes[end] === CR && bytes[end + 1] === LF;
    this.#position = this.#lineTerminated ? end + (pair ? 2 : 1) : length;
    return end;
  }

  #readLine(start: number, end: number): void {
    const bytes = this.#bytes;
    if (bytes[start] === COLON) return;
    if (this.byteOffset < 0) this.byteOffset = start;
    if (isField(bytes, start, end, DATA)) {
      const nameEnd = start + DATA.length;
      this.#dataSpans.push(valueStart(bytes, nameEnd, end), end);
      this.dataColons += this.#lineColons - (nameEnd < end ? 1 : 0);
    } else if (isField(bytes, start, end, EVENT)) this.#eventType = valueText(bytes, start + EVENT.length, end);
    else if (isField(bytes, start, end, ID)) this.#readId(start, end);
    else if (isField(bytes, start, end, RETRY)) this.#readRetry(start, end);
    else if (startsWith(bytes, start, BYTE_ORDER_MARK)) this.#noteByteOrderMark(start);
    else if (this.#lineTerminated || !this.#cut)
      this.issues.add(bytes, classifyUnknownLine(bytes, start, end), start, end, this.byteOffset);
  }

  #readId(start: number, end: number): void {
    const value = valueText(this.#bytes, start + ID.length, end);
    if (value.includes('\0')) this.issues.add(this.#bytes, 'nul-in-id', start, end, this.byteOffset);
    else this.lastEventId = value;
  }

  #readRetry(start: number, end: number): void {
    if (!this.#lineTerminated && this.#cut) return;
    if (!/^[0-9]+$/.test(valueText(this.#bytes, start + RETRY.length, end)))
      this.issues.add(this.#bytes, 'bad-retry', start, end, this.byteOffset);
  }

  #noteByteOrderMark(offset: number): void {
    if (this.strayByteOrderMarks.length < KEPT_MARKS) this.strayByteOrderMarks.push(offset);
  }
}

function startsWith(bytes: Buffer, start: number, prefix: Buffer): boolean {
  for (let index = 0; index < prefix.length; index++) if (bytes[start + index] !== prefix[index]) return false;
  return true;
}

/** Whether the line's field name, all that stands before a colon or else the whole line, is this one. */
function isField(bytes: Buffer, start: number, end: number, name: Buffer): boolean {
  const nameEnd = start + name.length;
  return nameEnd <= end && startsWith(bytes, start, name) && (nameEnd === end || bytes[nameEnd] === COLON);
}

/** After the colon and one space, where they stand. */
function valueStart(bytes: Buffer, nameEnd: number, end: number): number {
  if (nameEnd === end) return end;
  const afterColon = nameEnd + 1;
  return afterColon < end && bytes[afterColon] === SPACE ? afterColon + 1 : afterColon;
}

function valueText(bytes: Buffer, nameEnd: number, end: number): string {
  return bytes.toString('utf8', valueStart(bytes, nameEnd, end), end);
}
