import { headerValue } from '../recording/har.ts';
import type { HeaderList } from '../recording/recording.ts';

/** Seconds that a 429 asks to wait: `Retry-After` in either form of RFC 9110 §10.2.3; undefined where it gives neither. */
export function secondsToWait(headers: HeaderList, now: number = Date.now()): number | undefined {
  const value = headerValue(headers, 'retry-after')?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return /[A-Za-z]/.test(value) && Number.isFinite(date) ? Math.max(0, (date - now) / 1000) : undefined;
}
