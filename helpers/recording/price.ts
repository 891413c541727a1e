/** The documented price of a session, in USD a second. */
const USD_PER_SESSION_SECOND = 0.05;

/** What sessions of a target cost, to the cent. The service bills them; a server on this machine does not. */
export function usdOf(sessionSeconds: number, baseUrl: string): number {
  return isLoopback(baseUrl) ? 0 : Math.round(sessionSeconds * USD_PER_SESSION_SECOND * 100) / 100;
}

/** Whether a target is on this machine. */
export function isLoopback(baseUrl: string): boolean {
  return /^https?:\/\/(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d+)?(\/|$)/i.test(baseUrl);
}
