import { headerValue } from '../recording/har.ts';
import type { SubscriptionRole } from '../recording/recording.ts';
import { type Listener, LONGEST_START_SECONDS, openListener } from './listener.ts';
import { RunStopped, subscriptionFailure } from './preflight.ts';
import { Interrupted, type ProbeOutcome } from './probe.ts';
import type { Run } from './run.ts';
import { countSpokenWords, WORDS_PER_SECOND } from './script.ts';
import type { SpokenSession } from './session.ts';
import { type LiveView, Subscribers } from './subscribers.ts';

/** How long the body of an answer that is no stream is waited for. */
const ERROR_BODY_MS = 1000;
/** Beyond what `ending.closes` allows, so that a late close is seen to be late. */
const CLOSE_MARGIN_SECONDS = 1;
/** Seconds of speech that must be left before the input closes or more text is sent. */
const TEXT_AHEAD_WORDS = 10;
/** A session that has had all its text, and the time to speak it, is given up after as much silence. */
const LONGEST_SILENCE_SECONDS = 15;
const SOON_SECONDS = 0.5;

export interface LiveResult {
  /** The session came to its end while we listened: it can be read again. */
  readonly ended: boolean;
  /** Why not, where not. */
  readonly reason: string;
}

/** The subscriptions of one live session, all at the same time. */
export class LiveListening implements LiveView {
  readonly run: Run;
  readonly session: SpokenSession;
  first: Listener;
  overReason = '';
  readonly #subscribers: Subscribers;
  readonly #listeners: Listener[] = [];
  readonly #tasks: Promise<void>[] = [];
  #bug: unknown;
  /** What the probes still want of the session while it speaks; one more until all of them have begun. */
  #wanted = 1;
  #over = false;
  /** No word came for longer than the text takes to speak: waiting for the probes would keep the session open for nothing. */
  #silent = false;

  constructor(run: Run, session: SpokenSession) {
    this.run = run;
    this.session = session;
    this.#subscribers = new Subscribers(this);
    this.first = this.listen('first');
    this.#follow();
  }

  get speed(): number {
    const { baseUrl, speed } = this.run.settings;
    return baseUrl === null ? speed : 1;
  }

  get isOver(): boolean {
    return this.#over || this.first.watch.ended || this.first.endedAt !== undefined || this.run.interrupted;
  }

  open(role: SubscriptionRole): readonly Listener[] {
    return this.#listeners.filter(
      (listener) => listener.role === role && listener.openedAt !== undefined && listener.endedAt === undefined,
    );
  }

  /** Resolves when the first subscriber's stream is open. @throws RunStopped where it is refused. */
  async opened(): Promise<void> {
    let outcome = await this.#whyNotOpen();
    const { run, session } = this;
    const refused = outcome?.response?.status === 401 || outcome?.response?.status === 403;
    if (refused && run.secondary && !run.interrupted) {
      run.refuse();
      this.first = this.listen('first', 'first-again');
      this.#follow();
      outcome = await this.#whyNotOpen();
    }
    // Whether a target that gave this request no answer answers others: asked where no other was sent before.
    if (outcome && !outcome.response && !run.answered && !run.interrupted) await session.pollStatus(true);
    // Whether the target knows the session, and whether it was pending then, is part of the finding.
    if (outcome?.response?.status === 404 && !run.interrupted) await session.pollStatus(session.origin === 'command');
    if (outcome && (!run.interrupted || run.timeIsUp)) {
      const { settings, baseUrl, answered } = run;
      const { streamId } = session;
      const stop = subscriptionFailure(run.shown(outcome), {
        baseUrl,
        settings,
        streamId,
        answered,
        isKnown: session.status !== undefined && session.status !== 'error',
      });
      if (stop) throw new RunStopped(stop);
    }
  }

  /** Everything that listens to the session, and what keeps it speaking for as long as that takes. */
  async hear(whileLive: () => Promise<void>): Promise<LiveResult> {
    this.#task(this.#subscribers.concurrent());
    this.#task(this.#wants(() => this.#subscribers.late()));
    this.#task(this.#wants(() => this.#subscribers.dropAndReturn()));
    this.#task(this.#wants(whileLive));
    this.#wanted--;
    this.#wake();
    const first = await this.first.probe.outcome.catch(ignoreInterruption);
    if (first && this.first.watch.words === 0) this.#heardNothing(first);
    this.#finish('');
    await this.settled();
    const ended = this.#listeners.some(({ watch, complete }) => watch.ended || (complete && watch.words > 0));
    this.session.isOver ||= ended;
    if (this.session.status !== 'error' && (ended || this.session.status === 'completed'))
      return { ended: true, reason: '' };
    return { ended: false, reason: this.overReason || 'the session did not come to its end while the run listened' };
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#tasks);
    await Promise.all(this.#listeners.map(({ probe }) => probe.outcome.catch(ignoreInterruption)));
    if (this.#bug !== undefined) throw this.#bug;
  }

  listen(role: SubscriptionRole, id: string = role): Listener {
    const asksAgain = (refusals: number) => this.#subscribers.asksAgain(role, refusals);
    const listener = openListener(this.run, { id, role, streamId: this.session.streamId, asksAgain }, () => {
      if (this.#over || listener.watch.ended) this.#closing(listener);
      if (listener.watch.ended && listener !== this.first) this.#tellEndElsewhere();
      this.#wake();
    });
    this.#listeners.push(listener);
    return listener;
  }

  /** Where the target refuses the other credential, which such a role has, again with the one that it accepts. */
  async listenAccepted(role: SubscriptionRole): Promise<Listener> {
    const { run } = this;
    const { secondary } = run;
    const listener = this.listen(role);
    const { status = 0 } = (await listener.probe.head) ?? {};
    if (![401, 403, 404].includes(status) || secondary === undefined || this.isOver) return listener;
    run.refuse(secondary);
    return this.listen(role, `${role}-again`);
  }

  /** Until another one takes its place. */
  #follow(): void {
    this.#task(this.#keepSpeaking(this.first));
    this.#task(this.#hearEnd(this.first));
  }

  /** What came in place of the first subscriber's stream; undefined where it is open. */
  async #whyNotOpen(): Promise<ProbeOutcome | undefined> {
    const { probe, watch } = this.first;
    const head = await probe.head;
    const type = headerValue(head?.headers, 'content-type') ?? '';
    if (head?.status === 200 && /^\s*text\/event-stream\s*(;|$)/i.test(type)) return undefined;
    if (head?.status === 200) await watch.when(() => watch.isEventStream || this.first.endedAt !== undefined);
    else if (head) setTimeout(() => probe.stop('probe'), ERROR_BODY_MS).unref();
    return watch.isEventStream ? undefined : probe.outcome;
  }

  readonly #stops = new Map<Listener, { readonly progress: number; readonly timer: NodeJS.Timeout }>();

  /** A stream may stay open for a while after its `end` and, once the session is over, after each word: it may catch up. */
  #closing(listener: Listener): void {
    const { watch, probe } = listener;
    const progress = watch.ended ? Number.POSITIVE_INFINITY : watch.words;
    const before = this.#stops.get(listener);
    if (before?.progress === progress) return;
    clearTimeout(before?.timer);
    const seconds = this.run.settings.endCloseSeconds + CLOSE_MARGIN_SECONDS;
    const timer = setTimeout(() => probe.stop('seconds'), seconds * 1000);
    this.#stops.set(listener, { progress, timer });
    const clear = () => clearTimeout(timer);
    probe.outcome.then(clear, clear);
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

  /** The session is over. */
  #finish(reason: string): void {
    if (!this.#over) this.overReason = reason;
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

  /** The bound of the subscription came before the first word. */
  #heardNothing({ ending, startedAt }: ProbeOutcome): void {
    if (ending.kind !== 'stopped' || ending.bound !== 'seconds' || this.first.watch.ended || this.#over) return;
    const { status } = this.session;
    const seconds = (ending.at - startedAt).toFixed(1);
    if (status === 'pending') this.#neverSpoke(`the session did not start within ${seconds} s`);
    else
      this.#neverSpoke(
        `no word came within ${seconds} s${status === undefined ? '' : `, with the session's status ${JSON.stringify(status.slice(0, 40))}`}`,
      );
  }

  #neverSpoke(reason: string): void {
    this.#finish(reason);
    this.run.journal.lacks('live-session', reason, 'Run again, and see at the target why the session failed.');
  }

  /** Appends text while the probes need more time, and closes the input before it runs dry: an idle session bills too. */
  async #keepSpeaking(first: Listener): Promise<void> {
    const { session } = this;
    const isReplaced = () => this.first !== first;
    while (session.inputOpen && !this.isOver) {
      await first.watch.when(() => isReplaced() || this.isOver || this.#wanted === 0 || this.#runsDry || this.#silent);
      if (isReplaced()) return;
      if (this.isOver || this.#wanted === 0 || this.#silent || !session.canExtend) break;
      await session.extend();
    }
    if (!this.run.interrupted) await session.closeInput();
  }

  get #runsDry(): boolean {
    const sent = countSpokenWords(this.session.script ?? '');
    return sent - this.first.watch.words < TEXT_AHEAD_WORDS;
  }

  /** Finds out that the session has ended, or never started, where the stream itself does not say so. */
  async #hearEnd(first: Listener): Promise<void> {
    const { run, session, speed } = this;
    const { clock } = run;
    const spoken = countSpokenWords(session.script ?? '') / WORDS_PER_SECOND / speed;
    const { watch, probe } = first;
    const { outcome } = probe;
    const openedAt = first.openedAt ?? clock.now();
    let speechFrom: number | undefined;
    let pause = Math.max(0.25, 2 / speed);
    // Whether the session was asked since another listener had its end.
    let asked = false;
    while (this.first === first && !this.#over && first.endedAt === undefined && !run.interrupted) {
      const quietFrom = watch.lastEventAt ?? openedAt;
      const wait = quietFrom + pause - clock.now();
      if (wait > 0) {
        await run.sleepUntil(wait, outcome);
        continue;
      }
      if (session.tellsStatus && !watch.ended) await session.pollStatus();
      const { status } = session;
      if (status === 'completed') this.#finish('the session is completed');
      else if (status === 'error') this.#neverSpoke(session.troubled);
      if (session.speaks) speechFrom ??= clock.now();
      const from = speechFrom ?? openedAt + (session.tellsStatus ? LONGEST_START_SECONDS : 0);
      const silence = clock.now() - Math.max(from, watch.lastEventAt ?? 0);
      if (silence > spoken * 1.5 + 2 / speed) {
        this.#silent = true;
        this.#wake();
      }
      if (!session.inputOpen && this.#silent && silence > spoken * 1.5 + LONGEST_SILENCE_SECONDS)
        this.#finish(`the session fell silent ${Math.round(silence)} s ago`);
      if (status === 'pending' && clock.now() - openedAt > LONGEST_START_SECONDS)
        this.#neverSpoke(`the session did not start within ${LONGEST_START_SECONDS} s`);
      pause = Math.min(pause * 1.5, 10);
      await run.sleepUntil(pause, asked ? outcome : Promise.race([outcome, this.#endElsewhere]));
      if (!this.#hasEndedElsewhere || asked) continue;
      asked = true;
      pause = SOON_SECONDS;
    }
  }
}

function ignoreInterruption(error: unknown): undefined {
  if (!(error instanceof Interrupted)) throw error;
}
