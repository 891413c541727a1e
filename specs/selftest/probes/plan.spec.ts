import { expect, test } from '@playwright/test';
import { credentialsOf } from '../../../helpers/http/credentials.ts';
import { planRun } from '../../../helpers/probes/plan.ts';
import { secondsToWait } from '../../../helpers/probes/retry-after.ts';
import { countSpokenWords, splitScript } from '../../../helpers/probes/script.ts';
import { runSessionCommand } from '../../../helpers/probes/session-command.ts';
import { startReference } from '../../../helpers/reference/server.ts';
import { ACCOUNTS, API_KEY, BEARER, recordAt, testSettings } from './support.ts';

test('the plan of a run is what the run then does', async () => {
  const server = await startReference({ speed: 20, accounts: ACCOUNTS });
  const settings = { speed: 20, baseUrl: server.baseUrl };
  const plan = planRun(testSettings(settings));
  const recording = await recordAt(server.baseUrl, settings);
  await server.close();
  const subscriptions = recording.exchanges.filter(({ purpose }) => purpose.kind === 'subscription');
  expect(subscriptions).toHaveLength(plan.subscriptions);
  // How often the status is asked for, and more text is given, depends on the target and on the machine.
  const asNeeded = recording.exchanges.filter(({ id }) => /^session-(status|append)/.test(id)).length;
  expect(recording.exchanges.length - asNeeded).toBe(plan.requests - 2);
  expect(plan.sessions).toBe(1);
});

test('the plan says what it cannot verify, and what to give it', () => {
  const {
    apiKey: _,
    otherApiKey: __,
    ...rest
  } = testSettings({ baseUrl: 'http://target.test', session: { mode: 'ids' }, completedStreamIds: ['a'] });
  const plan = planRun(rest);
  expect(plan.sessions).toBe(0);
  expect(plan.estimatedUsd).toEqual({ usual: 0, most: 0 });
  const lacks = Object.fromEntries(plan.unverifiable.map(({ id, remedy }) => [id, remedy]));
  expect(lacks['replay.no-gap']).toContain('WORDS_LIVE_STREAM_ID');
  expect(lacks['auth.isolation']).toContain('WORDS_OTHER_API_KEY');
  expect(plan.verifiable).toContain('http.status');
});

test('the plan has a price for a target that bills, and none for a server on this machine', () => {
  const planned = (baseUrl: string) => planRun(testSettings({ baseUrl }));
  const { sessionSeconds, estimatedUsd } = planned('http://target.test');
  expect(estimatedUsd.most).toBeCloseTo(sessionSeconds.longest * 0.05);
  for (const baseUrl of ['http://127.0.0.1:8080', 'http://localhost:8080', 'http://[::1]:8080']) {
    expect(planned(baseUrl)).toMatchObject({ sessionSeconds, estimatedUsd: { usual: 0, most: 0 } });
  }
});

test('wrong credentials differ from the right one, and in the middle', () => {
  const credentials = credentialsOf({ apiKey: API_KEY, bearerToken: BEARER });
  const near = credentials.get('near-api-key')?.headers[0]?.[1] ?? '';
  const differing = [...near].flatMap((character, index) => (character === API_KEY[index] ? [] : [index]));
  expect(near).toHaveLength(API_KEY.length);
  expect(differing).toHaveLength(1);
  expect(differing[0]).toBeLessThan(API_KEY.length - 4);
  const lengthened = credentials.get('lengthened-api-key');
  expect(lengthened?.headers[0]?.[1]).toMatch(new RegExp(`^${API_KEY}\\w$`));
  expect(lengthened?.recorded).toEqual([['x-api-key', '$LENGTHENED_API_KEY']]);
  expect(credentials.get('shortened-api-key')?.headers[0]?.[1]).toBe(API_KEY.slice(0, -1));
  const recased = credentials.get('recased-bearer')?.headers[0]?.[1]?.replace('Bearer ', '') ?? '';
  expect(recased.toLowerCase()).toBe(BEARER.toLowerCase());
  expect([...recased].filter((character, index) => character === BEARER[index]).join('')).toMatch(/^[^A-Za-z]*$/);
  expect(credentialsOf({ apiKey: '12345678' }).get('recased-api-key')).toBeUndefined();
  const relabelled = credentials.get('relabelled-bearer');
  expect(relabelled?.headers).toEqual([['authorization', `Digest ${BEARER}`]]);
  expect(relabelled?.recorded).toEqual([['authorization', 'Digest $RELABELLED_BEARER']]);
  const wrong = credentials.get('wrong-bearer')?.headers[0]?.[1] ?? '';
  expect(wrong).toMatch(/^Bearer /);
  expect([API_KEY, BEARER].some((value) => wrong.includes(value))).toBe(false);
  expect(credentials.get('other-account')).toBeUndefined();
});

test('a script is cut before its last sentence, and nothing of it is lost', () => {
  expect(splitScript('One. Two three? Four five!')).toEqual(['One. Two three? ', 'Four five!']);
  expect(splitScript('one two three')).toEqual(['one two ', 'three']);
  expect(splitScript('One. "Two three." Four "five!"')).toEqual(['One. "Two three." ', 'Four "five!"']);
  expect(splitScript('One two? "Three four."')).toEqual(['One two? ', '"Three four."']);
});

test('a script without spaces is cut at its ideographic full stops, and is never held back whole', () => {
  expect(splitScript('大家好！你好吗？谢谢，再见。')).toEqual(['大家好！你好吗？', '谢谢，再见。']);
  expect(splitScript('他说：“你好。”我们走。')).toEqual(['他说：“你好。”', '我们走。']);
  expect(splitScript('他说：“你好。”')).toEqual(['他说：“你好。”', '']);
  expect(splitScript('谢谢大家')).toEqual(['谢谢大家', '']);
  expect(splitScript('word')).toEqual(['word', '']);
});

test('what a voice would take time for: words, and two characters where there are no words to count', () => {
  expect(countSpokenWords('Hello, 3.14 well-known words!')).toBe(4);
  expect(countSpokenWords('大家好，欢迎来到我们的节目！')).toBe(6);
  expect(countSpokenWords('这是 HTTP 协议')).toBe(3);
});

test('Retry-After in seconds, as a date, and not at all', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');
  const wait = (value: string) => secondsToWait([['Retry-After', value]], now);
  expect(['7', '1.5', '0', 'Sun, 22 Nov 2026 12:00:09 GMT'].map(wait)).toEqual([7, 1.5, 0, 9]);
  expect(['soon', '-1', ''].map(wait)).toEqual([undefined, undefined, undefined]);
  expect(secondsToWait([])).toBeUndefined();
});

const PLAIN = { PATH: process.env.PATH ?? '' };

test('a session command may print what the API answers to who creates a session', async () => {
  const never = new AbortController().signal;
  const printed = (answer: unknown) => runSessionCommand(`echo '${JSON.stringify(answer)}'`, never, { env: PLAIN });
  expect(await printed({ data: { stream_id: 'st_1' } })).toEqual({ streamId: 'st_1' });
  expect(await printed({ stream_id: 'st_1', script: 'Hi.' })).toEqual({ streamId: 'st_1', script: 'Hi.' });
  expect(await printed({ data: 'st_1' })).toHaveProperty('problem');
  expect(await printed({ data: null })).toHaveProperty('problem');
});

test('a session command that hangs is killed with all that it started', async () => {
  const never = new AbortController().signal;
  expect(
    await runSessionCommand('echo waiting >&2; sleep 1000 | cat', never, { env: PLAIN, limitSeconds: 0.5 }),
  ).toEqual({
    problem: 'The session command took longer than 0.5 s; it said: waiting.',
  });
  const stop = new AbortController();
  const stopped = runSessionCommand('sleep 1000', stop.signal, { env: PLAIN });
  stop.abort();
  expect(await stopped).toEqual({ problem: 'The session command was stopped with the run.' });
  expect(await runSessionCommand('echo no', never, { env: PLAIN })).toEqual({
    problem: 'The session command printed no {"stream_id": "…"}; it printed: no.',
  });
});
