import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { malformedRequest, notAuthenticated, RefusedError, refusal, unknownPath } from './errors.ts';
import type { ServerSettings } from './options.ts';
import type { Identity, Refusal, RequestContext, Stages } from './pipeline.ts';
import type { Sessions } from './sessions.ts';
import { addSiblings, type RouteContext, refuseOtherMethods } from './siblings.ts';
import { subscribe } from './subscription.ts';

declare module 'fastify' {
  interface FastifyRequest {
    identity: Identity | null;
  }
}

/** The HTTP side: routes, credentials, limits, and every failure as a document of the contract. */
export async function createServer(
  settings: ServerSettings,
  stages: Stages,
  sessions: Sessions,
): Promise<FastifyInstance> {
  const requestTimeout = settings.requestTimeoutSeconds * 1000;
  const timeouts = {
    headersTimeout: requestTimeout,
    requestTimeout,
    // Overdue requests are only noticed when the server looks for them.
    connectionsCheckingInterval: Math.min(5_000, Math.ceil(requestTimeout / 2)),
    // Room for an over-long id, so that it is refused as an id.
    maxHeaderSize: 64 * 1024,
  };
  const app = Fastify({
    ...(settings.tls ? { https: { ...settings.tls, ...timeouts } } : { http: timeouts }),
    bodyLimit: settings.maxBodyBytes,
    requestTimeout,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 64 * 1024 },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
    clientErrorHandler: (error, socket) => answerUnreadable(error, socket, stages),
    frameworkErrors: (_error, request, reply) => {
      const identity = stages.authenticate(request.headers, settings.accounts);
      refuse(identity ? malformedRequest : notAuthenticated, request, reply, identity);
    },
  }) as unknown as FastifyInstance;

  const contextOf = (request: FastifyRequest, identity: Identity | null = request.identity): RequestContext => ({
    method: request.method,
    url: request.raw.url ?? '',
    headers: request.headers,
    streamId: (request.params as { streamId?: string } | null)?.streamId,
    identity,
    connection: request.raw.socket,
  });
  const refuse = (
    refused: Refusal,
    request: FastifyRequest,
    reply: FastifyReply,
    identity: Identity | null = request.identity,
  ): FastifyReply => {
    const { status, headers, body } = stages.refuse(refused, contextOf(request, identity));
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined && name !== 'retry-after') reply.raw.setHeader(name, value);
    }
    reply.raw.writeHead(status, { ...headers, 'content-length': bytes.byteLength });
    reply.raw.end(request.method === 'HEAD' ? undefined : bytes);
    return reply;
  };

  app.decorateRequest('identity', null);
  app.addHook('onRequest', async (request, reply) => {
    request.identity = stages.authenticate(request.headers, settings.accounts);
    if (!settings.keepAlive) reply.header('connection', 'close');
  });
  app.setErrorHandler((error, request, reply) => {
    const refused = error instanceof RefusedError ? error.refusal : refusalFor(error);
    if (refused.reason === 'internal') settings.onError(error);
    refuse(refused, request, reply);
  });
  app.setNotFoundHandler((request, reply) => refuse(request.identity ? unknownPath : notAuthenticated, request, reply));

  if (settings.rateLimit !== 'off') {
    const { max, windowSeconds } = settings.rateLimit;
    await app.register(rateLimit, {
      max,
      timeWindow: windowSeconds * 1000,
      hook: 'preHandler',
      keyGenerator: ({ identity }) => `${identity?.account}/${identity?.credential}`,
      allowList: ({ identity }) => identity === null,
      errorResponseBuilder: (_request, { ttl }) =>
        new RefusedError(
          refusal('rate-limit', 'Too many requests. Retry after the duration specified in the Retry-After header.', {
            headers: { 'retry-after': String(Math.max(1, Math.ceil(ttl / 1000))) },
          }),
        ),
    });
  }

  const context: RouteContext = {
    settings,
    sessions,
    contextOf,
    async open(request) {
      const outcome = await stages.access(contextOf(request), {
        get: (id) => sessions.get(id),
        find: (id, identity) => stages.find(id, identity, sessions),
      });
      if (outcome.refused) throw new RefusedError(outcome.refused);
      return outcome.granted;
    },
  };
  await app.register(
    async (scope) => {
      addSiblings(scope, context);
      addWords(scope, context, stages);
    },
    { prefix: settings.pathPrefix },
  );
  return app;
}

function addWords(app: FastifyInstance, context: RouteContext, stages: Stages): void {
  const url = '/v3/avatar-realtime/:streamId/words';
  app.route({
    method: ['GET', 'HEAD'],
    url,
    handler: async (request, reply) => {
      const stream = await context.open(request);
      reply.hijack();
      for (const [name, value] of Object.entries(reply.getHeaders())) {
        if (value !== undefined) reply.raw.setHeader(name, value);
      }
      const subscribers = context.sessions.subscribers(stream.id);
      subscribe(stream, context.contextOf(request), reply.raw, stages, subscribers, context.settings).catch(
        context.settings.onError,
      );
    },
  });
  refuseOtherMethods(app, url, ['GET', 'HEAD']);
}

interface FrameworkError {
  readonly statusCode?: number;
  readonly code?: string;
  readonly validation?: readonly {
    readonly instancePath: string;
    readonly message?: string;
    readonly params: object;
  }[];
}

function refusalFor(error: unknown): Refusal {
  const { statusCode = 500, validation } = (error ?? {}) as FrameworkError;
  const [mistake] = validation ?? [];
  if (mistake) {
    const missing = (mistake.params as { missingProperty?: string }).missingProperty;
    const param = missing ?? mistake.instancePath.replace(/^\//, '').replaceAll('/', '.');
    return refusal('invalid-parameter', `The request body ${mistake.message ?? 'is not valid'}.`, {
      ...(param === '' ? {} : { param }),
    });
  }
  if (statusCode === 413) return refusal('body-size', 'The request body is too large.');
  if (statusCode >= 400 && statusCode < 500) return { ...malformedRequest, status: statusCode };
  return refusal('internal', 'Something went wrong on our side.');
}

/** Bytes that Node could not read as a request: there is no request to answer through. */
function answerUnreadable(error: Error & { code?: string }, socket: Socket, stages: Stages): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const refused =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? { ...malformedRequest, status: 408, message: 'The request did not arrive in time.' }
      : malformedRequest;
  const nothing = { method: '', url: '', headers: {}, streamId: undefined, identity: null, connection: socket };
  const { status, headers, body } = stages.refuse(refused, nothing);
  const bytes = Buffer.from(body);
  const head = { ...headers, 'content-length': bytes.length, connection: 'close' };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(
    Buffer.concat([Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n`), bytes]),
  );
}
