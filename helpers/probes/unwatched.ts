import { openUnwatchedSession } from './open-session.ts';
import { RunStopped } from './preflight.ts';
import { Interrupted } from './probe.ts';
import type { Run } from './run.ts';
import type { SpokenSession } from './session.ts';
import { readOnce } from './snapshots.ts';

/** A second, short session that speaks beside the first while nobody subscribes, and is read when it is over. */
export class Unwatched {
  readonly #run: Run;
  readonly #opened: Promise<SpokenSession | undefined>;

  constructor(run: Run) {
    this.#run = run;
    this.#opened = openUnwatchedSession(run).catch((error: unknown) => {
      if (error instanceof RunStopped) this.#lacks(`no second session was opened (${error.message})`);
      else if (!(error instanceof Interrupted)) throw error;
      return undefined;
    });
  }

  async read(): Promise<void> {
    const session = await this.#opened;
    if (!session) return;
    await session.waitCompleted();
    if (session.status === 'completed' || session.status === undefined)
      await readOnce(this.#run, { id: 'unwatched', role: 'unwatched', streamId: session.streamId });
    else this.#lacks(`the session that nobody watched did not complete (its status is "${session.status}")`);
    session.isOver = session.status === 'completed';
  }

  async close(): Promise<void> {
    await (await this.#opened)?.cancel();
  }

  #lacks(reason: string): void {
    const remedy = 'Let the account run two sessions at the same time, of which one lasts five seconds.';
    this.#run.journal.lacks('unwatched-session', reason, remedy);
  }
}
