import { randomBytes } from 'node:crypto';
import type { SessionDirectory, StreamView } from './pipeline.ts';
import { RunningSession, type SessionOrigin, type SpeakingSettings } from './session.ts';
import type { Store, StoredSession } from './store.ts';
import type { SubscriberCounts } from './subscription.ts';

/** The sessions of all accounts: the running ones in memory, the ended ones in the store. */
export class Sessions implements SessionDirectory {
  readonly #store: Store;
  readonly #settings: SpeakingSettings;
  readonly #running = new Map<string, RunningSession>();
  readonly #kept = new Map<string, Promise<void>>();
  readonly #subscribers = new Map<string, SubscriberCounts>();

  constructor(store: Store, settings: SpeakingSettings) {
    this.#store = store;
    this.#settings = settings;
  }

  create(account: string, type: 'tts' | 'text_stream', text: string): RunningSession {
    const origin = newOrigin(account, type);
    const { scratch } = this.subscribers(origin.id);
    const session = new RunningSession(origin, text, this.#settings, this.#store.begin(origin), scratch);
    this.#running.set(session.id, session);
    this.#kept.set(session.id, this.#keepWhenEnded(session));
    return session;
  }

  /** A session that speaks all of `text` at once and has ended. */
  async addEnded(account: string, text: string): Promise<string> {
    const origin = newOrigin(account, 'tts');
    const { words } = this.#settings.voice(text, 0);
    await this.#store.keep({ ...origin, status: 'completed', endReason: 'completed', errorMessage: null, words });
    return origin.id;
  }

  /** Sessions of an account that have not ended. */
  runningOf(account: string): RunningSession[] {
    return [...this.#running.values()].filter((session) => session.account === account && !session.ended);
  }

  running(id: string): RunningSession | undefined {
    return this.#running.get(id);
  }

  async get(id: string): Promise<StreamView | undefined> {
    const running = this.#running.get(id);
    if (running) return running;
    const stored = await this.#store.read(id);
    return stored && storedStream(stored, this.subscribers(id).scratch);
  }

  /** Resolves when the session has ended and is in the store; at once where it is not running. */
  async kept(id: string): Promise<void> {
    await this.#kept.get(id);
  }

  subscribers(id: string): SubscriberCounts {
    const subscribers = this.#subscribers.get(id) ?? { open: 0, ever: 0, scratch: new Map() };
    this.#subscribers.set(id, subscribers);
    return subscribers;
  }

  /** Ends running sessions with what was spoken, and stores them. */
  async close(): Promise<void> {
    for (const session of this.#running.values()) session.interrupt('interrupted');
    await Promise.all(this.#kept.values());
    this.#store.close();
  }

  async #keepWhenEnded(session: RunningSession): Promise<void> {
    while (!session.ended) await session.changed;
    const { status, endReason, errorMessage, words, origin } = session;
    try {
      await this.#store.keep({
        ...origin,
        status: status === 'error' ? 'error' : 'completed',
        endReason: endReason ?? 'completed',
        errorMessage,
        words,
      });
    } catch (error) {
      // It stays in memory and is served from there.
      this.#settings.onError?.(error);
      return;
    }
    this.#running.delete(session.id);
    this.#kept.delete(session.id);
  }
}

function newOrigin(account: string, type: SessionOrigin['type']): SessionOrigin {
  return { id: randomBytes(12).toString('hex'), account, type, createdAt: new Date().toISOString() };
}

function storedStream(session: StoredSession, scratch: Map<string, unknown>): StreamView {
  return { ...session, stored: true, scratch, ended: true, changed: Promise.resolve(), upcoming: null };
}
