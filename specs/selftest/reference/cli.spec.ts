import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { withReference } from './support.ts';

const MAIN = resolve('helpers/reference/main.ts');

function run(...flags: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((done) => {
    execFile(process.execPath, ['--import', 'tsx', MAIN, ...flags], (error, out, err) =>
      done({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
  });
}

for (const [flag, value, remedy] of [
  ['--port', '70000', 'Give a number from 0 to 65535.'],
  ['--speed', 'fast', 'Give a number from 0.1 to 1000.'],
  ['--account', 'nameonly', 'Give name:apiKey or name:apiKey:bearerToken.'],
  ['--rate-limit', '10', 'Give requests/seconds such as 60/10, or off.'],
  ['--path-prefix', 'x y', 'Give a path such as /staging.'],
] as const)
  test(`a mistake in ${flag} is named, with what would do`, async () => {
    const { code, out, err } = await run(flag, value);
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toContain(flag);
    expect(err).toContain(remedy);
  });

test('a port that is taken is one line, not a stack', async () => {
  await withReference({}, async ({ port }) => {
    const { code, err } = await run('--port', String(port));
    expect(code).toBe(1);
    expect(err).toMatch(/^listen EADDRINUSE[^\n]*\n$/);
  });
});

test('help names every flag', async () => {
  const { code, out } = await run('--help');
  expect(code).toBe(0);
  expect(out.match(/^ {2}--[a-z-]+/gm)?.map((flag) => flag.trim())).toEqual([
    '--port',
    '--host',
    '--speed',
    '--account',
    '--store',
    '--rate-limit',
    '--max-sessions',
    '--idle',
    '--start-delay',
    '--heartbeat',
    '--path-prefix',
  ]);
});
