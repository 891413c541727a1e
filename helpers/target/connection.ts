import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import { buildConnector, Client, type Dispatcher, EnvHttpProxyAgent } from 'undici';

/** What only the socket shows of one exchange. */
export interface SocketView {
  /** e.g. `1.0`, from the status line; undefined until it came. */
  httpVersion: string | undefined;
  /** The connection was reset (RST), not closed. */
  wasReset: boolean;
}

const STATUS_LINE_BYTES = 64;

/**
 * A dispatcher for one exchange. Every exchange gets a connection of its own, so that no idle connection that the target
 * has just closed is taken for a fault of the target. Honours HTTP_PROXY, HTTPS_PROXY and NO_PROXY.
 */
export function dispatcherForOne(
  maxHeaderSize: number,
  connectSeconds: number,
): {
  dispatcher: Dispatcher;
  view: SocketView;
} {
  const view: SocketView = { httpVersion: undefined, wasReset: false };
  const direct = buildConnector({ timeout: connectSeconds * 1000 });
  const dispatcher = new EnvHttpProxyAgent({
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
  return { dispatcher, view };
}

function watched(connect: buildConnector.connector, view: SocketView): buildConnector.connector {
  return (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error !== null) callback(error, null);
      else callback(null, watch(socket, view));
    });
}

/** undici tells neither the HTTP version nor, of a body that ends with its connection, how the connection ended. */
function watch<S extends Socket>(socket: S, view: SocketView): S {
  let head = Buffer.alloc(0);
  const read = socket.read.bind(socket);
  socket.read = (size?: number) => {
    const bytes: unknown = read(size);
    if (view.httpVersion === undefined && Buffer.isBuffer(bytes) && head.length < STATUS_LINE_BYTES) {
      head = Buffer.concat([head, bytes.subarray(0, STATUS_LINE_BYTES)]);
      view.httpVersion = /^HTTP\/(\d\.\d) /.exec(head.toString('latin1'))?.[1];
    }
    return bytes;
  };
  socket.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNRESET') view.wasReset = true;
  });
  return socket;
}
