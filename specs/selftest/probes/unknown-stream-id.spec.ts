import { expect, test } from '@playwright/test';
import { unknownStreamIds } from '../../../helpers/probes/unknown-stream-id.ts';
import type { Exchange } from '../../../helpers/recording/recording.ts';
import { notAuthenticated, unknownStream } from '../../../helpers/reference/errors.ts';
import { startReference } from '../../../helpers/reference/server.ts';
import { certifyAt, resultIn } from '../targets/support.ts';
import { ACCOUNTS, exchangeOf, recordAt } from './support.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

for (const [form, known, pattern] of [
  ['UUID', '0f6fa1fc-5f3c-4c39-8b52-9a4a30bc1d0e', UUID],
  ['24 hexadecimal digits', '665f1c2ab0d94e7f83a6c51d', /^[0-9a-f]{24}$/],
  ['hexadecimal digits behind a prefix', 'rt_665f1c2ab0d94e7f83a6c51d', /^rt_[0-9a-f]{24}$/],
  ['few hexadecimal digits behind a prefix', 'STREAM-B0D94E7F83A6', /^STREAM-[0-9A-F]{12}$/],
  ['ULID', '01J9ZQ4T8W5X2R7K3M6N0PBCDE', /^01[0-9A-HJKMNP-TV-Z]{24}$/],
  ['prefix and letters of both cases', 'avs_9fK2mQx7TbLw3Zr8', /^avs_[0-9A-Za-z]{16}$/],
  ['number', '182736455463728190', /^\d{18}$/],
] as const)
  test(`an id of no session has the form of the known one: ${form}`, () => {
    const unknown = new Set(Array.from({ length: 50 }, () => unknownStreamIds(known)[0]?.id ?? ''));
    expect(unknown.size).toBe(50);
    expect(unknown).not.toContain(known);
    for (const id of unknown) expect(id).toMatch(pattern);
  });

for (const [known, pattern] of [
  ['41872', /^9\d{8}$/],
  ['rt_42', /^rt_9\d{8}$/],
  ['session-1', /^session-9\d{8}$/],
  ['live', /^[a-z]{12}$/],
  ['zzzzzzzzzzzzzzzzzzzz', /^[a-z]{20}$/],
  ['', UUID],
  ['大家好欢迎来到我们的节目', UUID],
] as const)
  test(`a short or plain id becomes longer, of the kind that it ends in: "${known}"`, () => {
    for (let time = 0; time < 20; time++) expect(unknownStreamIds(known)[0]?.id).toMatch(pattern);
  });

test('a number is never imitated by anything but a number, and one of its own length is asked for last', () => {
  const ids = unknownStreamIds('41872').map(({ id }) => id);
  expect(ids.map((id) => id.replace(/\d/g, '0'))).toEqual(['000000000', '000000000', '00000']);
});

test('ids of forms without check digits are certain; others are guesses', () => {
  const guesses = (known: string) => unknownStreamIds(known).map(({ isGuess }) => isGuess);
  expect(guesses('0f6fa1fc-5f3c-4c39-8b52-9a4a30bc1d0e')).toEqual([false]);
  expect(guesses('rt_665f1c2ab0d94e7f83a6c51d')).toEqual([false]);
  expect(guesses('avs_9fK2mQx7TbLw3Zr8')).toEqual([true, true, true]);
  expect(guesses('182736455463728190')).toEqual([true, true, true]);
  expect(guesses('rt_4539578763621486')).toEqual([true, true, true]);
});

/** A target whose session has this id, and that answers ids it has never given out with this status. */
async function askedOf(known: string, answer: (id: string) => number, unknownStreamId?: string, formFirst = false) {
  const server = await startReference({
    speed: 40,
    accounts: ACCOUNTS,
    stages: {
      access: async (request, tools) => {
        if (!request.identity && !(formFirst && request.streamId !== known)) return { refused: notAuthenticated };
        if (request.identity && request.streamId === known) return tools.find(only, request.identity);
        const status = /^\d+$/.test(request.streamId ?? '') ? answer(request.streamId ?? '') : 400;
        return status === 200 && request.identity
          ? tools.find(only, request.identity)
          : { refused: { ...unknownStream, status } };
      },
    },
  });
  const only = await server.addCompletedSession({ text: 'One two three.' });
  const { recording, assessment } = await certifyAt(server.baseUrl, {
    session: { mode: 'ids' },
    completedStreamIds: [known],
    ...(unknownStreamId === undefined ? {} : { unknownStreamId }),
  }).finally(() => server.close());
  const asked = recording.exchanges.filter(({ id }) => id.startsWith('errors.not-found'));
  return {
    asked: asked.map(({ response }) => response?.status),
    outcome: resultIn(assessment, 'errors.not-found'),
    lookup: resultIn(assessment, 'auth.before-lookup'),
  };
}

test('an id that is answered 400 for its check digit is followed by another form, then left open with the setting', async () => {
  const { asked, outcome } = await askedOf('41872', () => 400);
  expect(asked).toEqual([400, 400, 400]);
  expect(outcome).toMatchObject({
    outcome: 'inconclusive',
    remedy: expect.stringContaining('WORDS_UNKNOWN_STREAM_ID'),
  });
});

test('an id whose form is looked at before the credential tells nothing of who may find out what', async () => {
  const { asked, outcome, lookup } = await askedOf('41872', () => 422, undefined, true);
  expect(asked).toEqual([422, 422, 422]);
  for (const result of [outcome, lookup])
    expect(result).toMatchObject({
      outcome: 'inconclusive',
      remedy: expect.stringContaining('WORDS_UNKNOWN_STREAM_ID'),
    });
});

test('a guess that hits another session is no finding: the next one is asked for', async () => {
  let hits = 0;
  const { asked, outcome } = await askedOf('41872', () => (hits++ === 0 ? 200 : 404));
  expect(asked).toEqual([200, 404]);
  expect(outcome.outcome).toBe('pass');
});

test('an id that the operator vouches for is judged: 400 for it is a breach', async () => {
  const { asked, outcome } = await askedOf('41872', () => 400, '99999');
  expect(asked).toEqual([400]);
  expect(outcome.outcome).toBe('fail');
});

test('a run asks for an unknown session in the form of its own, with a credential and without', async () => {
  const server = await startReference({ speed: 40, accounts: ACCOUNTS });
  const recording = await recordAt(server.baseUrl, { speed: 40 }).finally(() => server.close());
  const [{ streamId = '' } = {}] = recording.streams;
  const asked = (exchange: Exchange) => new URL(exchange.request.url).pathname.split('/').at(-2) ?? '';
  const unknown = asked(exchangeOf(recording, 'errors.not-found'));
  expect(unknown).not.toBe(streamId);
  expect(unknown.replace(/[a-z]/g, 'a').length).toBe(streamId.length);
  expect(unknown.slice(0, 4)).toBe(streamId.slice(0, 4));
  expect(asked(exchangeOf(recording, 'auth.before-lookup/none'))).toBe(unknown);
});
