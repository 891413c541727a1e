import { randomBytes } from 'node:crypto';
import type { SessionDirectory, StreamView } from './pipeline.ts';
import { Session, type SessionSettings } from './session.ts';
import type { Store, StoredSession } from './store.ts';
import type { Attendance, Subscribable } from './subscription.ts';

/** The sessions of all accounts: the running ones in memory, the ended ones in the store. */
export class Sessions implements SessionDirectory {
  readonly #store: Store;
  readonly #settings: SessionSettings;
  readonly #running = new Map<string, Session>();
  readonly #kept = new Map<string, Promise<void>>();
  readonly #attendance = new Map<string, Attendance>();

  constructor(store: Store, settings: SessionSettings) {
    this.#store = store;
    this.#settings = settings;
  }

  create(account: string, type: 'tts' | 'text_stream', text: string): Session {
    const origin = { id: randomBytes(12).toString('hex'), account, type, createdAt: new Date().toISOString() };
    const session = new Session(origin, text, this.#settings, this.#store.begin(origin));
    this.#running.set(session.id, session);
    this.#kept.set(session.id, this.#keepWhenEnded(session));
    return session;
  }

  /** Sessions of an account that have not ended. */
  runningOf(account: string): Session[] {
    return [...this.#running.values()].filter((session) => session.account === account && !session.ended);
  }

  running(id: string): Session | undefined {
    return this.#running.get(id);
  }

  async get(id: string): Promise<Subscribable | undefined> {
    const running = this.#running.get(id);
    if (running) return running;
    const stored = await this.#store.read(id);
    return stored && storedStream(stored);
  }

  /** Resolves when the session has ended and is in the store; at once where it is not running. */
  async kept(id: string): Promise<void> {
    await this.#kept.get(id);
  }

  attendance(id: string): Attendance {
    const attendance = this.#attendance.get(id) ?? { open: 0, ever: 0 };
    this.#attendance.set(id, attendance);
    return attendance;
  }

  /** Ends what still runs with what was spoken, and writes it all down. */
  async close(): Promise<void> {
    for (const session of this.#running.values()) session.interrupt('interrupted');
    await Promise.all(this.#kept.values());
    this.#store.close();
  }

  async #keepWhenEnded(session: Session): Promise<void> {
    while (!session.ended) await session.changed;
    const { status, endReason, errorMessage, words, origin } = session;
    await this.#store.keep({
      ...origin,
      status: status === 'error' ? 'error' : 'completed',
      endReason: endReason ?? 'completed',
      errorMessage,
      words,
    });
    this.#running.delete(session.id);
    this.#kept.delete(session.id);
  }
}

function storedStream(session: StoredSession): Subscribable & StreamView {
  return {
    id: session.id,
    account: session.account,
    status: session.status,
    endReason: session.endReason,
    errorMessage: session.errorMessage,
    words: session.words,
    stored: true,
    scratch: new Map(),
    ended: true,
    changed: Promise.resolve(),
    upcoming: null,
  };
}
