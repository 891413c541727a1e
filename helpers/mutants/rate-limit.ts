import type { RefusalDocument } from '../reference/pipeline.ts';
import { withRefusals } from './refusal-overrides.ts';
import type { Fault, Variant } from './types.ts';

function limited(
  id: string,
  sentence: string,
  turns: Fault['turns'],
  rewrite: (document: RefusalDocument) => RefusalDocument,
): Fault {
  return {
    id,
    sentence,
    turns,
    settings: { burst: true },
    server: { rateLimit: { max: 45, windowSeconds: 6 } },
    stages: (defaults) =>
      withRefusals(defaults, (document) => (document.status === 429 ? rewrite(document) : document)),
  };
}

function retryAfter(value: string): (document: RefusalDocument) => RefusalDocument {
  return (document) => ({ ...document, headers: { ...document.headers, 'retry-after': value } });
}

export const rateLimitFaults: readonly Fault[] = [
  limited('forbidden-in-place-of-429', 'Answers 403 past its limit.', { 'rate-limit.status': 'fail' }, (document) => ({
    ...document,
    status: 403,
  })),
  limited(
    'limit-as-a-stream',
    'Answers 200 past its limit, with a stream that says so and ends.',
    { 'rate-limit.status': 'fail' },
    (document) => ({
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      body: `data: ${String(document.body)}\n\nevent: end\ndata: {}\n\n`,
    }),
  ),
  limited('no-retry-after', 'Leaves Retry-After out.', { 'rate-limit.retry-after': 'fail' }, (document) => ({
    ...document,
    headers: Object.fromEntries(
      Object.entries(document.headers).filter(([name]) => name.toLowerCase() !== 'retry-after'),
    ),
  })),
  limited(
    'retry-after-as-date',
    'Gives Retry-After as an HTTP date.',
    { 'rate-limit.retry-after': 'fail' },
    retryAfter('Wed, 21 Oct 2015 07:28:00 GMT'),
  ),
  limited('retry-after-fraction', 'Gives Retry-After as 1.5.', { 'rate-limit.retry-after': 'fail' }, retryAfter('1.5')),
  limited('retry-after-negative', 'Gives Retry-After as -1.', { 'rate-limit.retry-after': 'fail' }, retryAfter('-1')),
  limited('limit-in-html', 'Answers 429 with a page in HTML.', { 'rate-limit.body': 'fail' }, (document) => ({
    ...document,
    headers: { ...document.headers, 'content-type': 'text/html' },
    body: '<h1>Too many requests</h1>',
  })),
  limited('limit-without-error', 'Answers 429 with {}.', { 'rate-limit.body': 'fail' }, (document) => ({
    ...document,
    body: '{}',
  })),
  {
    id: 'never-recovers',
    sentence: 'Asks for a second of patience, and is still closed after it.',
    turns: { 'rate-limit.recovers': 'warn' },
    settings: { burst: true },
    server: { rateLimit: { max: 50, windowSeconds: 30 } },
    stages: (defaults) =>
      withRefusals(defaults, (document) => (document.status === 429 ? retryAfter('1')(document) : document)),
  },
];

export const rateLimitVariants: readonly Variant[] = [
  {
    id: 'never-limits',
    sentence: 'Never answers 429, however many requests come.',
    near: 'rate-limit.status',
    settings: { burst: true },
  },
  {
    id: 'unavailable-under-a-burst',
    sentence: 'Answers 503 with Retry-After while a burst lasts, which overload explains as well as a limit.',
    near: 'rate-limit.status',
    settings: { burst: true },
    server: { rateLimit: { max: 45, windowSeconds: 6 } },
    stages: (defaults) =>
      withRefusals(defaults, (document) => (document.status === 429 ? { ...document, status: 503 } : document)),
  },
  {
    id: 'limits-and-recovers',
    sentence: 'Answers 429 to the burst, and serves again after a few seconds.',
    near: 'rate-limit.recovers',
    settings: { burst: true },
    server: { rateLimit: { max: 45, windowSeconds: 6 } },
  },
  {
    id: 'limits-ordinary-requests',
    sentence: 'Allows five requests a second, so that ordinary ones meet a 429.',
    near: 'rate-limit.retry-after',
    server: { rateLimit: { max: 5, windowSeconds: 1 } },
    settings: { speed: 4 },
  },
];
