import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { certify, resultsIn } from '../support/certify.ts';

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
    WORDS_SPEED: '20',
  };
  expect(await run([], { ...env, WORDS_CHALLENGE: words })).toMatchObject({ code: 0 });
  const packed = await run(['pack', '--key', file('acme.pem'), '--output', file('submission.zip')], env);
  expect(packed).toMatchObject({ code: 0, output: expect.stringContaining('Acme Avatar 3.2, conformant, signed') });

  const pinned = ['--key', file('acme.pub.pem'), '--challenge', file('challenge.json')];
  const verified = await run(['verify', file('submission.zip'), ...pinned, '--trial']);
  expect(verified.output).toMatch(/^Tier 3 of 4: fresh\. The claim holds: conformant\.\n/);
  expect(verified).toMatchObject({ code: 0, output: expect.stringContaining('by the key that you gave') });

  const untried = await run(['verify', file('submission.zip')]);
  expect(untried.output).toMatch(/^Tier 2 of 4: re-judged\. The claim does not hold\.\n/);
  expect(untried).toMatchObject({ code: 1, output: expect.stringContaining('target: Its target is the suite') });

  // An earlier run in which one rule was broken, and the same folder as baseline of its own next run.
  const earlier = readFileSync(`${folder}/out/results.json`, 'utf8');
  writeFileSync(file('baseline.json'), earlier.replace(/("id": "ending\.once"[\s\S]*?"outcome": )"pass"/, '$1"fail"'));
  writeFileSync(file('step-summary.md'), '');
  const again = await run(['judge', `${folder}/out/recording.har`, '--baseline', file('baseline.json')], {
    ...env,
    WORDS_OUT: `${folder}/again`,
    GITHUB_ACTIONS: 'true',
    GITHUB_STEP_SUMMARY: file('step-summary.md'),
  });
  const changed = {
    id: 'ending.once',
    kind: 'newly-passing',
    before: 'fail',
    after: 'pass',
    causes: ['target'],
    certain: true,
  };
  expect(resultsIn(`${folder}/again`).comparison?.changes).toMatchObject([changed]);
  expect(again).toMatchObject({
    code: 0,
    output: expect.stringContaining('ending.once: fail → pass, due to the target'),
  });
  expect(readFileSync(`${folder}/again/report.html`, 'utf8')).toContain('What changed since the run of');
  expect(readFileSync(file('step-summary.md'), 'utf8')).toContain('1 newly passing');
  const itself = await run(['judge', `${folder}/again/recording.har`], {
    ...env,
    WORDS_OUT: `${folder}/again`,
    WORDS_BASELINE: `${folder}/again/results.json`,
  });
  expect(itself).toMatchObject({ code: 0, output: expect.stringContaining('no outcome changed') });
  const compared = await run(['compare', file('baseline.json'), file('submission.zip')]);
  expect(compared).toMatchObject({ code: 0, output: expect.stringContaining('Newly passing:') });
  expect(await run(['compare', file('submission.zip'), file('baseline.json')])).toMatchObject({ code: 1 });
  expect(await run(['compare', file('baseline.json')])).toMatchObject({
    code: 3,
    output: expect.stringContaining('takes two runs'),
  });
  expect(
    await run(['compare', '--matrix', file('submission.zip'), file('baseline.json'), '--out', file('matrix')]),
  ).toMatchObject({ code: 0 });
  expect(readFileSync(`${file('matrix')}/matrix.html`, 'utf8')).toContain('Acme Avatar');

  const archive = readFileSync(file('submission.zip'));
  writeFileSync(file('cut.zip'), archive.subarray(0, archive.length / 2));
  const cut = await run(['verify', file('cut.zip'), '--json']);
  expect(JSON.parse(cut.output)).toEqual({ tier: 0, unusable: expect.stringContaining('cannot be read') });
  expect(cut.code).toBe(3);
  expect(await run(['--pack'], { WORDS_OUT: `${folder}/none` })).toMatchObject({
    code: 3,
    output: expect.stringMatching(/--pack needs WORDS_PRODUCT/),
  });
  expect(await run(['pack'], { WORDS_OUT: `${folder}/none` })).toMatchObject({
    code: 3,
    output: expect.stringContaining('holds no run to pack'),
  });
});
