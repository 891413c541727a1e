import { expect, test } from '@playwright/test';
import { combined } from '../../../helpers/mutants/index.ts';
import { defaultStages } from '../../../helpers/reference/stages.ts';
import { costOf } from '../../../helpers/results/cost.ts';
import { exchangeOf } from '../probes/support.ts';
import { type RawAnswer, rawServer, STREAM_HEAD } from '../support/hostile.ts';
import { certifyAt, held, MINUTE, resultIn, SPEED, withReference } from './support.ts';

test('a session that is created speaks as long as the probes need, closes its input, and says what it cost', async () => {
  await withReference({ idleSeconds: 2 }, async (server) => {
    const { recording, assessment } = await certifyAt(server.baseUrl, { speed: SPEED });
    expect(held(assessment)).toEqual([]);
    expect(assessment.verdict).toBe('conformant');
    // It ended for its input was closed, not because it was left idle.
    expect(recording.streams[0]?.statuses.at(-1)).toMatchObject({ status: 'completed', endReason: 'completed' });
    const appends = recording.exchanges.filter(({ id }) => id.startsWith('session-append'));
    expect(appends.filter(({ request }) => request.body?.includes('"final":true'))).toHaveLength(1);
    expect(recording.exchanges.filter(({ id }) => id === 'session-create')).toHaveLength(1);
    expect(recording.streams[0]?.createdAt).toBeDefined();
  });
});

test('where all three sessions of the account are taken, the run waits for one to end', async () => {
  await withReference({}, async (server) => {
    for (const _ of [1, 2, 3]) server.createSession({ text: 'One two three, four five six seven eight. '.repeat(4) });
    const { recording, assessment } = await certifyAt(server.baseUrl, { speed: SPEED });
    expect(exchangeOf(recording, 'session-create/waited-out-1').response?.status).toBe(429);
    expect(held(assessment)).toEqual([]);
    expect(assessment.verdict).toBe('conformant');
  });
});

test('a fixed script (tts) is certified too', async () => {
  await withReference({}, async ({ baseUrl }) => {
    const session = { mode: 'create', type: 'tts', avatarId: 'a', voiceId: 'v', script: MINUTE } as const;
    const { assessment } = await certifyAt(baseUrl, { speed: SPEED, session });
    expect(held(assessment)).toEqual([]);
    expect(assessment.verdict).toBe('conformant');
  });
});

test('compression that holds words back is found at a target that speaks faster than anyone listens', async () => {
  await withReference({ speed: 5, ...combined(['gzip-flushed-at-the-end']) }, async ({ baseUrl }) => {
    const session = { mode: 'create', type: 'tts', avatarId: 'a', voiceId: 'v', script: MINUTE } as const;
    const { assessment } = await certifyAt(baseUrl, { baseUrl, session });
    expect(held(assessment)).toEqual([expect.stringMatching(/^liveness.streams: fail .*"first".*"concurrent" had/)]);
  });
});

test('a store that keeps a word only once where it is said twice in a row is found', async () => {
  const view: typeof defaultStages.view = (stretch, ctx) => {
    const words = defaultStages.view(stretch, ctx);
    return ctx.kind === 'snapshot' ? words.filter(({ word }, index) => word !== words[index - 1]?.word) : words;
  };
  await withReference({ stages: { view } }, async ({ baseUrl }) => {
    const { assessment } = await certifyAt(baseUrl, { speed: SPEED });
    expect(held(assessment)).toEqual([expect.stringMatching(/^snapshot.equals-live: fail .*"that"/)]);
  });
});

test('422 with a body of the framework for a malformed id is no error body of the contract', async () => {
  const refuse: typeof defaultStages.refuse = (refusal, request) =>
    refusal.reason === 'malformed-id'
      ? { status: 422, headers: { 'content-type': 'application/json' }, body: '{"detail":[]}' }
      : defaultStages.refuse(refusal, request);
  await withReference({ stages: { refuse } }, async ({ baseUrl }) => {
    const { assessment } = await certifyAt(baseUrl, { speed: SPEED });
    expect(held(assessment)).toEqual([expect.stringMatching(/^errors.envelope: fail .* 422 .* has no member "error"/)]);
  });
});

/** A target whose session never comes to speak. */
function silentTarget(status: object): RawAnswer {
  return (socket, head) => {
    const json = (code: number, value: unknown) => {
      const body = JSON.stringify(value);
      socket.end(
        `HTTP/1.1 ${code} X\r\nContent-Type: application/json\r\nWWW-Authenticate: Bearer\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    };
    const denied = !/x-api-key: sk_live_9fQ2xT7bLm4VzR8aKc1W\r|Bearer tok_Zy8Xw7Vu6Ts5Rq4Po3Nm2Lk1\r/.test(head);
    if (denied) json(401, { error: { code: 'authentication_failed', message: 'No.' } });
    else if (/^POST \S*realtime /.test(head)) json(201, { data: { stream_id: 's1' } });
    else if (/^POST/.test(head)) json(200, { data: { ok: true } });
    else if (/realtime\/s1\/words /.test(head)) socket.write(`${STREAM_HEAD}Connection: close\r\n\r\n: hello\n\n`);
    else if (/\/words /.test(head)) json(404, { error: { code: 'not_found', message: 'None.' } });
    else json(200, { data: { stream_id: 's1', ...status } });
  };
}

for (const [name, status, reason] of [
  ['ends in error', { status: 'error', error_message: 'no avatar' }, /^the session ended in error \(no avatar\)/i],
  ['never starts', { status: 'pending' }, /^the session did not start within 3\.\d s/i],
  [
    'starts and says nothing',
    { status: 'streaming' },
    /^no word came within 3\.\d s, with the session's status "streaming"/i,
  ],
] as const)
  test(`a session that ${name} makes the rules inconclusive with that reason`, async () => {
    await using server = await rawServer(silentTarget(status));
    const { recording, assessment } = await certifyAt(server.baseUrl, {
      baseUrl: server.baseUrl,
      maxSeconds: 3,
      endCloseSeconds: 0.2,
    });
    expect(recording.failure).toBeUndefined();
    expect(held(assessment)).toEqual([]);
    expect(assessment.verdict).toBe('incomplete');
    for (const id of [
      'liveness.streams',
      'replay.from-start',
      'replay.no-gap',
      'snapshot.equals-live',
      'ordering.in-batch',
    ])
      expect(resultIn(assessment, id), id).toMatchObject({
        outcome: 'inconclusive',
        reason: expect.stringMatching(reason),
      });
  });

test('a session that speaks too little makes the rules about late subscribers inconclusive, with the figures', async () => {
  await withReference({}, async (server) => {
    const liveStreamId = server.createSession({ text: 'Hi there.' });
    const { assessment } = await certifyAt(server.baseUrl, { session: { mode: 'ids', liveStreamId } });
    expect(held(assessment)).toEqual([]);
    expect(assessment.verdict).toBe('incomplete');
    for (const id of ['replay.from-start', 'replay.reconnect'])
      expect(resultIn(assessment, id)).toMatchObject({
        outcome: 'inconclusive',
        reason: expect.stringMatching(/3 words in 1 batches, \d\.\d s of speech/),
      });
  });
});

test('a live session that is already half over when the run joins it is certified', async () => {
  await withReference({ speed: 10 }, async (server) => {
    const liveStreamId = server.createSession({ text: MINUTE });
    await expect.poll(async () => (await words(server.baseUrl, liveStreamId)) > 60, { timeout: 0 }).toBe(true);
    const { recording, assessment } = await certifyAt(server.baseUrl, {
      session: { mode: 'ids', liveStreamId, script: MINUTE },
      speed: 10,
    });
    expect(held(assessment)).toEqual([]);
    expect(recording.unmet.filter(({ declared }) => !declared)).toEqual([]);
    expect(assessment.verdict).toBe('conformant');
  });
});

/** How many words the session has spoken so far. */
async function words(baseUrl: string, streamId: string): Promise<number> {
  const stop = new AbortController();
  const response = await fetch(`${baseUrl}/v3/avatar-realtime/${streamId}/words`, {
    headers: { 'x-api-key': 'sk_live_9fQ2xT7bLm4VzR8aKc1W' },
    signal: stop.signal,
  });
  const reader = response.body?.getReader();
  const { value } = (await reader?.read()) ?? {};
  stop.abort();
  return (
    Buffer.from(value ?? [])
      .toString()
      .split('"word":').length - 1
  );
}

test('a completed session alone, and one that serves nothing else, are judged for what they are', async () => {
  await withReference({}, async (server) => {
    const completed = await server.addCompletedSession({ text: MINUTE });
    const { assessment } = await certifyAt(server.baseUrl, {
      session: { mode: 'ids' },
      completedStreamIds: [completed],
    });
    expect(held(assessment)).toEqual([]);
    expect(assessment.verdict).toBe('incomplete');
    expect(resultIn(assessment, 'snapshot.served').outcome).toBe('pass');
    expect(resultIn(assessment, 'liveness.streams')).toMatchObject({
      outcome: 'inconclusive',
      remedy: expect.stringContaining('WORDS_LIVE_STREAM_ID'),
    });
  });
});

test('a session by a command is certified; its script is what it prints', async () => {
  await withReference({}, async (server) => {
    const command = `echo starting >&2; echo '${JSON.stringify({ stream_id: server.createSession({ text: MINUTE }), script: MINUTE })}'`;
    const settings = {
      session: { mode: 'command', command, env: { PATH: process.env.PATH ?? '' }, named: [] },
      speed: SPEED,
    } as const;
    const { assessment, recording } = await certifyAt(server.baseUrl, settings);
    expect(held(assessment)).toEqual([]);
    expect(assessment.verdict, assessment.reason).toBe('conformant');
    expect(resultIn(assessment, 'tokens.script').outcome).toBe('pass');
    expect(costOf(recording).sessionSeconds).toBeGreaterThan(0);
  });
});

test('a slow first word is waited for', async () => {
  await withReference({ startDelaySeconds: 4 }, async ({ baseUrl }) => {
    const { assessment } = await certifyAt(baseUrl, { speed: SPEED });
    expect(held(assessment)).toEqual([]);
    expect(assessment.verdict).toBe('conformant');
  });
});

test('a slow response head is waited for', async () => {
  const find: typeof defaultStages.find = async (...given) => {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    return defaultStages.find(...given);
  };
  await withReference({ stages: { find } }, async (server) => {
    const liveStreamId = server.createSession({ text: MINUTE });
    const { assessment } = await certifyAt(server.baseUrl, { speed: SPEED, session: { mode: 'ids', liveStreamId } });
    expect(held(assessment)).toEqual([]);
  });
});
