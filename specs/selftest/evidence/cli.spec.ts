import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { certify } from '../support/certify.ts';

test('from key and challenge to a verified submission, and what is wrong on the way', async () => {
  const info = test.info();
  const folder = info.outputPath();
  const file = (name: string) => info.outputPath(name);
  const run = (argv: readonly string[], env: Readonly<Record<string, string>> = {}) => certify(argv, env);
  expect((await run(['keygen', file('acme')])).code).toBe(0);
  const drawn = await run(['challenge', file('challenge.json')]);
  const words = /WORDS_CHALLENGE="([^"]+)"/.exec(drawn.output)?.[1] ?? '';
  expect(words.split(' ')).toHaveLength(8);

  const env = {
    WORDS_OUT: `${folder}/out`,
    WORDS_PLAYWRIGHT_REPORT: '0',
    WORDS_PRODUCT: 'Acme Avatar',
    WORDS_PRODUCT_VERSION: '3.2',
  };
  expect(await run(['--speed', '20'], { ...env, WORDS_CHALLENGE: words })).toMatchObject({ code: 0 });
  const packed = await run(['pack', '--key', file('acme.pem'), '--output', file('submission.zip')], env);
  expect(packed).toMatchObject({ code: 0, output: expect.stringContaining('Acme Avatar 3.2, conformant, signed') });

  const pinned = ['--key', file('acme.pub.pem'), '--challenge', file('challenge.json')];
  const verified = await run(['verify', file('submission.zip'), ...pinned, '--trial']);
  expect(verified.output).toMatch(/^Tier 3 of 4: fresh\. The claim holds: conformant\.\n/);
  expect(verified).toMatchObject({ code: 0, output: expect.stringContaining('by the key that you gave') });

  const untried = await run(['verify', file('submission.zip')]);
  expect(untried.output).toMatch(/^Tier 2 of 4: re-judged\. The claim does not hold\.\n/);
  expect(untried).toMatchObject({ code: 1, output: expect.stringContaining('target: Its target is the suite') });

  const archive = readFileSync(file('submission.zip'));
  writeFileSync(file('cut.zip'), archive.subarray(0, archive.length / 2));
  const cut = await run(['verify', file('cut.zip'), '--json']);
  expect(JSON.parse(cut.output)).toEqual({ tier: 0, unusable: expect.stringContaining('cannot be read') });
  expect(cut.code).toBe(3);
  expect(await run(['pack'], { WORDS_OUT: `${folder}/none` })).toMatchObject({
    code: 3,
    output: expect.stringContaining('holds no run to pack'),
  });
});
