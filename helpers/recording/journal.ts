import { Buffer } from 'node:buffer';
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { unwritable, writeWhole, writing } from '../write-file.ts';
import { isWritableAsText } from './body-text.ts';
import { type JournalRecord, RecordingBuilder, type StartedExchange } from './builder.ts';
import type {
  Chunk,
  CredentialEcho,
  CredentialKind,
  Ending,
  HeaderList,
  Need,
  RecordedResponse,
  Recording,
  RecordingHeader,
} from './recording.ts';
import type { BodyRedactor, Redactor } from './redact.ts';

/**
 * Takes down a run as it happens: in memory as it was received, and at once to the file, credentials replaced, so that a
 * crash loses nothing.
 */
export class Journal {
  readonly redactor: Redactor;
  readonly #builder = new RecordingBuilder();
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
    this.redactor = redactor;
    this.#path = path;
    this.#onFailure = onFailure;
    const first: JournalRecord = { type: 'header', header };
    this.#builder.add(first);
    if (path === undefined) return;
    // Never seen empty: a run that is killed leaves a journal that can be judged, or none.
    writeWhole(path, [`${toLine(redactor.value(first))}\n`]);
    this.#file = writing(path, () => openSync(path, 'a'));
  }

  start(exchange: StartedExchange): ExchangeJournal {
    this.add({ type: 'start', exchange });
    return new ExchangeJournal(exchange, this);
  }

  /** A need that the run, which was to meet it, did not. */
  lacks(need: Need, reason: string, remedy: string): void {
    this.add({ type: 'unmet', unmet: { need, declared: false, reason, remedy } });
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

  /** Takes down a record as it is. @param written what is written of it; absent: the record, its texts redacted. */
  add(record: JournalRecord, written: readonly JournalRecord[] = [this.redactor.value(record)]): void {
    this.#builder.add(record);
    if (this.#file === undefined) return;
    try {
      for (const one of written) writeFileSync(this.#file, `${toLine(one)}\n`);
    } catch (error) {
      // The file ends with a torn line, as after a kill -9: what stands before it can be judged.
      this.close();
      this.#onFailure(unwritable(this.#path ?? '', error));
    }
  }
}

export class ExchangeJournal {
  readonly #id: string;
  readonly #credential: CredentialKind;
  readonly #journal: Journal;
  readonly #body: BodyRedactor;
  #wireBytes = 0;

  constructor({ id, credential }: StartedExchange, journal: Journal) {
    this.#id = id;
    this.#credential = credential;
    this.#journal = journal;
    this.#body = journal.redactor.body(credential);
  }

  head(response: RecordedResponse): void {
    this.#journal.add({ type: 'head', id: this.#id, response });
    this.#tell(this.#journal.redactor.echoesIn(response, this.#credential));
  }

  /** @param wireBytes of the whole body so far. */
  chunk(at: number, bytes: Uint8Array, wireBytes: number): void {
    this.#wireBytes = wireBytes;
    const { chunks, echoes } = this.#body.push(at, bytes);
    this.#journal.add(
      this.#record({ at, bytes }),
      chunks.map((chunk) => this.#record(chunk)),
    );
    this.#tell(echoes);
  }

  /** They are not kept; what is told of them is whether they repeat a credential. */
  trailers(trailers: HeaderList): void {
    this.#tell(this.#journal.redactor.echoesInHeaders(trailers, this.#credential, 'trailer'));
  }

  end(ending: Ending, wireBytes: number): void {
    this.#wireBytes = wireBytes;
    const { chunks, echoes } = this.#body.end();
    const record = { type: 'end', id: this.#id, ending, wireBytes } as const;
    this.#tell(echoes);
    this.#journal.add(record, [...chunks.map((chunk) => this.#record(chunk)), this.#journal.redactor.value(record)]);
  }

  #record(chunk: Chunk): JournalRecord {
    return { type: 'chunk', id: this.#id, chunk, wireBytes: this.#wireBytes };
  }

  #tell(echoes: readonly CredentialEcho[]): void {
    for (const echo of echoes) this.#journal.add({ type: 'echo', id: this.#id, echo });
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
