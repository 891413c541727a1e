import type { Judgement, Violation } from '../../../helpers/judging/check.ts';
import { gatherEvidence } from '../../../helpers/judging/evidence.ts';
import type { Exchange, Recording } from '../../../helpers/recording/recording.ts';
import type { SpokenWord } from './recordings.ts';
import { batched, contract, delivered, recordingOf, refusals, requirements, speech } from './reports.ts';

/** A session with an over-full batch, times that go back, and a snapshot that lost and changed words. */
export function faultyRecording(): Recording {
  const words = speech(40);
  const overfull = batched(words.slice(0, 12), 12, 9);
  const backwards = words.slice(12).map((word, index): SpokenWord => (index === 6 ? [word[0], 3, 3.2] : word));
  const batches = [...overfull, ...batched(backwards)];
  const changed = batched(
    words
      .filter((_, index) => index !== 9)
      .map((word, index): SpokenWord => (index === 20 ? ['walks', word[1], word[2]] : word)),
  );
  const exchanges: Exchange[] = [
    delivered('first', batches),
    delivered('late', batches, { startedAt: 6 }),
    ...refusals(),
    delivered('snapshot', changed, { startedAt: 16, burst: true }),
  ];
  return recordingOf(exchanges, {
    unmet: [
      {
        need: 'other-account',
        declared: true,
        reason: 'No second account was given.',
        remedy: 'Give WORDS_OTHER_API_KEY, the key of a second account.',
      },
      {
        need: 'burst',
        declared: true,
        reason: 'The run sent no burst.',
        remedy: 'Set WORDS_BURST=1 to allow the bounded burst.',
      },
    ],
  });
}

/** What is wrong with it, as checks would say it. */
export function faultyJudgements(recording: Recording): Readonly<Record<string, Partial<Judgement>>> {
  const { subscriptions } = gatherEvidence(recording, contract, requirements);
  const onEvent = (
    exchange: string,
    index: number,
    rest: Pick<Violation, 'message' | 'expected' | 'actual'>,
    word?: number,
  ): Violation => {
    const event = subscriptions.find((entry) => entry.exchange.id === exchange)?.transcript.events[index];
    return {
      ...rest,
      exchange,
      event: index,
      ...(word === undefined ? {} : { word }),
      ...(event ? { byteOffset: event.byteOffset, byteLength: event.byteLength, at: event.at } : {}),
    };
  };
  return {
    'batching.word-cap': {
      violations: ['first', 'late'].map((id) =>
        onEvent(id, 0, {
          message: `Batch 1 of ${id} holds 12 words.`,
          expected: ['at most 10 word events in a batch'],
          actual: '12 word events',
        }),
      ),
    },
    'ordering.across-batches': {
      violations: [
        onEvent(
          'first',
          3,
          {
            message: 'Word 19 starts at 3 s, after a word that starts at 6.9 s.',
            expected: ['a start of 6.9 s or later'],
            actual: 'start 3',
          },
          18,
        ),
      ],
      violationCount: 34,
    },
    'snapshot.equals-live': {
      violations: [
        {
          message: 'The snapshot lacks one word that the live subscriber saw and changed another.',
          expected: ['the words of first: same tokens, same times, same order'],
          actual: 'walks 7.4 – 7.6 s where first has walk',
          exchange: 'snapshot',
          event: 2,
        },
      ],
    },
    'auth.challenge': {
      violations: [
        {
          message: 'The 401 carries no WWW-Authenticate header.',
          expected: ['a WWW-Authenticate header field'],
          actual: 'none',
          exchange: 'auth.missing/live',
        },
      ],
    },
    ...Object.fromEntries(
      ['auth.isolation', 'rate-limit.status', 'rate-limit.retry-after', 'rate-limit.body', 'rate-limit.recovers'].map(
        (id) => [id, { observations: 0 }],
      ),
    ),
    'batching.time-span': {
      observations: 0,
      unverified: {
        reason: 'The session ended before two batches had come.',
        remedy: 'Let the session speak for at least 10 s.',
      },
    },
    'liveness.lag': { notes: ['first: batches arrived 0.11 s to 0.13 s after their last word'] },
  };
}
