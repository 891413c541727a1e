import { subscriptionRequests } from '../../helpers/judging/answers.ts';
import type { Check } from '../../helpers/judging/check.ts';
import { header } from '../../helpers/judging/evidence.ts';
import { quoted } from '../../helpers/judging/findings.ts';

const CACHE_AND_PROXY_HEADERS = [
  'cache-control',
  'x-accel-buffering',
  'age',
  'via',
  'server',
  'x-cache',
  'x-served-by',
  'cf-cache-status',
  'connection',
  'transfer-encoding',
];

export const cache: Check = {
  id: 'http.cache',
  sentence: 'Cache-Control, X-Accel-Buffering and proxy headers are shown as they were seen.',
  judge({ recording }, findings) {
    const seen = new Map<string, string[]>();
    for (const exchange of subscriptionRequests(recording)) {
      if (exchange.response?.status !== 200) continue;
      findings.observe();
      for (const name of CACHE_AND_PROXY_HEADERS) {
        const value = header(exchange, name);
        if (value === undefined) continue;
        const line = `${name}: ${quoted(value)}`;
        seen.set(line, [...(seen.get(line) ?? []), exchange.id]);
      }
    }
    for (const [line, ids] of seen)
      findings.note(ids.length === findings.observations ? line : `${line} (${ids.join(', ')})`);
    if (findings.observations > 0 && seen.size === 0) findings.note('No header about caching or proxies was seen.');
  },
};
