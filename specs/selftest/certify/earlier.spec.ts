import { expect, test } from '@playwright/test';
import { certify } from '../../../helpers/certify.ts';
import { startReference } from '../../../helpers/reference/server.ts';
import { RunFolder } from '../../../helpers/results/run-folder.ts';
import { readSettings } from '../../../helpers/settings/read-settings.ts';
import { checks } from '../../checks.ts';
import { ACCOUNTS, API_KEY } from '../probes/support.ts';
import { certify as certifyByCommand, resultsIn } from '../support/certify.ts';
import { hostileTarget, textAnswer } from '../targets/hostile-target.ts';

test('the recording that a run left is the earlier one of the next run into the same folder', async () => {
  const server = await startReference({ accounts: ACCOUNTS });
  const out = test.info().outputPath('out');
  const run = async (env: Record<string, string>) => {
    const given = { WORDS_BASE_URL: server.baseUrl, WORDS_API_KEY: API_KEY, WORDS_COMPLETED_STREAM_ID: completed };
    using folder = new RunFolder(out);
    const settings = readSettings({ ...given, ...env, WORDS_OUT: out }, test.info().outputPath());
    const { requirements } = await certify(settings, { folder, checks });
    return requirements.find(({ id }) => id === 'snapshot.durable');
  };
  const completed = await server.addCompletedSession({ text: 'One two three, four five six.' });
  expect(await run({})).toMatchObject({ outcome: 'not-applicable' });
  expect(await run({ WORDS_EARLIER_RECORDING: `${out}/recording.har` })).toMatchObject({ outcome: 'pass' });
  await server.close();
});

test('with an earlier recording alone the sessions that it holds are read; those that are lost are found, and the others read', async () => {
  const server = await startReference({ accounts: ACCOUNTS });
  const texts = ['One two three, four five six.', 'Seven, eight, nine.'];
  const ids = await Promise.all(texts.map((text) => server.addCompletedSession({ text })));
  const target = { WORDS_BASE_URL: server.baseUrl, WORDS_API_KEY: API_KEY };
  const before = test.info().outputPath('before');
  await certifyByCommand([], { ...target, WORDS_COMPLETED_STREAM_ID: ids.join(), WORDS_OUT: before });
  await server.close();

  const port = Number(new URL(server.baseUrl).port);
  const emptied = await startReference({ accounts: ACCOUNTS, port });
  const run = async (name: string) => {
    const out = test.info().outputPath(name);
    const env = { ...target, WORDS_EARLIER_RECORDING: `${before}/recording.har`, WORDS_OUT: out };
    const { code, output } = await certifyByCommand([], env);
    const broken = resultsIn(out).requirements.filter(({ outcome }) => outcome === 'fail');
    return { code, output, broken };
  };
  const lost = await run('lost');
  expect(lost.broken.map(({ id }) => id)).toEqual(['snapshot.served', 'snapshot.durable']);
  expect(lost.broken[1]?.violations.map(({ message }) => message)).toEqual([
    expect.stringMatching(/404.*the recording of .* holds 8 words of it/),
    expect.stringMatching(/404.*the recording of .* holds 6 words of it/),
  ]);
  expect(lost.code, lost.output).toBe(1);
  await emptied.close();
});

test('a live session that an earlier recording holds, and that the target has lost, breaks the rules of the snapshot', async () => {
  const before = await startReference({ accounts: ACCOUNTS });
  const target = { WORDS_BASE_URL: before.baseUrl, WORDS_API_KEY: API_KEY };
  const id = await before.addCompletedSession({ text: 'One two three, four five six.' });
  const earlier = test.info().outputPath('before');
  await certifyByCommand([], { ...target, WORDS_COMPLETED_STREAM_ID: id, WORDS_OUT: earlier });
  await before.close();

  const emptied = await startReference({ accounts: ACCOUNTS, port: Number(new URL(before.baseUrl).port) });
  const kept = await emptied.addCompletedSession({ text: 'Seven, eight, nine.' });
  const out = test.info().outputPath('after');
  const { code, output } = await certifyByCommand([], {
    ...target,
    WORDS_SESSION: 'ids',
    WORDS_LIVE_STREAM_ID: id,
    WORDS_COMPLETED_STREAM_ID: kept,
    WORDS_EARLIER_RECORDING: `${earlier}/recording.har`,
    WORDS_OUT: out,
  });
  const { requirements } = resultsIn(out);
  const broken = requirements.filter(({ outcome }) => outcome === 'fail');
  expect(
    broken.map(({ id }) => id),
    output,
  ).toEqual(['snapshot.served', 'snapshot.durable']);
  expect(requirements.find(({ id }) => id === 'snapshot.stable')).toMatchObject({ outcome: 'pass' });
  expect(code).toBe(1);
  await emptied.close();
});

test('a session that is answered 404 right after it was created: the finding says that it was pending', async () => {
  await using server = await hostileTarget({
    words: textAnswer(404, 'application/json', '{"error":{"code":"not_found","message":"Not yet."}}'),
    status: textAnswer(200, 'application/json', '{"data":{"stream_id":"s1","status":"pending"}}'),
  });
  const out = test.info().outputPath('out');
  const env = { WORDS_BASE_URL: server.baseUrl, WORDS_API_KEY: API_KEY, WORDS_AVATAR_ID: 'a', WORDS_VOICE_ID: 'v' };
  const { code } = await certifyByCommand([], { ...env, WORDS_OUT: out });
  const status = resultsIn(out).requirements.find(({ id }) => id === 'http.status');
  expect(status?.violations[0]?.message).toMatch(
    /404 \("Not yet\."\), [\d.]+ s after the session was created, with the status "pending"; a created session is known/,
  );
  expect(code).toBe(1);
});
