const seconds = { type: 'number' } as const;
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

const exchange = record(
  {
    id: text,
    purpose: {
      type: 'object',
      properties: { kind: { enum: ['subscription', 'refusal', 'burst', 'burst-recovery', 'session'] } },
      required: ['kind'],
    },
    streamId: text,
    credential: text,
    control: text,
    request: record({ method: text, url: text, headers, body: text }, ['body']),
    startedAt: seconds,
    response: record({ at: seconds, status: { type: 'integer' }, statusText: text, httpVersion: text, headers }),
    chunks: list({ type: 'object', properties: { at: seconds, bytes: { type: 'object' } }, required: ['at', 'bytes'] }),
    wireBytes: { type: 'integer' },
    ending: {
      type: 'object',
      properties: {
        kind: { enum: ['complete', 'reset', 'short', 'undecodable', 'stopped', 'no-response'] },
        at: seconds,
        detail: text,
        bound: text,
        fault: text,
      },
      required: ['kind', 'at'],
    },
    supersededBy: text,
    echoes: list(
      record({ where: text, header: text, byteOffset: seconds, credential: text }, ['header', 'byteOffset']),
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
    settings: record({
      sessionMode: { enum: ['embedded', 'create', 'ids', 'command'] },
      strict: flag,
      burst: flag,
      hasApiKey: flag,
      hasBearerToken: flag,
      hasOtherAccount: flag,
      speed: seconds,
      maxSeconds: seconds,
      maxBytes: seconds,
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
    unmet: list(record({ need: text, declared: flag, reason: text, remedy: text })),
    stalls: list(record({ at: seconds, seconds })),
    earlier: list(
      record({ streamId: text, recordedAt: text, words: list({ type: 'array', minItems: 3, maxItems: 3 }) }),
    ),
    failure: record({ cause: text, message: text, remedy: text, requirement: text }, ['requirement']),
  },
  ['runId', 'product', 'finishedAt', 'failure'],
);
