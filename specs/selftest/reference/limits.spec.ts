import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from '@playwright/test';
import type { SubscriptionContext } from '../../../helpers/reference/pipeline.ts';
import { defaultStages } from '../../../helpers/reference/stages.ts';
import { ask, createSession, KEY, listenToEnd, OTHER_KEY, TOKEN, withReference, wordsOf, wordsUrl } from './support.ts';

test('past the rate limit comes 429 in the documented form, and after Retry-After seconds it is over', async () => {
  await withReference({ rateLimit: { max: 3, windowSeconds: 1 } }, async (server) => {
    const url = wordsUrl(server, await server.addCompletedSession({ text: 'Hello.' }));
    for (let request = 0; request < 3; request += 1) expect((await ask('GET', url)).status).toBe(200);
    const limited = await ask('GET', url);
    expect(limited.status).toBe(429);
    expect(limited.headers.get('retry-after')).toBe('1');
    expect(limited.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(limited.body).toEqual({
      error: {
        code: 'rate_limit_exceeded',
        message: 'Too many requests. Retry after the duration specified in the Retry-After header.',
        param: null,
        doc_url: null,
      },
    });
    // Others are not limited for it, and who is not let in learns nothing of limits.
    expect((await ask('GET', url, { headers: TOKEN })).status).toBe(200);
    expect((await ask('GET', url, { headers: OTHER_KEY })).status).toBe(404);
    for (let request = 0; request < 5; request += 1) expect((await ask('GET', url, { headers: {} })).status).toBe(401);
    const limitedAt = performance.now();
    await expect.poll(async () => (await ask('GET', url)).status, { intervals: [50] }).toBe(200);
    expect(performance.now() - limitedAt).toBeLessThan(5_000);
  });
});

test('the rate limit holds for every endpoint', async () => {
  await withReference({ rateLimit: { max: 1, windowSeconds: 60 } }, async (server) => {
    const id = await createSession(server);
    const base = `${server.baseUrl}/v3/avatar-realtime`;
    for (const [method, url, body] of [
      ['POST', base, { type: 'tts', text: 'Hello.' }],
      ['GET', `${base}/${id}`, undefined],
      ['POST', `${base}/${id}/text`, { final: true }],
      ['GET', `${base}/${id}/words`, undefined],
    ] as const) {
      const answer = await ask(method, url, body ? { body } : {});
      expect(answer.status).toBe(429);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(50);
    }
  });
});

test('an account runs three sessions at a time, and a fourth when one has ended', async () => {
  await withReference({}, async (server) => {
    const base = `${server.baseUrl}/v3/avatar-realtime`;
    const ids: string[] = [];
    for (let session = 0; session < 3; session += 1) ids.push(await createSession(server, { type: 'text_stream' }));
    const refused = await ask('POST', base, { body: { type: 'tts', text: 'Hello.' } });
    expect(refused).toMatchObject({ status: 429, body: { error: { code: 'rate_limit_exceeded' } } });
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect((await ask('POST', base, { headers: OTHER_KEY, body: { type: 'tts', text: '' } })).status).toBe(200);
    await ask('POST', `${base}/${ids[0]}/text`, { body: { final: true } });
    await server.ended(ids[0] ?? '');
    expect((await ask('POST', base, { body: { type: 'tts', text: 'Hello.' } })).status).toBe(200);
  });
});

test('a reader that does not read holds up neither memory nor others, and misses nothing in the end', async () => {
  const words = Array.from({ length: 300 }, (_, index) => ({
    word: String(index).padEnd(100_000, 'x'),
    start: index,
    end: index + 0.5,
  }));
  const contexts: SubscriptionContext[] = [];
  const buffered = new Map<SubscriptionContext, number>();
  const stages = {
    voice: () => ({ words, until: 301 }),
    transport(...[ctx, response]: Parameters<typeof defaultStages.transport>) {
      contexts.push(ctx);
      const transport = defaultStages.transport(ctx, response);
      return {
        ...transport,
        write(bytes: Uint8Array) {
          const written = transport.write(bytes);
          buffered.set(ctx, Math.max(buffered.get(ctx) ?? 0, response.writableLength));
          return written;
        },
      };
    },
  };
  await withReference({ stages, speed: 200 }, async (server) => {
    const id = await createSession(server, { type: 'tts', text: 'ignored' });
    const slow = connect(server.port, '127.0.0.1').pause();
    slow.write(
      `GET /v3/avatar-realtime/${id}/words HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-api-key: demo-key\r\n\r\n`,
    );
    await expect.poll(() => contexts.length).toBe(1);
    const fast = await listenToEnd(wordsUrl(server, id));
    expect(wordsOf(fast)).toHaveLength(300);
    // The other has been through all of it; this one still stands where the kernel's buffers were full.
    expect(contexts[0]?.sent.words).toBeLessThan(300);
    expect(buffered.get(contexts[0] as SubscriptionContext)).toBeLessThan(400_000);
    let received = 0;
    let tail = '';
    slow.on('data', (bytes) => {
      received += bytes.length;
      tail = (tail + bytes.toString('latin1')).slice(-100);
    });
    slow.resume();
    await once(slow, 'close');
    expect(received).toBeGreaterThan(300 * 100_000);
    expect(tail).toContain('event: end\ndata: {"reason":"completed"}\n\n\r\n0\r\n\r\n');
    expect(contexts[0]?.sent.words).toBe(300);
  });
});

test('a reader that goes away is forgotten', async () => {
  const contexts: SubscriptionContext[] = [];
  const head = (ctx: SubscriptionContext) => {
    contexts.push(ctx);
    return defaultStages.head(ctx);
  };
  await withReference({ stages: { head }, startDelaySeconds: 600 }, async (server) => {
    const id = await createSession(server);
    for (let subscriber = 1; subscriber <= 3; subscriber += 1) {
      const abort = new AbortController();
      await fetch(wordsUrl(server, id), { headers: KEY, signal: abort.signal });
      const ctx = contexts[subscriber - 1];
      expect(ctx?.ordinal).toBe(subscriber);
      expect(ctx?.concurrent).toBe(1);
      abort.abort();
      await expect.poll(() => ctx?.signal.aborted).toBe(true);
      await expect.poll(() => ctx?.concurrent).toBe(0);
    }
  });
});
