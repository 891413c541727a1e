import { MORE_STREAMS } from '../contract/needs.ts';
import type { Need, SubscriptionRole } from '../recording/recording.ts';
import type { Listener } from './listener.ts';
import type { Run } from './run.ts';
import { countSpokenWords, WORDS_PER_SECOND } from './script.ts';
import type { SpokenSession } from './session.ts';

/** The session as those see it who subscribe beside the first. */
export interface LiveView {
  readonly run: Run;
  readonly session: SpokenSession;
  readonly first: Listener;
  /** Seconds of audio in a second, where that is known. */
  readonly speed: number;
  readonly isOver: boolean;
  /** Why, where it was not the session's own end. */
  readonly overReason: string;
  listen(role: SubscriptionRole): Listener;
  listenAccepted(role: SubscriptionRole): Promise<Listener>;
  /** The open ones of a role. */
  open(role: SubscriptionRole): readonly Listener[];
}

const BATCHES_TO_JOIN = 2;
/** Of the script: as much must have been heard before whoever dropped comes back, so that there is history to receive. */
const SHARE_TO_RETURN = 0.7;
/** Of the time between two batches: a seam between history and live is weakest when the next batch is due. */
const SHARE_OF_PAUSE = 0.6;
const LONGEST_PAUSE_SECONDS = 1;
/** A target that refuses one stream so often, and lets other requests in, allows no more streams at once. */
const TELLING_REFUSALS = 3;

const CONCURRENT = 'concurrent-subscriber';

/** Those that listen to a session beside the first: at the same time, late, and again after a drop. */
export class Subscribers {
  readonly #live: LiveView;
  readonly #lacking = new Set<Need>();

  constructor(live: LiveView) {
    this.#live = live;
  }

  async concurrent(): Promise<void> {
    const { probe } = await this.#live.listenAccepted('concurrent');
    if (!(await probe.head) && !this.#live.run.interrupted) await probe.outcome;
  }

  async late(): Promise<void> {
    const { first } = this.#live;
    await first.watch.when(() => isJoinable(first) || this.#live.isOver);
    if (this.#live.isOver) this.#unmet('late-subscriber', 'nobody could join it late');
    else await this.#live.listen('late').probe.head;
  }

  async dropAndReturn(): Promise<void> {
    const dropped = await this.#live.listenAccepted('dropped');
    await dropped.watch.when(() => isJoinable(dropped) || dropped.endedAt !== undefined || this.#live.isOver);
    if (this.#live.isOver || dropped.endedAt !== undefined) {
      this.#unmet('reconnection', 'no connection could be dropped in its middle and taken up again');
      return;
    }
    dropped.probe.stop('probe');
    await dropped.probe.outcome;
    await this.#muchSpoken();
    if (this.#live.isOver) this.#unmet('reconnection', 'no connection that was dropped could be taken up again');
    else await (await this.#live.listenAccepted('reconnected')).probe.head;
  }

  /**
   * Whether a stream that was answered 429 is asked for again. Where the target allows fewer streams than four, the
   * concurrent one makes room: the core needs one that joins late, and one that comes back, as much, and they come later.
   */
  asksAgain(role: SubscriptionRole, refusals: number): boolean {
    const { isOver, session } = this.#live;
    if (isOver || role === 'first') return !isOver;
    if (refusals < TELLING_REFUSALS) return true;
    const reason = `the target answered 429 ${refusals} times to the stream "${role}" of session ${session.streamId}`;
    const [concurrent] = role === 'concurrent' ? [] : this.#live.open('concurrent');
    if (concurrent === undefined) {
      const need = role === 'late' ? 'late-subscriber' : role === 'concurrent' ? CONCURRENT : 'reconnection';
      this.#lacks(need, `${reason}.`, MORE_STREAMS);
      return false;
    }
    const room = `${reason}, so that the stream "concurrent" was closed to make room for it.`;
    this.#lacks(CONCURRENT, room, MORE_STREAMS);
    concurrent.probe.stop('probe');
    return true;
  }

  /** Resolves between two batches, when most of a known script has been heard, or had the time to be. */
  async #muchSpoken(): Promise<void> {
    const { run, first, session, speed } = this.#live;
    const { watch, probe } = first;
    const words = countSpokenWords(session.script ?? '') * SHARE_TO_RETURN;
    const heard = watch.when(() => watch.words >= words || this.#live.isOver);
    await run.sleepUntil(Math.min(words / WORDS_PER_SECOND / speed, run.settings.maxSeconds / 3), heard);
    await run.sleepUntil(Math.min(watch.pauseSeconds * SHARE_OF_PAUSE, LONGEST_PAUSE_SECONDS), probe.outcome);
  }

  #unmet(need: 'late-subscriber' | 'reconnection', consequence: string): void {
    const { first, overReason } = this.#live;
    const { batches, words, audioSeconds } = first.watch;
    const spoken = `${words} words in ${batches} batches, ${audioSeconds.toFixed(1)} s of speech`;
    const why = overReason || `the session ended (${spoken})`;
    this.#lacks(
      need,
      `${why} before ${BATCHES_TO_JOIN} batches had arrived with time to spare: ${consequence}`,
      'Give a session that speaks for at least ten seconds more, and whose words arrive while it speaks.',
    );
  }

  /** Said once of each need: the first reason stands. */
  #lacks(need: Need, reason: string, remedy: string): void {
    if (this.#live.run.interrupted || this.#lacking.has(need)) return;
    this.#lacking.add(need);
    this.#live.run.journal.lacks(need, reason, remedy);
  }
}

function isJoinable({ watch, openedAt }: Listener): boolean {
  return openedAt !== undefined && watch.batches >= BATCHES_TO_JOIN;
}
