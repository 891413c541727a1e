import type { Socket } from 'node:net';
import { API_KEY, BEARER } from '../probes/support.ts';
import { type RawAnswer, type RawServer, rawServer } from '../support/hostile.ts';

/** `words`: the answer to whoever may read the session `s1`. The rest conforms, unless it is given as well. */
export interface HostileAnswers {
  readonly words: RawAnswer;
  readonly unknown?: RawAnswer;
  readonly unauthorized?: RawAnswer;
  readonly create?: RawAnswer;
  readonly status?: RawAnswer;
}

/** A target with one session, that completes as soon as it is asked for its status. */
export function hostileTarget({ words, unknown, unauthorized, create, status }: HostileAnswers): Promise<RawServer> {
  return rawServer((socket, head) => {
    const isWords = /^GET \S+\/words HTTP/.test(head);
    if (!head.includes(`x-api-key: ${API_KEY}\r`) && !head.includes(`authorization: Bearer ${BEARER}\r`))
      (unauthorized ?? errorAnswer(401, 'authentication_failed'))(socket, head);
    else if (/^POST \S+\/avatar-realtime HTTP/.test(head))
      (create ?? jsonAnswer(201, { data: { stream_id: 's1' } }))(socket, head);
    else if (head.startsWith('POST')) jsonAnswer(200, { data: { ok: true } })(socket, head);
    else if (isWords && head.includes('/s1/')) words(socket, head);
    else if (isWords) (unknown ?? errorAnswer(404, 'not_found'))(socket, head);
    else (status ?? jsonAnswer(200, { data: { stream_id: 's1', status: 'completed' } }))(socket, head);
  });
}

export function jsonAnswer(status: number, value: unknown): RawAnswer {
  return textAnswer(status, 'application/json', JSON.stringify(value));
}

function errorAnswer(status: number, code: string): RawAnswer {
  return jsonAnswer(status, { error: { code, message: 'It says no.', param: null, doc_url: null } });
}

export function textAnswer(status: number, type: string, body: string | Buffer, ...headers: string[]): RawAnswer {
  return (socket: Socket) => {
    const more = status === 401 ? ['WWW-Authenticate: Bearer', ...headers] : headers;
    const head = [
      `HTTP/1.1 ${status} X`,
      `Content-Type: ${type}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...more,
    ];
    socket.write(`${head.join('\r\n')}\r\nConnection: close\r\n\r\n`, 'latin1');
    socket.end(body);
  };
}

export function streamAnswer(body: string | Buffer, ...headers: string[]): RawAnswer {
  return textAnswer(200, 'text/event-stream', body, ...headers);
}

export const END = 'event: end\ndata: {}\n\n';

export function batch(words: readonly unknown[]): string {
  return `data: ${JSON.stringify({ words })}\n\n`;
}
