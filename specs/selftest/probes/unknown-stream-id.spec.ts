import { expect, test } from '@playwright/test';
import { idOfNoSession } from '../../../helpers/probes/unknown-stream-id.ts';
import type { Exchange } from '../../../helpers/recording/recording.ts';
import { startReference } from '../../../helpers/reference/server.ts';
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
    const unknown = new Set(Array.from({ length: 50 }, () => idOfNoSession(known)));
    expect(unknown.size).toBe(50);
    expect(unknown).not.toContain(known);
    for (const id of unknown) expect(id).toMatch(pattern);
  });

for (const known of ['', 'live', '42', 'session-1', 'zzzzzzzzzzzzzzzzzzzz', '大家好欢迎来到我们的节目'])
  test(`an id that another session may well have is not imitated: "${known}"`, () => {
    expect(idOfNoSession(known)).toMatch(UUID);
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
