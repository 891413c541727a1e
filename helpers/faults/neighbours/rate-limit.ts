import { withRefusals } from '../refusal-overrides.ts';
import type { Neighbour } from '../types.ts';

export const rateLimitNeighbours: readonly Neighbour[] = [
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
    server: { rateLimit: { max: 50, windowSeconds: 3 } },
    stages: (defaults) =>
      withRefusals(defaults, (document) => (document.status === 429 ? { ...document, status: 503 } : document)),
  },
  {
    id: 'limits-and-recovers',
    sentence: 'Answers 429 to the burst, and serves again after a few seconds.',
    near: 'rate-limit.recovers',
    settings: { burst: true },
    server: { rateLimit: { max: 50, windowSeconds: 3 } },
  },
  {
    id: 'limits-ordinary-requests',
    sentence: 'Allows five requests a second, so that ordinary ones meet a 429.',
    near: 'rate-limit.retry-after',
    server: { rateLimit: { max: 5, windowSeconds: 1 } },
    settings: { speed: 4 },
  },
];
