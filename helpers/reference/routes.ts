import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RefusedError, refusal } from './errors.ts';
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
