import { createParser, type EventSourceParser } from 'eventsource-parser';

/** A line longer than this is not followed any further: what it holds is for the checks to say. */
const LONGEST_FOLLOWED = 4 * 2 ** 20;

/** Follows one stream loosely while it runs, to know when to act. Says nothing about conformance. */
export class StreamWatch {
  words = 0;
  batches = 0;
  /** End of the last word that was seen, in seconds of audio. */
  audioSeconds = 0;
  ended = false;
  /** Comments are no events: a heartbeat says nothing about whether the session speaks. */
  lastEventAt: number | undefined;
  #firstBatchAt = 0;
  #lastBatchAt = 0;
  #now = 0;
  #openBytes = 0;
  #afterReturn = false;
  readonly #decoder = new TextDecoder();
  readonly #parser: EventSourceParser;
  readonly #waiters: { readonly met: () => boolean; readonly resolve: () => void }[] = [];

  constructor() {
    this.#parser = createParser({ onEvent: ({ event, data }) => this.#event(event, data) });
  }

  /** In the middle, between one batch and the next. */
  get pauseSeconds(): number {
    return this.batches < 2 ? 0 : (this.#lastBatchAt - this.#firstBatchAt) / (this.batches - 1);
  }

  /** Whatever it is called: the body of a login page, or of an error, is none. */
  get isEventStream(): boolean {
    return this.words > 0 || this.ended;
  }

  push(at: number, bytes: Uint8Array): void {
    this.#now = at;
    this.#openBytes += bytes.length;
    if (this.#openBytes < LONGEST_FOLLOWED) this.#feed(this.#decoder.decode(bytes, { stream: true }));
    this.wake();
  }

  /** Line feeds alone: the parser looks for the next of both kinds from each line on, to the end of what it was given. */
  #feed(text: string): void {
    const rest = this.#afterReturn && text.startsWith('\n') ? text.slice(1) : text;
    if (text !== '') this.#afterReturn = text.endsWith('\r');
    this.#parser.feed(rest.replace(/\r\n?/g, '\n'));
  }

  /** Resolves when `met` holds. It is asked again whenever bytes arrive and on `wake`. */
  when(met: () => boolean): Promise<void> {
    if (met()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiters.push({ met, resolve });
    });
  }

  wake(): void {
    for (let index = this.#waiters.length - 1; index >= 0; index--) {
      const waiter = this.#waiters[index];
      if (!waiter?.met()) continue;
      this.#waiters.splice(index, 1);
      waiter.resolve();
    }
  }

  #event(type: string | undefined, data: string): void {
    this.#openBytes = 0;
    this.lastEventAt = this.#now;
    if (type === 'end') {
      this.ended = true;
      return;
    }
    const words = wordsIn(data);
    // What has neither the type of a batch nor words, such as a heartbeat, is none.
    if (words === undefined && type !== undefined && type !== 'message') return;
    if (this.batches++ === 0) this.#firstBatchAt = this.#now;
    this.#lastBatchAt = this.#now;
    if (words === undefined) return;
    this.words += words.length;
    const end: unknown = words.at(-1)?.end;
    if (typeof end === 'number' && Number.isFinite(end)) this.audioSeconds = Math.max(this.audioSeconds, end);
  }
}

function wordsIn(data: string): readonly { readonly end?: unknown }[] | undefined {
  try {
    const words: unknown = JSON.parse(data)?.words;
    return Array.isArray(words) ? words : undefined;
  } catch {
    return undefined;
  }
}
