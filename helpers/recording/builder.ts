import type { Buffer } from 'node:buffer';
import { joinBytes } from './join-bytes.ts';
import type {
  Chunk,
  CredentialEcho,
  EarlierWords,
  Ending,
  Exchange,
  RecordedResponse,
  Recording,
  RecordingHeader,
  RunFailure,
  SessionStatus,
  Stall,
  StreamRecord,
  UnmetNeed,
} from './recording.ts';

export type StartedExchange = Pick<
  Exchange,
  'id' | 'purpose' | 'streamId' | 'credential' | 'control' | 'request' | 'startedAt'
>;

/** One thing that happened in a run. A journal holds one a line, in the order in which they happened. */
export type JournalRecord =
  | { readonly type: 'header'; readonly header: RecordingHeader }
  | { readonly type: 'start'; readonly exchange: StartedExchange }
  | { readonly type: 'head'; readonly id: string; readonly response: RecordedResponse }
  | { readonly type: 'chunk'; readonly id: string; readonly chunk: Chunk; readonly wireBytes: number }
  | { readonly type: 'echo'; readonly id: string; readonly echo: CredentialEcho }
  | { readonly type: 'end'; readonly id: string; readonly ending: Ending; readonly wireBytes: number }
  /** A 429 that is about to be asked again: it takes another id, and leaves its own to the exchange that asks again. */
  | { readonly type: 'waited-out'; readonly id: string; readonly as: string }
  /** Once more for a stream where more is known of it: it takes the place of the earlier one. */
  | { readonly type: 'stream'; readonly stream: Omit<StreamRecord, 'statuses'> }
  | { readonly type: 'status'; readonly streamId: string; readonly status: SessionStatus }
  | { readonly type: 'unmet'; readonly unmet: UnmetNeed }
  | { readonly type: 'stall'; readonly stall: Stall }
  | { readonly type: 'earlier'; readonly earlier: EarlierWords }
  | { readonly type: 'failure'; readonly failure: RunFailure }
  | { readonly type: 'finish'; readonly finishedAt: string };

interface OpenExchange {
  readonly started: StartedExchange;
  id: string;
  response?: RecordedResponse;
  readonly chunks: Chunk[];
  readonly echoes: CredentialEcho[];
  wireBytes: number;
  ending?: Ending;
  supersededBy?: string;
}

/** Makes a recording of what happened: the same way while it happens and when a journal is read back. */
export class RecordingBuilder {
  #header: RecordingHeader | undefined;
  #finishedAt: string | undefined;
  #failure: RunFailure | undefined;
  readonly #exchanges: OpenExchange[] = [];
  readonly #bodies: Buffer[] = [];
  readonly #byId = new Map<string, OpenExchange>();
  readonly #streams = new Map<string, { stream: Omit<StreamRecord, 'statuses'>; statuses: SessionStatus[] }>();
  readonly #unmet: UnmetNeed[] = [];
  readonly #stalls: Stall[] = [];
  readonly #earlier: EarlierWords[] = [];
  #lastAt = 0;

  /** @throws Error where the record does not fit those before it. */
  add(record: JournalRecord): void {
    switch (record.type) {
      case 'header':
        this.#header = record.header;
        return;
      case 'start':
        this.#start(record.exchange);
        return;
      case 'head':
        this.#exchange(record.id).response = record.response;
        this.#lastAt = Math.max(this.#lastAt, record.response.at);
        return;
      case 'chunk': {
        const exchange = this.#exchange(record.id);
        exchange.chunks.push(record.chunk);
        exchange.wireBytes = record.wireBytes;
        this.#lastAt = Math.max(this.#lastAt, record.chunk.at);
        return;
      }
      case 'echo':
        this.#exchange(record.id).echoes.push(record.echo);
        return;
      case 'end': {
        const exchange = this.#exchange(record.id);
        exchange.ending = record.ending;
        exchange.wireBytes = record.wireBytes;
        this.#lastAt = Math.max(this.#lastAt, record.ending.at);
        return;
      }
      case 'waited-out': {
        const exchange = this.#exchange(record.id);
        exchange.supersededBy = record.id;
        exchange.id = record.as;
        this.#byId.delete(record.id);
        this.#byId.set(record.as, exchange);
        return;
      }
      case 'stream':
        this.#streams.set(record.stream.streamId, {
          stream: record.stream,
          statuses: this.#streams.get(record.stream.streamId)?.statuses ?? [],
        });
        return;
      case 'status': {
        const known = this.#streams.get(record.streamId);
        if (!known) throw new Error(`a status of the unknown stream ${record.streamId}`);
        known.statuses.push(record.status);
        return;
      }
      case 'unmet':
        this.#unmet.push(record.unmet);
        return;
      case 'stall':
        this.#stalls.push(record.stall);
        return;
      case 'earlier':
        this.#earlier.push(record.earlier);
        return;
      case 'failure':
        this.#failure = record.failure;
        return;
      case 'finish':
        this.#finishedAt = record.finishedAt;
    }
  }

  /** What has happened so far. An exchange still under way counts as stopped by us at the last thing that was written. */
  recording(): Recording {
    if (!this.#header) throw new Error('it holds no header');
    return {
      ...this.#header,
      ...(this.#finishedAt === undefined ? {} : { finishedAt: this.#finishedAt }),
      streams: [...this.#streams.values()].map(({ stream, statuses }) => ({ ...stream, statuses: [...statuses] })),
      exchanges: this.#exchanges.map((exchange) => this.#close(exchange)),
      unmet: [...this.#unmet],
      stalls: [...this.#stalls],
      earlier: [...this.#earlier],
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
    };
  }

  #start(started: StartedExchange): void {
    if (this.#byId.has(started.id)) throw new Error(`the exchange ${started.id} starts twice`);
    const exchange: OpenExchange = { started, id: started.id, chunks: [], echoes: [], wireBytes: 0 };
    this.#byId.set(started.id, exchange);
    this.#exchanges.push(exchange);
    this.#lastAt = Math.max(this.#lastAt, started.startedAt);
  }

  #exchange(id: string): OpenExchange {
    const exchange = this.#byId.get(id);
    if (!exchange) throw new Error(`the exchange ${id} was never started`);
    return exchange;
  }

  #close(exchange: OpenExchange): Exchange {
    const supersededBy = exchange.supersededBy;
    return {
      ...exchange.started,
      id: exchange.id,
      ...(exchange.response === undefined ? {} : { response: exchange.response }),
      chunks: [...this.#inOneBuffer(exchange)],
      wireBytes: exchange.wireBytes,
      ending: exchange.ending ?? { kind: 'stopped', at: this.#lastAt, bound: 'interrupt' },
      ...(supersededBy === undefined ? {} : { supersededBy }),
      echoes: [...exchange.echoes],
    };
  }

  /**
   * Puts a body's chunks side by side, so that whoever reads the body as a whole needs no copy of it. A body that another
   * begins with, as the reads of one snapshot do, takes no memory of its own.
   */
  #inOneBuffer(exchange: OpenExchange): readonly Chunk[] {
    const { chunks } = exchange;
    if (exchange.ending === undefined || chunks.length < 2) return chunks;
    let bytes = this.#bodies.find((body) => beginsWith(body, chunks));
    if (bytes === undefined) {
      bytes = joinBytes(chunks);
      this.#bodies.push(bytes);
    }
    let offset = 0;
    for (const [
      index,
      {
        at,
        bytes: { length },
      },
    ] of chunks.entries()) {
      // Replaces the old one, so that its memory is free at once.
      chunks[index] = { at, bytes: bytes.subarray(offset, offset + length) };
      offset += length;
    }
    return chunks;
  }
}

function beginsWith(body: Buffer, chunks: readonly Chunk[]): boolean {
  let offset = 0;
  return chunks.every(({ bytes }) => {
    const end = offset + bytes.length;
    const same = end <= body.length && body.compare(bytes, 0, bytes.length, offset, end) === 0;
    offset = end;
    return same;
  });
}
