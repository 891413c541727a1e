import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { expect, test } from '@playwright/test';
import { loadRecording } from '../../../helpers/recording/load.ts';
import { certify, hasHeardWords, resultsIn, startCertify } from '../support/certify.ts';

test.describe.configure({ timeout: 0 });

for (const signal of ['SIGINT', 'SIGKILL'] as const)
  test(`${signal} in the middle of a session: what was recorded is kept, and nothing stays open`, async () => {
    const out = test.info().outputPath('out');
    const run = startCertify(['--out', out], { WORDS_SPEED: '1' });
    await expect.poll(() => hasHeardWords(out), { timeout: 0, intervals: [20] }).toBe(true);
    run.process.kill(signal);
    const { code } = await run.ended;
    if (signal !== 'SIGKILL') expect(code).toBe(3);
    const results = resultsIn(out);
    expect(results).toMatchObject({ verdict: 'error', requirements: [] });

    const recorded = ['recording.har', 'recording.ndjson'].map((name) => `${out}/${name}`).find(existsSync) ?? '';
    const recording = await loadRecording(recorded);
    expect(recording.finishedAt).toBeUndefined();
    await expect.poll(() => listens(recording.target.baseUrl), { timeout: 0 }).toBe(false);

    const again = await certify(['--out', test.info().outputPath('again'), '--recording', recorded], {
      WORDS_SPEED: '1',
    });
    expect(again.code).toBe(2);
  });

function listens(baseUrl: string): Promise<boolean> {
  const { hostname, port } = new URL(baseUrl);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
