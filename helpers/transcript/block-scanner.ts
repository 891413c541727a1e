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

/** A block that is an event, or would have been one. */
export interface Block {
  /** First byte of its first line that is no comment. */
  readonly byteOffset: number;
  /** First byte after its blank line, or the end of the body. */
  readonly byteEnd: number;
  readonly dispatch: StreamEvent['dispatch'];
  /** The event type as a client dispatches it. */
  readonly type: string;
  /** As a client has it when it dispatches this block: ids of earlier blocks live on. */
  readonly lastEventId: string;
  /** Start and end of the value of each of its data lines, flat. */
  readonly dataSpans: readonly number[];
}

/** The data lines of a block, joined by line feeds, as a client has them. */
export function dataOf(bytes: Buffer, { dataSpans: spans }: Block): string {
  let text = spans.length === 0 ? '' : bytes.toString('utf8', spans[0], spans[1]);
  for (let index = 2; index < spans.length; index += 2)
    text += `\n${bytes.toString('utf8', spans[index], spans[index + 1])}`;
  return text;
}

/** What clients pass over in silence. */
export interface PassedOver {
  readonly strayByteOrderMarks: readonly number[];
  readonly issues: LineIssueLog;
}

/**
 * Reads an event stream line by line (WHATWG HTML §9.2.6), and gives each block that is an event or would have been one.
 * `cut`: the connection broke, so a last line without its end is no finding.
 */
export function scanBlocks(bytes: Buffer, cut: boolean, take: (block: Block) => void): PassedOver {
  const strayByteOrderMarks: number[] = [];
  const issues = new LineIssueLog();
  let lastEventId = '';
  let position = startsWith(bytes, 0, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  // The next of each at or after the position, or the body's length.
  let lineFeed = -1;
  let carriageReturn = -1;
  let byteOffset = -1;
  let type = '';
  let dataSpans: number[] = [];

  while (position < bytes.length) {
    const start = position;
    if (lineFeed < start) lineFeed = nextOf(bytes, LF, start);
    if (carriageReturn < start) carriageReturn = nextOf(bytes, CR, start);
    const end = Math.min(lineFeed, carriageReturn);
    position = Math.min(bytes.length, end + (lineFeed === carriageReturn + 1 ? 2 : 1));
    if (end > start) readLine(start, end);
    else finishBlock(dataSpans.length > 0 ? 'dispatched' : 'no-data');
  }
  finishBlock('unterminated');
  return { strayByteOrderMarks, issues };

  function finishBlock(dispatch: StreamEvent['dispatch']): void {
    if (dataSpans.length > 0 || type !== '')
      take({ byteOffset, byteEnd: position, dispatch, type: type || 'message', lastEventId, dataSpans });
    byteOffset = -1;
    type = '';
    dataSpans = [];
  }

  function readLine(start: number, end: number): void {
    if (bytes[start] === COLON) return;
    if (byteOffset < 0) byteOffset = start;
    const isWhole = end < bytes.length || !cut;
    if (isField(bytes, start, end, DATA)) dataSpans.push(valueStart(bytes, start + DATA.length, end), end);
    else if (isField(bytes, start, end, EVENT)) type = valueText(bytes, start + EVENT.length, end);
    else if (isField(bytes, start, end, ID)) {
      const id = valueText(bytes, start + ID.length, end);
      if (id.includes('\0')) issues.add(bytes, 'nul-in-id', start, end, byteOffset);
      else lastEventId = id;
    } else if (isField(bytes, start, end, RETRY)) {
      if (isWhole && !/^[0-9]+$/.test(valueText(bytes, start + RETRY.length, end)))
        issues.add(bytes, 'bad-retry', start, end, byteOffset);
    } else if (startsWith(bytes, start, BYTE_ORDER_MARK)) {
      if (strayByteOrderMarks.length < KEPT_MARKS) strayByteOrderMarks.push(start);
    } else if (isWhole) issues.add(bytes, classifyUnknownLine(bytes, start, end), start, end, byteOffset);
  }
}

function nextOf(bytes: Buffer, byte: number, from: number): number {
  const found = bytes.indexOf(byte, from);
  return found < 0 ? bytes.length : found;
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
