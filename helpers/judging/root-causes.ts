import { Buffer } from 'node:buffer';
import type { RequirementId } from '../contract/types.ts';
import { exchangeName } from '../recording/exchange-name.ts';
import type { Exchange } from '../recording/recording.ts';
import { endOf as findEnd } from '../transcript/ending.ts';
import type { LineIssue, StreamEvent, Transcript } from '../transcript/transcript.ts';

/** Remembers one result per transcript, so that checks which need the same analysis share it. */
export function perTranscript<Result>(analyse: (transcript: Transcript) => Result): (transcript: Transcript) => Result {
  const known = new WeakMap<Transcript, { readonly result: Result }>();
  return (transcript) => {
    let entry = known.get(transcript);
    if (entry === undefined) {
      entry = { result: analyse(transcript) };
      known.set(transcript, entry);
    }
    return entry.result;
  };
}

const endOf = perTranscript(findEnd);

/** The requirement that a body breaks which did not end the way HTTP ends one. */
export function cutBy(exchange: Exchange): RequirementId | undefined {
  const { kind } = exchange.ending;
  if (kind === 'reset' || kind === 'short' || kind === 'surplus') return 'http.complete-body';
  return kind === 'undecodable' ? 'http.content-coding' : undefined;
}

const SAMPLED_BYTES = 4096;

/** UTF-16 without a byte order mark is valid UTF-8 that is full of NULs. */
export const isUtf16 = perTranscript(({ bytes }): boolean => {
  const sample = bytes.subarray(0, SAMPLED_BYTES);
  const [first, second] = sample;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  let nuls = 0;
  for (const byte of sample) if (byte === 0) nuls += 1;
  return nuls > sample.length / 4;
});

/** A line whose content a client ignores, for a reason that has its own requirement. */
export interface IgnoredLine {
  readonly byteOffset: number;
  readonly byteLength: number;
  readonly because: 'framing.fields' | 'framing.bom';
}

/** The line behind a stray byte order mark is not measured; its field name and value's beginning stand here. */
const SHOWN_OF_MARKED_LINE = 24;

const ignoredLines = perTranscript((transcript): readonly IgnoredLine[] => {
  const lines: IgnoredLine[] = [];
  for (const issue of transcript.lineIssues) {
    if (hidesContent(issue))
      lines.push({ byteOffset: issue.byteOffset, byteLength: issue.byteLength, because: 'framing.fields' });
  }
  for (const byteOffset of transcript.strayByteOrderMarks)
    lines.push({ byteOffset, byteLength: SHOWN_OF_MARKED_LINE, because: 'framing.bom' });
  return lines.sort((a, b) => a.byteOffset - b.byteOffset);
});

export function hidesContent(issue: LineIssue): boolean {
  return issue.kind === 'disguised-field' || issue.kind === 'bare-json';
}

/** Events that lost a line of theirs to `framing.fields` or `framing.bom`: what is left of them is no finding of its own. */
const eventsThatLostALine = perTranscript((transcript): ReadonlyMap<StreamEvent, IgnoredLine> => {
  const lossy = new Map<StreamEvent, IgnoredLine>();
  const { events } = transcript;
  let index = 0;
  for (const line of ignoredLines(transcript)) {
    for (; index < events.length; index += 1) {
      const event = events[index];
      if (event !== undefined && event.byteOffset + event.byteLength > line.byteOffset) break;
    }
    const event = events[index];
    if (event !== undefined && event.byteOffset <= line.byteOffset && !lossy.has(event)) lossy.set(event, line);
  }
  return lossy;
});

export function lostALine(transcript: Transcript, event: StreamEvent): boolean {
  return eventsThatLostALine(transcript).has(event);
}

/** An event that a client sees as the server meant it to be framed. */
export function isIntact(transcript: Transcript, event: StreamEvent): boolean {
  return event.dispatch === 'dispatched' && !lostALine(transcript, event);
}

/**
 * The last event of a stream that has no `end`, where it holds no words: the end by another name, or as another type.
 * `ending.once` has that failure, and no rule about batches has it again.
 */
export const endInDisguise = perTranscript((transcript): StreamEvent | undefined => {
  if (transcript.exchange.ending.kind !== 'complete' || endOf(transcript).kind !== 'never-sent') return undefined;
  const last = transcript.events.findLast(({ dispatch }) => dispatch === 'dispatched');
  if (last === undefined || lostALine(transcript, last)) return undefined;
  const sound = last.kind === 'batch' && last.json === null && last.schemaIssues.length === 0;
  const holdsWords = holdsList(last.payload) || WORD_MEMBER.test(textOf(transcript, last));
  return sound || holdsWords ? undefined : last;
});

/** `words_total` of an end that is sent as a batch holds no words. */
const WORD_MEMBER = /"words?"\s*:/;

/** Batches whose data is JSON: what the rules about batches and words are about. */
export const readableBatches = perTranscript((transcript): readonly StreamEvent[] => {
  if (isUtf16(transcript)) return [];
  const lossy = eventsThatLostALine(transcript);
  const disguised = endInDisguise(transcript);
  return transcript.events.filter(
    (event) =>
      event.kind === 'batch' &&
      event.json === null &&
      event.dispatch === 'dispatched' &&
      !lossy.has(event) &&
      event !== disguised,
  );
});

/** Whether the word stands in a batch that is valid: in others, a text may stand for a `word` that is none. */
export function isSoundWord({ words, events }: Transcript, word: number): boolean {
  return events[words.event[word] ?? -1]?.schemaIssues.length === 0;
}

/** Words of batches that the schema accepts. */
export const soundWordCount = perTranscript(({ events }): number =>
  events.reduce((count, { schemaIssues, wordCount }) => (schemaIssues.length === 0 ? count + wordCount : count), 0),
);

export interface Obstacle {
  readonly because: RequirementId;
  readonly reason: string;
}

/** Why a client of this stream does not see an `end` that the server did send; undefined where there is none such. */
export const endHiddenBy = perTranscript((transcript): Obstacle | undefined => {
  const { exchange } = transcript;
  if (isUtf16(transcript))
    return {
      because: 'framing.utf8',
      reason: `${exchangeName(exchange)} is not UTF-8, so no event of it can be read.`,
    };
  const end = endOf(transcript);
  if (end.kind === 'cut-off') return undefined;
  if (end.kind !== 'never-sent') {
    const lossy = eventsThatLostALine(transcript).get(end.event);
    if (lossy)
      return { because: lossy.because, reason: `${exchangeName(exchange)} has its end in lines that clients ignore.` };
    if (end.kind === 'sent') return undefined;
    return {
      because: 'framing.dispatched',
      reason:
        end.kind === 'without-data'
          ? `The end of ${exchangeName(exchange)} was sent without data, so clients never see it.`
          : `The end of ${exchangeName(exchange)} was sent without its blank line, so clients never see it.`,
    };
  }
  const broken = transcript.events.at(-1);
  if (broken?.dispatch === 'unterminated')
    return {
      because: 'framing.dispatched',
      reason: `${exchangeName(exchange)} breaks off inside event ${broken.index}.`,
    };
  const swallowing = transcript.events.find(
    (event) => event.json !== null && /event: ?end\b/.test(textOf(transcript, event)),
  );
  if (swallowing !== undefined)
    return {
      because: 'framing.json',
      reason: `${exchangeName(exchange)} has its end inside the data of event ${swallowing.index}.`,
    };
  const ignored = ignoredLines(transcript);
  const [first] = ignored;
  // Without one event in its body, an end would have been another line that clients ignore.
  if (first !== undefined && transcript.events.length === 0)
    return { because: first.because, reason: `${exchangeName(exchange)} has nothing but lines that clients ignore.` };
  const hidden = ignored.find((line) => END_FIELD.test(textOf(transcript, line)));
  return (
    hidden && {
      because: hidden.because,
      reason: `${exchangeName(exchange)} has its end in a line that clients ignore.`,
    }
  );
});

/** With a NUL beside each letter, as UTF-16 has it. */
const END_FIELD = /event[\s\0]*:?[\s\0]*e\0?n\0?d/iu;

function textOf({ bytes }: Transcript, place: { readonly byteOffset: number; readonly byteLength: number }): string {
  return Buffer.from(bytes.subarray(place.byteOffset, place.byteOffset + place.byteLength)).toString('latin1');
}

/**
 * The requirement whose breach explains why words of this subscription may be missing or unusable, so that a difference
 * from what others saw is no finding of its own. Undefined where every word arrived as sent.
 */
export const wordsSpoiltBy = perTranscript((transcript): Obstacle | undefined => {
  const { exchange, events } = transcript;
  const spoilt = (because: RequirementId, how: string): Obstacle => ({
    because,
    reason: `${exchangeName(exchange)} ${how}.`,
  });
  const cut = cutBy(exchange);
  if (cut) return spoilt(cut, 'was cut off');
  if (isUtf16(transcript) || transcript.invalidUtf8At !== null) return spoilt('framing.utf8', 'is not valid UTF-8');
  const [ignored] = ignoredLines(transcript);
  if (ignored) return spoilt(ignored.because, 'has content in lines that clients ignore');
  for (const event of events) {
    if (event.dispatch !== 'dispatched') {
      if (event.kind === 'batch' && exchange.ending.kind === 'complete')
        return spoilt('framing.dispatched', 'holds a batch that clients never see');
    } else if (event.kind === 'other' && holdsList(event.payload))
      return spoilt('framing.event-types', `sends batches as events of another type`);
    else if (event.json !== null && textOf(transcript, event).includes('word'))
      return spoilt('framing.json', 'holds a batch that is not JSON');
    else if (
      event.kind === 'batch' &&
      event.schemaIssues.length > 0 &&
      (holdsList(event.payload) || WORD_MEMBER.test(textOf(transcript, event)))
    )
      return spoilt('schema.batch', 'holds a batch that is not a valid WordBatch');
  }
  return undefined;
});

/** An end sent as a default event holds none: it takes no words with it. */
function holdsList(payload: unknown): boolean {
  if (Array.isArray(payload)) return true;
  return typeof payload === 'object' && payload !== null && Object.values(payload).some(Array.isArray);
}

/** Whether the stream ran to its own end: the `end` event came, whether or not the server then closed. */
export function hasEnded(transcript: Transcript): boolean {
  return endOf(transcript).kind === 'sent';
}
