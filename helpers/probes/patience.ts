/** What a run spends at most on requests that were answered 429: how often it repeats any, and how long it waits for that. */
export const PATIENCE = { repetitions: 60, seconds: 60 } as const;

const FIRST_PAUSE_SECONDS = 0.5;
const LONGEST_PAUSE_SECONDS = 30;

/** The one budget of repetitions that all requests of a run share. */
export class Patience {
  #repetitions: number = PATIENCE.repetitions;
  #seconds: number = PATIENCE.seconds;
  #waitedUntil = 0;

  /**
   * Seconds to wait before a request is sent again, undefined where it is not: the budget is spent. Waits of several
   * requests at the same time count once.
   * @param asked seconds that the 429 asks to wait. @param attempt how often the request has been sent.
   */
  grant(asked: number, attempt: number, now: number): number | undefined {
    const pause = Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (attempt - 1));
    const seconds = asked >= 1 ? asked : Math.max(asked, pause);
    const more = Math.max(0, now + seconds - Math.max(now, this.#waitedUntil));
    if (this.#repetitions === 0 || more > this.#seconds) return undefined;
    this.#repetitions--;
    this.#seconds -= more;
    this.#waitedUntil = Math.max(this.#waitedUntil, now + seconds);
    return seconds;
  }
}
