import { Buffer } from 'node:buffer';
import { type ContentDecoder, contentDecoder } from './decode.ts';

export interface BodyOutput {
  /** Decoded bytes, at the arrival time of the bytes they were decoded from. @param wireBytes of the whole body so far. */
  deliver(at: number, bytes: Uint8Array, wireBytes: number): void;
  /** More than the bound came, decoded or on the wire. */
  overflow(): void;
  undecodable(at: number, detail: string): void;
  pause(): void;
  resume(): void;
}

/** Undecoded bytes that wait for the decoder before reading stops for a while. */
const MOST_WAITING_BYTES = 2 ** 20;
/** From this many chunks on, those that arrive within a hundredth of a second are written as one. */
const MANY_CHUNKS = 20_000;

/** Takes the bytes of a body as they arrive; those of one turn of the event loop become one chunk. */
export class Body {
  wireBytes = 0;
  readonly #maxBytes: number;
  readonly #now: () => number;
  readonly #output: BodyOutput;
  readonly #decoder: ContentDecoder | null;
  #closed = false;
  #decodedBytes = 0;
  #chunks = 0;
  #pieces: Uint8Array[] = [];
  #piecesAt = 0;
  #flushScheduled = false;
  /** Decoding runs behind arrival, one piece at a time. */
  #decoding: Promise<void> = Promise.resolve();
  #decodingAt = 0;
  #waitingBytes = 0;
  #draining = false;

  constructor(contentEncoding: string, maxBytes: number, now: () => number, output: BodyOutput) {
    this.#maxBytes = maxBytes;
    this.#now = now;
    this.#output = output;
    this.#decoder = contentDecoder(contentEncoding, (bytes) => {
      if (!this.#closed) this.#deliver(this.#decodingAt, bytes);
      return !this.#closed;
    });
  }

  push(bytes: Buffer): void {
    if (this.#closed) return;
    if (this.#pieces.length === 0) this.#piecesAt = this.#now();
    const room = this.#maxBytes - this.wireBytes;
    // The bytes are a view of the connection's buffer, which a kept view would keep whole.
    if (room > 0) this.#pieces.push(Buffer.from(bytes.subarray(0, room)));
    this.wireBytes += Math.min(bytes.length, Math.max(0, room));
    if (bytes.length > room) {
      this.flush();
      this.#output.overflow();
      return;
    }
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    const flush = () => {
      this.#flushScheduled = false;
      this.flush();
    };
    if (this.#chunks < MANY_CHUNKS) setImmediate(flush);
    else setTimeout(flush, 10);
  }

  /** Whether bytes have come that are not decoded yet: who stops then has not waited in vain, but read too slowly. */
  get isBehind(): boolean {
    return this.#waitingBytes > 0;
  }

  /** Hands on what arrived since the last time as one chunk: to the output, or to the decoder. */
  flush(): void {
    if (this.#pieces.length === 0 || this.#closed) return;
    const bytes = this.#pieces.length === 1 ? (this.#pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#pieces);
    const at = this.#piecesAt;
    this.#pieces = [];
    const decoder = this.#decoder;
    if (!decoder) {
      this.#deliver(at, bytes);
      return;
    }
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > MOST_WAITING_BYTES) this.#output.pause();
    this.#decoding = this.#decoding.then(async () => {
      if (this.#closed) return;
      this.#decodingAt = at;
      try {
        await decoder.push(bytes);
      } catch (error) {
        if (!this.#closed) this.#output.undecodable(at, (error as Error).message);
      }
      this.#waitingBytes -= bytes.length;
      if (this.#waitingBytes <= MOST_WAITING_BYTES && !this.#draining) this.#output.resume();
    });
  }

  /** No more will arrive: resolves when all that came has been delivered. @throws Error where the coding is incomplete. */
  async drain(isComplete: boolean): Promise<void> {
    this.flush();
    this.#draining = true;
    await this.#decoding;
    if (isComplete && !this.#closed) await this.#decoder?.end();
  }

  close(): void {
    this.#closed = true;
    this.#pieces = [];
    this.#decoder?.destroy();
  }

  #deliver(at: number, bytes: Uint8Array): void {
    const room = this.#maxBytes - this.#decodedBytes;
    const kept = bytes.length > room ? bytes.subarray(0, room) : bytes;
    this.#decodedBytes += kept.length;
    this.#chunks++;
    if (kept.length > 0) this.#output.deliver(at, kept, this.wireBytes);
    if (kept.length < bytes.length) this.#output.overflow();
  }
}
