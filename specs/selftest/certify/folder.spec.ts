import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { loadRecording, saveHar } from '../../../helpers/recording/load.ts';
import { API_KEY } from '../probes/support.ts';
import { certify, hasHeardWords, resultsIn, startCertify } from '../support/certify.ts';
import { changed, errorBody, runOf, withBody } from '../support/runs.ts';
import { batch, END, hostileTarget, streamAnswer } from '../targets/hostile-target.ts';

// A run takes as long as its session and the machine need.
test.describe.configure({ timeout: 0 });

const CREATES = { WORDS_API_KEY: API_KEY, WORDS_AVATAR_ID: 'a', WORDS_VOICE_ID: 'v' };
const folder = (name: string) => test.info().outputPath(name);

/** Every file in the folder, with its bytes; but not the lock, whose time is renewed. */
function contentsOf(out: string): Record<string, string> {
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), 'latin1')]),
  );
}

test('a second run in the folder of one that is under way says so, exits with 3 and touches nothing', async () => {
  const out = folder('out');
  await saveHar(runOf(changed('errors.not-found', withBody(errorBody(404, {})))), folder('other.har'));
  const first = startCertify(['--out', out], { WORDS_SPEED: '1' });
  await expect.poll(() => hasHeardWords(out), { timeout: 0, intervals: [20] }).toBe(true);
  first.process.kill('SIGSTOP');
  const before = contentsOf(out);
  const second = await certify(['--out', out, '--recording', folder('other.har')]);
  const mistaken = await certify(['--out', out, '--session', 'idz']);
  expect(contentsOf(out)).toEqual(before);
  first.process.kill('SIGCONT');
  expect(second.code).toBe(3);
  expect(second.output).toContain(`Another run (process ${first.process.pid}) works in ${out}`);
  expect(mistaken.code).toBe(3);
  first.process.kill('SIGINT');
  expect((await first.ended).code).toBe(3);
  expect(resultsIn(out).reason).toBe('The run was interrupted.');
});

test('after a kill -9 the next run takes the folder over at once', async () => {
  const out = folder('out');
  await saveHar(runOf(), folder('recording.har'));
  const killed = startCertify(['--out', out], { WORDS_SPEED: '1' });
  await expect.poll(() => hasHeardWords(out), { timeout: 0, intervals: [20] }).toBe(true);
  killed.process.kill('SIGKILL');
  await killed.ended;
  expect(existsSync(join(out, 'run', 'lock'))).toBe(true);
  const { code } = await certify(['--out', out, '--recording', folder('recording.har')]);
  expect(code).toBe(0);
  expect(existsSync(join(out, 'run', 'lock'))).toBe(false);
});

test('a folder with files of somebody else is refused before anything is sent, and left as it is', async () => {
  await using target = await hostileTarget({ words: streamAnswer(END) });
  const out = folder('out');
  for (const name of ['artifacts', 'playwright']) mkdirSync(join(out, name), { recursive: true });
  for (const name of ['results.json', 'artifacts/a', 'playwright/b', 'report.html', 'junit.xml', 'recording.har'])
    writeFileSync(join(out, name), '{}');
  const before = contentsOf(out);
  const { code, output } = await certify(['--out', out], { ...CREATES, WORDS_BASE_URL: target.baseUrl });
  expect(code).toBe(3);
  expect(output).toContain('which no run of this suite left there');
  expect(contentsOf(out)).toEqual(before);
  expect(target.heads).toEqual([]);
});

test('what earlier runs recorded in the folder is kept, whatever the next ones come to, and passes for none of them', async () => {
  const out = folder('out');
  await saveHar(runOf(), folder('other.har'));
  expect((await certify(['--out', out, '--recording', folder('other.har')])).code).toBe(0);
  const first = readFileSync(join(out, 'recording.har'), 'utf8');
  // A run that was killed.
  writeFileSync(join(out, 'recording.ndjson'), 'what it had recorded');
  const { recordingSha256 } = resultsIn(out).run ?? {};
  for (const _ of ['nothing listens', 'nothing listens still']) {
    const { code } = await certify(['--out', out], { ...CREATES, WORDS_BASE_URL: 'http://127.0.0.1:9' });
    expect(code).toBe(3);
    expect(resultsIn(out).run?.recordingSha256).not.toBe(recordingSha256);
  }
  const kept = (name: string) => readFileSync(join(out, name), 'utf8');
  expect(kept(`recording-${recordingSha256?.slice(0, 8)}.har`)).toBe(first);
  const journal = readdirSync(out).find((name) => /^recording-[0-9a-f]{8}\.ndjson$/.test(name));
  expect(kept(journal ?? '')).toBe('what it had recorded');
});

/** Mounts a file system of this size for the folder; undefined where this user may not. */
function mountSmall(out: string, size: string): Disposable | undefined {
  mkdirSync(out, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', out], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  return { [Symbol.dispose]: () => execFileSync('umount', ['-l', out]) };
}

/** Twelve megabytes of comments, then a word and the end. */
const LONG_STREAM = `${`: ${'x'.repeat(1021)}\n`.repeat(12 * 1024)}\n${batch([{ word: 'Hi', start: 0, end: 0.2 }])}${END}`;

for (const [size, what] of [
  ['64k', 'the journal of a short session'],
  ['256k', 'the report'],
  ['1m', 'the journal of a long stream'],
  ['5m', 'the journal of a long stream'],
  ['30m', 'the recording of a long stream'],
] as const)
  test(`a disk of ${size} that is too small for ${what}: exit code 3, the file is named, what was recorded can be judged`, async () => {
    const disk = folder('disk');
    using mounted = mountSmall(disk, size);
    test.skip(mounted === undefined, 'this user may not mount a file system');
    await using target = await hostileTarget({ words: streamAnswer(LONG_STREAM) });
    const remote = { ...CREATES, WORDS_BASE_URL: target.baseUrl };
    const out = join(disk, 'out');
    const run = startCertify(['--out', out], { ...(what.includes('long') ? remote : {}) });
    const { code, output } = await run.ended;
    expect(code, output).toBe(3);
    expect(output).toMatch(/\S+ cannot be written \(ENOSPC\)\./);
    expect(output).not.toContain('    at ');
    expect(resultsIn(out)).toMatchObject({ verdict: 'error', requirements: [] });
    const recorded = ['recording.har', 'recording.ndjson'].map((name) => join(out, name)).find(existsSync);
    const recording = await loadRecording(recorded ?? '');
    expect(recording.exchanges.length).toBeGreaterThan(0);
  });

test('a disk that refuses to write (a file may grow no further): exit code 3, and the journal can be judged', async () => {
  test.skip(process.platform === 'win32', 'has no ulimit');
  const out = folder('out');
  const { code, output } = await startCertify(['--out', out], {}, { fileBlocks: 40 }).ended;
  expect(code, output).toBe(3);
  expect(output).toContain(`${join(out, 'recording.ndjson')} cannot be written (EFBIG).`);
  expect(resultsIn(out)).toMatchObject({ verdict: 'error' });
  const { exchanges, finishedAt } = await loadRecording(join(out, 'recording.ndjson'));
  expect(exchanges.length).toBeGreaterThan(0);
  expect(finishedAt).toBeUndefined();
});

for (const replacement of ['a file', 'nothing'] as const)
  test(`the folder is replaced by ${replacement} in mid-run: exit code 3, and what was recorded can be judged`, async () => {
    const out = folder('out');
    const run = startCertify(['--out', out], { WORDS_SPEED: '2' });
    await expect.poll(() => hasHeardWords(out), { timeout: 0, intervals: [20] }).toBe(true);
    renameSync(out, folder('moved'));
    if (replacement === 'a file') writeFileSync(out, 'mine');
    const { code, output } = await run.ended;
    expect(code, output).toBe(3);
    expect(output).toContain(`${out} was removed or replaced while the run worked in it`);
    if (replacement === 'a file') expect(readFileSync(out, 'utf8')).toBe('mine');
    else expect(existsSync(out)).toBe(false);
    const recording = await loadRecording(folder('moved/recording.ndjson'));
    expect(recording.exchanges.map(({ id }) => id)).toContain('first');
    rmSync(out, { force: true });
  });

for (const [what, fault] of [
  ['a throw', 'throw new Error("boom of key-4711-other")'],
  ['a rejection', 'Promise.reject(new Error("boom of key-4711-other"))'],
] as const)
  test(`${what} that nobody catches, while the target is recorded, is no verdict: exit code 3`, async () => {
    const out = folder('out');
    // It strikes the command itself, and only once words are being recorded.
    const module = `import { existsSync, readFileSync } from "node:fs"; const path = ${JSON.stringify(join(out, 'recording.ndjson'))};
      const timer = setInterval(() => { if (!existsSync(path) || !readFileSync(path, "utf8").includes("words\\\\\\":")) return; clearInterval(timer); ${fault}; }, 20); timer.unref();`;
    const options = ['--import', `data:text/javascript,${encodeURIComponent(module)}`];
    const { code, output } = await startCertify(['--out', out], { WORDS_OTHER_API_KEY: 'key-4711-other' }, { options })
      .ended;
    expect(code, output).toBe(3);
    const told = 'The suite itself failed: Error: boom of $WORDS_OTHER_API_KEY';
    expect(output).toContain(told);
    expect(output).not.toContain('key-4711');
    expect(resultsIn(out)).toMatchObject({ verdict: 'error', reason: told });
    expect((await loadRecording(join(out, 'recording.har'))).finishedAt).toBeUndefined();
  });

test('a throw that nobody catches in Playwright, which shows the judgement, is no verdict: exit code 3', async () => {
  await saveHar(runOf(changed('errors.not-found', withBody('{}'))), folder('recording.har'));
  const module = 'if (process.env.SUITE_JUDGED) setTimeout(() => { throw new Error("boom"); }, 300);';
  const { code, output } = await certify(['--out', folder('out'), '--recording', folder('recording.har')], {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(module)}`,
    WORDS_PLAYWRIGHT_REPORT: '1',
  });
  expect(output).toContain('NON-CONFORMANT');
  expect(output).toContain("Playwright's report could not be made");
  expect(code, output).toBe(3);
  expect(resultsIn(folder('out')).verdict).toBe('non-conformant');
});
