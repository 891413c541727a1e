import type { Item } from '../../reference/pipeline.ts';
import { all, beforeBatch, frames, inBatch, onLive, onReplay, onSnapshot } from '../overrides.ts';
import type { Fault } from '../types.ts';

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
