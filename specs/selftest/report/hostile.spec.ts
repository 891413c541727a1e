import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Exchange, Recording } from '../../../helpers/recording/recording.ts';
import { buildExchange, type SpokenWord } from '../support/recordings.ts';
import { batched, delivered, judgedAs, recordingOf, reportIn, speech } from '../support/reports.ts';
import { expect, NONE, openReport, test } from './browser-test.ts';

const ATTACKS = [
  '<script>window.ran = 1</script>',
  '</script><script>window.ran = 1</script>',
  '"><img src="http://127.0.0.1:9/leak" onerror="window.ran = 1">',
  "'><svg onload=window.ran=1>",
  '</pre></details></main><iframe src="javascript:parent.ran=1"></iframe>',
  '<style>*{display:none}</style><base href="http://127.0.0.1:9/">',
  '<!--',
  '&lt;script&gt;',
  ']]>',
  'javascript:window.ran=1',
  '__proto__',
  'abc\u202Efdp.exe\u2028\u2029\u0000\u001b[31mred\u0007\u200b\ufeff',
  '{a|b}',
  `${'\u0301'.repeat(200)}`,
  'x'.repeat(20_000),
  '\ud800',
];
const ALL = ATTACKS.join(' ');

function hostileRecording(): Recording {
  const words = speech(ATTACKS.length * 2).map(
    ([, start, end], index): SpokenWord => [ATTACKS[index % ATTACKS.length] ?? '', start, end],
  );
  const attacked = (exchange: Exchange): Exchange => ({
    ...exchange,
    request: { ...exchange.request, url: `http://target.test/${ALL}`, body: ALL },
    ...(exchange.response
      ? {
          response: {
            ...exchange.response,
            statusText: ALL,
            headers: [...exchange.response.headers, ...ATTACKS.map((attack) => [attack, attack] as const)],
          },
        }
      : {}),
    ending: { kind: 'reset', at: 9, detail: ALL },
  });
  const exchanges = [
    delivered('first', batched(words)),
    delivered('snapshot', batched(words.slice(1)), { startedAt: 14, burst: true }, { id: ALL }),
    buildExchange({
      id: 'errors.not-found',
      purpose: { kind: 'refusal', probe: 'not-found', variant: ALL, against: 'unknown' },
      status: 404,
      headers: [['content-type', 'text/html']],
      body: `<html>${ALL}</html>`,
    }),
  ].map(attacked);
  return recordingOf(exchanges, {
    target: { baseUrl: `javascript:window.ran=1//${ALL}` },
    streams: [{ streamId: ALL, origin: 'ids', state: 'live', statuses: [] }],
    failure: { cause: 'other', message: ALL, remedy: ALL },
  });
}

const hostileChecks = judgedAs({
  'batching.word-cap': {
    violations: [
      {
        message: ALL,
        expected: ATTACKS,
        actual: ALL,
        exchange: 'first',
        event: 0,
        byteOffset: 0,
        byteLength: 900,
        at: 1,
      },
    ],
    notes: ATTACKS,
  },
  'errors.no-leak': { violations: [{ message: ALL, expected: [], actual: ALL, exchange: ALL }] },
  'replay.no-gap': { observations: 0, unverified: { reason: ALL, remedy: ALL } },
});

test('whatever a target says, nothing runs and nothing leaves the page', async ({ page }, info) => {
  const { path } = await reportIn(info.outputPath(), hostileRecording(), hostileChecks, {
    reason: ALL,
    suite: { name: ALL, version: ALL },
    gaps: [{ id: ALL, requirements: ['http.status'], gap: ALL, assumed: ALL }],
    files: { playwright: 'javascript:window.ran=1', results: '//127.0.0.1:9/', recording: '../../etc/passwd' },
  });
  const misdeeds = await openReport(page, path);
  await page.locator('details').evaluateAll((all) => {
    for (const details of all) (details as HTMLDetailsElement).open = true;
  });
  await expect(page.locator('.timeline .word')).not.toHaveCount(0);

  expect(await page.evaluate(() => 'ran' in window)).toBe(false);
  await expect(page.locator('script')).toHaveCount(1);
  await expect(page.locator('style')).toHaveCount(1);
  await expect(page.locator('img, iframe, object, embed, base, svg[onload]')).toHaveCount(0);
  expect(
    await page
      .locator('a')
      .evaluateAll((links) =>
        links
          .map((link) => new URL(link.getAttribute('href') ?? '', location.href).protocol)
          .filter((protocol) => !/^(file|https):$/.test(protocol)),
      ),
  ).toEqual([]);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  expect(misdeeds).toEqual(NONE);
});

test('characters that hide or reorder text are written out', async ({ page }, info) => {
  const { path } = await reportIn(info.outputPath(), hostileRecording(), hostileChecks);
  await openReport(page, path, '#batching.word-cap');
  const text = (await page.locator('body').textContent()) + (await page.title());
  expect(text).toContain('abc⟨U+202E⟩fdp.exe⟨U+2028⟩⟨U+2029⟩␀␛[31mred␇⟨U+200B⟩⟨U+FEFF⟩');
  expect(text).not.toMatch(/[\0-\x08\x0b\x0c\x0e-\x1f\u200b\u2028\u2029\u202e\ufeff]/);
  expect(text).toContain('⟨U+D800⟩');
});

test('the policy stops what an escaping mistake would let in', async ({ page }, info) => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const { path } = await reportIn(info.outputPath(), hostileRecording(), hostileChecks);
  await openReport(page, path);
  const blocked = await page.evaluate(async (leak) => {
    const directives: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => directives.push(event.effectiveDirective));
    const holder = document.createElement('div');
    holder.innerHTML = `<img src="${leak}/img" onerror="window.ran=1"><p style="color:red">x</p><iframe src="${leak}/frame"></iframe>`;
    document.body.append(holder);
    const script = document.createElement('script');
    script.textContent = 'window.ran = 1';
    document.body.append(script);
    await fetch(`${leak}/fetch`).catch(() => undefined);
    while (directives.length < 6)
      await new Promise((resolve) => document.addEventListener('securitypolicyviolation', resolve, { once: true }));
    return [...new Set(directives)].sort();
  }, `http://127.0.0.1:${port}`);
  expect(blocked).toEqual([
    'connect-src',
    'frame-src',
    'img-src',
    'script-src-attr',
    'script-src-elem',
    'style-src-attr',
  ]);
  expect(await page.evaluate(() => 'ran' in window)).toBe(false);
  expect(asked).toEqual([]);
  await new Promise((resolve) => server.close(resolve));
});
