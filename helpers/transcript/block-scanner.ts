import { Buffer } from 'node:buffer';
import { classifyUnknownLine, LineIssueLog } from './line-issues.ts';
import type { StreamEvent } from './transcript.ts';
import { decode, decodeText } from './utf8.ts';

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
const PIECE_COMPARED = 2 ** 20;

/**
 * Reads an event stream line by line, as WHATWG HTML §9.2.6 says, over its bytes.
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
  /** The value of its last valid `id` field. */
  id: string | undefined;
  /** As a client has it when it dispatches this block: ids of earlier blocks live on. */
  lastEventId = '';
  readonly strayByteOrderMarks: number[] = [];
  readonly issues = new LineIssueLog();

  readonly #bytes: Buffer;
  /** The end of the bytes is not the end that the sender gave them, so a last line without its end is no finding. */
  readonly #cut: boolean;
  #position: number;
  #nextLineFeed = -1;
  #nextCarriageReturn = -1;
  #lineTerminated = true;
  #eventType = '';
  /** Start and end of each data line's value, flat. */
  readonly #dataSpans: number[] = [];

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

  /** The block's data lines, joined by line feeds, one unit a byte. */
  latin1Data(): string {
    const spans = this.#dataSpans;
    if (spans.length === 0) return '';
    let data = this.#bytes.toString('latin1', spans[0], spans[1]);
    for (let index = 2; index < spans.length; index += 2)
      data += `\n${this.#bytes.toString('latin1', spans[index], spans[index + 1])}`;
    return data;
  }

  /** Whether `latin1Data` is this; long data is compared in pieces, for a second copy of it would be dear. */
  isLatin1Data(data: string): boolean {
    const [start = 0, end = 0, more] = this.#dataSpans;
    if (more !== undefined || end - start < PIECE_COMPARED) return data === this.latin1Data();
    if (data.length !== end - start) return false;
    for (let from = start; from < end; from += PIECE_COMPARED) {
      const to = Math.min(end, from + PIECE_COMPARED);
      if (this.#bytes.toString('latin1', from, to) !== data.slice(from - start, to - start)) return false;
    }
    return true;
  }

  /** The block's data lines, joined by line feeds, as a client has them. */
  data(): string {
    const spans = this.#dataSpans;
    if (spans.length === 2) return decode(this.#bytes, spans[0] ?? 0, spans[1] ?? 0);
    return decodeText(this.latin1Data());
  }

  dataColons(): number {
    const bytes = this.#bytes;
    const spans = this.#dataSpans;
    let colons = 0;
    for (let span = 0; span < spans.length; span += 2) {
      const end = spans[span + 1] ?? 0;
      for (let index = spans[span] ?? end; index < end; index++) if (bytes[index] === COLON) colons++;
    }
    return colons;
  }

  #startBlock(): void {
    this.byteOffset = -1;
    this.id = undefined;
    this.#eventType = '';
    this.#dataSpans.length = 0;
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
    const { length } = this.#bytes;
    if (this.#nextLineFeed < start) this.#nextLineFeed = indexOrLength(this.#bytes, LF, start);
    if (this.#nextCarriageReturn < start) this.#nextCarriageReturn = indexOrLength(this.#bytes, CR, start);
    const end = Math.min(this.#nextLineFeed, this.#nextCarriageReturn);
    this.#lineTerminated = end < length;
    const pair = end === this.#nextCarriageReturn && this.#bytes[end + 1] === LF;
    this.#position = this.#lineTerminated ? end + (pair ? 2 : 1) : length;
    return end;
  }

  #readLine(start: number, end: number): void {
    const bytes = this.#bytes;
    if (bytes[start] === COLON) return;
    if (this.byteOffset < 0) this.byteOffset = start;
    if (isField(bytes, start, end, DATA)) this.#dataSpans.push(valueStart(bytes, start + DATA.length, end), end);
    else if (isField(bytes, start, end, EVENT))
      this.#eventType = decode(bytes, valueStart(bytes, start + EVENT.length, end), end);
    else if (isField(bytes, start, end, ID)) this.#readId(start, end);
    else if (isField(bytes, start, end, RETRY)) this.#readRetry(start, end);
    else if (startsWith(bytes, start, BYTE_ORDER_MARK)) this.#noteByteOrderMark(start);
    else if (this.#lineTerminated || !this.#cut)
      this.issues.add(bytes, classifyUnknownLine(bytes, start, end), start, end, this.byteOffset);
  }

  #readId(start: number, end: number): void {
    const value = decode(this.#bytes, valueStart(this.#bytes, start + ID.length, end), end);
    if (value.includes('\0')) {
      this.issues.add(this.#bytes, 'nul-in-id', start, end, this.byteOffset);
      return;
    }
    this.id = value;
    this.lastEventId = value;
  }

  #readRetry(start: number, end: number): void {
    if (!this.#lineTerminated && this.#cut) return;
    const value = decode(this.#bytes, valueStart(this.#bytes, start + RETRY.length, end), end);
    if (!/^[0-9]+$/.test(value)) this.issues.add(this.#bytes, 'bad-retry', start, end, this.byteOffset);
  }

  #noteByteOrderMark(offset: number): void {
    if (this.strayByteOrderMarks.length < KEPT_MARKS) this.strayByteOrderMarks.push(offset);
  }
}

function indexOrLength(bytes: Buffer, byte: number, from: number): number {
  const index = bytes.indexOf(byte, from);
  return index === -1 ? bytes.length : index;
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
