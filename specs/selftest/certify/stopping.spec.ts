import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { loadContract } from '../../../helpers/contract/load.ts';
import { loadRequirements } from '../../../helpers/contract/requirements.ts';
import { gatherEvidence } from '../../../helpers/judging/evidence.ts';
import { loadRecording } from '../../../helpers/recording/load.ts';
import { startReference } from '../../../helpers/reference/server.ts';
import { assess } from '../../../helpers/results/assess.ts';
import { checks } from '../../checks.ts';
import { ACCOUNTS, API_KEY } from '../probes/support.ts';
import { hasHeardWords, resultsIn, startCertify } from '../support/certify.ts';
import { compiled } from '../support/compiled-suite.ts';

// A run takes as long as its session and the machine need.
test.describe.configure({ timeout: 0 });

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const NPM = ['npm', 'run', '--silent', 'certify'];
const COMPILED = [process.execPath, compiled('helpers/cli/main.js')];

interface Asked {
  readonly line: string;
  body: string;
  answered: boolean;
}

interface Target extends AsyncDisposable {
  readonly baseUrl: string;
  readonly asked: readonly Asked[];
}

/** The reference server behind one that writes down what is asked, and that answers `held` requests late. */
async function watchedTarget(speed: number, held?: RegExp): Promise<Target> {
  const reference = await startReference({ speed, accounts: ACCOUNTS });
  const asked: Asked[] = [];
  const front = createServer((incoming: IncomingMessage, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    const one: Asked = { line: `${method} ${url}`, body: '', answered: false };
    asked.push(one);
    incoming.on('data', (part: Buffer) => {
      one.body += part.toString();
    });
    const passed = request({ host: '127.0.0.1', port: reference.port, method, path: url, headers }, (answer) => {
      const pass = () => {
        one.answered = true;
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      };
      if (held?.test(one.line)) setTimeout(pass, 1500);
      else pass();
    });
    passed.on('error', () => outgoing.destroy());
    outgoing.on('close', () => passed.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
      await reference.close();
    },
  };
}

/** In a process group of its own, as a shell starts it. */
function startInGroup(
  baseUrl: string,
  out: string,
  [program = '', ...argv]: readonly string[] = NPM,
): { readonly child: ChildProcess; readonly ended: Promise<number | null> } {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(WORDS_|SUITE_|TEST_|GITHUB_)/.test(name));
  const settings = { WORDS_BASE_URL: baseUrl, WORDS_OUT: out, WORDS_AVATAR_ID: 'a', WORDS_VOICE_ID: 'v' };
  const child = spawn(program, argv, {
    cwd: ROOT,
    detached: true,
    stdio: 'ignore',
    env: { ...Object.fromEntries(inherited), ...settings, WORDS_API_KEY: API_KEY },
  });
  return { child, ended: new Promise((resolve) => child.once('close', (code) => resolve(code))) };
}

function isGroupAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

/** The command lines of node's processes in the group, without npm itself. */
function nodesIn(group: number): readonly string[] {
  return commandsIn(group)
    .map(({ command }) => command.replaceAll('\0', ' '))
    .filter((command) => !/^(npm|sh) /.test(command));
}

/** The process of the group that is Playwright's; zero where there is none. */
function playwrightIn(group: number): number {
  return commandsIn(group).find(({ command }) => command.includes('@playwright/test/cli.js'))?.pid ?? 0;
}

function commandsIn(group: number): readonly { readonly pid: number; readonly command: string }[] {
  const found: { pid: number; command: string }[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      const [, , , , pgrp] = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/\(.*\)/, 'x')
        .split(' ');
      if (Number(pgrp) === group) found.push({ pid: Number(name), command });
    } catch {
      // It has gone meanwhile.
    }
  }
  return found;
}

const creates = (asked: readonly Asked[]) => asked.filter(({ line }) => line === 'POST /v3/avatar-realtime');
const cancels = (asked: readonly Asked[]) => asked.filter(({ line }) => /^POST .*\/cancel$/.test(line));

interface Moment {
  readonly name: string;
  readonly held?: RegExp;
  readonly reached: (asked: readonly Asked[], out: string) => boolean;
}

const moments: readonly Moment[] = [
  { name: 'before anything is sent', reached: (_, out) => existsSync(join(out, 'results.json')) },
  {
    name: 'while the session is being created',
    held: /^POST \/v3\/avatar-realtime$/,
    reached: (asked) => creates(asked).length > 0,
  },
  { name: 'while it speaks', reached: (asked) => asked.some(({ line }) => line.includes('/words')) },
  { name: 'while refusals are asked for', reached: (asked) => asked.some(({ line }) => line.includes('%zz')) },
];

for (const [how, signal, at] of [
  ['Ctrl-C', 'SIGINT', moments],
  // One listener hears both signals.
  ['SIGTERM', 'SIGTERM', moments.slice(-1)],
  ['kill -9', 'SIGKILL', moments],
] as const)
  for (const { name, held, reached } of at)
    test(`${how} ${name}: no process is left, nothing is claimed, and the session is cancelled by whoever can`, async () => {
      // Held by its files alone where the kernel shows processes otherwise.
      test.skip(process.platform !== 'linux', 'finds processes in /proc');
      await using target = await watchedTarget(1, held);
      const out = test.info().outputPath('out');
      // A terminal tells the whole group, npm included; whoever sends another signal, one process.
      const { child, ended } = startInGroup(target.baseUrl, out, how === 'Ctrl-C' ? NPM : COMPILED);
      const group = child.pid ?? 0;
      await expect.poll(() => reached(target.asked, out), { timeout: 0, intervals: [20] }).toBe(true);
      if (how === 'Ctrl-C') process.kill(-group, signal);
      else child.kill(signal);
      await ended;
      await expect.poll(() => isGroupAlive(group), { timeout: 0 }).toBe(false);

      expect(creates(target.asked).length).toBeLessThanOrEqual(1);
      const answered = creates(target.asked).some((one) => one.answered);
      // Nobody is left to cancel anything after a kill -9.
      expect(cancels(target.asked)).toHaveLength(answered && how !== 'kill -9' ? 1 : 0);
      const results = resultsIn(out);
      expect(results).toMatchObject({ verdict: 'error', requirements: [] });
      expect(results.reason).toMatch(/interrupted|did not finish/);

      const recorded = ['recording.har', 'recording.ndjson'].map((file) => join(out, file)).find(existsSync);
      if (!recorded) {
        expect(target.asked).toEqual([]);
        return;
      }
      const recording = await loadRecording(recorded);
      expect(recording.finishedAt).toBeUndefined();
      expect(readFileSync(recorded, 'utf8')).not.toContain(API_KEY);
      const evidence = gatherEvidence(recording, loadContract(), loadRequirements());
      expect(assess(evidence, { checks, strict: false, waivers: [], today: '2026-11-22' }).verdict).toBe('incomplete');
    });

for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const)
  test(`npx playwright test, and ${signal} to Playwright: the session is cancelled, and nothing is claimed`, async () => {
    test.skip(process.platform !== 'linux', 'finds processes in /proc');
    await using target = await watchedTarget(1);
    const out = test.info().outputPath('out');
    const playwright = createRequire(import.meta.url).resolve('@playwright/test/cli');
    const { child, ended } = startInGroup(target.baseUrl, out, [process.execPath, playwright, 'test']);
    const group = child.pid ?? 0;
    await expect.poll(() => hasHeardWords(out), { timeout: 0, intervals: [20] }).toBe(true);
    child.kill(signal);
    expect(await ended).not.toBe(0);
    await expect.poll(() => isGroupAlive(group), { timeout: 0 }).toBe(false);
    expect(cancels(target.asked)).toHaveLength(1);
    expect(resultsIn(out)).toMatchObject({ verdict: 'error', requirements: [], reason: 'The run was interrupted.' });
    expect((await loadRecording(join(out, 'recording.har'))).finishedAt).toBeUndefined();
  });

test('one process records and judges; Playwright comes after the verdict', async () => {
  test.skip(process.platform !== 'linux', 'finds processes in /proc');
  await using target = await watchedTarget(8);
  const out = test.info().outputPath('out');
  const { child, ended } = startInGroup(target.baseUrl, out);
  const group = child.pid ?? 0;
  await expect.poll(() => hasHeardWords(out), { timeout: 0, intervals: [20] }).toBe(true);
  expect(nodesIn(group)).toEqual([expect.stringContaining('cli/main.ts')]);
  await ended;
  expect(existsSync(join(out, 'playwright', 'index.html'))).toBe(true);
});

test('SIGTERM to npm alone stops the run and cancels the session', async () => {
  test.skip(process.platform !== 'linux', 'finds processes in /proc');
  await using target = await watchedTarget(1);
  const out = test.info().outputPath('out');
  const { child, ended } = startInGroup(target.baseUrl, out);
  const group = child.pid ?? 0;
  await expect.poll(() => hasHeardWords(out), { timeout: 0, intervals: [20] }).toBe(true);
  child.kill('SIGTERM');
  await ended;
  await expect.poll(() => isGroupAlive(group), { timeout: 0 }).toBe(false);
  expect(cancels(target.asked)).toHaveLength(1);
  expect(resultsIn(out)).toMatchObject({ verdict: 'error', reason: 'The run was interrupted.' });
  expect(existsSync(join(out, 'recording.har'))).toBe(true);
});

test('kill -9 of Playwright while it shows the judgement: the exit code says that not all was done, the verdict stays', async () => {
  test.skip(process.platform !== 'linux', 'finds processes in /proc');
  await using target = await watchedTarget(8);
  const out = test.info().outputPath('out');
  const { child, ended } = startInGroup(target.baseUrl, out);
  const group = child.pid ?? 0;
  const playwright = () => playwrightIn(group);
  await expect.poll(playwright, { timeout: 0, intervals: [10] }).toBeGreaterThan(0);
  expect(resultsIn(out).verdict).not.toBe('error');
  expect(readFileSync(`/proc/${playwright()}/environ`, 'latin1'), 'it shows, and needs no credential').not.toContain(
    API_KEY,
  );
  process.kill(playwright(), 'SIGKILL');
  expect(await ended).toBe(3);
  await expect.poll(() => isGroupAlive(group), { timeout: 0 }).toBe(false);
  expect(resultsIn(out).verdict).not.toBe('error');
});

test('kill -9 at random moments: results.json says error or is that of a finished run, and the next run just works', async () => {
  test.skip(process.platform !== 'linux', 'finds processes in /proc');
  const out = test.info().outputPath('out');
  for (let round = 0; round < 4; round += 1) {
    const run = startCertify(['--out', out]);
    await expect.poll(() => existsSync(join(out, 'run', 'lock')), { timeout: 0, intervals: [10] }).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 5000));
    run.process.kill('SIGKILL');
    const { code } = await run.ended;
    const recorded = ['recording.har', 'recording.ndjson'].map((file) => join(out, file)).find(existsSync);
    if (existsSync(join(out, 'results.json')) && code !== 0)
      expect(resultsIn(out), `round ${round}`).toMatchObject({ verdict: 'error', requirements: [] });
    if (recorded !== undefined) await loadRecording(recorded);
  }
  const { code } = await startCertify(['--out', out]).ended;
  expect(code).not.toBe(3);
});
