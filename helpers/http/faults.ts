import { Buffer } from 'node:buffer';
import type { Ending, HeaderList } from '../recording/recording.ts';
import type { SocketView } from './connection.ts';

interface NetworkError extends Error {
  readonly code?: string;
  readonly hostname?: string;
  readonly port?: number;
  readonly errors?: readonly Error[];
}

const TLS_CODE =
  /^(ERR_TLS_|ERR_SSL_|CERT_|SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO|UND_ERR_PRX_TLS|INVALID_CA|CRL_|PATH_LENGTH)/;
const UNTRUSTED_CODE = /^(SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_)/;
const PROXY_MESSAGE = /HTTP Tunneling|Proxy Authentication Required/;

type NoResponse = Omit<Extract<Ending, { kind: 'no-response' }>, 'kind' | 'at'>;

/** Why no response head came, from the error that the HTTP client gave. @param head what came in its place, if anything. */
export function connectFault(error: Error, target: URL, head: Uint8Array): NoResponse {
  const {
    code = '',
    hostname,
    port,
  } = ((error as NetworkError).errors?.[0] as NetworkError) ?? (error as NetworkError);
  const detail = explain(error);
  const targetPort = Number(target.port || (target.protocol === 'https:' ? 443 : 80));
  const targetHost = target.hostname.replace(/^\[|\]$/g, '');
  const elsewhere = (hostname !== undefined && hostname !== targetHost) || (port !== undefined && port !== targetPort);
  if (PROXY_MESSAGE.test(error.message) || code === 'UND_ERR_PRX_TLS') return { fault: 'proxy', detail };
  if (elsewhere)
    return { fault: 'proxy', detail: `${detail}; this address is the proxy's, from HTTP_PROXY or HTTPS_PROXY` };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return { fault: 'dns', detail };
  if (code === 'ECONNREFUSED') return { fault: 'refused', detail };
  if (UNTRUSTED_CODE.test(code))
    return { fault: 'tls', detail: `${detail}; name the file of its certificate authority in NODE_EXTRA_CA_CERTS` };
  if (/NO_APPLICATION_PROTOCOL/i.test(code + error.message))
    return { fault: 'tls', detail: `it speaks HTTP/2 only: it refused HTTP/1.1 in the TLS handshake (${detail})` };
  if (TLS_CODE.test(code)) return { fault: 'tls', detail };
  if (isSettingsFrame(head)) return { fault: 'malformed', detail: 'it speaks HTTP/2 only', head: latin1(head) };
  // The head was there, and told of more bodies than one.
  const contradicts = code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';
  if (contradicts || error.name === 'HTTPParserError' || /bad response|bad upgrade/.test(error.message))
    return { fault: 'malformed', detail, head: latin1(head) };
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return { fault: 'timeout', detail };
  if (/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/.test(code)) return { fault: 'reset', detail };
  return { fault: 'other', detail };
}

/** How every HTTP/2 server begins (RFC 9113 §3.4): a SETTINGS frame on stream 0. */
function isSettingsFrame(head: Uint8Array): boolean {
  return head.length >= 9 && head[0] === 0 && head[3] === 4 && head.subarray(5, 9).every((byte) => byte === 0);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

/**
 * How a body ended that the client could not read to its end. `counted`: Content-Length or chunks tell where it should
 * have ended, so an orderly close in the middle leaves it short.
 */
export function cutEnding(error: Error, counted: boolean, at: number): Ending {
  const code = (error as NetworkError).code ?? '';
  const detail = explain(error);
  const short = code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' || error.name === 'HTTPParserError';
  const closed = code === 'UND_ERR_SOCKET' && counted;
  return short || closed ? { kind: 'short', at, detail } : { kind: 'reset', at, detail };
}

/** How a body ended that the client read as far as its head says: complete, or with more behind it (RFC 9112 §6.3). */
export function readEnding(headers: HeaderList, { bytes, last }: SocketView['body'], at: number): Ending {
  const length = headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1];
  const more = length === undefined ? 0 : bytes - Number.parseInt(length, 10);
  if (!(more > 0)) return { kind: 'complete', at };
  const shown = JSON.stringify(last.subarray(-more).toString('latin1'));
  return {
    kind: 'surplus',
    at,
    detail: `${more} bytes more than its Content-Length of ${length}, at the end ${shown}`,
  };
}

function explain(error: Error): string {
  const { code, errors } = error as NetworkError;
  const first = errors?.[0];
  if (first) return explain(first);
  const message = error.message.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').slice(0, 300);
  return code === undefined || message.includes(code) ? message : `${message} (${code})`;
}
