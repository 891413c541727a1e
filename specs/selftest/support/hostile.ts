import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';

/** A server that says, byte for byte, what a test wants it to say. */
export interface RawServer extends AsyncDisposable {
  readonly port: number;
  readonly baseUrl: string;
  /** Request heads as received, in order. */
  readonly heads: readonly string[];
}

export type RawAnswer = (socket: Socket, head: string) => void;

/** Answers the first request of each connection with `answer`, and no further one. */
export async function rawServer(answer: RawAnswer, host = '127.0.0.1'): Promise<RawServer> {
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    let head = '';
    const read = (bytes: Buffer) => {
      head += bytes.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      socket.off('data', read);
      socket.resume();
      heads.push(head);
      answer(socket, head);
    };
    socket.on('data', read);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    baseUrl: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    heads,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const STREAM_HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n';

/** Writes `start`, then `block` for as long as the client reads. */
export function forever(socket: Socket, block: string | Uint8Array, start = ''): void {
  socket.write(start);
  const write = () => {
    while (!socket.destroyed && socket.write(block));
  };
  socket.on('drain', write);
  write();
}

/** `start`, then one byte at a time, `milliseconds` apart; ends with the connection. */
export function drip(socket: Socket, text: string, milliseconds: number, start = ''): void {
  let sent = 0;
  if (start !== '') socket.write(start);
  const timer = setInterval(() => {
    if (socket.destroyed || sent >= text.length) clearInterval(timer);
    else socket.write(text.charAt(sent++));
  }, milliseconds);
}

/** The request target of a request head: what stands between the method and the version. */
export function requestTarget(head: string): string {
  return head.split(' ')[1] ?? '';
}
