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

type Mutable<Type> = { -readonly [Member in keyof Type]: Type[Member] };
/** An exchange that may be under way still: then it has no ending. */
type OpenExchange = Mutable<Omit<Exchange, 'chunks' | 'echoes' | 'ending'>> & {
  readonly chunks: Chunk[];
  readonly echoes: CredentialEcho[];
  ending?: Ending;
};

/** Makes a recording of what happened: the same way while it happens and when a journal is read back. */
export class RecordingBuilder {
  #header: RecordingHeader | undefined;
  readonly #close: { finishedAt?: string; failure?: RunFailure } = {};
  readonly #exchanges: OpenExchange[] = [];
  readonly #bodies: Buffer[] = [];
  readonly #byId = new Map<string, OpenExchange>();
  readonly #streams = new Map<string, { stream: Omit<StreamRecord, 'statuses'>; statuses: SessionStatus[] }>();
  readonly #unmet: UnmetNeed[] = [];
  readonly #stalls: Stall[] = [];
  readonly #earlier: EarlierWords[] = [];
  #lastAt = 0;

  add(record: JournalRecord): void {
    switch (record.type) {
      case 'header':
        this.#header = record.header;
        break;
      case 'start':
        this.#start(record.exchange);
        break;
      case 'head':
        this.#exchange(record.id, record.response.at).response = record.response;
        break;
      case 'chunk': {
        const { chunk, wireBytes } = record;
        const exchange = this.#exchange(record.id, chunk.at);
        exchange.chunks.push(chunk);
        exchange.wireBytes = wireBytes;
        break;
      }
      case 'echo':
        this.#exchange(record.id).echoes.push(record.echo);
        break;
      case 'end': {
        const { ending, wireBytes } = record;
        Object.assign(this.#exchange(record.id, ending.at), { ending, wireBytes });
        break;
      }
      case 'waited-out': {
        const { id, as } = record;
        const exchange = Object.assign(this.#exchange(id), { id: as, supersededBy: id });
        this.#byId.delete(id);
        this.#byId.set(as, exchange);
        break;
      }
      case 'stream': {
        const { stream } = record;
        const { statuses = [] } = this.#streams.get(stream.streamId) ?? {};
        this.#streams.set(stream.streamId, { stream, statuses });
        break;
      }
      case 'status': {
        const known = this.#streams.get(record.streamId);
        if (!known) throw new Error(`a status of the unknown stream ${record.streamId}`);
        known.statuses.push(record.status);
        break;
      }
      case 'unmet':
        this.#unmet.push(record.unmet);
        break;
      case 'stall':
        this.#stalls.push(record.stall);
        break;
      case 'earlier':
        this.#earlier.push(record.earlier);
        break;
      case 'failure':
        this.#close.failure = record.failure;
        break;
      case 'finish':
        this.#close.finishedAt = record.finishedAt;
    }
  }

  /** What has happened so far. An exchange still under way counts as stopped by us at the last thing that was written. */
  recording(): Recording {
    if (!this.#header) throw new Error('it holds no header');
    return {
      ...this.#header,
      ...this.#close,
      streams: [...this.#streams.values()].map(({ stream, statuses }) => ({ ...stream, statuses: [...statuses] })),
      exchanges: this.#exchanges.map((exchange) => ({
        ...exchange,
        chunks: [...this.#inOneBuffer(exchange)],
        ending: exchange.ending ?? { kind: 'stopped', at: this.#lastAt, bound: 'interrupt' },
        echoes: [...exchange.echoes],
      })),
      unmet: [...this.#unmet],
      stalls: [...this.#stalls],
      earlier: [...this.#earlier],
    };
  }

  #start(started: StartedExchange): void {
    if (this.#byId.has(started.id)) throw new Error(`the exchange ${started.id} starts twice`);
    const exchange: OpenExchange = { ...started, chunks: [], echoes: [], wireBytes: 0 };
    this.#byId.set(started.id, exchange);
    this.#exchanges.push(exchange);
    this.#lastAt = Math.max(this.#lastAt, started.startedAt);
  }

  /** @param at when something of it came. */
  #exchange(id: string, at = 0): OpenExchange {
    const exchange = this.#byId.get(id);
    if (!exchange) throw new Error(`the exchange ${id} was never started`);
    this.#lastAt = Math.max(this.#lastAt, at);
    return exchange;
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
    for (const [index, chunk] of chunks.entries()) {
      const end = offset + chunk.bytes.length;
      // Replaces the old one, so that its memory is free at once.
      chunks[index] = { at: chunk.at, bytes: bytes.subarray(offset, end) };
      offset = end;
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
