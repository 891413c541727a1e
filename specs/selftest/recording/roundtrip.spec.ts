import { Buffer } from 'node:buffer';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from '@playwright/test';
import { RecordingBuilder } from '../../../helpers/recording/builder.ts';
import { toHar } from '../../../helpers/recording/har.ts';
import { Journal } from '../../../helpers/recording/journal.ts';
import { loadRecording, RecordingError, saveHar } from '../../../helpers/recording/load.ts';
import type { Recording } from '../../../helpers/recording/recording.ts';
import { Redactor } from '../../../helpers/recording/redact.ts';
import { buildExchange, buildRecording, buildSubscription, streamBody } from '../support/recordings.ts';

const validateHar: { har(data: unknown): Promise<unknown> } = createRequire(import.meta.url)('har-validator');

/** With everything in it that a recording can hold. */
function fullRecording(): Recording {
  const cut = streamBody();
  return buildRecording(
    [
      buildSubscription('first', [
        [0.1, cut.slice(0, 20)],
        [0.123456, Buffer.from('café ☕ \u2028').subarray(0, 5)],
        [0.2, Buffer.from('café ☕ \u2028').subarray(5)],
        [0.2, '\ufeffdata: x\r\n\r\n'],
      ]),
      buildSubscription('dropped', Buffer.from([0, 1, 2, 0xff, 0xfe, 0x80]), {
        ending: { kind: 'stopped', at: 1, bound: 'probe' },
      }),
      { ...buildSubscription('late'), ending: { kind: 'reset', at: 3.5, detail: 'read ECONNRESET' } },
      {
        ...buildExchange({
          id: 'errors.bad-request/%zz',
          purpose: { kind: 'refusal', probe: 'bad-request', variant: 'x', against: 'unknown' },
          control: 'first',
          status: 404,
        }),
        request: { method: 'GET', url: 'http://target.test/a/..%2f%zz%00/words', headers: [['x', ' "é" ']] },
        echoes: [{ where: 'header', header: 'x', credential: 'api-key' }],
      },
      withoutResponse(),
      buildExchange({ id: 'burst-recovery', purpose: { kind: 'burst-recovery', waited: 1.5 }, body: '' }),
    ],
    {
      streams: [
        {
          streamId: 'stream-1',
          origin: 'create',
          state: 'live',
          script: 'Hi "there".',
          createdAt: 0.01,
          statuses: [{ at: 0.2, status: 'streaming', endReason: null }],
        },
      ],
      unmet: [{ need: 'burst', declared: true, reason: 'no', remedy: 'yes' }],
      stalls: [{ at: 0.5, seconds: 0.1 }],
      earlier: [{ streamId: 'stream-1', recordedAt: '2026-01-01T00:00:00.000Z', words: [['Hi', 0, 0.1]] }],
      failure: { cause: 'dns', message: 'no', remedy: 'look', requirement: 'http.status' },
    },
  );
}

function withoutResponse() {
  const { response: _, ...exchange } = buildExchange({ id: 'lost', purpose: { kind: 'burst' }, body: '' });
  return {
    ...exchange,
    chunks: [],
    ending: { kind: 'no-response', at: 2, fault: 'dns', detail: 'getaddrinfo' } as const,
  };
}

/** Uint8Arrays compare by their bytes, whatever buffer they are a view of. */
function plain(recording: Recording): unknown {
  const exchanges = recording.exchanges.map((exchange) => ({
    ...exchange,
    chunks: exchange.chunks.map(({ at, bytes }) => [at, Buffer.from(bytes).toString('hex')]),
  }));
  return { ...recording, exchanges };
}

test('a HAR file gives back the recording exactly', async () => {
  const info = test.info();
  const path = info.outputPath('recording.har');
  await saveHar(fullRecording(), path);
  expect(plain(await loadRecording(path))).toEqual(plain(fullRecording()));
});

test('the HAR is valid HAR 1.2', async () => {
  await validateHar.har(JSON.parse(JSON.stringify(toHar(fullRecording()))));
});

test('an invalid HAR would be refused by the validator', async () => {
  const har = JSON.parse(JSON.stringify(toHar(fullRecording())));
  delete har.log.entries[0].response.status;
  await expect(validateHar.har(har)).rejects.toThrow();
});

function journalInto(path: string): Journal {
  const { exchanges: _, streams, unmet, stalls, earlier, failure, finishedAt, ...header } = fullRecording();
  const journal = new Journal(header, new Redactor([]), path);
  for (const { statuses: __, ...stream } of streams) journal.add({ type: 'stream', stream });
  for (const one of unmet) journal.add({ type: 'unmet', unmet: one });
  for (const one of stalls) journal.add({ type: 'stall', stall: one });
  for (const one of earlier) journal.add({ type: 'earlier', earlier: one });
  if (failure) journal.add({ type: 'failure', failure });
  if (finishedAt) journal.add({ type: 'finish', finishedAt });
  return journal;
}

test('a journal gives back what was written, with nothing closed', async () => {
  const info = test.info();
  const path = info.outputPath('recording.ndjson');
  const journal = journalInto(path);
  const { request } = buildSubscription('first');
  const open = journal.start({
    id: 'first',
    purpose: { kind: 'subscription', role: 'first' },
    streamId: 'stream-1',
    credential: 'api-key',
    request,
    startedAt: 0.5,
  });
  open.head({ at: 0.6, status: 429, statusText: 'OK', httpVersion: '1.1', headers: [] });
  open.chunk(0.7, Buffer.from('data: \u00e9'), 8);
  open.chunk(0.8, Buffer.from([0xff, 0x00]), 10);
  journal.add({ type: 'waited-out', id: 'first', as: 'first/waited-out-1' });
  const live = journal.recording();
  expect(live.exchanges[0]?.ending).toEqual({ kind: 'stopped', at: 0.8, bound: 'interrupt' });
  expect(plain(await loadRecording(path))).toEqual(plain(live));
  expect(live.exchanges[0]).toMatchObject({ id: 'first/waited-out-1', supersededBy: 'first' });
});

test('a journal cut anywhere is read up to its last whole line', async () => {
  const info = test.info();
  const path = info.outputPath('recording.ndjson');
  journalInto(path).close();
  const whole = readFileSync(path);
  const firstLine = whole.indexOf('\n') + 1;
  for (let length = firstLine; length < whole.length; length += 7) {
    writeFileSync(path, whole);
    truncateSync(path, length);
    expect((await loadRecording(path)).target).toEqual({ baseUrl: 'http://target.test' });
  }
  truncateSync(path, firstLine - 5);
  await expect(loadRecording(path)).rejects.toThrow(/breaks off in its first line/);
});

test('a file that is no sound recording is refused with its name and a remedy', async () => {
  const info = test.info();
  const good = info.outputPath('good.har');
  await saveHar(fullRecording(), good);
  const text = readFileSync(good, 'utf8');
  const path = info.outputPath('bad');
  const cases: readonly (readonly [content: string, message: RegExp])[] = [
    [text.slice(0, text.length / 2), /not complete JSON.*copy it again/],
    ['', /is no recording, and no capture/],
    ['[]', /neither a HAR file nor a journal/],
    ['{"log":{"version":"1.2","entries":[]}}', /did not write/],
    [text.replace('words-conformance-recording/1', 'words-conformance-recording/9'), /format is .*recording\/9/],
    [
      text.replace('"endCloseSeconds":5', '"endCloseSeconds":"5"'),
      /damaged at log\._recording\.settings\.endCloseSeconds: "5" must be number/,
    ],
    [text.replace('data: ', 'data:'), /chunks of first hold/],
    ['{"type":"header"}\nnot json\n', /line 2 is damaged/],
  ];
  for (const [content, message] of cases) {
    writeFileSync(path, content);
    const error = await loadRecording(path).then(
      () => new Error('was read'),
      (reason: Error) => reason,
    );
    expect(error).toBeInstanceOf(RecordingError);
    expect(error.message).toMatch(message);
    expect(error.message).toContain(path);
  }
  await expect(loadRecording(info.outputPath('absent'))).rejects.toThrow(/cannot be read \(ENOENT\)/);
});

test('reads that begin alike share their bytes, and stay what they were', () => {
  const { exchanges: _, ...header } = fullRecording();
  const builder = new RecordingBuilder();
  builder.add({ type: 'header', header });
  const bodies = {
    whole: ['data: 1', '\n\nend'],
    again: ['data', ': 1\n\nend'],
    cut: ['data:', ' 1\n'],
    other: ['data: 2', '\n'],
  };
  for (const [id, texts] of Object.entries(bodies)) {
    builder.add({ type: 'start', exchange: { ...buildSubscription('first'), id } });
    for (const text of texts)
      builder.add({ type: 'chunk', id, chunk: { at: 1, bytes: Buffer.from(text) }, wireBytes: text.length });
    builder.add({ type: 'end', id, ending: { kind: 'complete', at: 2 }, wireBytes: 0 });
  }
  const { exchanges } = builder.recording();
  expect(exchanges.map(({ chunks }) => chunks.map(({ bytes }) => Buffer.from(bytes).toString()))).toEqual(
    Object.values(bodies),
  );
  const [whole, again, cut, other] = exchanges.map(({ chunks }) => chunks[0]?.bytes.buffer);
  expect([again === whole, cut === whole, other === whole]).toEqual([true, true, false]);
});
