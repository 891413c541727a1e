import { mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { envExample } from '../../../helpers/settings/env-example.ts';
import { SettingsError } from '../../../helpers/settings/mistakes.ts';
import { flagName, isSecret, OPTIONS } from '../../../helpers/settings/options.ts';
import { readSettings } from '../../../helpers/settings/read-settings.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const REMOTE = {
  WORDS_BASE_URL: 'https://api.example.com',
  WORDS_API_KEY: 'sesame-4711',
  WORDS_AVATAR_ID: 'a',
  WORDS_VOICE_ID: 'v',
};

const settingsOf = (env: Record<string, string>) => readSettings(env, test.info().outputPath());

function mistakesOf(env: Record<string, string>): readonly string[] {
  try {
    settingsOf(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.message.split('\n');
    throw error;
  }
  return [];
}

test('without any setting the embedded reference server is certified', () => {
  expect(settingsOf({})).toEqual({
    baseUrl: null,
    session: { mode: 'create', type: 'text_stream', avatarId: '', voiceId: '' },
    completedStreamIds: [],
    burst: false,
    unwatched: false,
    strict: false,
    maxSeconds: 300,
    maxBytes: 16777216,
    endCloseSeconds: 5,
    timeCapToleranceSeconds: 0.1,
    speed: 8,
    playwrightReport: true,
    out: join(test.info().outputPath(), 'reports/out'),
  });
});

for (const [given, read] of [
  ['https://api.example.com', 'https://api.example.com'],
  ['https://api.example.com/', 'https://api.example.com'],
  ['HTTPS://API.example.com:8443/staging/words//', 'https://api.example.com:8443/staging/words'],
  ['http://[::1]:8080', 'http://[::1]:8080'],
  ['http://127.0.0.1:9/', 'http://127.0.0.1:9'],
] as const)
  test(`the base URL ${given} is read as ${read}`, () => {
    expect(settingsOf({ ...REMOTE, WORDS_BASE_URL: given }).baseUrl).toBe(read);
  });

for (const [given, problem] of [
  ['api.example.com', 'has no scheme'],
  ['localhost:8080', 'has no scheme'],
  ['ftp://api.example.com', 'is neither http nor https'],
  ['https://', 'is not a URL'],
  ['https://user:secret@api.example.com', 'holds a user name or password'],
  ['https://api.example.com?a=1', 'holds a query or a fragment'],
  ['https://api.example.com/#', 'holds a query or a fragment'],
  ['https://api.example.com/v3', 'holds a part of the path that the suite appends itself'],
  ['https://api example.com', 'holds white space or control characters'],
] as const)
  test(`the base URL ${given} ${problem}`, () => {
    expect(mistakesOf({ ...REMOTE, WORDS_BASE_URL: given })).toEqual([
      expect.stringMatching(new RegExp(`^WORDS_BASE_URL=.* ${problem}\\. \\w+`)),
    ]);
  });

for (const [given, problem] of [
  ['my-proxy.test:3128', 'has no scheme'],
  ['http://my-proxy.test:99999', 'is not a URL: look at its host and port'],
  ['http://ada:100%@my-proxy.test', 'holds a percent sign .* Write a percent sign there as %25'],
  ['socks5://my-proxy.test', 'names a proxy that speaks neither http nor https'],
] as const)
  for (const name of ['HTTP_PROXY', 'https_proxy'])
    test(`${name}=${given} is told by its variable, and its value is not shown`, () => {
      const [line, ...more] = mistakesOf({ ...REMOTE, [name]: given });
      expect(line).toMatch(new RegExp(`^${name} ${problem}`));
      expect(line).not.toContain('my-proxy');
      expect(more).toEqual([]);
    });

test('a waiver file or a contract of hundreds of megabytes is refused before it is read', () => {
  const path = test.info().outputPath('huge.yaml');
  writeFileSync(path, '');
  truncateSync(path, 200 * 2 ** 20);
  for (const name of ['WORDS_WAIVERS', 'WORDS_CONTRACT'])
    expect(mistakesOf({ ...REMOTE, [name]: path })).toEqual([
      expect.stringMatching(new RegExp(`^${name}=.*holds 209715200 bytes`)),
    ]);
});

test('a password or a key in a base URL is not shown', () => {
  for (const url of [
    'https://user:hunter2@example.com',
    'https://example.com?key=hunter2',
    'https://example.com/hunter2/v3',
    'https://example.com;key=hunter2/v3',
    'user:hunter2@example.com',
    'https:\\\\user:hunter2@example.com',
    'https://user:hunter 2@example.com/hunter2',
  ])
    expect(mistakesOf({ ...REMOTE, WORDS_BASE_URL: url }).join()).not.toContain('hunter2');
});

test('a credential of fewer than eight characters is refused with the reason, but for this machine', () => {
  const short = { ...REMOTE, WORDS_API_KEY: 'word' };
  expect(mistakesOf(short)).toEqual([
    expect.stringMatching(/^WORDS_API_KEY is shorter than eight characters: .* reports\. Give/),
  ]);
  expect(settingsOf({ ...short, WORDS_BASE_URL: 'http://127.0.0.1:8080' }).apiKey).toBe('word');
});

test('the environment goes before .env, and an empty variable hides what .env says', () => {
  writeFileSync(test.info().outputPath('.env'), 'WORDS_SPEED=2\nWORDS_BURST=1\nWORDS_STRICT=1\nOTHER=x\n');
  expect(settingsOf({ WORDS_SPEED: '3', WORDS_BURST: '' })).toMatchObject({ speed: 3, burst: false, strict: true });
});

test('every mistake is told at once, in the order of the table', () => {
  expect(
    mistakesOf({
      WORDS_BASE_URL: 'nowhere',
      WORDS_SPEED: 'fast',
      WORDS_MAX_BYTES: '1.5',
      WORDS_MAX_SECONDS: '0',
      WORDS_BURST: 'perhaps',
      WORDS_SESSION: 'creat',
      WORDS_WAIVERS: 'none.yaml',
      WORDS_STRCT: '1',
    }).map((line) => line.split(/[= ]/)[0]),
  ).toEqual([
    'WORDS_BASE_URL',
    'WORDS_SESSION',
    'WORDS_BURST',
    'WORDS_WAIVERS',
    'WORDS_MAX_SECONDS',
    'WORDS_MAX_BYTES',
    'WORDS_SPEED',
    'WORDS_STRCT',
  ]);
});

test('an unknown name is told with the nearest known one, its value is not', () => {
  expect(mistakesOf({ WORDS_API_KYE: 'sesame-4711' })).toEqual([
    'WORDS_API_KYE is not a setting of this suite. Did you mean WORDS_API_KEY?',
  ]);
  expect(mistakesOf({ WORDS_COMPLETELY_DIFFERENT: '1' })).toEqual([expect.stringContaining('Unset it')]);
});

test('a wrong credential is never shown', () => {
  for (const name of ['WORDS_API_KEY', 'WORDS_BEARER_TOKEN', 'WORDS_OTHER_API_KEY']) {
    const [line] = mistakesOf({ ...REMOTE, [name]: 'sesame open\u00e9' });
    expect(line).toMatch(new RegExp(`^${name} holds`));
    expect(line).not.toContain('sesame');
  }
});

test('a value with control characters is told as printable ASCII', () => {
  const [line] = mistakesOf({ WORDS_SESSION: '\u001b[31mred\u202e\u2028' });
  expect(line).toMatch(/^WORDS_SESSION="[\x20-\x7e]+$/);
});

test('a remote target needs a credential, and for create an avatar and a voice', () => {
  expect(mistakesOf({ WORDS_BASE_URL: 'http://127.0.0.1:9' })).toEqual([
    expect.stringMatching(/^WORDS_API_KEY is not set.*WORDS_BEARER_TOKEN/),
    expect.stringMatching(/^WORDS_AVATAR_ID is not set/),
    expect.stringMatching(/^WORDS_VOICE_ID is not set/),
  ]);
});

test('settings of a remote target without its URL are a mistake, not a run against the embedded server', () => {
  expect(mistakesOf({ WORDS_API_KEY: 'k' })).toEqual([
    expect.stringMatching(/^WORDS_BASE_URL is not set, yet WORDS_API_KEY is/),
  ]);
  expect(settingsOf({ WORDS_API_KEY: 'k', WORDS_BASE_URL: 'embedded' }).baseUrl).toBeNull();
});

for (const [given, mode] of [
  [{ WORDS_LIVE_STREAM_ID: 's' }, 'ids'],
  [{ WORDS_COMPLETED_STREAM_ID: 's' }, 'ids'],
  [{ WORDS_SESSION_COMMAND: './start' }, 'command'],
  [{ WORDS_COMPLETED_STREAM_ID: 's', WORDS_AVATAR_ID: 'a', WORDS_VOICE_ID: 'v' }, 'create'],
  [{ WORDS_SESSION: 'ids', WORDS_LIVE_STREAM_ID: 's', WORDS_SESSION_COMMAND: './start' }, 'ids'],
] as const)
  test(`${Object.entries(given).join(' ')} means sessions by ${mode}`, () => {
    const env = { WORDS_BASE_URL: 'http://127.0.0.1:9', WORDS_API_KEY: 'k', ...given };
    expect(settingsOf(env).session.mode).toBe(mode);
  });

test('ids needs an id, command a command', () => {
  const remote = { WORDS_BASE_URL: 'http://127.0.0.1:9', WORDS_API_KEY: 'k' };
  expect(mistakesOf({ ...remote, WORDS_SESSION: 'ids' })).toEqual([
    expect.stringMatching(/^WORDS_LIVE_STREAM_ID is not/),
  ]);
  expect(mistakesOf({ ...remote, WORDS_SESSION: 'command' })).toEqual([
    expect.stringMatching(/^WORDS_SESSION_COMMAND is not/),
  ]);
});

test('completed sessions are split at commas, each once', () => {
  const env = { ...REMOTE, WORDS_COMPLETED_STREAM_ID: ' one, two,,one ' };
  expect(settingsOf(env).completedStreamIds).toEqual(['one', 'two']);
});

test('a recording needs neither target nor credential, and its path is resolved', () => {
  const path = test.info().outputPath('recording.har');
  writeFileSync(path, '{}');
  expect(settingsOf({ WORDS_RECORDING: 'recording.har' }).recordingPath).toBe(path);
  expect(settingsOf({ WORDS_RECORDING: path, WORDS_BASE_URL: 'http://127.0.0.1:9' }).recordingPath).toBe(path);
});

for (const out of ['.', '..', 'reports', 'specs', 'helpers/x', 'openapi', 'node_modules/x'])
  test(`reports must not go to ${out}`, () => {
    expect(mistakesOf({ WORDS_OUT: join(ROOT, out) })).toEqual([
      expect.stringMatching(/^WORDS_OUT=.*folder of the suite itself/),
    ]);
  });

for (const [what, out] of [
  ['a folder inside a file', '/dev/null/out'],
  ['a folder that the file system does not take', '/proc/out'],
  ['a file', '/dev/null'],
] as const)
  test(`reports must not go to ${what}`, () => {
    test.skip(process.platform === 'win32', 'has neither /dev nor /proc');
    expect(mistakesOf({ WORDS_OUT: out })).toEqual([expect.stringMatching(/^WORDS_OUT=.*cannot be written to/)]);
  });

for (const name of [
  'results.json',
  'report.html',
  'junit.xml',
  'recording.har',
  'artifacts/x',
  'playwright/x',
  'run/x',
])
  test(`reports must not replace ${name} of somebody else`, () => {
    const path = test.info().outputPath('elsewhere', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '{"suite":{"name":"another"}}');
    expect(mistakesOf({ WORDS_OUT: 'elsewhere' })).toEqual([
      expect.stringContaining(`holds "${name.split('/')[0]}", which no run of this suite left there`),
    ]);
    expect(readFileSync(path, 'utf8')).toContain('another');
  });

test('reports replace what an earlier version of the suite left, which had no marker', () => {
  const out = test.info().outputPath('earlier');
  mkdirSync(join(out, 'playwright'), { recursive: true });
  writeFileSync(join(out, 'results.json'), '{"suite":{"name":"words-conformance"}}');
  expect(mistakesOf({ WORDS_OUT: 'earlier' })).toEqual([]);
});

test('reports follow no symbolic link out of their folder, nor one into the suite', () => {
  const out = test.info().outputPath('linked');
  mkdirSync(out);
  writeFileSync(test.info().outputPath('mine.json'), 'mine');
  symlinkSync(test.info().outputPath('mine.json'), join(out, 'results.json'));
  expect(mistakesOf({ WORDS_OUT: 'linked' })).toEqual([
    expect.stringContaining('holds a symbolic link "results.json"'),
  ]);
  symlinkSync(join(ROOT, 'specs'), test.info().outputPath('into-the-suite'));
  expect(mistakesOf({ WORDS_OUT: 'into-the-suite' })).toEqual([expect.stringContaining('folder of the suite itself')]);
  expect(mistakesOf({ WORDS_OUT: 'into-the-suite/new' })).toEqual([
    expect.stringContaining('folder of the suite itself'),
  ]);
});

test('.env.example names every setting once, and is what the table says', () => {
  expect(readFileSync('.env.example', 'utf8'), 'write envExample() to .env.example').toBe(envExample());
});

test('names are unique, and credentials are secret', () => {
  expect(new Set(OPTIONS.map(({ name }) => flagName(name))).size).toBe(OPTIONS.length);
  expect(OPTIONS.filter(({ name }) => isSecret(name)).map(({ name }) => name)).toEqual([
    'WORDS_API_KEY',
    'WORDS_BEARER_TOKEN',
    'WORDS_OTHER_API_KEY',
  ]);
});
