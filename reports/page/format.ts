const integers = new Intl.NumberFormat('en-GB');
const dates = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'long',
  timeStyle: 'medium',
  timeZone: 'UTC',
});

/** `12 004` style counts, grouped for reading. */
export function count(value: number): string {
  return integers.format(value);
}

/** `1 word`, `12,004 words`. */
export function counted(value: number, singular: string, plural = `${singular}s`): string {
  return `${count(value)} ${value === 1 ? singular : plural}`;
}

/** Seconds to the millisecond, without trailing zeros: `0.9 s`. Long spans also as minutes. */
export function seconds(value: number): string {
  if (!Number.isFinite(value)) return 'no number';
  const short = `${Number(value.toFixed(3))} s`;
  if (Math.abs(value) < 120) return short;
  const whole = Math.round(Math.abs(value));
  return `${short} (${value < 0 ? '−' : ''}${Math.floor(whole / 60)} min ${whole % 60} s)`;
}

export function byteSize(bytes: number): string {
  return bytes < 10_000 ? counted(bytes, 'byte') : `${count(Math.round(bytes / 1000))} kB`;
}

/** An ISO 8601 instant, in UTC; the text itself where it is none. */
export function instant(iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? iso : `${dates.format(time)} UTC`;
}

/** Wall time between two ISO 8601 instants, in seconds. */
export function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}
