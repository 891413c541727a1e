import { type Fault, faultsOf, type Variant, variantsNear } from './cases.ts';
import { refusalHeaders, refusedAs, stacked, withRefusals, withStatus } from './overrides.ts';

const BURST = { settings: { burst: true } };
const LIMITED = { ...BURST, server: { rateLimit: { max: 45, windowSeconds: 6 } } };
const limited = withStatus(429);

export const faults: readonly Fault[] = [
  ...faultsOf('rate-limit.status', 'fail', {
    'forbidden-in-place-of-429': ['Answers 403 past its limit.', refusedAs(limited, { status: 403 }), LIMITED],
    'limit-as-a-stream': [
      'Answers 200 past its limit, with a stream that says so and ends.',
      withRefusals((document, { status }) => {
        if (status !== 429) return document;
        const body = `data: ${String(document.body)}\n\nevent: end\ndata: {}\n\n`;
        return { status: 200, headers: { 'content-type': 'text/event-stream' }, body };
      }),
      LIMITED,
    ],
  }),
  ...faultsOf('rate-limit.retry-after', 'fail', {
    'no-retry-after': ['Leaves Retry-After out.', refusalHeaders(limited, { 'retry-after': undefined }), LIMITED],
    'retry-after-as-date': [
      'Gives Retry-After as an HTTP date.',
      refusalHeaders(limited, { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }),
      LIMITED,
    ],
    'retry-after-fraction': ['Gives Retry-After as 1.5.', refusalHeaders(limited, { 'retry-after': '1.5' }), LIMITED],
    'retry-after-negative': ['Gives Retry-After as -1.', refusalHeaders(limited, { 'retry-after': '-1' }), LIMITED],
  }),
  ...faultsOf('rate-limit.body', 'fail', {
    'limit-in-html': [
      'Answers 429 with a page in HTML.',
      stacked(
        refusedAs(limited, { body: '<h1>Too many requests</h1>' }),
        refusalHeaders(limited, { 'content-type': 'text/html' }),
      ),
      LIMITED,
    ],
    'limit-without-error': ['Answers 429 with {}.', refusedAs(limited, { body: '{}' }), LIMITED],
  }),
  ...faultsOf('rate-limit.recovers', 'warn', {
    'never-recovers': [
      'Asks for a second of patience, and is still closed after it.',
      refusalHeaders(limited, { 'retry-after': '1' }),
      { ...BURST, server: { rateLimit: { max: 50, windowSeconds: 30 } } },
    ],
  }),
];

export const variants: readonly Variant[] = [
  ...variantsNear('rate-limit.status', {
    'never-limits': ['Never answers 429, however many requests come.', BURST],
    'unavailable-under-a-burst': [
      'Answers 503 with Retry-After while a burst lasts, which overload explains as well as a limit.',
      refusedAs(limited, { status: 503 }),
      LIMITED,
    ],
  }),
  ...variantsNear('rate-limit.recovers', {
    'limits-and-recovers': ['Answers 429 to the burst, and serves again after a few seconds.', LIMITED],
  }),
  ...variantsNear('rate-limit.retry-after', {
    'limits-ordinary-requests': [
      'Allows five requests a second, so that ordinary ones meet a 429.',
      { server: { rateLimit: { max: 5, windowSeconds: 1 } }, settings: { speed: 4 } },
    ],
  }),
];
