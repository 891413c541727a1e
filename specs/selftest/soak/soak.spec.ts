import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { expect, test } from '@playwright/test';
import { isFailed, type SoakRun, soak } from '../../../helpers/tools/soak/soak.ts';

test('a run with every core kept busy finds nothing against the reference server', async () => {
  const told: string[] = [];
  const runs = await soak({
    runs: 1,
    speed: 8,
    busy: availableParallelism(),
    keep: test.info().outputPath('kept'),
    onRun: (run, index) => told.push(`${index} ${run.verdict}`),
  });
  expect(runs).toHaveLength(1);
  expect(told).toHaveLength(1);
  for (const run of runs) {
    expect(isFailed(run), JSON.stringify(run)).toBe(false);
    // What the load left unverified says so.
    for (const { outcome, reason } of run.unpassed) {
      expect(outcome).toBe('inconclusive');
      expect(reason).toMatch(/held up|too slow|machine/i);
    }
  }
  expect(existsSync(test.info().outputPath('kept')) ? readdirSync(test.info().outputPath('kept')) : []).toEqual([]);
});

for (const [name, run, failed] of [
  ['a MUST that fails', { verdict: 'non-conformant' }, true],
  ['a run that fails itself', { verdict: 'error' }, true],
  ['timing rules left open', { verdict: 'incomplete' }, false],
  ['a conformant run', { verdict: 'conformant' }, false],
] as const)
  test(`${name} ${failed ? 'fails' : 'does not fail'} the soak`, () => {
    const whole: SoakRun = { seconds: 1, reason: '', unpassed: [], ...run };
    expect(isFailed(whole)).toBe(failed);
  });

test('npm run soak prints its count and what came of it', async () => {
  const argv = [
    '--import',
    'tsx',
    'helpers/tools/soak/main.ts',
    '--runs',
    '1',
    '--out',
    test.info().outputPath('soak'),
  ];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const [code] = await once(child, 'close');
  expect(code, printed).toBe(0);
  expect(printed).toMatch(/^1 runs in \d+ s, with \d+ cores kept busy$/m);
  expect(printed).toContain('No run failed.');
});
