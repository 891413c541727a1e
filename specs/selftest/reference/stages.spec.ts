import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { Agent, request } from 'undici';
import { compressed, negotiatedCoding } from '../../../helpers/reference/coding.ts';
import type { Stages } from '../../../helpers/reference/pipeline.ts';
import type { ReferenceServer } from '../../../helpers/reference/server.ts';
import { defaultStages } from '../../../helpers/reference/stages.ts';
import { closeDelimitedTransport, lengthDelimitedTransport } from '../../../helpers/reference/transport.ts';
import { speak } from '../../../helpers/reference/voice.ts';
import {
  ask,
  createSession,
  KEY,
  listen,
  listenToEnd,
  rawGet,
  SCRIPT,
  withReference,
  wordsOf,
  wordsUrl,
} from './support.ts';

const SPOKEN = speak(SCRIPT, 0).words;

for (const [name, decode] of [
  ['gzip', gunzipSync],
  ['br', brotliDecompressSync],
  ['deflate', inflateSync],
] as const)
  test(`coding: ${name} where it is offered, readable frame by frame`, async () => {
    await withReference({ stages: { coding: negotiatedCoding }, startDelaySeconds: 0.05 }, async (server) => {
      const id = await createSession(server, { type: 'text_stream', text: 'Hello, world! ' });
      // The runtime's own decoder: the first frame is there while the session is still open.
      const live = await listen(wordsUrl(server, id), { ...KEY, 'accept-encoding': name });
      expect(live.response.headers.get('content-encoding')).toBe(name);
      expect(JSON.parse((await live.next())?.data ?? '')).toHaveProperty('words');
      await ask('POST', `${server.baseUrl}/v3/avatar-realtime/${id}/text`, { body: { final: true } });
      await live.rest();
      await server.ended(id);
      const { body, headers } = await request(wordsUrl(server, id), {
        headers: { ...KEY, 'accept-encoding': `${name}, x` },
      });
      expect(headers['content-encoding']).toBe(name);
      expect(decode(Buffer.from(await body.arrayBuffer())).toString()).toMatch(/event: end\ndata: .*\n\n$/);
      const plain = await request(wordsUrl(server, id), { headers: { ...KEY, 'accept-encoding': `${name};q=0` } });
      expect(plain.headers['content-encoding']).toBeUndefined();
      expect(await plain.body.text()).toMatch(/^data: \{"words"/);
    });
  });

for (const [flushEachFrame, status] of [
  [true, 'streaming'],
  [false, 'completed'],
] as const)
  test(`coding: gzip ${flushEachFrame ? 'that is flushed comes while' : 'that is not flushed comes when'} the session is ${status}`, async () => {
    const coding: Stages['coding'] = () => ({ ...compressed('gzip'), flushEachFrame });
    await withReference({ stages: { coding }, speed: 10 }, async (server) => {
      const id = await createSession(server);
      const live = await listen(wordsUrl(server, id));
      await live.next();
      const answer = await ask('GET', `${server.baseUrl}/v3/avatar-realtime/${id}`);
      expect(answer.body).toMatchObject({ data: { status } });
      await live.rest();
      expect(wordsOf(live)).toEqual(SPOKEN);
    });
  });

test('transport: close-delimited and length-delimited bodies', async () => {
  await withReference({ stages: { transport: closeDelimitedTransport } }, async (server) => {
    const id = await server.addCompletedSession({ text: SCRIPT });
    const raw = await rawGet(server, `/v3/avatar-realtime/${id}/words`);
    expect(raw).not.toMatch(/transfer-encoding|content-length/i);
    expect(raw).toMatch(/event: end\ndata: .*\n\n$/);
    expect(wordsOf(await listenToEnd(wordsUrl(server, id)))).toEqual(SPOKEN);
  });
  await withReference({ stages: { transport: lengthDelimitedTransport } }, async (server) => {
    const id = await server.addCompletedSession({ text: SCRIPT });
    const { headers, body } = await request(wordsUrl(server, id), { headers: KEY });
    expect(Number(headers['content-length'])).toBe((await body.arrayBuffer()).byteLength);
  });
});

async function readsToItsEnd(server: ReferenceServer, id: string): Promise<boolean> {
  const agent = new Agent();
  try {
    const { body } = await request(wordsUrl(server, id), { headers: KEY, dispatcher: agent });
    expect(await body.text()).toContain('event: end');
    return true;
  } catch {
    return false;
  } finally {
    await agent.destroy();
  }
}

const broken: Record<string, Stages['transport']> = {
  'a connection reset in the middle': (ctx, response) => {
    const whole = defaultStages.transport(ctx, response);
    return {
      ...whole,
      write: (bytes) => (ctx.sent.batches < 2 ? whole.write(bytes) : void response.socket?.resetAndDestroy()),
    };
  },
  'chunked framing that breaks': (ctx, response) => ({
    ...defaultStages.transport(ctx, response),
    end: () => void response.socket?.end('nonsense\r\n'),
  }),
  'chunked framing that stops': (ctx, response) => ({
    ...defaultStages.transport(ctx, response),
    end: () => void response.socket?.end(),
  }),
  'a body shorter than its length': (ctx, response) => {
    const whole = defaultStages.transport(ctx, response);
    return {
      ...whole,
      head: (status, headers) => whole.head(status, { ...headers, 'content-length': 1_000_000 }),
      end: () => void response.socket?.end(),
    };
  },
};

for (const [name, transport] of Object.entries(broken))
  test(`transport: ${name}`, async () => {
    const onSnapshots: Stages['transport'] = (ctx, response) =>
      ctx.ordinal === 2 ? transport(ctx, response) : defaultStages.transport(ctx, response);
    await withReference({ stages: { transport: onSnapshots } }, async (server) => {
      const id = await server.addCompletedSession({ text: SCRIPT });
      expect(await readsToItsEnd(server, id)).toBe(true);
      expect(await readsToItsEnd(server, id)).toBe(false);
      expect(await readsToItsEnd(server, id)).toBe(true);
    });
  });

test('transport: a response that stays open after its end is closed with the server', async () => {
  const transport: Stages['transport'] = (ctx, response) => ({
    ...defaultStages.transport(ctx, response),
    end: () => {},
  });
  await withReference({ stages: { transport } }, async (server) => {
    const listener = await listen(wordsUrl(server, await server.addCompletedSession({ text: SCRIPT })));
    while ((await listener.next())?.event !== 'end');
    const rest = listener.rest().catch(() => 'cut');
    await server.close();
    expect(await rest).toBe('cut');
  });
});

test('refuse: documents of every kind, also for requests that no route knows', async () => {
  const refuse: Stages['refuse'] = (refused, asked) =>
    refused.reason === 'rate-limit'
      ? { ...defaultStages.refuse(refused, asked), headers: { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' } }
      : { status: refused.status, headers: { 'content-type': 'text/html' }, body: `<h1>${refused.reason}</h1>` };
  await withReference({ stages: { refuse }, rateLimit: { max: 2, windowSeconds: 60 } }, async (server) => {
    expect(await rawGet(server, '/v3/avatar-realtime/%zz/words')).toContain('<h1>malformed-request</h1>');
    expect(await rawGet(server, '/nothing')).toContain('<h1>unknown-path</h1>');
    expect(await rawGet(server, '/v3/avatar-realtime/a\x01/words')).toContain('<h1>malformed-request</h1>');
    expect((await ask('GET', wordsUrl(server, 'a'), { headers: {} })).text).toBe('<h1>credentials</h1>');
    expect((await ask('GET', wordsUrl(server, 'a'))).text).toBe('<h1>unknown-stream</h1>');
    expect((await ask('GET', wordsUrl(server, '%00'))).text).toBe('<h1>malformed-id</h1>');
    const limited = await ask('GET', wordsUrl(server, 'a'));
    expect(limited.status).toBe(429);
    expect(limited.headers.get('retry-after')).toBe('Wed, 21 Oct 2026 07:28:00 GMT');
  });
});

test('what overrides remember of a stream stays from its first subscription to its snapshot', async () => {
  const kinds: unknown[] = [];
  const head: Stages['head'] = (ctx) => {
    ctx.stream.scratch.set(`${ctx.ordinal}`, ctx.kind);
    kinds.push([...ctx.stream.scratch.entries()].at(-1), ctx.stream.stored);
    return defaultStages.head(ctx);
  };
  await withReference({ stages: { head }, speed: 20, startDelaySeconds: 0 }, async (server) => {
    const id = await createSession(server, { type: 'text_stream' });
    const url = wordsUrl(server, id);
    const input = `${server.baseUrl}/v3/avatar-realtime/${id}/text`;
    const live = await listen(url);
    await ask('POST', input, { body: { delta: `${SCRIPT} ` } });
    await live.next();
    const late = await listen(url);
    await ask('POST', input, { body: { final: true } });
    await Promise.all([live.rest(), late.rest()]);
    await server.ended(id);
    await listenToEnd(url);
  });
  expect(kinds).toEqual([['1', 'live'], false, ['2', 'late'], false, ['3', 'snapshot'], true]);
});

test('a stage that fails breaks off its own response only, and the operator is told', async () => {
  const errors: unknown[] = [];
  const frame: Stages['frame'] = (item, ctx) => {
    if (ctx.ordinal === 1) throw new Error('broken stage');
    return defaultStages.frame(item, ctx);
  };
  await withReference({ stages: { frame }, onError: (error) => errors.push(error) }, async (server) => {
    const url = wordsUrl(server, await server.addCompletedSession({ text: SCRIPT }));
    await expect(listenToEnd(url)).rejects.toThrow();
    expect(wordsOf(await listenToEnd(url))).toEqual(SPOKEN);
    expect(errors).toEqual([new Error('broken stage')]);
  });
});
