import { CREDENTIAL_KINDS, NEEDS, REFUSAL_PROBES, SUBSCRIPTION_ROLES } from './recording.ts';

const seconds = { type: 'number' } as const;
const positive = { type: 'number', exclusiveMinimum: 0 } as const;
const count = { type: 'integer', minimum: 0 } as const;
const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const headers = {
  type: 'array',
  items: { type: 'array', items: text, minItems: 2, maxItems: 2 },
} as const;

function record(properties: Readonly<Record<string, unknown>>, optional: readonly string[] = []): object {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required };
}

function list(items: object): object {
  return { type: 'array', items };
}

function purpose(kind: string, members: Readonly<Record<string, unknown>>): object {
  return record({ kind: { const: kind }, ...members });
}

const exchange = record(
  {
    id: text,
    purpose: {
      type: 'object',
      properties: { kind: text },
      required: ['kind'],
      oneOf: [
        purpose('subscription', {
          role: { enum: SUBSCRIPTION_ROLES },
        }),
        purpose('refusal', {
          probe: { enum: REFUSAL_PROBES },
          variant: text,
          against: { enum: ['live', 'completed', 'unknown'] },
        }),
        purpose('burst', {}),
        purpose('burst-recovery', { waited: seconds }),
        purpose('session', { step: text }),
      ],
    },
    streamId: text,
    credential: { enum: CREDENTIAL_KINDS },
    control: text,
    request: record({ method: text, url: text, headers, body: text }, ['body']),
    startedAt: seconds,
    response: record({
      at: seconds,
      status: { type: 'integer', minimum: 100, maximum: 999 },
      statusText: text,
      httpVersion: text,
      headers,
    }),
    chunks: list({ type: 'object', properties: { at: seconds, bytes: { type: 'object' } }, required: ['at', 'bytes'] }),
    wireBytes: count,
    ending: {
      type: 'object',
      properties: {
        kind: { enum: ['complete', 'reset', 'short', 'surplus', 'undecodable', 'stopped', 'no-response'] },
        at: seconds,
        detail: text,
        bound: text,
        fault: text,
      },
      required: ['kind', 'at'],
    },
    supersededBy: text,
    echoes: list(
      record(
        {
          where: { enum: ['header', 'body', 'status', 'trailer'] },
          header: text,
          byteOffset: count,
          credential: { enum: CREDENTIAL_KINDS },
        },
        ['header', 'byteOffset'],
      ),
    ),
  },
  ['streamId', 'control', 'response', 'supersededBy'],
);

/** JSON Schema (2020-12) of a `Recording` in memory: what judging relies on, so that a damaged file is refused with its place. */
export const recordingSchema: object = record(
  {
    format: text,
    suite: record({ name: text, version: text }),
    contract: record({ title: text, version: text, sha256: text }),
    target: record({ baseUrl: text }),
    runId: text,
    product: record({ name: text, version: text, environment: text }, ['name', 'version', 'environment']),
    startedAt: text,
    finishedAt: text,
    capture: record({ kind: { enum: ['body', 'head-and-body', 'har'] }, file: text }),
    settings: record({
      sessionMode: { enum: ['embedded', 'create', 'ids', 'command'] },
      strict: flag,
      burst: flag,
      hasApiKey: flag,
      hasBearerToken: flag,
      hasOtherAccount: flag,
      speed: positive,
      maxSeconds: positive,
      maxBytes: positive,
      endCloseSeconds: seconds,
      timeCapToleranceSeconds: seconds,
    }),
    streams: list(
      record(
        {
          streamId: text,
          origin: { enum: ['create', 'ids', 'command'] },
          state: { enum: ['live', 'completed'] },
          script: text,
          createdAt: seconds,
          statuses: list({ type: 'object', properties: { at: seconds, status: text }, required: ['at', 'status'] }),
        },
        ['script', 'createdAt'],
      ),
    ),
    exchanges: list(exchange),
    unmet: list(record({ need: { enum: NEEDS }, declared: flag, reason: text, remedy: text })),
    stalls: list(record({ at: seconds, seconds })),
    earlier: list(
      record(
        {
          streamId: text,
          recordedAt: text,
          baseUrl: text,
          words: list({ type: 'array', prefixItems: [text, {}, {}], minItems: 3, items: false }),
        },
        ['baseUrl'],
      ),
    ),
    failure: record({ cause: text, message: text, remedy: text, requirement: text }, ['requirement']),
  },
  ['runId', 'product', 'finishedAt', 'capture', 'failure'],
);
