import type { Item } from '../reference/pipeline.ts';
import { all, beforeBatch, frames, inBatch, onLive, onReplay, onSnapshot } from './overrides.ts';
import type { Fault, Variant } from './types.ts';

export const framingFaults: readonly Fault[] = [
  {
    id: 'latin-1-bytes',
    sentence: 'It writes Latin-1, which shows in words with accents only.',
    stages: () => ({ bytes: (frame) => [Buffer.from(frame, 'latin1')] }),
    turns: { 'framing.utf8': 'fail' },
  },
  {
    id: 'latin-1-bytes-on-replay',
    sentence: 'It keeps its history as Latin-1.',
    stages: (defaults) => ({
      bytes: (frame, ctx) => (onReplay(ctx) ? [Buffer.from(frame, 'latin1')] : defaults.bytes(frame, ctx)),
    }),
    turns: { 'framing.utf8': 'fail' },
  },
  {
    id: 'utf-16-body',
    sentence: 'It writes UTF-16.',
    stages: () => ({ bytes: (frame) => [Buffer.from(frame, 'utf16le')] }),
    turns: { 'framing.utf8': 'fail' },
  },
  {
    id: 'character-cut-by-a-buffer',
    sentence: 'Its buffer cuts a character of two bytes in half and loses one of them.',
    stages: (defaults) => ({
      bytes(frame, ctx) {
        const bytes = Buffer.from(frame);
        const accent = bytes.findIndex((byte) => byte >= 0x80);
        if (!onSnapshot(ctx) || accent < 0) return defaults.bytes(frame, ctx);
        return [bytes.subarray(0, accent), bytes.subarray(accent + 1)];
      },
    }),
    turns: { 'framing.utf8': 'fail' },
  },
  {
    id: 'data-field-in-capitals',
    sentence: 'It writes Data: for data:.',
    stages: (defaults) => frames(defaults, 'batch', (frame) => frame.replace('data:', 'Data:')),
    turns: { 'framing.fields': 'fail' },
  },
  {
    id: 'indented-data-once',
    sentence: 'A template indents the data line of one batch.',
    stages: (defaults) => frames(defaults, 'batch', (frame) => ` ${frame}`, inBatch(3)),
    turns: { 'framing.fields': 'fail' },
  },
  {
    id: 'bare-json-lines-on-snapshot',
    sentence: 'Its snapshots hold JSON lines without a field name.',
    stages: (defaults) => frames(defaults, 'batch', (frame) => frame.replace('data: ', ''), onSnapshot),
    turns: { 'framing.fields': 'fail' },
  },
  {
    id: 'event-field-in-capitals-at-the-end',
    sentence: 'It writes Event: end.',
    stages: (defaults) => frames(defaults, 'end', (frame) => frame.replace('event:', 'Event:')),
    turns: { 'framing.fields': 'fail' },
  },
  {
    id: 'field-of-its-own',
    sentence: 'It adds a field timestamp: to each event.',
    stages: (defaults) => frames(defaults, 'event', (frame) => `timestamp: 1700000000\n${frame}`),
    turns: { 'framing.unknown-fields': 'warn' },
  },
  {
    id: 'debug-line-on-replay',
    sentence: 'It writes a line for its own log into what it replays.',
    stages: (defaults) => beforeBatch(defaults, 1, 'shard=7 replaying\n', onReplay),
    turns: { 'framing.unknown-fields': 'warn' },
  },
  {
    id: 'end-without-data',
    sentence: 'Its end is an event without data.',
    stages: (defaults) => frames(defaults, 'end', () => 'event: end\n\n'),
    turns: { 'framing.dispatched': 'fail' },
  },
  {
    id: 'end-without-blank-line',
    sentence: 'It closes after the end without its blank line.',
    stages: (defaults) => frames(defaults, 'end', (frame) => frame.slice(0, -1)),
    turns: { 'framing.dispatched': 'fail' },
  },
  {
    id: 'snapshot-end-without-blank-line',
    sentence: 'Its snapshots are joined with blank lines, so that none stands after the end.',
    stages: (defaults) => frames(defaults, 'end', (frame) => frame.slice(0, -1), onSnapshot),
    turns: { 'framing.dispatched': 'fail' },
  },
  {
    id: 'event-without-data-in-the-middle',
    sentence: 'It sends an event: message without data between two batches.',
    stages: (defaults) => beforeBatch(defaults, 2, 'event: message\n\n'),
    turns: { 'framing.dispatched': 'fail' },
  },
  {
    id: 'batches-as-event-words',
    sentence: 'It sends batches as event: words.',
    stages: (defaults) => frames(defaults, 'batch', (frame) => `event: words\n${frame}`),
    turns: { 'framing.event-types': 'fail' },
  },
  {
    id: 'batches-as-event-words-on-replay',
    sentence: 'It replays batches as event: history.',
    stages: (defaults) =>
      frames(
        defaults,
        'batch',
        (frame, item) => (item.kind === 'batch' && item.phase === 'history' ? `event: history\n${frame}` : frame),
        onReplay,
      ),
    turns: { 'framing.event-types': 'fail' },
  },
  {
    id: 'heartbeat-as-event',
    sentence: 'It keeps the connection open with event: ping.',
    stages: (defaults) => beforeBatch(defaults, 2, 'event: ping\ndata: {}\n\n'),
    turns: { 'framing.event-types': 'fail' },
  },
  {
    id: 'error-event-in-the-stream',
    sentence: 'It reports a hiccup of its voice as event: error, after a 200.',
    stages: (defaults) =>
      beforeBatch(
        defaults,
        3,
        'event: error\ndata: {"error":{"code":"internal","message":"voice stalled"}}\n\n',
        onLive,
      ),
    turns: { 'framing.event-types': 'fail' },
  },
  {
    id: 'byte-order-mark-before-each-event',
    sentence: 'It writes a byte order mark before each event.',
    stages: (defaults) => frames(defaults, 'event', (frame) => `\ufeff${frame}`),
    turns: { 'framing.bom': 'fail' },
  },
  {
    id: 'byte-order-mark-at-the-seam',
    sentence: 'A byte order mark stands where a stored file of history is joined to the live stream.',
    stages: (defaults) => frames(defaults, 'batch', (frame) => `\ufeff${frame}`, all(onReplay, inBatch(1))),
    turns: { 'framing.bom': 'fail' },
  },
  {
    id: 'not-a-number-in-json',
    sentence: 'It writes NaN where the aligner gave no end.',
    stages: (defaults) =>
      frames(defaults, 'batch', (frame) => frame.replace(/"end":[\d.]+(?=\}\])/, '"end":NaN'), inBatch(2)),
    turns: { 'framing.json': 'fail' },
  },
  {
    id: 'trailing-comma-in-json',
    sentence: 'It builds JSON by hand, with a comma after the last word.',
    stages: (defaults) => frames(defaults, 'batch', (frame) => frame.replace('}]}', '},]}')),
    turns: { 'framing.json': 'fail' },
  },
  {
    id: 'two-documents-in-one-event',
    sentence: 'Its snapshots hold two batches on one data line.',
    stages: (defaults) =>
      frames(
        defaults,
        'batch',
        (frame) => `data: {"words":[]}${frame.slice('data: '.length)}`,
        all(onSnapshot, inBatch(1)),
      ),
    turns: { 'framing.json': 'fail' },
  },
  {
    id: 'blank-line-missing-between-batches',
    sentence: 'It leaves the blank line out between two batches, so that they become one event.',
    stages: (defaults) => frames(defaults, 'batch', (frame) => frame.slice(0, -1), inBatch(2)),
    turns: { 'framing.json': 'fail' },
  },
  {
    id: 'blank-line-missing-before-the-end',
    sentence: 'It leaves the blank line out before the end, which swallows the last batch.',
    stages: (defaults) => ({
      ...frames(
        defaults,
        'batch',
        (frame) => frame.slice(0, -1),
        ({ scratch }) => scratch.get('last batch') === true,
      ),
      async *deliver(items, ctx) {
        let kept: Item | undefined;
        for await (const item of items) {
          if (item.kind === 'end') ctx.scratch.set('last batch', true);
          if (kept !== undefined) yield kept;
          kept = item;
        }
        if (kept !== undefined) yield kept;
      },
    }),
    turns: { 'framing.json': 'fail' },
  },
  {
    id: 'json-inside-a-string',
    sentence: 'It encodes each batch twice.',
    stages: (defaults) =>
      frames(defaults, 'batch', (_, item) =>
        item.kind === 'batch' ? `data: ${JSON.stringify(JSON.stringify(item.payload))}\n\n` : '',
      ),
    turns: { 'framing.json': 'fail' },
  },
  {
    id: 'end-as-python-dictionary',
    sentence: "The data of its end is Python's {'reason': None}.",
    stages: (defaults) => frames(defaults, 'end', () => "event: end\ndata: {'reason': None}\n\n"),
    turns: { 'framing.json': 'fail' },
  },
  {
    id: 'end-with-empty-data',
    sentence: 'The data of its end is empty.',
    stages: (defaults) => frames(defaults, 'end', () => 'event: end\ndata:\n\n'),
    turns: { 'framing.json': 'fail' },
  },
  {
    id: 'batch-cut-at-its-buffer',
    sentence: 'A buffer of fixed size cuts a long batch off.',
    stages: (defaults) =>
      frames(defaults, 'batch', (frame) => (frame.length > 100 ? `${frame.slice(0, 100)}\n\n` : frame), inBatch(4)),
    turns: { 'framing.json': 'fail' },
  },
  {
    id: 'retry-in-words',
    sentence: 'It sends retry: soon.',
    stages: (defaults) => beforeBatch(defaults, 0, 'retry: soon\n'),
    turns: { 'framing.retry-id': 'warn' },
  },
  {
    id: 'retry-with-a-unit',
    sentence: 'It sends retry: 3000ms to late subscribers.',
    stages: (defaults) => beforeBatch(defaults, 0, 'retry: 3000ms\n', onReplay),
    turns: { 'framing.retry-id': 'warn' },
  },
  {
    id: 'id-with-nul',
    sentence: 'Its event ids are raw bytes, one of them NUL.',
    stages: (defaults) => frames(defaults, 'batch', (frame) => `id: 7\u0000\n${frame}`, inBatch(3)),
    turns: { 'framing.retry-id': 'warn' },
  },
];

const utf8 = new TextEncoder();

/** Each line of the data on a data line of its own. */
function spread(payload: unknown): string {
  const lines = JSON.stringify(payload, null, 2).split('\n');
  return `${lines.map((line) => `data: ${line}`).join('\n')}\n\n`;
}

/** Cuts after every `size` bytes. */
function* cut(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let offset = 0; offset < bytes.length; offset += size) yield bytes.subarray(offset, offset + size);
}

export const framingVariants: readonly Variant[] = [
  {
    id: 'crlf-lines',
    sentence: 'Ends its lines with CRLF.',
    near: 'framing.dispatched',
    stages: (defaults) => frames(defaults, 'any', (frame) => frame.replaceAll('\n', '\r\n')),
  },
  {
    id: 'cr-lines',
    sentence: 'Ends its lines with CR alone.',
    near: 'framing.dispatched',
    stages: (defaults) => frames(defaults, 'any', (frame) => frame.replaceAll('\n', '\r')),
  },
  {
    id: 'mixed-line-endings',
    sentence: 'Ends its lines with LF, CR and CRLF by turns.',
    near: 'framing.dispatched',
    stages: (defaults) =>
      frames(defaults, 'any', (frame, _item, ctx) => {
        const ending = ['\n', '\r\n', '\r'][ctx.sent.frames % 3] ?? '\n';
        return frame.replaceAll('\n', ending);
      }),
  },
  {
    id: 'one-byte-a-chunk',
    sentence: 'Sends each byte in a chunk of its own.',
    near: 'framing.utf8',
    script: 'Café, señor? Voilà: déjà vu.',
    stages: (defaults) => ({
      *bytes(frame, ctx) {
        for (const whole of defaults.bytes(frame, ctx)) yield* cut(whole, 1);
      },
    }),
  },
  {
    id: 'characters-cut-in-two',
    sentence: 'Cuts its chunks inside characters and inside CRLF.',
    near: 'framing.utf8',
    script: 'Voilà: naïve cafés! 😀 Ça marche, señor? Tschüß, Zoë.',
    stages: () => ({
      *bytes(frame) {
        yield* cut(utf8.encode(frame.replaceAll('\n', '\r\n')), 7);
      },
    }),
  },
  {
    id: 'byte-order-mark-first',
    sentence: 'Starts the body with a byte order mark.',
    near: 'framing.bom',
    stages: (defaults) =>
      frames(defaults, 'any', (frame, _item, ctx) => (ctx.sent.frames === 0 ? `\uFEFF${frame}` : frame)),
  },
  {
    id: 'byte-order-mark-as-content',
    sentence: 'Holds U+FEFF inside a member that the contract does not name.',
    near: 'framing.bom',
    stages: (defaults) => ({
      payload: (words, ctx) => ({ note: '\uFEFF', ...(defaults.payload(words, ctx) as object) }),
    }),
  },
  {
    id: 'heartbeats-everywhere',
    sentence: 'Sends a comment before and after every event.',
    near: 'framing.fields',
    stages: (defaults) => frames(defaults, 'any', (frame) => `: before\n\n${frame}:\n\n: after\n\n`),
  },
  {
    id: 'comments-that-look-like-data',
    sentence: 'Writes JSON and field names into its comments.',
    near: 'framing.fields',
    stages: (defaults) => frames(defaults, 'any', (frame) => `: {"words": []}\n:data: {}\n: Data: x\n${frame}`),
  },
  {
    id: 'blank-lines-between-events',
    sentence: 'Leaves several blank lines between events.',
    near: 'framing.dispatched',
    stages: (defaults) => frames(defaults, 'any', (frame) => `\n\n${frame}\n\n\n`),
  },
  {
    id: 'no-space-after-colon',
    sentence: 'Writes data: without a space.',
    near: 'framing.fields',
    stages: (defaults) => frames(defaults, 'any', (frame) => frame.replaceAll(/^(data|event): /gm, '$1:')),
  },
  {
    id: 'two-spaces-after-colon',
    sentence: 'Writes two spaces after data: so that the JSON starts with one.',
    near: 'framing.json',
    stages: (defaults) => frames(defaults, 'any', (frame) => frame.replaceAll(/^data: /gm, 'data:  ')),
  },
  {
    id: 'json-over-several-lines',
    sentence: 'Spreads each JSON text over several data lines.',
    near: 'framing.json',
    stages: (defaults) => ({
      frame: (item, ctx) => (item.kind === 'batch' ? spread(item.payload) : defaults.frame(item, ctx)),
    }),
  },
  {
    id: 'json-escaped-to-ascii',
    sentence: 'Escapes every character beyond ASCII in its JSON.',
    near: 'framing.json',
    script: 'Voilà, señor! Ça marche. Größe zählt, naïve Zoë.',
    stages: (defaults) =>
      frames(defaults, 'any', (frame) =>
        frame.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
      ),
  },
  {
    id: 'event-message-named',
    sentence: 'Names the default type: event: message.',
    near: 'framing.event-types',
    stages: (defaults) => frames(defaults, 'batch', (frame) => `event: message\n${frame}`),
  },
  {
    id: 'event-field-empty',
    sentence: 'Sends an empty event field with each batch, which leaves the default type.',
    near: 'framing.event-types',
    stages: (defaults) => frames(defaults, 'batch', (frame) => `event:\n${frame}`),
  },
  {
    id: 'ids-and-retry',
    sentence: 'Gives every event an id, and a retry with the first.',
    near: 'framing.retry-id',
    stages: (defaults) =>
      frames(defaults, 'event', (frame, _item, ctx) => {
        const retry = ctx.sent.frames === 0 ? 'retry: 3000\n' : '';
        return `${retry}id: ${ctx.stream.id}/${ctx.sent.frames}\n${frame}`;
      }),
  },
  {
    id: 'retry-alone',
    sentence: 'Opens with a block that holds a retry and no data.',
    near: 'framing.dispatched',
    stages: (defaults) =>
      frames(defaults, 'any', (frame, _item, ctx) => (ctx.sent.frames === 0 ? `retry: 1500\n\n${frame}` : frame)),
  },
];
