import type { HeaderList } from '../recording/recording.ts';

const WITHOUT_A_WORD_SECONDS = 2;

/** Seconds that a 429 asks to wait: of `Retry-After` in either form of RFC 9110 §10.2.3, two where it gives neither. */
export function secondsToWait(headers: HeaderList, now: number = Date.now()): number {
  const value = headers.find(([name]) => name.toLowerCase() === 'retry-after')?.[1].trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return /[A-Za-z]/.test(value) && Number.isFinite(date) ? Math.max(0, (date - now) / 1000) : WITHOUT_A_WORD_SECONDS;
}
