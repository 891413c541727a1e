import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { startReference } from '../../../helpers/reference/server.ts';
import { certify, hasHeardWords, startCertify } from '../support/certify.ts';

// One after the other: one looks at all processes, and another starts one that shows the key.
test.describe.configure({ mode: 'default' });

const KEY = 'flag-key-9fQ2xT7bLm4VzR8aKc1W';

const TARGET = ['--avatar-id', 'avatar', '--voice-id', 'voice', '--session-type', 'tts'];

function reference() {
  return startReference({ speed: 5, accounts: [{ name: 'certified', apiKeys: [KEY], bearerTokens: [] }] });
}

/** Command line of every process of this machine that can be read. */
function commandLines(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    });
}

test('a credential from a file opens the target and stands in no list of processes', async () => {
  test.skip(process.platform !== 'linux', 'reads /proc');
  const server = await reference();
  const [file, out] = [test.info().outputPath('key.txt'), test.info().outputPath('out')];
  writeFileSync(file, `${KEY}\n`);
  try {
    const run = startCertify(['--base-url', server.baseUrl, '--api-key', `@${file}`, '--out', out, ...TARGET]);
    await expect.poll(() => hasHeardWords(out), { timeout: 0 }).toBe(true);
    expect(commandLines().filter((line) => line.includes(KEY))).toEqual([]);
    run.process.kill('SIGINT');
    expect((await run.ended).output).not.toContain('warning:');
  } finally {
    await server.close();
  }
});

test('a credential as the value of a flag warns, and names what does not show it', async () => {
  const { code, output } = await certify(['plan', '--base-url', 'http://127.0.0.1:9', '--api-key', KEY, ...TARGET]);
  expect(code).toBe(0);
  expect(output).toContain('--api-key @file');
  expect(output).toContain('WORDS_API_KEY');
  expect(output).not.toContain(KEY);
});

for (const [name, value] of [
  ['that is not there', '@nowhere.txt'],
  ['that is empty', '@/dev/null'],
] as const)
  test(`a credential file ${name} is named, and nothing is sent`, async () => {
    const { code, output } = await certify(['plan', '--base-url', 'http://127.0.0.1:9', '--api-key', value, ...TARGET]);
    expect(code).toBe(3);
    expect(output).toContain(`--api-key: the file ${value.slice(1)}`);
  });
