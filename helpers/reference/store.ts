import { closeSync, fdatasync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../write-file.ts';
import type { StreamStatus, TimedWord } from './pipeline.ts';
import type { SessionOrigin } from './session.ts';

const SNAPSHOT = '.session.json';
const JOURNAL = '.journal.ndjson';

type WordRow = readonly [word: string, start: number, end: number];

/** A session that has ended, as it is kept. */
export interface StoredSession extends SessionOrigin {
  readonly status: Extract<StreamStatus, 'completed' | 'error'>;
  readonly endReason: string;
  readonly errorMessage: string | null;
  readonly words: readonly TimedWord[];
}

/** Where a running session writes each word before a subscriber gets it. */
export interface SessionJournal {
  words(words: readonly TimedWord[]): void;
  end(status: StoredSession['status'], reason: string, message: string | null): void;
}

export interface Store {
  begin(origin: SessionOrigin): SessionJournal;
  /** Stores an ended session; resolves when a crash can no longer lose it. */
  keep(session: StoredSession): Promise<void>;
  read(id: string): Promise<StoredSession | undefined>;
  close(): void;
}

/** Forgets everything when the process ends. */
export function memoryStore(): Store {
  const sessions = new Map<string, StoredSession>();
  return {
    begin: () => ({ words: () => {}, end: () => {} }),
    keep: async (session) => void sessions.set(session.id, session),
    read: async (id) => sessions.get(id),
    close: () => {},
  };
}

/**
 * A folder for one process at a time. A running session is a journal, each line written before its words are sent; an ended
 * one is a snapshot that replaces the journal atomically. Journals found at the start are of sessions that a crash cut off:
 * they end with what was spoken. Throws where the folder cannot be made or read.
 */
export function folderStore(folder: string): Store {
  mkdirSync(folder, { recursive: true });
  const known = new Set<string>();
  for (const name of readdirSync(folder)) if (name.endsWith(SNAPSHOT)) known.add(name.slice(0, -SNAPSHOT.length));
  for (const name of readdirSync(folder)) {
    if (!name.endsWith(JOURNAL)) continue;
    const path = join(folder, name);
    const session = known.has(name.slice(0, -JOURNAL.length)) ? undefined : recover(readFileSync(path, 'utf8'));
    if (session) {
      writeWhole(join(folder, session.id + SNAPSHOT), [serialize(session)]);
      known.add(session.id);
    }
    rmSync(path);
  }
  const open = new Map<string, FileJournal>();
  return {
    begin(origin) {
      const journal = fileJournal(join(folder, origin.id + JOURNAL), origin);
      open.set(origin.id, journal);
      return journal;
    },
    async keep(session) {
      writeWhole(join(folder, session.id + SNAPSHOT), [serialize(session)]);
      known.add(session.id);
      open.get(session.id)?.discard();
      open.delete(session.id);
    },
    async read(id) {
      // Only names that this store has written are ever opened, so an id cannot lead out of the folder.
      if (!known.has(id)) return undefined;
      return deserialize(await readFile(join(folder, id + SNAPSHOT), 'utf8'));
    },
    close() {
      for (const journal of open.values()) journal.close();
      open.clear();
    },
  };
}

interface FileJournal extends SessionJournal {
  close(): void;
  discard(): void;
}

function fileJournal(path: string, origin: SessionOrigin): FileJournal {
  const descriptor = openSync(path, 'ax');
  let closed = false;
  let flushing = false;
  let dirty = false;
  const flush = (): void => {
    if (flushing || !dirty) return;
    flushing = true;
    dirty = false;
    fdatasync(descriptor, () => {
      flushing = false;
      if (closed) closeSync(descriptor);
      else flush();
    });
  };
  /** Handed to the kernel when this returns, so that it outlives the process; on the disk soon after. */
  const write = (line: JournalLine): void => {
    if (closed) return;
    writeSync(descriptor, `${JSON.stringify(line)}\n`);
    dirty = true;
    flush();
  };
  const close = (): void => {
    if (!closed && !flushing) closeSync(descriptor);
    closed = true;
  };
  write({ session: origin });
  return {
    words: (words) => write({ words: words.map(toRow) }),
    end: (status, reason, message) => write({ end: { status, reason, message } }),
    close,
    discard() {
      close();
      rmSync(path, { force: true });
    },
  };
}

interface JournalLine {
  readonly session?: SessionOrigin;
  readonly words?: readonly WordRow[];
  readonly end?: { readonly status: StoredSession['status']; readonly reason: string; readonly message: string | null };
}

function recover(journal: string): StoredSession | undefined {
  let origin: SessionOrigin | undefined;
  let end: JournalLine['end'];
  const words: TimedWord[] = [];
  // A line without its line feed was being written when the process died; its words were not sent.
  for (const text of journal.split('\n').slice(0, -1)) {
    const line = parseLine(text);
    if (!line) break;
    origin ??= line.session;
    end ??= line.end;
    for (const row of line.words ?? []) words.push(fromRow(row));
  }
  if (!origin) return undefined;
  return {
    ...origin,
    status: end?.status ?? 'completed',
    endReason: end?.reason ?? 'interrupted',
    errorMessage: end?.message ?? null,
    words,
  };
}

/** Undefined where a power cut tore the line; the lines before it are whole. */
function parseLine(text: string): JournalLine | undefined {
  try {
    return JSON.parse(text) as JournalLine;
  } catch {
    return undefined;
  }
}

function serialize(session: StoredSession): string {
  return JSON.stringify({ ...session, words: session.words.map(toRow) });
}

function deserialize(text: string): StoredSession {
  const parsed = JSON.parse(text) as Omit<StoredSession, 'words'> & { readonly words: readonly WordRow[] };
  return { ...parsed, words: parsed.words.map(fromRow) };
}

function toRow({ word, start, end }: TimedWord): WordRow {
  return [word, start, end];
}

function fromRow([word, start, end]: WordRow): TimedWord {
  return { word, start, end };
}
