import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import { buildConnector, Client, type Dispatcher, EnvHttpProxyAgent } from 'undici';

/** What only the socket shows of one exchange. */
export interface SocketView {
  /** e.g. `1.0`, from the status line; undefined until it came. */
  readonly httpVersion: string | undefined;
  /** What the target sent, up to the end of its head, 2 KB at most: for a head that the client cannot read. */
  readonly head: Buffer;
  /** As sent, chunk sizes and what stands behind its end included; `last`: the last of all that came, 64 at most. */
  readonly body: { readonly bytes: number; readonly last: Buffer };
  wasReset: boolean;
}

const SHOWN_HEAD_BYTES = 2048;
const SHOWN_LAST_BYTES = 64;
const HEAD_END = '\r\n\r\n';
const INTERIM = /^HTTP\/1\.[01] 1(?!01)/;
/** A connection that is not taken in this time says nothing of the target: the way there may be at fault. */
const CONNECT_SECONDS = 10;

/**
 * A connection to the target; once closed, by the target too, the next exchange opens it anew. An exchange has one of its
 * own unless it is about two requests on one connection, so that no idle connection that the target has just closed is
 * taken for a fault of the target. Honours HTTP_PROXY, HTTPS_PROXY and NO_PROXY.
 */
export class Connection {
  #opened: Dispatcher | undefined;
  readonly #view = new View();

  /** @param headSeconds also bounds the time that connecting takes. */
  open(maxHeaderBytes: number, headSeconds: number): { readonly dispatcher: Dispatcher; readonly view: SocketView } {
    this.#view.forget();
    this.#opened ??= dispatcherWith(this.#view, maxHeaderBytes, headSeconds);
    return { dispatcher: this.#opened, view: this.#view };
  }

  /** Whatever state it is in: its errors concern no one any more. */
  close(): void {
    void this.#opened?.destroy().catch(() => {});
    this.#opened = undefined;
  }
}

function dispatcherWith(view: View, maxHeaderSize: number, headSeconds: number): Dispatcher {
  const direct = buildConnector({ timeout: Math.min(CONNECT_SECONDS, headSeconds) * 1000 });
  return new EnvHttpProxyAgent({
    // Plain http goes through a proxy as an absolute URL: many proxies refuse to tunnel it.
    proxyTunnel: false,
    factory: (origin: string | URL, options: object) => {
      const given = 'connect' in options && typeof options.connect === 'function' ? options.connect : direct;
      return new Client(origin, {
        pipelining: 1,
        maxHeaderSize,
        headersTimeout: 0,
        bodyTimeout: 0,
        connect: watched(given as buildConnector.connector, view),
      });
    },
  });
}

class View implements SocketView {
  wasReset = false;
  /** Until it is whole, what came of the head. */
  #head: Buffer = Buffer.alloc(0);
  #isWhole = false;
  #bodyBytes = 0;
  #last: Buffer = Buffer.alloc(0);

  /** What the exchange before this one showed. */
  forget(): void {
    this.wasReset = false;
    this.#isWhole = false;
    this.#head = this.#last = Buffer.alloc(0);
    this.#bodyBytes = 0;
  }

  push(bytes: Buffer): void {
    this.#last = Buffer.concat([this.#last, bytes.subarray(-SHOWN_LAST_BYTES)]).subarray(-SHOWN_LAST_BYTES);
    if (this.#isWhole) this.#bodyBytes += bytes.length;
    else this.#readHead(Buffer.concat([this.#head, bytes]));
  }

  get head(): Buffer {
    return this.#head.subarray(0, SHOWN_HEAD_BYTES);
  }

  get body(): SocketView['body'] {
    return { bytes: this.#bodyBytes, last: this.#last };
  }

  get httpVersion(): string | undefined {
    return /^HTTP\/(\d\.\d) /.exec(this.#head.toString('latin1', 0, 16))?.[1];
  }

  #readHead(bytes: Buffer): void {
    const end = bytes.indexOf(HEAD_END);
    const rest = bytes.subarray(end + HEAD_END.length);
    if (end !== -1 && INTERIM.test(bytes.toString('latin1', 0, 16))) {
      this.#readHead(rest);
      return;
    }
    this.#isWhole = end !== -1;
    this.#head = this.#isWhole ? bytes.subarray(0, end) : bytes;
    if (this.#isWhole) this.#bodyBytes = rest.length;
  }
}

function watched(connect: buildConnector.connector, view: View): buildConnector.connector {
  return (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error !== null) callback(error, null);
      else callback(null, watch(socket, view));
    });
}

/**
 * undici tells neither the HTTP version nor, of a body that ends with its connection, how the connection ended; and it
 * breaks off at a `100 Continue` that it did not ask for.
 */
function watch<S extends Socket>(socket: S, view: View): S {
  const read = socket.read.bind(socket);
  const answer = new AnswerBehindContinue();
  socket.read = (size?: number) => {
    let bytes: unknown = read(size);
    while (Buffer.isBuffer(bytes)) {
      const passed = answer.push(bytes);
      if (passed.length > 0) {
        bytes = passed;
        break;
      }
      bytes = read(size);
    }
    if (Buffer.isBuffer(bytes)) view.push(bytes);
    return bytes;
  };
  socket.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNRESET') view.wasReset = true;
  });
  return socket;
}

const CONTINUE = /^HTTP\/1\.[01] 100[ \r\n]/;
const LONGEST_CONTINUE = 2 ** 16;

/** Takes `100 Continue` responses off the front of an answer: a client must take them even unasked (RFC 9110 §15.2). */
class AnswerBehindContinue {
  #held: Buffer = Buffer.alloc(0);
  #passing = false;

  push(bytes: Buffer): Buffer {
    if (this.#passing) return bytes;
    this.#held = Buffer.concat([this.#held, bytes]);
    for (;;) {
      const start = this.#held.toString('latin1', 0, 16);
      if (start.length < 13 && 'HTTP/1.1 100'.startsWith(start.replace('/1.0', '/1.1'))) return Buffer.alloc(0);
      const end = this.#held.indexOf('\r\n\r\n');
      const isContinue = CONTINUE.test(start) && this.#held.length < LONGEST_CONTINUE;
      if (isContinue && end === -1) return Buffer.alloc(0);
      if (!isContinue) {
        this.#passing = true;
        return this.#held;
      }
      this.#held = this.#held.subarray(end + 4);
    }
  }
}
