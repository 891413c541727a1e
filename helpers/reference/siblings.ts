import type { FastifyInstance, FastifyRequest } from 'fastify';
import { notAuthenticated, RefusedError, refusal } from './errors.ts';
import type { ServerSettings } from './options.ts';
import type { RequestContext, StreamView } from './pipeline.ts';
import type { Sessions } from './sessions.ts';

/** What the routes need to answer one request. */
export interface RouteContext {
  readonly settings: ServerSettings;
  readonly sessions: Sessions;
  contextOf(request: FastifyRequest): RequestContext;
  /** The session that the path names; throws RefusedError. */
  open(request: FastifyRequest): Promise<StreamView>;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const;

/** 405 with the list that RFC 9110 §15.5.6 demands. */
export function refuseOtherMethods(app: FastifyInstance, url: string, allowed: readonly string[]): void {
  app.route({
    method: METHODS.filter((method) => !allowed.includes(method)),
    url,
    // Refuses before a body is read.
    onRequest: async () => {
      throw new RefusedError(
        refusal('method', 'This resource does not know that method.', { headers: { allow: allowed.join(', ') } }),
      );
    },
    handler: async () => undefined,
  });
}

interface CreateBody {
  readonly type: 'tts' | 'text_stream' | 'audio';
  readonly text?: string;
}

interface TextBody {
  readonly delta?: string;
  readonly final?: boolean;
}

const text = { type: 'string', maxLength: 200_000 } as const;
const createBody = {
  type: 'object',
  required: ['type'],
  properties: {
    type: { enum: ['tts', 'text_stream', 'audio'] },
    avatar_id: { type: 'string', minLength: 1 },
    voice_id: { type: 'string', minLength: 1 },
    text,
  },
} as const;
const textBody = { type: 'object', properties: { delta: text, final: { type: 'boolean' } } } as const;

/** The endpoints beside the words stream, as the service documents them: create, status, more text, cancel. */
export function addSiblings(app: FastifyInstance, context: RouteContext): void {
  const { sessions, settings } = context;
  const collection = '/v3/avatar-realtime';
  app.post<{ Body: CreateBody }>(collection, { schema: { body: createBody }, onRequest: known }, async (request) => {
    const { type, text: script } = request.body;
    if (type === 'audio')
      throw new RefusedError(refusal('invalid-parameter', 'This server speaks text only.', { param: 'type' }));
    if (type === 'tts' && script === undefined)
      throw new RefusedError(refusal('invalid-parameter', 'A tts session needs text.', { param: 'text' }));
    const account = request.identity?.account ?? '';
    const running = sessions.runningOf(account);
    if (running.length >= settings.maxConcurrentSessions) {
      const soonest = Math.min(...running.map(({ remainingSeconds }) => remainingSeconds));
      throw new RefusedError(
        refusal('session-limit', `No more than ${settings.maxConcurrentSessions} sessions at the same time.`, {
          headers: { 'retry-after': String(Math.max(1, Math.ceil(soonest))) },
        }),
      );
    }
    return { data: { stream_id: sessions.create(account, type, script ?? '').id } };
  });
  refuseOtherMethods(app, collection, ['POST']);

  const item = `${collection}/:streamId`;
  app.get(item, { exposeHeadRoute: true }, async (request) => {
    const { id, status, endReason, errorMessage } = await context.open(request);
    return { data: { stream_id: id, status, hls_url: null, end_reason: endReason, error_message: errorMessage } };
  });
  refuseOtherMethods(app, item, ['GET', 'HEAD']);

  const input = `${item}/text`;
  app.post<{ Body: TextBody }>(input, { schema: { body: textBody }, onRequest: known }, async (request) => {
    const { id } = await context.open(request);
    const session = sessions.running(id);
    if (!session || session.inputClosed)
      throw new RefusedError(refusal('input-closed', 'The input of this session is closed.'));
    session.append(request.body.delta ?? '', request.body.final ?? false);
    return { data: { ok: true, buffered_bytes: session.bufferedBytes } };
  });
  refuseOtherMethods(app, input, ['POST']);

  const cancel = `${item}/cancel`;
  app.post(cancel, { onRequest: known }, async (request) => {
    const { id } = await context.open(request);
    const session = sessions.running(id);
    const cancelled = session !== undefined && !session.ended;
    session?.interrupt('cancelled');
    return { data: { stream_id: id, cancelled } };
  });
  refuseOtherMethods(app, cancel, ['POST']);
}

/** Refuses before a body is read. */
async function known(request: { readonly identity: unknown }): Promise<void> {
  if (request.identity === null) throw new RefusedError(notAuthenticated);
}
