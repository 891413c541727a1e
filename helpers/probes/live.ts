import type { SubscriptionRole } from '../recording/recording.ts';
import { type Listener, LONGEST_START_SECONDS, openListener } from './listener.ts';
import { RunStopped, subscriptionFailure } from './preflight.ts';
import { Interrupted, type Outcome } from './probe.ts';
import type { Run } from './run.ts';
import { countSpokenWords, WORDS_PER_SECOND } from './script.ts';
import type { SpokenSession } from './session.ts';

/** Beyond what `ending.closes` allows, so that a late close is seen to be late. */
const CLOSE_MARGIN_SECONDS = 1;
/** Seconds of speech that must be left before the input closes or more text is sent. */
const TEXT_AHEAD_WORDS = 10;
const BATCHES_TO_JOIN = 2;
/** Of the script: as much must have been heard before whoever dropped comes back, so that there is history to receive. */
const SHARE_TO_RETURN = 0.7;
/** Of the time between two batches: a seam between history and live is weakest when the next batch is due. */
const SHARE_OF_PAUSE = 0.6;
const LONGEST_PAUSE_SECONDS = 1;
const LONGEST_ABSENCE_SECONDS = 20;
const SOON_SECONDS = 0.5;

export interface LiveResult {
  /** The session came to its end while we listened: it can be read again. */
  readonly ended: boolean;
  /** Why not, where not. */
  readonly reason: string;
}

/** The subscriptions of one live session, all at the same time. */
export class LiveListening {
  readonly first: Listener;
  readonly #run: Run;
  readonly #session: SpokenSession;
  readonly #listeners: Listener[] = [];
  readonly #tasks: Promise<void>[] = [];
  #bug: unknown;
  /** What the probes still want of the session while it speaks; one more until all of them have begun. */
  #wanted = 1;
  #over = false;
  #overReason = '';

  constructor(run: Run, session: SpokenSession) {
    this.#run = run;
    this.#session = session;
    this.first = this.#listen('first');
    this.#task(this.#keepSpeaking());
    this.#task(this.#hearEnd());
  }

  /** Resolves when the first subscriber's stream is open. @throws RunStopped where it is refused. */
  async opened(): Promise<void> {
    const head = await this.first.probe.head;
    const isStream =
      head?.status === 200 && /^\s*text\/event-stream\s*(;|$)/i.test(headerValue(head.headers, 'content-type'));
    if (isStream) return;
    if (head) setTimeout(() => this.first.probe.stop('probe'), 1000).unref();
    const outcome = await this.first.probe.outcome;
    if (this.#run.interrupted) return;
    const { settings, baseUrl } = this.#run;
    const failure = subscriptionFailure(
      this.#run.shown(outcome),
      baseUrl,
      settings.session.mode,
      this.#session.streamId,
    );
    if (failure) throw new RunStopped(failure);
  }

  /** Everything that listens to the session, and what keeps it speaking for as long as that takes. */
  async listen(whileLive: () => Promise<void>): Promise<LiveResult> {
    this.#task(this.#concurrent());
    this.#task(this.#wants(() => this.#late()));
    this.#task(this.#wants(() => this.#dropAndReturn()));
    this.#task(this.#wants(whileLive));
    this.#wanted--;
    this.#wake();
    const first = await this.first.probe.outcome.catch(ignoreInterruption);
    if (first && this.first.watch.words === 0) this.#heardNothing(first);
    this.#finish('');
    await this.settled();
    const ended = this.#listeners.some(({ watch, complete }) => watch.ended || (complete && watch.words > 0));
    if (this.#session.status !== 'error' && (ended || this.#session.status === 'completed'))
      return { ended: true, reason: '' };
    return { ended: false, reason: this.#overReason || 'the session did not come to its end while the run listened' };
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#tasks);
    await Promise.all(this.#listeners.map(({ probe }) => probe.outcome.catch(ignoreInterruption)));
    if (this.#bug !== undefined) throw this.#bug;
  }

  #listen(role: SubscriptionRole): Listener {
    const listener = openListener(this.#run, this.#session.streamId, role, () => {
      if (listener.watch.ended) this.#closing(listener);
      if (listener.watch.ended && listener !== this.first) this.#tellEndElsewhere();
      this.#wake();
    });
    this.#listeners.push(listener);
    return listener;
  }

  /** After its `end` a stream may stay open for a while, and no longer. */
  #closing(listener: Listener): void {
    this.#stopLater(listener, this.#run.settings.endCloseSeconds + CLOSE_MARGIN_SECONDS);
  }

  #hasEndedElsewhere = false;
  #tellEndElsewhere = (): void => undefined;
  /** Resolves when a listener beside the first has had its end. */
  readonly #endElsewhere = new Promise<void>((resolve) => {
    this.#tellEndElsewhere = () => {
      this.#hasEndedElsewhere = true;
      resolve();
    };
  });

  readonly #stopping = new Set<Listener>();

  #stopLater(listener: Listener, seconds: number): void {
    if (this.#stopping.has(listener)) return;
    this.#stopping.add(listener);
    const timer = setTimeout(() => listener.probe.stop('seconds'), seconds * 1000);
    const clear = () => clearTimeout(timer);
    listener.probe.outcome.then(clear, clear);
  }

  /** The session is over: streams that say so get the time to close, the others are given the same. */
  #finish(reason: string): void {
    if (!this.#over) this.#overReason = reason;
    this.#over = true;
    for (const listener of this.#listeners) this.#closing(listener);
    this.#wake();
  }

  #wake(): void {
    for (const { watch } of this.#listeners) watch.wake();
  }

  #task(task: Promise<void>): void {
    this.#tasks.push(
      task.catch((error: unknown) => {
        if (!(error instanceof Interrupted)) this.#bug ??= error;
      }),
    );
  }

  async #wants(task: () => Promise<void>): Promise<void> {
    this.#wanted++;
    try {
      await task();
    } finally {
      this.#wanted--;
      this.#wake();
    }
  }

  async #concurrent(): Promise<void> {
    const { probe } = this.#listen('concurrent');
    if (!(await probe.head) && !this.#run.interrupted) await probe.outcome;
  }

  async #late(): Promise<void> {
    await this.first.watch.when(() => this.#joinable(this.first) || this.#isOver());
    if (this.#isOver()) {
      this.#unmet('late-subscriber', 'nobody could join it late');
      return;
    }
    await this.#listen('late').probe.head;
  }

  async #dropAndReturn(): Promise<void> {
    const dropped = this.#listen('dropped');
    await dropped.watch.when(() => this.#joinable(dropped) || dropped.endedAt !== undefined || this.#isOver());
    if (this.#isOver() || dropped.endedAt !== undefined) {
      this.#unmet('reconnection', 'no connection could be dropped in its middle and taken up again');
      return;
    }
    dropped.probe.stop('probe');
    await dropped.probe.outcome;
    await this.#muchSpoken();
    if (this.#isOver()) this.#unmet('reconnection', 'no connection that was dropped could be taken up again');
    else await this.#listen('reconnected').probe.head;
  }

  /** Resolves between two batches, when most of a known script has been heard, or had the time to be. */
  async #muchSpoken(): Promise<void> {
    const { watch, probe } = this.first;
    const words = countSpokenWords(this.#session.script ?? '') * SHARE_TO_RETURN;
    const heard = watch.when(() => watch.words >= words || this.#isOver());
    const spoken = words / WORDS_PER_SECOND / this.#speed;
    const longest = Math.min(LONGEST_ABSENCE_SECONDS, this.#run.settings.maxSeconds / 3);
    await this.#run.sleepUntil(Math.min(spoken, longest), heard);
    await this.#run.sleepUntil(Math.min(watch.pauseSeconds * SHARE_OF_PAUSE, LONGEST_PAUSE_SECONDS), probe.outcome);
  }

  /** Seconds of audio in a second, where that is known. */
  get #speed(): number {
    const { baseUrl, speed } = this.#run.settings;
    return baseUrl === null ? speed : 1;
  }

  #joinable({ watch, openedAt }: Listener): boolean {
    return openedAt !== undefined && watch.batches >= BATCHES_TO_JOIN;
  }

  #isOver(): boolean {
    return this.#over || this.first.watch.ended || this.first.endedAt !== undefined || this.#run.interrupted;
  }

  #unmet(need: 'late-subscriber' | 'reconnection', consequence: string): void {
    if (this.#run.interrupted) return;
    const { batches, words, audioSeconds } = this.first.watch;
    const spoken = `${words} words in ${batches} batches, ${audioSeconds.toFixed(1)} s of speech`;
    const why = this.#overReason || `the session ended (${spoken})`;
    this.#run.journal.unmet({
      need,
      declared: false,
      reason: `${why} before ${BATCHES_TO_JOIN} batches had arrived with time to spare: ${consequence}`,
      remedy: 'Give a session that speaks for at least ten seconds more, and whose words arrive while it speaks.',
    });
  }

  /** The bound of the subscription came before the first word. */
  #heardNothing({ ending, startedAt }: Outcome): void {
    if (ending.kind !== 'stopped' || ending.bound !== 'seconds' || this.first.watch.ended || this.#over) return;
    const { status } = this.#session;
    const seconds = (ending.at - startedAt).toFixed(1);
    if (status === 'pending') this.#neverSpoke(`the session did not start within ${seconds} s`);
    else
      this.#neverSpoke(
        `no word came within ${seconds} s${status === undefined ? '' : `, with the session's status ${JSON.stringify(status.slice(0, 40))}`}`,
      );
  }

  #neverSpoke(reason: string): void {
    this.#finish(reason);
    const remedy = 'Run again, and see at the target why the session failed.';
    this.#run.journal.unmet({ need: 'live-session', declared: false, reason, remedy });
  }

  /** Appends text while the probes need more time, then closes the input. */
  async #keepSpeaking(): Promise<void> {
    const session = this.#session;
    const { watch } = this.first;
    while (session.inputOpen && !this.#isOver()) {
      await watch.when(
        () => this.#isOver() || this.#wanted === 0 || (session.canExtend && this.#runsDry()) || this.#silent,
      );
      if (this.#isOver() || this.#wanted === 0 || this.#silent || !session.canExtend) break;
      await session.extend();
    }
    if (!this.#run.interrupted) await session.closeInput();
  }

  #runsDry(): boolean {
    const sent = countSpokenWords(this.#session.script ?? '');
    return sent - this.first.watch.words < TEXT_AHEAD_WORDS;
  }

  /** No word came for longer than the text takes to speak: waiting for the probes would keep the session open for nothing. */
  #silent = false;

  /** Finds out that the session has ended, or never started, where the stream itself does not say so. */
  async #hearEnd(): Promise<void> {
    const { clock } = this.#run;
    const speed = this.#speed;
    const spoken = countSpokenWords(this.#session.script ?? '') / WORDS_PER_SECOND / speed;
    const openedAt = this.first.openedAt ?? clock.now();
    let speechFrom: number | undefined;
    let pause = Math.max(0.25, 2 / speed);
    // Whether the session was asked since another listener had its end.
    let asked = false;
    while (!this.#over && this.first.endedAt === undefined && !this.#run.interrupted) {
      const quietFrom = this.first.watch.lastEventAt ?? openedAt;
      const wait = quietFrom + pause - clock.now();
      if (wait > 0) {
        await this.#run.sleepUntil(wait, this.first.probe.outcome);
        continue;
      }
      if (this.#session.tellsStatus && !this.first.watch.ended) await this.#session.pollStatus();
      const { status } = this.#session;
      if (status === 'completed') this.#finish('the session is completed');
      else if (status === 'error') this.#neverSpoke(this.#session.troubled);
      if (status === 'streaming') speechFrom ??= clock.now();
      const from = speechFrom ?? openedAt + (this.#session.tellsStatus ? LONGEST_START_SECONDS : 0);
      if (clock.now() - Math.max(from, this.first.watch.lastEventAt ?? 0) > spoken * 1.5 + 2 / speed) {
        this.#silent = true;
        this.#wake();
      }
      if (status === 'pending' && clock.now() - openedAt > LONGEST_START_SECONDS)
        this.#neverSpoke(`the session did not start within ${LONGEST_START_SECONDS} s`);
      pause = Math.min(pause * 1.5, 10);
      const outcome = this.first.probe.outcome;
      await this.#run.sleepUntil(pause, asked ? outcome : Promise.race([outcome, this.#endElsewhere]));
      if (!this.#hasEndedElsewhere || asked) continue;
      asked = true;
      pause = SOON_SECONDS;
    }
  }
}

function ignoreInterruption(error: unknown): undefined {
  if (!(error instanceof Interrupted)) throw error;
}

function headerValue(headers: readonly (readonly [string, string])[], name: string): string {
  return headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? '';
}
