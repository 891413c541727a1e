import type { Stages, StreamStatus, StreamView, TimedWord } from './pipeline.ts';
import type { SessionJournal } from './store.ts';
import { settledLength } from './tokens.ts';

/** Monotonic time in seconds, and one alarm at a time; replaced in tests. */
export interface ServerClock {
  now(): number;
  /** Calls back once at or after `time`; returns how to cancel. */
  at(time: number, callback: () => void): () => void;
}

const systemClock: ServerClock = {
  now: () => performance.now() / 1000,
  at(time, callback) {
    const milliseconds = Math.max(0, time * 1000 - performance.now());
    const timer = setTimeout(callback, Math.min(Math.ceil(milliseconds), 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
};

export interface SpeakingSettings {
  /** Audio seconds per wall second. */
  readonly speed: number;
  /** Wall seconds from creation to the first moment of audio. */
  readonly startDelaySeconds: number;
  /** Wall seconds that a `text_stream` session waits for text once it has nothing left to say. */
  readonly idleSeconds: number;
  /** Audio seconds. */
  readonly maxSessionSeconds: number;
  readonly voice: Stages['voice'];
  readonly clock?: ServerClock;
  readonly onError?: (error: unknown) => void;
}

export interface SessionOrigin {
  readonly id: string;
  readonly account: string;
  readonly type: 'tts' | 'text_stream';
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

/** Audio seconds between the moment text arrives at a silent voice and its first sound. */
const VOICE_LATENCY = 0.05;

/** A session that speaks: text in, words out at their time. Each word is in the journal before a subscriber can get it. */
export class RunningSession implements StreamView {
  readonly id: string;
  readonly account: string;
  readonly origin: SessionOrigin;
  readonly words: TimedWord[] = [];
  readonly scratch: Map<string, unknown>;
  readonly stored = false;
  status: StreamStatus = 'pending';
  endReason: string | null = null;
  errorMessage: string | null = null;
  inputClosed: boolean;
  readonly #settings: SpeakingSettings;
  readonly #clock: ServerClock;
  readonly #journal: SessionJournal;
  readonly #audioZero: number;
  #planned: TimedWord[] = [];
  #plannedFrom = 0;
  #plannedUntil = 0;
  #unsettledText = '';
  #reasonWhenSpoken = 'completed';
  #idleSince: number;
  #cancelAlarm: () => void = () => {};
  #wake: () => void = () => {};
  #changed: Promise<void>;

  constructor(
    origin: SessionOrigin,
    text: string,
    settings: SpeakingSettings,
    journal: SessionJournal,
    scratch: Map<string, unknown> = new Map(),
  ) {
    this.scratch = scratch;
    this.id = origin.id;
    this.account = origin.account;
    this.origin = origin;
    this.inputClosed = origin.type === 'tts';
    this.#settings = settings;
    this.#clock = settings.clock ?? systemClock;
    this.#journal = journal;
    this.#audioZero = this.#clock.now() + settings.startDelaySeconds;
    this.#idleSince = this.#audioZero;
    this.#changed = this.#nextChange();
    this.append(text, this.inputClosed);
  }

  get ended(): boolean {
    return this.status === 'completed' || this.status === 'error';
  }

  get changed(): Promise<void> {
    return this.#changed;
  }

  get upcoming(): TimedWord | null {
    return this.#planned[this.#plannedFrom] ?? null;
  }

  /** UTF-8 bytes accepted and not yet spoken. */
  get bufferedBytes(): number {
    let bytes = Buffer.byteLength(this.#unsettledText);
    for (let index = this.#plannedFrom; index < this.#planned.length; index += 1)
      bytes += Buffer.byteLength(this.#planned[index]?.word ?? '');
    return bytes;
  }

  /** Wall seconds until it would end if no more text came. */
  get remainingSeconds(): number {
    return Math.max(0, (this.#plannedUntil - this.#audioNow()) / this.#settings.speed);
  }

  append(text: string, final: boolean): void {
    this.#unsettledText += text;
    const settled = final ? this.#unsettledText.length : settledLength(this.#unsettledText);
    const utterance = this.#unsettledText.slice(0, settled);
    this.#unsettledText = this.#unsettledText.slice(settled);
    this.inputClosed ||= final;
    this.#idleSince = Math.max(this.#idleSince, this.#clock.now());
    if (utterance !== '') this.#plan(utterance);
    this.#advance();
  }

  /** Ends the session where it is, with what was spoken. */
  interrupt(reason: string): void {
    if (!this.ended) this.#end('completed', reason);
  }

  #plan(text: string): void {
    const silentUntil = this.#audioNow() > 0 ? Math.ceil((this.#audioNow() + VOICE_LATENCY) * 1000) / 1000 : 0;
    try {
      const { words, until } = this.#settings.voice(text, Math.max(this.#plannedUntil, silentUntil));
      for (const word of words) this.#planned.push(word);
      this.#plannedUntil = until;
    } catch (error) {
      this.#end('error', 'voice_failed', error instanceof Error ? error.message : 'The voice failed.');
    }
  }

  #audioNow(): number {
    const seconds = (this.#clock.now() - this.#audioZero) * this.#settings.speed;
    // Rounded: an alarm set for a word's end must find that it has come.
    return Math.round(seconds * 1e6) / 1e6;
  }

  /** Speaks all words that are due; a late alarm delays no later word. */
  #advance(): void {
    this.#cancelAlarm();
    if (this.ended) return;
    const audioNow = this.#audioNow();
    if (this.status === 'pending' && audioNow >= 0) this.status = 'streaming';
    this.#speakUntil(Math.min(audioNow, this.#settings.maxSessionSeconds));
    if (this.ended) return;
    const next = this.upcoming;
    if (audioNow >= this.#settings.maxSessionSeconds) this.#end('completed', 'max_duration');
    else if (audioNow < 0) this.#alarmAtAudio(0);
    else if (next !== null) this.#alarmAtAudio(next.end);
    else if (this.inputClosed && audioNow >= this.#plannedUntil) this.#end('completed', this.#reasonWhenSpoken);
    else if (this.inputClosed) this.#alarmAtAudio(this.#plannedUntil);
    else {
      const spokenAt = this.#audioZero + this.#plannedUntil / this.#settings.speed;
      const idleAt = Math.max(this.#idleSince, spokenAt) + this.#settings.idleSeconds;
      if (this.#clock.now() >= idleAt) this.#closeIdle();
      else this.#alarmAt(Math.min(idleAt, this.#wallTime(this.#settings.maxSessionSeconds)));
    }
  }

  /** Speaks the rest of the text, too, which may have been half a word. */
  #closeIdle(): void {
    this.inputClosed = true;
    this.#reasonWhenSpoken = 'idle_timeout';
    const text = this.#unsettledText;
    this.#unsettledText = '';
    if (text !== '') this.#plan(text);
    this.#advance();
  }

  #speakUntil(audioTime: number): void {
    const spoken: TimedWord[] = [];
    for (let word = this.upcoming; word !== null && word.end <= audioTime; word = this.upcoming) {
      spoken.push(word);
      this.#plannedFrom += 1;
    }
    if (spoken.length === 0) return;
    try {
      this.#journal.words(spoken);
    } catch (error) {
      // A word that is not stored is not sent.
      this.#settings.onError?.(error);
      this.#end('error', 'storage_failed', 'The session could not be stored.');
      return;
    }
    for (const word of spoken) this.words.push(word);
    if (this.#plannedFrom > 1024) {
      this.#planned = this.#planned.slice(this.#plannedFrom);
      this.#plannedFrom = 0;
    }
    this.#announce();
  }

  #end(status: 'completed' | 'error', reason: string, message: string | null = null): void {
    this.#cancelAlarm();
    try {
      this.#journal.end(status, reason, message);
    } catch (error) {
      this.#settings.onError?.(error);
    }
    this.#planned = [];
    this.#plannedFrom = 0;
    this.#unsettledText = '';
    this.inputClosed = true;
    this.status = status;
    this.endReason = reason;
    this.errorMessage = message;
    this.#announce();
  }

  #wallTime(audioTime: number): number {
    return this.#audioZero + audioTime / this.#settings.speed;
  }

  #alarmAtAudio(audioTime: number): void {
    this.#alarmAt(this.#wallTime(Math.min(audioTime, this.#settings.maxSessionSeconds)));
  }

  #alarmAt(time: number): void {
    this.#cancelAlarm = this.#clock.at(time, () => this.#advance());
  }

  #announce(): void {
    const wake = this.#wake;
    this.#changed = this.#nextChange();
    wake();
  }

  #nextChange(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
