import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { loadRecording } from '../../../helpers/recording/load.ts';
import { judged } from '../support/runs.ts';
import outcomes from './fixtures/outcomes.json' with { type: 'json' };

/** Recordings of version 0.1.0, before bodies were kept as received: of the embedded server, and of one with five faults. */
for (const [name, expected] of Object.entries(outcomes)) {
  test(`the recording ${name}.har of an earlier version is judged as it was`, async () => {
    const path = test.info().outputPath(`${name}.har`);
    writeFileSync(path, gunzipSync(readFileSync(new URL(`fixtures/${name}.har.gz`, import.meta.url))));
    const { requirements } = judged(await loadRecording(path));
    const now = new Map<string, string>(
      requirements.map(({ id, outcome, violationCount }) => [
        id,
        violationCount === 0 ? outcome : `${outcome} ${violationCount}`,
      ]),
    );
    expect(Object.fromEntries(Object.keys(expected).map((id) => [id, now.get(id)]))).toEqual(expected);
  });
}
