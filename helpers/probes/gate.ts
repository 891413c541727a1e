/** How long a request waits for its turn when others wait too: lower goes first. */
export type Priority = 0 | 1 | 2 | 3;

interface Waiting {
  readonly priority: Priority;
  readonly enter: () => void;
}

const MOST_AT_ONCE = 6;
const CALM_AFTER = 8;

/**
 * Lets requests out as fast as the target takes them: six at once at first; after a 429 one at a time, none before
 * `Retry-After` is over, and further apart for as long as more 429s come.
 */
export class Gate {
  readonly #now: () => number;
  readonly #queue: Waiting[] = [];
  #inside = 0;
  #most = MOST_AT_ONCE;
  #interval = 0;
  #notBefore = 0;
  #grantedSinceRefusal = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Resolves with the way out, to be called once, when it is this request's turn. */
  enter(priority: Priority): Promise<() => void> {
    return new Promise((resolve) => {
      const enter = () => {
        this.#inside++;
        this.#notBefore = Math.max(this.#notBefore, this.#now() + this.#interval);
        let left = false;
        resolve(() => {
          if (left) return;
          left = true;
          this.#inside--;
          this.#letIn();
        });
      };
      const behind = this.#queue.findIndex((other) => other.priority > priority);
      this.#queue.splice(behind === -1 ? this.#queue.length : behind, 0, { priority, enter });
      this.#letIn();
    });
  }

  granted(): void {
    this.#grantedSinceRefusal++;
  }

  /** The target said 429. @param seconds that it asked to wait. */
  refused(seconds: number): void {
    this.#most = 1;
    const soonAgain = this.#grantedSinceRefusal < CALM_AFTER && this.#grantedSinceRefusal > 0;
    if (soonAgain) this.#interval = Math.min(Math.max(seconds, 1) * 1.1, Math.max(0.5, this.#interval * 2));
    this.#grantedSinceRefusal = 0;
    this.#notBefore = Math.max(this.#notBefore, this.#now() + seconds);
  }

  widen(atOnce: number): void {
    this.#most = atOnce;
    this.#interval = 0;
    this.#letIn();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#queue.length = 0;
  }

  #letIn(): void {
    clearTimeout(this.#timer);
    while (this.#queue.length > 0 && this.#inside < this.#most) {
      const wait = this.#notBefore - this.#now();
      if (wait > 0) {
        this.#timer = setTimeout(() => this.#letIn(), Math.ceil(wait * 1000));
        return;
      }
      this.#queue.shift()?.enter();
    }
  }
}
