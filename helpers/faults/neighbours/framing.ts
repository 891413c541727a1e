import { frames } from '../overrides.ts';
import type { Neighbour } from '../types.ts';

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

export const framingNeighbours: readonly Neighbour[] = [
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
