import { expect, test } from '@playwright/test';
import { loadRecording } from '../../../helpers/recording/load.ts';
import { startReference } from '../../../helpers/reference/server.ts';
import { launchChromium } from '../support/chromium.ts';
import { judged } from '../support/runs.ts';

const ACCOUNT = { name: 'certified', apiKeys: ['browser-key-4711-0815'], bearerTokens: [] };

test('a HAR that Chromium recorded of a stream, and of what it asked besides, is judged', async () => {
  const path = test.info().outputPath('network.har');
  const server = await startReference({ accounts: [ACCOUNT], speed: 60 });
  const browser = await launchChromium();
  try {
    const streamId = await server.addCompletedSession({ text: 'Hello, world. This was said before, word by word.' });
    const context = await browser.newContext({ recordHar: { path, content: 'embed' } });
    const page = await context.newPage();
    await page.goto(`${server.baseUrl}/v3`);
    const body = await page.evaluate(
      async ({ url, key }) => (await fetch(url, { headers: { 'x-api-key': key } })).text(),
      { url: `/v3/avatar-realtime/${streamId}/words`, key: ACCOUNT.apiKeys[0] ?? '' },
    );
    expect(body).toContain('event: end');
    await context.close();
  } finally {
    await browser.close();
    await server.close();
  }
  const recording = await loadRecording(path);
  expect(recording.capture).toMatchObject({ kind: 'har' });
  expect(JSON.stringify(recording)).not.toContain(ACCOUNT.apiKeys[0]);
  const { verdict, requirements } = judged(recording);
  expect(requirements.filter(({ outcome }) => outcome === 'fail' || outcome === 'error')).toEqual([]);
  expect(verdict).toBe('incomplete');
  const passed = requirements.filter(({ outcome }) => outcome === 'pass').map(({ id }) => id);
  expect(passed).toEqual(expect.arrayContaining(['framing.json', 'schema.batch', 'batching.word-cap', 'ending.once']));
});
