import { expect, test } from '@playwright/test';
import type { TimedWord } from '../../../helpers/reference/pipeline.ts';
import { speak } from '../../../helpers/reference/voice.ts';
import {
  ask,
  batchesOf,
  createSession,
  KEY,
  listen,
  listenToEnd,
  OTHER_KEY,
  SCRIPT,
  TOKEN,
  withReference,
  wordsOf,
  wordsUrl,
} from './support.ts';

const SPOKEN: readonly TimedWord[] = speak(SCRIPT, 0).words;

test('a subscriber from the start hears every word, then one end, then the response ends', async () => {
  await withReference({}, async (server) => {
    const listener = await listenToEnd(wordsUrl(server, await createSession(server)));
    expect(listener.response.status).toBe(200);
    expect(listener.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(listener.response.headers.get('cache-control')).toBe('no-cache, no-transform');
    expect(listener.response.headers.get('x-accel-buffering')).toBe('no');
    expect(wordsOf(listener)).toEqual(SPOKEN);
    expect(listener.events.map(({ event }) => event ?? 'message')).toEqual([
      ...batchesOf(listener).map(() => 'message'),
      'end',
    ]);
    expect(JSON.parse(listener.events.at(-1)?.data ?? '')).toEqual({ reason: 'completed' });
  });
});

test('the head comes before the first word', async () => {
  await withReference({ startDelaySeconds: 600 }, async (server) => {
    const listener = await listen(wordsUrl(server, await createSession(server)));
    expect(listener.response.status).toBe(200);
    expect(listener.events).toEqual([]);
    listener.hangUp();
  });
});

test('batches come while the session runs', async () => {
  await withReference({ speed: 20 }, async (server) => {
    const id = await createSession(server, { type: 'text_stream', text: `${SCRIPT} ` });
    const listener = await listen(wordsUrl(server, id));
    const first = await listener.next();
    expect(first?.event).toBeUndefined();
    // The input is still open, so this cannot be the end's doing.
    const status = await ask('GET', `${server.baseUrl}/v3/avatar-realtime/${id}`);
    expect(status.body).toMatchObject({ data: { status: 'streaming', end_reason: null } });
    await ask('POST', `${server.baseUrl}/v3/avatar-realtime/${id}/text`, { body: { final: true } });
    await listener.rest();
    expect(wordsOf(listener)).toEqual(SPOKEN);
  });
});

test('late, concurrent and reconnected subscribers all hear everything once', async () => {
  await withReference({ speed: 20 }, async (server) => {
    const url = wordsUrl(server, await createSession(server));
    const first = await listen(url);
    const dropped = await listen(url, TOKEN);
    await dropped.next();
    const late: Promise<readonly TimedWord[]>[] = [];
    for (let event = await first.next(); event !== undefined; event = await first.next()) {
      late.push(listenToEnd(url).then(wordsOf));
      if (late.length === 3) dropped.hangUp();
    }
    expect(wordsOf(first)).toEqual(SPOKEN);
    expect(late.length).toBeGreaterThan(5);
    for (const words of await Promise.all(late)) expect(words).toEqual(SPOKEN);
  });
});

test('a completed session is served again and again, by either credential, as it was', async () => {
  await withReference({}, async (server) => {
    const id = await createSession(server);
    const url = wordsUrl(server, id);
    const live = await listenToEnd(url);
    await server.ended(id);
    for (const headers of [KEY, TOKEN, KEY]) {
      const snapshot = await listenToEnd(url, headers);
      expect(batchesOf(snapshot)).toEqual(batchesOf(live));
      expect(snapshot.events.at(-1)).toEqual(live.events.at(-1));
    }
  });
});

test('a session without words has an end only', async () => {
  await withReference({}, async (server) => {
    const id = await createSession(server, { type: 'tts', text: '' });
    const live = await listenToEnd(wordsUrl(server, id));
    await server.ended(id);
    const snapshot = await listenToEnd(wordsUrl(server, id));
    for (const { events } of [live, snapshot]) expect(events.map(({ event }) => event)).toEqual(['end']);
  });
});

test('a session made complete equals one that spoke', async () => {
  await withReference({}, async (server) => {
    const id = await server.addCompletedSession({ text: SCRIPT });
    expect(wordsOf(await listenToEnd(wordsUrl(server, id)))).toEqual(SPOKEN);
  });
});

test('silence is filled with comments, which are no events', async () => {
  await withReference({ heartbeatSeconds: 0.02 }, async (server) => {
    const id = await createSession(server, { type: 'text_stream', text: 'Hello there. ' });
    const listener = await listen(wordsUrl(server, id));
    await listener.next();
    const ending = listener.next();
    await expect.poll(() => listener.comments.length).toBeGreaterThan(3);
    expect(listener.events).toHaveLength(1);
    await ask('POST', `${server.baseUrl}/v3/avatar-realtime/${id}/text`, { body: { final: true } });
    expect(await ending).toMatchObject({ event: 'end' });
  });
});

test('HEAD gives the head alone', async () => {
  await withReference({}, async (server) => {
    const answer = await ask('HEAD', wordsUrl(server, await createSession(server)));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    expect(answer.text).toBe('');
  });
});

test('status goes from pending over streaming to completed', async () => {
  await withReference({ startDelaySeconds: 0.3 }, async (server) => {
    const id = await createSession(server, { type: 'text_stream', text: 'Hello there. ' });
    const url = `${server.baseUrl}/v3/avatar-realtime/${id}`;
    const pending = await ask('GET', url);
    expect(pending.body).toEqual({
      data: { stream_id: id, status: 'pending', hls_url: null, end_reason: null, error_message: null },
    });
    const listener = await listen(wordsUrl(server, id));
    await listener.next();
    expect((await ask('GET', url)).body).toMatchObject({ data: { status: 'streaming' } });
    await ask('POST', `${url}/text`, { body: { delta: 'Bye.', final: true } });
    await listener.rest();
    expect((await ask('GET', url)).body).toMatchObject({ data: { status: 'completed', end_reason: 'completed' } });
  });
});

test('text may be appended until the input is closed', async () => {
  await withReference({}, async (server) => {
    const id = await createSession(server, { type: 'text_stream' });
    const input = `${server.baseUrl}/v3/avatar-realtime/${id}/text`;
    const listener = await listen(wordsUrl(server, id));
    for (const delta of ['Hel', 'lo, wor', 'ld! ']) {
      const answer = await ask('POST', input, { body: { delta } });
      expect(answer).toMatchObject({ status: 200, body: { data: { ok: true } } });
    }
    expect((await ask('POST', input, { body: { final: true } })).status).toBe(200);
    const refused = await ask('POST', input, { body: { delta: 'More.' } });
    expect(refused).toMatchObject({ status: 410, body: { error: { code: 'stream_closed' } } });
    await listener.rest();
    expect(wordsOf(listener).map(({ word }) => word)).toEqual(['Hello', ',', 'world', '!']);
    expect((await ask('POST', input, { body: { delta: 'More.' } })).status).toBe(410);
  });
});

test('a cancelled session ends with what was spoken; cancelling it again says that it was over', async () => {
  await withReference({ speed: 1 }, async (server) => {
    const id = await createSession(server, { type: 'tts', text: SCRIPT });
    const listener = await listen(wordsUrl(server, id));
    await listener.next();
    const cancel = `${server.baseUrl}/v3/avatar-realtime/${id}/cancel`;
    const answer = (cancelled: boolean) => ({ status: 200, body: { data: { stream_id: id, cancelled } } });
    expect(await ask('POST', cancel)).toMatchObject(answer(true));
    await listener.rest();
    expect(JSON.parse(listener.events.at(-1)?.data ?? '')).toEqual({ reason: 'cancelled' });
    expect(await ask('POST', cancel)).toMatchObject(answer(false));
  });
});

test('a session that waits in vain for text ends by itself', async () => {
  await withReference({ idleSeconds: 0.1 }, async (server) => {
    const id = await createSession(server, { type: 'text_stream', text: 'Hello. ' });
    const listener = await listenToEnd(wordsUrl(server, id));
    expect(JSON.parse(listener.events.at(-1)?.data ?? '')).toEqual({ reason: 'idle_timeout' });
  });
});

test('accounts do not see each other', async () => {
  await withReference({}, async (server) => {
    const id = await createSession(server);
    const unknown = await ask('GET', wordsUrl(server, 'f'.repeat(24)), { headers: OTHER_KEY });
    for (const [method, path] of [
      ['GET', '/words'],
      ['GET', ''],
      ['POST', '/text'],
    ] as const) {
      const answer = await ask(method, `${server.baseUrl}/v3/avatar-realtime/${id}${path}`, {
        headers: OTHER_KEY,
        ...(method === 'POST' ? { body: { final: true } } : {}),
      });
      expect(answer.status).toBe(404);
      expect(answer.text).toBe(unknown.text);
    }
    expect(wordsOf(await listenToEnd(wordsUrl(server, id)))).toEqual(SPOKEN);
  });
});

test('lives behind a path prefix, on IPv6, and with a connection for each answer', async () => {
  await withReference({ pathPrefix: '/staging/api/', host: '::1', keepAlive: false }, async (server) => {
    expect(server.baseUrl).toBe(`http://[::1]:${server.port}/staging/api`);
    const listener = await listenToEnd(wordsUrl(server, await createSession(server)));
    expect(wordsOf(listener)).toEqual(SPOKEN);
    expect(listener.response.headers.get('connection')).toBe('close');
    const refused = await ask('GET', wordsUrl(server, 'unknown'));
    expect(refused.status).toBe(404);
    expect(refused.headers.get('connection')).toBe('close');
    expect((await ask('GET', `http://[::1]:${server.port}/v3/avatar-realtime/unknown/words`)).status).toBe(404);
  });
});

test('closing cuts open streams, frees the port and is done', async () => {
  await withReference({ startDelaySeconds: 600 }, async (server) => {
    const listener = await listen(wordsUrl(server, await createSession(server)));
    const cut = listener.rest().then(
      () => 'complete',
      () => 'cut',
    );
    await server.close();
    expect(await cut).toBe('cut');
    await server.close();
    await withReference({ port: server.port }, async (successor) => {
      expect(successor.port).toBe(server.port);
    });
  });
});

test('a port that is taken is said, and nothing is left behind', async () => {
  await withReference({}, async (server) => {
    await expect(withReference({ port: server.port }, async () => {})).rejects.toThrow('EADDRINUSE');
  });
});
