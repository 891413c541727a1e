import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { startReference } from '../../../helpers/reference/server.ts';
import { API_KEY, BEARER, OTHER_KEY } from '../probes/support.ts';
import { certify, resultsIn } from '../support/certify.ts';
import { FORMS } from '../support/secret-forms.ts';
import { batch, END, hostileTarget, jsonAnswer, streamAnswer } from '../targets/hostile-target.ts';

test.describe.configure({ timeout: 0 });

const PROXY_PASSWORD = 'proxy-password-4711';

function sentIn(head: string): string {
  return /^(?:x-api-key|authorization): *(?:Bearer |Basic |Digest )?(.*)$/im.exec(head)?.[1]?.trim() ?? '';
}

function written(sent: string): string {
  return sent === ''
    ? ''
    : Object.values(FORMS)
        .map((write) => write(sent))
        .join(' | ');
}

test('no credential is in any file, log or terminal line of a run against a target that repeats what it is sent', async () => {
  const echo = (status: number, head: string) => {
    const sent = sentIn(head);
    const message = `No: ${written(sent)}\n${head}`;
    return jsonAnswer(status, { error: { code: sent, message, doc_url: `http://x/?key=${sent}` } });
  };
  await using target = await hostileTarget({
    words: (socket, head) => {
      const said = { word: sentIn(head), start: 0.5, end: 0.2, [sentIn(head)]: written(sentIn(head)) };
      streamAnswer(
        `: ${written(sentIn(head))}\nevent: ${sentIn(head)}\ndata: ${sentIn(head)}\n\n${batch([said, said])}${END}`,
        `X-Echo: ${sentIn(head)}`,
      )(socket, head);
    },
    unknown: (socket, head) => echo(404, head)(socket, head),
    unauthorized: (socket, head) => echo(401, head)(socket, head),
    status: (socket, head) =>
      jsonAnswer(200, { data: { status: 'completed', end_reason: sentIn(head), error_message: head } })(socket, head),
  });
  const out = test.info().outputPath('out');
  const summary = test.info().outputPath('summary.md');
  writeFileSync(summary, '');
  const { code, output } = await certify(['--out', out], {
    WORDS_BASE_URL: target.baseUrl,
    WORDS_API_KEY: API_KEY,
    WORDS_BEARER_TOKEN: BEARER,
    WORDS_OTHER_API_KEY: OTHER_KEY,
    WORDS_AVATAR_ID: 'a',
    WORDS_VOICE_ID: 'v',
    HTTPS_PROXY: `http://user:${PROXY_PASSWORD}@127.0.0.1:1`,
    GITHUB_ACTIONS: 'true',
    GITHUB_STEP_SUMMARY: summary,
    WORDS_PLAYWRIGHT_REPORT: '1',
  });
  expect(code, output).toBe(1);
  expect(resultsIn(out).requirements.find(({ id }) => id === 'auth.no-echo')?.outcome).toBe('fail');

  const texts = new Map([
    ['terminal', output],
    ['summary', readFileSync(summary, 'utf8')],
    ...readdirSync(out, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(out.length + 1), readFileSync(path, 'latin1')] as const),
  ]);
  // What lies packed inside the reports counts as well.
  const [, zip = ''] =
    /data:application\/zip;base64,([A-Za-z0-9+/=]+)/.exec(texts.get('playwright/index.html') ?? '') ?? [];
  const unzipped = filesInZip(Buffer.from(zip, 'base64'));
  expect(unzipped.length).toBeGreaterThan(1);
  texts.set('Playwright’s report', unzipped.join('\n'));
  for (const name of ['report.html', 'results.json', 'junit.xml', 'recording.har'])
    expect([...texts.keys()]).toContain(name);

  const sent = new Set([...target.heads.map(sentIn), PROXY_PASSWORD].filter((value) => value !== ''));
  expect(sent.size).toBeGreaterThan(8);
  const leaks = [...texts].flatMap(([name, text]) =>
    [...sent].flatMap((secret) =>
      Object.entries(FORMS)
        .filter(([, write]) => text.includes(write(secret)))
        .map(([form]) => `${name} holds ${secret} ${form}`),
    ),
  );
  expect(leaks).toEqual([]);
});

test('credentials that are words of every stream spoil no verdict, and are not written as what was sent', async () => {
  const server = await startReference({
    speed: 8,
    accounts: [
      { name: 'certified', apiKeys: ['word'], bearerTokens: ['event'] },
      { name: 'other', apiKeys: ['data'], bearerTokens: [] },
    ],
  });
  const out = test.info().outputPath('out');
  const { code, output } = await certify(['--out', out], {
    WORDS_BASE_URL: server.baseUrl,
    WORDS_API_KEY: 'word',
    WORDS_BEARER_TOKEN: 'event',
    WORDS_OTHER_API_KEY: 'data',
    WORDS_AVATAR_ID: 'a',
    WORDS_VOICE_ID: 'v',
  });
  expect(code, output).toBe(0);
  const sent = (value: string) => new RegExp(`(x-api-key|authorization)\\W+(value\\W+)?(Bearer )?${value}\\b`, 'i');
  for (const file of ['recording.har', 'results.json', 'report.html'])
    expect(readFileSync(`${out}/${file}`, 'utf8')).not.toMatch(sent('(word|event|data)'));
  expect(readFileSync(`${out}/recording.har`, 'utf8')).toMatch(sent('\\$WORDS_API_KEY'));
  await server.close();
});

/** The contents of the files of a ZIP archive, by its central directory (APPNOTE.TXT 4.3.12). */
function filesInZip(zip: Buffer): string[] {
  const files: string[] = [];
  let entry = zip.readUInt32LE(zip.lastIndexOf('PK\x05\x06') + 16);
  while (zip.readUInt32LE(entry) === 0x02014b50) {
    const [method, size] = [zip.readUInt16LE(entry + 10), zip.readUInt32LE(entry + 20)];
    const local = zip.readUInt32LE(entry + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const content = zip.subarray(start, start + size);
    files.push((method === 0 ? content : inflateRawSync(content)).toString('latin1'));
    entry += 46 + zip.readUInt16LE(entry + 28) + zip.readUInt16LE(entry + 30) + zip.readUInt16LE(entry + 32);
  }
  return files;
}
