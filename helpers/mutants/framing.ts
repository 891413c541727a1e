import type { Item } from '../reference/pipeline.ts';
import { type Fault, faultsOf, type Variant, variantsNear } from './cases.ts';
import {
  all,
  atTheStart,
  beforeBatch,
  delivered,
  frames,
  inBatch,
  onLive,
  only,
  onReplay,
  onSnapshot,
  payloadOf,
  stacked,
} from './overrides.ts';

/** The end comes as ever; `scratch` says of the last batch that it is the last. */
async function* markingTheLast(items: AsyncIterable<Item>, scratch: Map<string, unknown>): AsyncIterable<Item> {
  let kept: Item | undefined;
  for await (const item of items) {
    if (item.kind === 'end') scratch.set('last batch', true);
    if (kept !== undefined) yield kept;
    kept = item;
  }
  if (kept !== undefined) yield kept;
}

export const faults: readonly Fault[] = [
  ...faultsOf('framing.utf8', 'fail', {
    'latin-1-bytes': [
      'It writes Latin-1, which shows in words with accents only.',
      () => ({ bytes: (frame) => [Buffer.from(frame, 'latin1')] }),
    ],
    'latin-1-bytes-on-replay': [
      'It keeps its history as Latin-1.',
      only(onReplay, () => ({ bytes: (frame) => [Buffer.from(frame, 'latin1')] })),
    ],
    'utf-16-body': ['It writes UTF-16.', () => ({ bytes: (frame) => [Buffer.from(frame, 'utf16le')] })],
    'character-cut-by-a-buffer': [
      'Its buffer cuts a character of two bytes in half and loses one of them.',
      only(onSnapshot, () => ({
        bytes(frame) {
          const bytes = Buffer.from(frame);
          const accent = bytes.findIndex((byte) => byte >= 0x80);
          return accent < 0 ? [bytes] : [bytes.subarray(0, accent), bytes.subarray(accent + 1)];
        },
      })),
    ],
  }),
  ...faultsOf('framing.fields', 'fail', {
    'pretty-printed-json': [
      'It prints JSON over several lines, and writes data: before the first of them alone.',
      frames('event', (frame) => frame.replace(/(?<=data: ).*/, (json) => JSON.stringify(JSON.parse(json), null, 2))),
    ],
    'frames-as-python-bytes': [
      'It writes its batches as Python prints bytes.',
      frames('batch', (frame) => `b'${frame.replaceAll('\n', '\\n')}'`),
    ],
    'data-field-in-capitals': [
      'It writes Data: for data:.',
      frames('batch', (frame) => frame.replace('data:', 'Data:')),
    ],
    'indented-data-once': [
      'A template indents the data line of one batch.',
      frames('batch', (frame) => ` ${frame}`, inBatch(3)),
    ],
    'bare-json-lines-on-snapshot': [
      'Its snapshots hold JSON lines without a field name.',
      frames('batch', (frame) => frame.replace('data: ', ''), onSnapshot),
    ],
    'event-field-in-capitals-at-the-end': [
      'It writes Event: end.',
      frames('end', (frame) => frame.replace('event:', 'Event:')),
    ],
  }),
  ...faultsOf('framing.unknown-fields', 'warn', {
    'field-of-its-own': [
      'It adds a field timestamp: to each event.',
      frames('event', (frame) => `timestamp: 1700000000\n${frame}`),
    ],
    'debug-line-on-replay': [
      'It writes a line for its own log into what it replays.',
      beforeBatch(1, 'shard=7 replaying\n', onReplay),
    ],
  }),
  ...faultsOf('framing.dispatched', 'fail', {
    'end-without-data': ['Its end is an event without data.', frames('end', () => 'event: end\n\n')],
    'end-without-blank-line': [
      'It closes after the end without its blank line.',
      frames('end', (frame) => frame.slice(0, -1)),
    ],
    'snapshot-end-without-blank-line': [
      'Its snapshots are joined with blank lines, so that none stands after the end.',
      frames('end', (frame) => frame.slice(0, -1), onSnapshot),
    ],
    'event-without-data-in-the-middle': [
      'It sends an event: message without data between two batches.',
      beforeBatch(2, 'event: message\n\n'),
    ],
  }),
  ...faultsOf('framing.event-types', 'fail', {
    'batches-as-event-words': [
      'It sends batches as event: words.',
      frames('batch', (frame) => `event: words\n${frame}`),
    ],
    'batches-as-event-words-on-replay': [
      'It replays batches as event: history.',
      frames(
        'batch',
        (frame, item) => (item.kind === 'batch' && item.phase === 'history' ? `event: history\n${frame}` : frame),
        onReplay,
      ),
    ],
    'heartbeat-as-event': [
      'It keeps the connection open with event: ping.',
      beforeBatch(2, 'event: ping\ndata: {}\n\n'),
    ],
    'error-event-in-the-stream': [
      'It reports a hiccup of its voice as event: error, after a 200.',
      beforeBatch(3, 'event: error\ndata: {"error":{"code":"internal","message":"voice stalled"}}\n\n', onLive),
    ],
  }),
  ...faultsOf('framing.bom', 'fail', {
    'byte-order-mark-before-each-event': [
      'It writes a byte order mark before each event.',
      frames('event', (frame) => `\ufeff${frame}`),
    ],
    'byte-order-mark-at-the-seam': [
      'A byte order mark stands where a stored file of history is joined to the live stream.',
      frames('batch', (frame) => `\ufeff${frame}`, all(onReplay, inBatch(1))),
    ],
  }),
  ...faultsOf('framing.json', 'fail', {
    'not-a-number-in-json': [
      'It writes NaN where the aligner gave no end.',
      frames('batch', (frame) => frame.replace(/"end":[\d.]+(?=\}\])/, '"end":NaN'), inBatch(2)),
    ],
    'trailing-comma-in-json': [
      'It builds JSON by hand, with a comma after the last word.',
      frames('batch', (frame) => frame.replace('}]}', '},]}')),
    ],
    'two-documents-in-one-event': [
      'Its snapshots hold two batches on one data line.',
      frames('batch', (frame) => `data: {"words":[]}${frame.slice('data: '.length)}`, all(onSnapshot, inBatch(1))),
    ],
    'blank-line-missing-between-batches': [
      'It leaves the blank line out between two batches, so that they become one event.',
      frames('batch', (frame) => frame.slice(0, -1), inBatch(2)),
    ],
    'blank-line-missing-before-the-end': [
      'It leaves the blank line out before the end, which swallows the last batch.',
      stacked(
        delivered((items, { scratch }) => markingTheLast(items, scratch)),
        frames('batch', (frame, _, { scratch }) => (scratch.has('last batch') ? frame.slice(0, -1) : frame)),
      ),
    ],
    'json-inside-a-string': [
      'It encodes each batch twice.',
      frames('batch', (_, item) => `data: ${JSON.stringify(JSON.stringify(payloadOf(item)))}\n\n`),
    ],
    'end-as-python-dictionary': [
      "The data of its end is Python's {'reason': None}.",
      frames('end', () => "event: end\ndata: {'reason': None}\n\n"),
    ],
    'end-with-empty-data': ['The data of its end is empty.', frames('end', () => 'event: end\ndata:\n\n')],
    'batch-cut-at-its-buffer': [
      'A buffer of fixed size cuts a long batch off.',
      frames('batch', (frame) => (frame.length > 100 ? `${frame.slice(0, 100)}\n\n` : frame), inBatch(4)),
    ],
  }),
  ...faultsOf('framing.retry-id', 'warn', {
    'retry-in-words': ['It sends retry: soon.', beforeBatch(0, 'retry: soon\n')],
    'retry-with-a-unit': ['It sends retry: 3000ms to late subscribers.', beforeBatch(0, 'retry: 3000ms\n', onReplay)],
    'id-with-nul': [
      'Its event ids are raw bytes, one of them NUL.',
      frames('batch', (frame) => `id: 7\u0000\n${frame}`, inBatch(3)),
    ],
  }),
];

/** Cuts after every `size` bytes. */
function* cut(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let offset = 0; offset < bytes.length; offset += size) yield bytes.subarray(offset, offset + size);
}

export const variants: readonly Variant[] = [
  ...variantsNear('framing.dispatched', {
    'crlf-lines': ['Ends its lines with CRLF.', frames('any', (frame) => frame.replaceAll('\n', '\r\n'))],
    'cr-lines': ['Ends its lines with CR alone.', frames('any', (frame) => frame.replaceAll('\n', '\r'))],
    'mixed-line-endings': [
      'Ends its lines with LF, CR and CRLF by turns.',
      frames('any', (frame, _, { sent }) => frame.replaceAll('\n', ['\n', '\r\n', '\r'][sent.frames % 3] ?? '\n')),
    ],
    'blank-lines-between-events': [
      'Leaves several blank lines between events.',
      frames('any', (frame) => `\n\n${frame}\n\n\n`),
    ],
    'retry-alone': [
      'Opens with a block that holds a retry and no data.',
      frames('any', (frame) => `retry: 1500\n\n${frame}`, atTheStart),
    ],
  }),
  ...variantsNear('framing.utf8', {
    'one-byte-a-chunk': [
      'Sends each byte in a chunk of its own.',
      () => ({ bytes: (frame) => cut(Buffer.from(frame), 1) }),
      { script: 'Café, señor? Voilà: déjà vu.' },
    ],
    'characters-cut-in-two': [
      'Cuts its chunks inside characters and inside CRLF.',
      () => ({ bytes: (frame) => cut(Buffer.from(frame.replaceAll('\n', '\r\n')), 7) }),
      { script: 'Voilà: naïve cafés! 😀 Ça marche, señor? Tschüß, Zoë.' },
    ],
  }),
  ...variantsNear('framing.bom', {
    'byte-order-mark-first': [
      'Starts the body with a byte order mark.',
      frames('any', (frame) => `\uFEFF${frame}`, atTheStart),
    ],
    'byte-order-mark-as-content': [
      'Holds U+FEFF inside a member that the contract does not name.',
      (defaults) => ({
        payload: (words, ctx) => ({ note: '\uFEFF', ...(defaults.payload(words, ctx) as object) }),
      }),
    ],
  }),
  ...variantsNear('framing.fields', {
    'heartbeats-everywhere': [
      'Sends a comment before and after every event.',
      frames('any', (frame) => `: before\n\n${frame}:\n\n: after\n\n`),
    ],
    'comments-that-look-like-data': [
      'Writes JSON and field names into its comments.',
      frames('any', (frame) => `: {"words": []}\n:data: {}\n: Data: x\n${frame}`),
    ],
    'no-space-after-colon': [
      'Writes data: without a space.',
      frames('any', (frame) => frame.replaceAll(/^(data|event): /gm, '$1:')),
    ],
  }),
  ...variantsNear('framing.json', {
    'two-spaces-after-colon': [
      'Writes two spaces after data: so that the JSON starts with one.',
      frames('any', (frame) => frame.replaceAll(/^data: /gm, 'data:  ')),
    ],
    'json-over-several-lines': [
      'Spreads each JSON text over several data lines.',
      frames('batch', (_, item) => `${JSON.stringify(payloadOf(item), null, 2).replaceAll(/^/gm, 'data: ')}\n\n`),
    ],
    'json-escaped-to-ascii': [
      'Escapes every character beyond ASCII in its JSON.',
      frames('any', (frame) =>
        frame.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
      ),
      { script: 'Voilà, señor! Ça marche. Größe zählt, naïve Zoë.' },
    ],
  }),
  ...variantsNear('framing.event-types', {
    'event-message-named': [
      'Names the default type: event: message.',
      frames('batch', (frame) => `event: message\n${frame}`),
    ],
    'event-field-empty': [
      'Sends an empty event field with each batch, which leaves the default type.',
      frames('batch', (frame) => `event:\n${frame}`),
    ],
  }),
  ...variantsNear('framing.retry-id', {
    'ids-and-retry': [
      'Gives every event an id, and a retry with the first.',
      frames('event', (frame, _, ctx) => {
        const retry = ctx.sent.frames === 0 ? 'retry: 3000\n' : '';
        return `${retry}id: ${ctx.stream.id}/${ctx.sent.frames}\n${frame}`;
      }),
    ],
  }),
];
