import { Buffer } from 'node:buffer';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import type { Exchange, Recording } from '../../../helpers/recording/recording.ts';
import { batchFrame, buildExchange, END_FRAME, type SpokenWord } from '../support/recordings.ts';
import { broken } from '../support/runs.ts';
import { overAt, recordingOf, sentAt, startOf } from './deliveries.ts';
import { MUTATIONS, type Mutation, type Sent, type Subscriber } from './mutations.ts';
import { assertAlways } from './seed.ts';
import { cutIntoBatches, plainSessions } from './sessions.ts';

const RUNS = 12;
const SUBSCRIBERS: readonly Subscriber[] = ['first', 'concurrent', 'late', 'reconnected', 'snapshot', 'snapshot-again'];

function runOf(words: readonly SpokenWord[], mutation?: Mutation, at = 0): Recording {
  const batches = cutIntoBatches(words);
  const sent: Sent = { batches, frames: [...batches.map(batchFrame), END_FRAME] };
  const subscriptions = SUBSCRIBERS.map((id): Exchange => {
    const isMutated = mutation !== undefined && (mutation.on === 'everyone' || mutation.on.includes(id));
    const role = id === 'snapshot-again' ? 'snapshot' : id;
    const startedAt = startOf(role, overAt(words));
    const times = sentAt(batches, startedAt, role === 'snapshot');
    const frames = isMutated ? mutation.change(sent, at) : sent.frames;
    const body = frames.map((frame, index) => [times[index] ?? times.at(-1) ?? 0, Buffer.from(frame)] as const);
    return buildExchange({ id, purpose: { kind: 'subscription', role }, startedAt, body });
  });
  return recordingOf(words, subscriptions);
}

test('without a mutation these runs conform', () => {
  assertAlways(
    fc.property(plainSessions, (words) => {
      expect(broken(runOf(words))).toEqual([]);
    }),
    RUNS,
  );
});

for (const mutation of MUTATIONS)
  test(`${mutation.name}, for ${mutation.on === 'everyone' ? mutation.on : mutation.on.join(' and ')}: ${mutation.found.join(', ')}`, () => {
    assertAlways(
      fc.property(plainSessions, fc.nat(), (words, at) => {
        expect(broken(runOf(words, mutation, at))).toEqual([...mutation.found].sort());
      }),
      RUNS,
    );
  });
