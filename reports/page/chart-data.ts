/** What the page's script draws from. Numbers of time are whole units of `TIME_UNIT` seconds; null where there is none. */
export const TIME_UNIT = 1e-4;

export interface ChartData {
  readonly texts: readonly string[];
  /**
   * Every distinct word event once, column by column: index into `texts`, start (each as the difference from the one
   * before), and length.
   */
  readonly pool: {
    readonly text: readonly number[];
    readonly start: readonly (number | null)[];
    readonly length: readonly (number | null)[];
  };
  readonly streams: readonly StreamData[];
}

export interface StreamData {
  readonly id: string;
  /** Bounds of the audio axis, in seconds: single wild times lie outside. */
  readonly from: number;
  readonly to: number;
  /** batching.time-cap as judged, in seconds. */
  readonly timeCap: number;
  /** Audio seconds per wall second. */
  readonly speed: number;
  readonly subscriptions: readonly SubscriptionData[];
  readonly marks: readonly ViolationMark[];
}

export interface SubscriptionData {
  readonly id: string;
  readonly role: string;
  readonly startedAt: number;
  /** Runs of the pool: first index, how many, first index, how many … */
  readonly words: readonly number[];
  /** Per batch: how many words, and its arrival in units (each as the difference from the one before). */
  readonly batchWords: readonly number[];
  readonly batchAt: readonly number[];
  /** Words that differ from the reference, as indexes into `words`; and words that it lacks, as pool indexes. */
  readonly extra: readonly number[];
  readonly missing: readonly number[];
}

/** A violation's place on the audio axis. */
export interface ViolationMark {
  /** Of its element in the matrix. */
  readonly id: string;
  readonly requirement: string;
  readonly outcome: string;
  readonly subscription: number;
  /** Seconds of audio. */
  readonly from: number;
  readonly to: number;
  readonly message: string;
}
