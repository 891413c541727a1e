import { encode, encodeComment } from 'eventsource-encoder';
import { access, authenticate, find } from './access.ts';
import { groupWords } from './batches.ts';
import { identityCoding } from './coding.ts';
import { errorDocument } from './errors.ts';
import type { Stages } from './pipeline.ts';
import { streamingTransport } from './transport.ts';
import { speak } from './voice.ts';

const utf8 = new TextEncoder();

/** What the conforming server does at each stage. */
export const defaultStages: Stages = {
  voice: speak,
  view: (stretch) => stretch.words,
  batches: (pending, next) => groupWords(pending, next),
  payload: (words) => ({ words: words.map(({ word, start, end }) => ({ word, start, end })) }),
  endPayload: (ctx) => ({ reason: ctx.stream.endReason }),
  deliver: (items) => items,
  frame(item) {
    if (item.kind === 'heartbeat') return encodeComment('heartbeat');
    const data = JSON.stringify(item.payload);
    return item.kind === 'end' ? encode({ event: 'end', data }) : encode({ data });
  },
  bytes: (frame) => [utf8.encode(frame)],
  coding: () => identityCoding,
  head: () => ({
    status: 200,
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    },
  }),
  transport: streamingTransport,
  authenticate,
  access,
  find,
  refuse: (refusal) => errorDocument(refusal),
};
