import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { Agent, request } from 'undici';
import { batchLimits, groupWords } from '../../../helpers/reference/batches.ts';
import { compressed, negotiatedCoding } from '../../../helpers/reference/coding.ts';
import type { Item, Stages, SubscriptionContext } from '../../../helpers/reference/pipeline.ts';
import type { ReferenceServer } from '../../../helpers/reference/server.ts';
import { defaultStages } from '../../../helpers/reference/stages.ts';
import { closeDelimitedTransport, lengthDelimitedTransport } from '../../../helpers/reference/transport.ts';
import { speak, voiceAtTempo } from '../../../helpers/reference/voice.ts';
import {
  ask,
  batchesOf,
  createSession,
  KEY,
  type Listener,
  listen,
  listenToEnd,
  OTHER_KEY,
  rawGet,
  SCRIPT,
  TOKEN,
  withReference,
  wordsOf,
  wordsUrl,
} from './support.ts';

const SPOKEN = speak(SCRIPT, 0).words;
const TOKENS = SPOKEN.map(({ word }) => word);

function tokensOf(listener: Listener): string[] {
  return wordsOf(listener).map(({ word }) => word);
}

/** What a first, a late and a later subscriber of one session get where one stage is another. */
async function observe(stages: Partial<Stages>): Promise<Record<'live' | 'late' | 'snapshot', Listener>> {
  const seen: Partial<Record<'live' | 'late' | 'snapshot', Listener>> = {};
  await withReference({ stages, speed: 20, startDelaySeconds: 0 }, async (server) => {
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
    Object.assign(seen, { live, late, snapshot: await listenToEnd(url) });
  });
  return seen as Record<'live' | 'late' | 'snapshot', Listener>;
}

test('view: a word lost at the seam between history and live', async () => {
  const { live, late, snapshot } = await observe({
    view: ({ words, phase, last }, ctx) =>
      ctx.kind === 'late' && phase === 'history' && !last ? words.slice(0, -1) : words,
  });
  expect(tokensOf(live)).toEqual(TOKENS);
  expect(wordsOf(late)).toHaveLength(SPOKEN.length - 1);
  expect(wordsOf(snapshot)).toEqual(wordsOf(live));
});

test('view: competing consumers', async () => {
  const { live, late } = await observe({
    view: ({ words, phase, from }, ctx) =>
      phase === 'history'
        ? words
        : words.filter((_, at) => (from + at) % ctx.concurrent === (ctx.ordinal - 1) % ctx.concurrent),
  });
  expect(wordsOf(live).length).toBeLessThan(SPOKEN.length);
  expect(wordsOf(late).length).toBeLessThan(SPOKEN.length);
});

test('batches: eleven words in a batch, on replay only', async () => {
  const { live, snapshot } = await observe({
    voice: voiceAtTempo(8),
    batches: (pending, next, ctx) =>
      groupWords(pending, next, ctx.kind === 'snapshot' ? { ...batchLimits, maxWords: 11 } : batchLimits),
  });
  expect(Math.max(...batchesOf(live).map(({ length }) => length))).toBe(10);
  expect(Math.max(...batchesOf(snapshot).map(({ length }) => length))).toBe(11);
});

test('payload: milliseconds, with the grouping as it was', async () => {
  const { live } = await observe({
    payload: (words) => ({ words: words.map((word) => ({ ...word, start: word.start * 1000, end: word.end * 1000 })) }),
  });
  const [first, second] = wordsOf(live);
  expect((second?.start ?? 0) - (first?.start ?? 0)).toBeCloseTo(365);
  expect(batchesOf(live).map(({ length }) => length)).toEqual(
    groupWords(SPOKEN, null).batches.map(({ length }) => length),
  );
});

test('endPayload and frame: two ends of another kind', async () => {
  const { live } = await observe({
    endPayload: () => ({}),
    frame: (item, ctx) => defaultStages.frame(item, ctx).repeat(item.kind === 'end' ? 2 : 1),
  });
  expect(live.events.slice(-2).map(({ event, data }) => [event, data])).toEqual([
    ['end', '{}'],
    ['end', '{}'],
  ]);
});

test('deliver: all held back to the end, the end before the last batch', async () => {
  async function* heldBack(items: AsyncIterable<Item>): AsyncGenerator<Item> {
    const held: Item[] = [];
    for await (const item of items) held.push(item);
    yield* [...held.slice(0, -2), ...held.slice(-2).reverse()];
  }
  const { late } = await observe({ deliver: (items, ctx) => (ctx.kind === 'late' ? heldBack(items) : items) });
  expect(late.events.slice(-2).map(({ event }) => event)).toEqual(['end', undefined]);
  expect(tokensOf(late)).toEqual(TOKENS);
});

test('deliver: a snapshot at speaking pace', async () => {
  const waited: number[] = [];
  async function* paced(items: AsyncIterable<Item>, ctx: SubscriptionContext): AsyncGenerator<Item> {
    for await (const item of items) {
      await ctx.wait(0.001);
      waited.push(ctx.sent.batches);
      yield item;
    }
  }
  const { snapshot } = await observe({
    deliver: (items, ctx) => (ctx.kind === 'snapshot' ? paced(items, ctx) : items),
  });
  expect(waited).toEqual([...batchesOf(snapshot).keys(), batchesOf(snapshot).length]);
});

test('bytes: other line endings, a byte order mark, one byte at a time', async () => {
  const { live } = await observe({
    *bytes(frame, ctx) {
      const text = `${ctx.sent.frames === 0 ? '\ufeff' : ''}${frame.replaceAll('\n', '\r\n')}`;
      for (const byte of Buffer.from(text)) yield Uint8Array.of(byte);
    },
  });
  expect(tokensOf(live)).toEqual(TOKENS);
});

test('head: another answer in the place of a stream, for one credential only', async () => {
  const stages: Partial<Stages> = {
    head: (ctx) =>
      ctx.request.identity?.credential === 'bearer'
        ? { status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Log in</h1>' }
        : defaultStages.head(ctx),
  };
  await withReference({ stages }, async (server) => {
    const url = wordsUrl(server, await server.addCompletedSession({ text: SCRIPT }));
    expect((await ask('GET', url, { headers: TOKEN })).text).toBe('<h1>Log in</h1>');
    expect(wordsOf(await listenToEnd(url))).toEqual(SPOKEN);
  });
});

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

test('authenticate: a bearer token that is never looked at', async () => {
  const authenticate: Stages['authenticate'] = (headers, accounts) =>
    headers.authorization ? { account: 'demo', credential: 'bearer' } : defaultStages.authenticate(headers, accounts);
  await withReference({ stages: { authenticate } }, async (server) => {
    const url = wordsUrl(server, await server.addCompletedSession({ text: SCRIPT }));
    expect((await ask('HEAD', url, { headers: { authorization: 'Bearer anything' } })).status).toBe(200);
    expect((await ask('HEAD', url, { headers: { 'x-api-key': 'anything' } })).status).toBe(401);
  });
});

test('access: 404 before 401', async () => {
  const access: Stages['access'] = async (asked, tools) =>
    (await tools.get(asked.streamId ?? ''))
      ? defaultStages.access(asked, tools)
      : {
          refused: {
            reason: 'unknown-stream',
            status: 404,
            code: 'not_found',
            message: 'Streaming session not found.',
          },
        };
  await withReference({ stages: { access } }, async (server) => {
    const id = await server.addCompletedSession({ text: SCRIPT });
    expect((await ask('GET', wordsUrl(server, id), { headers: {} })).status).toBe(401);
    expect((await ask('GET', wordsUrl(server, 'unknown'), { headers: {} })).status).toBe(404);
  });
});

test('find: sessions open to every account, and snapshots that expire', async () => {
  const reads = new Map<string, number>();
  const find: Stages['find'] = async (id, identity, sessions) => {
    const stream = await sessions.get(id);
    reads.set(id, (reads.get(id) ?? 0) + 1);
    return stream && (reads.get(id) ?? 0) < 3 ? { granted: stream } : defaultStages.find('expired', identity, sessions);
  };
  await withReference({ stages: { find } }, async (server) => {
    const url = wordsUrl(server, await server.addCompletedSession({ text: SCRIPT }));
    expect((await ask('HEAD', url, { headers: OTHER_KEY })).status).toBe(200);
    expect((await ask('HEAD', url)).status).toBe(200);
    expect((await ask('HEAD', url)).status).toBe(404);
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
  await observe({ head });
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
