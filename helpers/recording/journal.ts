import { Buffer } from 'node:buffer';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { unwritable, writing } from '../errors.ts';
import { isWritableAsText } from './body-text.ts';
import { type JournalRecord, RecordingBuilder, type StartedExchange } from './builder.ts';
import type {
  EarlierWords,
  Ending,
  RecordedResponse,
  Recording,
  RecordingHeader,
  RunFailure,
  SessionStatus,
  Stall,
  StreamRecord,
  UnmetNeed,
} from './recording.ts';
import type { BodyRedactor, Redactor } from './redact.ts';

/** Takes down a run as it happens: credentials replaced first, then at once to the file, so that a crash loses nothing. */
export class Journal {
  readonly #builder = new RecordingBuilder();
  readonly #redactor: Redactor;
  readonly #path: string | undefined;
  readonly #onFailure: (error: unknown) => void;
  #file: number | undefined;

  /**
   * @param path of the file to write; without it the recording is kept in memory alone.
   * @param onFailure is called once, with an OperatorError, where the file can be written no further.
   * @throws OperatorError where it cannot be opened.
   */
  constructor(
    header: RecordingHeader,
    redactor: Redactor,
    path?: string,
    onFailure: (error: unknown) => void = () => {},
  ) {
    this.#redactor = redactor;
    this.#path = path;
    this.#onFailure = onFailure;
    if (path !== undefined)
      this.#file = writing(path, () => {
        mkdirSync(dirname(path), { recursive: true });
        return openSync(path, 'w');
      });
    this.#write({ type: 'header', header });
  }

  start(exchange: StartedExchange): ExchangeJournal {
    const request = exchange.request;
    const started: StartedExchange = {
      ...exchange,
      request: {
        ...request,
        url: this.#redactor.text(request.url),
        headers: request.headers.map(([name, value]) => [name, this.#redactor.text(value)] as const),
        ...(request.body === undefined ? {} : { body: this.#redactor.text(request.body) }),
      },
    };
    this.#write({ type: 'start', exchange: started });
    return new ExchangeJournal(exchange, this.#redactor, (record) => this.#write(record));
  }

  /** A 429 that is about to be asked again leaves its id to the exchange that asks again. */
  waitedOut(id: string, as: string): void {
    this.#write({ type: 'waited-out', id, as });
  }

  stream(stream: Omit<StreamRecord, 'statuses'>): void {
    const { script } = stream;
    const redacted = script === undefined ? {} : { script: this.#redactor.text(script) };
    this.#write({ type: 'stream', stream: { ...stream, ...redacted } });
  }

  status(streamId: string, status: SessionStatus): void {
    const { endReason, errorMessage } = status;
    this.#write({
      type: 'status',
      streamId,
      status: {
        ...status,
        status: this.#redactor.text(status.status),
        ...(typeof endReason === 'string' ? { endReason: this.#redactor.text(endReason) } : {}),
        ...(typeof errorMessage === 'string' ? { errorMessage: this.#redactor.text(errorMessage) } : {}),
      },
    });
  }

  unmet(unmet: UnmetNeed): void {
    this.#write({ type: 'unmet', unmet: { ...unmet, reason: this.#redactor.text(unmet.reason) } });
  }

  stall(stall: Stall): void {
    this.#write({ type: 'stall', stall });
  }

  earlier(earlier: EarlierWords): void {
    this.#write({ type: 'earlier', earlier });
  }

  failure(failure: RunFailure): void {
    const message = this.#redactor.text(failure.message);
    this.#write({ type: 'failure', failure: { ...failure, message, remedy: this.#redactor.text(failure.remedy) } });
  }

  finish(finishedAt: string): void {
    this.#write({ type: 'finish', finishedAt });
  }

  recording(): Recording {
    return this.#builder.recording();
  }

  close(): void {
    const file = this.#file;
    this.#file = undefined;
    if (file !== undefined) closeSync(file);
  }

  /** Removes the file: the recording stands elsewhere. */
  discard(): void {
    this.close();
    if (this.#path !== undefined) rmSync(this.#path, { force: true });
  }

  #write(record: JournalRecord): void {
    this.#builder.add(record);
    if (this.#file === undefined) return;
    try {
      writeFileSync(this.#file, `${toLine(record)}\n`);
    } catch (error) {
      // The file ends with a torn line, as after a kill -9: what stands before it can be judged.
      this.close();
      this.#onFailure(unwritable(this.#path ?? '', error));
    }
  }
}

/** One exchange of a journal, from its start to its ending. */
export class ExchangeJournal {
  readonly #id: string;
  readonly #started: StartedExchange;
  readonly #redactor: Redactor;
  readonly #body: BodyRedactor;
  readonly #write: (record: JournalRecord) => void;
  #wireBytes = 0;

  constructor(started: StartedExchange, redactor: Redactor, write: (record: JournalRecord) => void) {
    this.#id = started.id;
    this.#started = started;
    this.#redactor = redactor;
    this.#body = redactor.body(started.credential);
    this.#write = write;
  }

  head(response: RecordedResponse): void {
    const { headers, echoes } = this.#redactor.headers(response.headers, this.#started.credential);
    const statusText = this.#redactor.text(response.statusText);
    this.#write({ type: 'head', id: this.#id, response: { ...response, statusText, headers } });
    for (const echo of echoes) this.#write({ type: 'echo', id: this.#id, echo });
  }

  /** @param wireBytes of the whole body so far. */
  chunk(at: number, bytes: Uint8Array, wireBytes: number): void {
    this.#wireBytes = wireBytes;
    this.#release(this.#body.push(at, bytes));
  }

  end(ending: Ending, wireBytes: number): void {
    this.#wireBytes = wireBytes;
    this.#release(this.#body.end());
    const redacted = 'detail' in ending ? { ...ending, detail: this.#redactor.text(ending.detail) } : ending;
    this.#write({ type: 'end', id: this.#id, ending: redacted, wireBytes });
  }

  #release({ chunks, echoes }: ReturnType<BodyRedactor['end']>): void {
    for (const chunk of chunks) this.#write({ type: 'chunk', id: this.#id, chunk, wireBytes: this.#wireBytes });
    for (const echo of echoes) this.#write({ type: 'echo', id: this.#id, echo });
  }
}

interface WrittenChunk {
  readonly at: number;
  readonly utf8?: string;
  readonly base64?: string;
}

function toLine(record: JournalRecord): string {
  if (record.type !== 'chunk') return JSON.stringify(record);
  const { at, bytes } = record.chunk;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunk: WrittenChunk = isWritableAsText(buffer)
    ? { at, utf8: buffer.toString('utf8') }
    : { at, base64: buffer.toString('base64') };
  return JSON.stringify({ ...record, chunk });
}

/** Reads one line of a journal back. @throws SyntaxError where it is not JSON. */
export function fromLine(line: string): JournalRecord {
  const record = JSON.parse(line);
  if (record?.type !== 'chunk') return record;
  const { at, utf8, base64 } = record.chunk as WrittenChunk;
  const bytes = utf8 === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(utf8, 'utf8');
  return { ...record, chunk: { at, bytes } };
}
