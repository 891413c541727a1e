import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import manifest from '../../../package.json' with { type: 'json' };

const run = promisify(execFile);

// All look at one tarball: packing compiles the suite.
test.describe.configure({ mode: 'serial' });

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
  readonly unpackedSize: number;
}

let tarball: string;
let packed: Packed;
test.beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'words-tarball-'));
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder]);
  [packed] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [Packed];
  tarball = join(folder, packed.filename);
});
test.afterAll(() => rm(dirname(tarball), { recursive: true }));

test('the tarball holds the compiled suite and its data, and nothing else', () => {
  const { files, unpackedSize } = packed;
  const paths = files.map(({ path }) => path);
  const expected = /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|dist\/(helpers|openapi|reports|specs|[a-z.]+$))/;
  expect(paths.filter((path) => !expected.test(path) || /selftest|\.ts$|\.(tsbuildinfo|har|map)$/.test(path))).toEqual(
    [],
  );
  for (const needed of [
    'dist/helpers/cli/main.js',
    'dist/playwright.config.js',
    'dist/specs/record.setup.js',
    'dist/openapi/external-api.yaml',
    'dist/openapi/requirement-sets/2026-11.yaml',
    'dist/helpers/results/results.schema.json',
  ])
    expect(paths).toContain(needed);
  expect(paths.length).toBeLessThan(450);
  expect(unpackedSize).toBeLessThan(2_000_000);
});

test('nothing is run, built or compiled where the package is installed', () => {
  expect(Object.keys(manifest.scripts)).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^(pre|post)?install$|^prepare$/)]),
  );
  for (const tool of ['tsx', 'typescript', 'esbuild', 'echarts'])
    expect(manifest.dependencies).not.toHaveProperty(tool);
});

test('installed in a path with spaces and umlauts, it certifies (0 for the embedded server, 1 for a broken one), and every other command works', async () => {
  const tool = ['--import', 'tsx', 'helpers/tools/try-package.ts'];
  const argv = ['--node', 'current', '--layout', 'spaces', '--tarball', tarball];
  const { stdout } = await run(process.execPath, [...tool, ...argv]);
  expect(stdout).toMatch(/embedded: exit 0, broken: exit 1, commands as they should, \d+ MB installed/);
  expect(Number(/(\d+) MB/.exec(stdout)?.[1])).toBeLessThanOrEqual(60);
});
