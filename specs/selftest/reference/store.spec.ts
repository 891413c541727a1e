import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import type { TimedWord } from '../../../helpers/reference/pipeline.ts';
import { startReference } from '../../../helpers/reference/server.ts';
import { folderStore, type StoredSession } from '../../../helpers/reference/store.ts';
import { speak } from '../../../helpers/reference/voice.ts';
import {
  ask,
  createSession,
  KEY,
  listen,
  listenToEnd,
  OTHER_KEY,
  SCRIPT,
  withReference,
  wordsOf,
  wordsUrl,
} from './support.ts';

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'reference-store-'));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const MAIN = resolve('helpers/reference/main.ts');
const ORIGIN = { id: 'abc', account: 'demo', type: 'tts', createdAt: '2026-01-01T00:00:00Z' } as const;
const ENDED: StoredSession = {
  ...ORIGIN,
  status: 'completed',
  endReason: 'completed',
  errorMessage: null,
  words: [{ word: 'Hi', start: 0.1, end: 0.4 }],
};

/** A server in a process of its own, so that it can be killed. */
async function spawnReference(...flags: string[]): Promise<{ child: ChildProcess; baseUrl: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, '--port', '0', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  for await (const text of child.stdout ?? []) {
    printed += text;
    const baseUrl = /^Reference server: (\S+)$/m.exec(printed)?.[1];
    if (baseUrl) return { child, baseUrl };
  }
  throw new Error(`The reference server did not start: ${printed}`);
}

test('completed sessions outlive a restart', () =>
  inFolder(async (folder) => {
    let id = '';
    await withReference({ storeFolder: folder }, async (server) => {
      id = await createSession(server);
      await server.ended(id);
    });
    expect(await readdir(folder)).toEqual([`${id}.session.json`]);
    await withReference({ storeFolder: folder }, async (server) => {
      expect(wordsOf(await listenToEnd(wordsUrl(server, id)))).toEqual(speak(SCRIPT, 0).words);
      expect((await ask('GET', wordsUrl(server, id), { headers: OTHER_KEY })).status).toBe(404);
      expect((await ask('GET', `${server.baseUrl}/v3/avatar-realtime/${id}`)).body).toMatchObject({
        data: { status: 'completed', end_reason: 'completed' },
      });
    });
  }));

test('an orderly stop keeps what a running session has spoken', () =>
  inFolder(async (folder) => {
    const server = await startReference({ storeFolder: folder, speed: 20, startDelaySeconds: 0 });
    const id = await createSession(server);
    const listener = await listen(wordsUrl(server, id));
    await listener.next();
    await listener.next();
    await server.close();
    await withReference({ storeFolder: folder }, async (successor) => {
      const snapshot = await listenToEnd(wordsUrl(successor, id));
      expect(wordsOf(snapshot).slice(0, wordsOf(listener).length)).toEqual(wordsOf(listener));
      expect(JSON.parse(snapshot.events.at(-1)?.data ?? '')).toEqual({ reason: 'interrupted' });
    });
  }));

test('a server killed between two words loses none that was heard', () =>
  inFolder(async (folder) => {
    const { child, baseUrl } = await spawnReference('--store', folder, '--speed', '10', '--start-delay', '0.1');
    const answer = await ask('POST', `${baseUrl}/v3/avatar-realtime`, {
      body: { type: 'tts', text: SCRIPT.repeat(20) },
    });
    const id = (answer.body as { data: { stream_id: string } }).data.stream_id;
    const completed = await ask('POST', `${baseUrl}/v3/avatar-realtime`, { body: { type: 'tts', text: 'Hello.' } });
    const completedId = (completed.body as { data: { stream_id: string } }).data.stream_id;
    await listenToEnd(`${baseUrl}/v3/avatar-realtime/${completedId}/words`);
    const listener = await listen(`${baseUrl}/v3/avatar-realtime/${id}/words`);
    for (let batch = 0; batch < 5; batch += 1) await listener.next();
    child.kill('SIGKILL');
    await once(child, 'exit');
    await expect(listener.rest()).rejects.toThrow();
    const heard: TimedWord[] = wordsOf(listener);
    expect(heard.length).toBeGreaterThan(10);

    await withReference({ storeFolder: folder }, async (server) => {
      const snapshot = await listenToEnd(wordsUrl(server, id));
      const kept = wordsOf(snapshot);
      expect(kept.slice(0, heard.length)).toEqual(heard);
      expect(kept).toEqual(speak(SCRIPT.repeat(20), 0).words.slice(0, kept.length));
      expect(JSON.parse(snapshot.events.at(-1)?.data ?? '')).toEqual({ reason: 'interrupted' });
      expect((await ask('GET', `${server.baseUrl}/v3/avatar-realtime/${id}`)).body).toMatchObject({
        data: { status: 'completed', end_reason: 'interrupted' },
      });
      expect(wordsOf(await listenToEnd(wordsUrl(server, completedId)))).toEqual(speak('Hello.', 0).words);
    });
    expect((await readdir(folder)).sort()).toEqual([`${id}.session.json`, `${completedId}.session.json`].sort());
  }));

test('a server told to stop does so, and says how to call it before', () =>
  inFolder(async (folder) => {
    const { child, baseUrl } = await spawnReference(
      '--store',
      folder,
      '--account',
      'me:my-key:my-token',
      '--path-prefix',
      '/x',
    );
    expect(baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/x$/);
    expect(
      (await ask('GET', `${baseUrl}/v3/avatar-realtime/a/words`, { headers: { 'x-api-key': 'my-key' } })).status,
    ).toBe(404);
    expect((await ask('GET', `${baseUrl}/v3/avatar-realtime/a/words`, { headers: KEY })).status).toBe(401);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  }));

test('a journal is whole after each word, and torn lines at its end are left out', () =>
  inFolder(async (folder) => {
    const store = folderStore(folder);
    const journal = store.begin(ORIGIN);
    journal.words([{ word: 'Hi', start: 0.1, end: 0.4 }]);
    journal.words([{ word: 'there', start: 0.5, end: 0.9 }]);
    const written = await readFile(join(folder, 'abc.journal.ndjson'), 'utf8');
    store.close();
    for (let length = 0; length <= written.length; length += 1) {
      await rm(join(folder, 'abc.session.json'), { force: true });
      await writeFile(join(folder, 'abc.journal.ndjson'), written.slice(0, length));
      const session = await folderStore(folder).read('abc');
      const lines = written.slice(0, length).split('\n').length - 1;
      expect(session?.words.map(({ word }) => word)).toEqual(
        lines === 0 ? undefined : ['Hi', 'there'].slice(0, lines - 1),
      );
      expect(await readdir(folder)).toEqual(lines === 0 ? [] : ['abc.session.json']);
    }
  }));

test('what a power cut left behind a sound beginning is left out', () =>
  inFolder(async (folder) => {
    const store = folderStore(folder);
    store.begin(ORIGIN).words([{ word: 'Hi', start: 0.1, end: 0.4 }]);
    store.close();
    await appendFile(join(folder, 'abc.journal.ndjson'), '\0\0\0\0\n{"words":[["lost",1,2]]}\n');
    expect(await folderStore(folder).read('abc')).toMatchObject({ words: [{ word: 'Hi' }], endReason: 'interrupted' });
  }));

test('a crash between snapshot and journal keeps the snapshot', () =>
  inFolder(async (folder) => {
    const store = folderStore(folder);
    store.begin(ORIGIN);
    const journal = await readFile(join(folder, 'abc.journal.ndjson'));
    await store.keep(ENDED);
    await writeFile(join(folder, 'abc.journal.ndjson'), journal);
    expect(await folderStore(folder).read('abc')).toEqual(ENDED);
    expect(await readdir(folder)).toEqual(['abc.session.json']);
  }));

test('an id cannot lead out of the folder', () =>
  inFolder(async (folder) => {
    await writeFile(join(folder, 'secret.session.json'), JSON.stringify({ ...ENDED, words: [] }));
    const store = folderStore(join(folder, 'store'));
    await store.keep(ENDED);
    expect(await store.read('../secret')).toBeUndefined();
    expect(await store.read('abc')).toEqual(ENDED);
  }));

test('a session that cannot be kept is served from memory, and the operator is told', () =>
  inFolder(async (folder) => {
    const errors: unknown[] = [];
    const storeFolder = join(folder, 'store');
    await withReference({ storeFolder, onError: (error) => errors.push(error) }, async (server) => {
      const id = await createSession(server);
      const listener = await listen(wordsUrl(server, id));
      await rm(storeFolder, { recursive: true });
      await writeFile(storeFolder, 'a file in its place');
      await listener.rest();
      await server.ended(id);
      expect(errors).toHaveLength(1);
      expect(wordsOf(await listenToEnd(wordsUrl(server, id)))).toEqual(speak(SCRIPT, 0).words);
    });
  }));
