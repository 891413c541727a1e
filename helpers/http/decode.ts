import { Buffer } from 'node:buffer';
import zlib from 'node:zlib';

/** Takes pieces of a coded body one after another and hands over what they decode to, piece by piece. */
export interface ContentDecoder {
  /** Resolves when all that these bytes decode to has been handed over. @throws where they do not decode. */
  push(bytes: Uint8Array): Promise<void>;
  /** @throws where the coding is not complete. */
  end(): Promise<void>;
  destroy(): void;
}

/** The content-codings that every stream request offers, as browsers do (RFC 9110 §8.4.1). */
export const OFFERED_CODINGS = 'gzip, deflate, br';

/** Codings over one another: curl decodes as many. Each holds memory of its own. */
const MOST_CODINGS = 5;

type Inflater = zlib.Gunzip | zlib.Inflate | zlib.InflateRaw | zlib.BrotliDecompress;

/**
 * A decoder for a `Content-Encoding` (RFC 9110 §8.4), null where the body is not coded.
 * @param output gets decoded bytes; false stops decoding.
 * @throws Error for a coding that is none of those offered, and for more of them than clients decode.
 */
export function contentDecoder(
  contentEncoding: string | undefined,
  output: (bytes: Uint8Array) => boolean,
): ContentDecoder | null {
  const codings = (contentEncoding ?? '')
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length > MOST_CODINGS)
    throw new Error(`${codings.length} content-codings over one another; clients decode ${MOST_CODINGS} at most`);
  let decoder: ContentDecoder | null = null;
  for (const coding of codings) {
    if (!/^(x-)?gzip$|^deflate$|^br$/.test(coding))
      throw new Error(`the content-coding ${JSON.stringify(coding.slice(0, 40))} was not offered`);
    decoder = new InflatingDecoder(coding, decoder === null ? { write: output } : { next: decoder });
  }
  return decoder;
}

type Destination =
  | { readonly write: (bytes: Uint8Array) => boolean; readonly next?: never }
  | { readonly next: ContentDecoder; readonly write?: never };

class InflatingDecoder implements ContentDecoder {
  readonly #coding: string;
  readonly #destination: Destination;
  #inflater: Inflater | undefined;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;
  #ended = false;

  constructor(coding: string, destination: Destination) {
    this.#coding = coding;
    this.#destination = destination;
  }

  async push(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    this.#inflater ??= this.#open(bytes);
    const inflater = this.#inflater;
    let taken = false;
    inflater.write(bytes, () => {
      taken = true;
      this.#wake?.();
    });
    await this.#drain(() => taken);
  }

  async end(): Promise<void> {
    if (!this.#inflater) return;
    this.#inflater.end();
    await this.#drain(() => this.#ended);
    await this.#destination.next?.end();
  }

  destroy(): void {
    this.#inflater?.destroy();
    this.#destination.next?.destroy();
    this.#failure ??= new Error('stopped');
    this.#wake?.();
  }

  #open(first: Uint8Array): Inflater {
    const options = { flush: zlib.constants.Z_SYNC_FLUSH, chunkSize: 2 ** 16 };
    let inflater: Inflater;
    if (this.#coding === 'br') inflater = zlib.createBrotliDecompress({ flush: zlib.constants.BROTLI_OPERATION_FLUSH });
    else if (this.#coding !== 'deflate') inflater = zlib.createGunzip(options);
    // RFC 9110 §8.4.1.2: deflate is the zlib format, but many send bare deflate data.
    else if (((first[0] ?? 0) & 0x0f) === 8) inflater = zlib.createInflate(options);
    else inflater = zlib.createInflateRaw(options);
    inflater.on('readable', () => this.#wake?.());
    inflater.on('end', () => {
      this.#ended = true;
      this.#wake?.();
    });
    inflater.on('error', (error) => {
      this.#failure ??= error;
      this.#wake?.();
    });
    return inflater;
  }

  async #drain(done: () => boolean): Promise<void> {
    for (;;) {
      await this.#handOver();
      if (this.#failure) throw this.#failure;
      if (done() && (this.#inflater?.readableLength ?? 0) === 0) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }

  async #handOver(): Promise<void> {
    const inflater = this.#inflater;
    for (;;) {
      const decoded: unknown = inflater?.read();
      if (!Buffer.isBuffer(decoded)) return;
      if (this.#destination.next) await this.#destination.next.push(decoded);
      else if (!this.#destination.write(decoded)) throw new Error('stopped');
    }
  }
}
