import { expect, test } from '@playwright/test';
import { conduct } from '../../../helpers/cli/conduct.ts';
import { readJudged } from '../../../helpers/cli/handover.ts';
import { outFiles } from '../../../helpers/cli/out-files.ts';
import { startReference } from '../../../helpers/reference/server.ts';
import { ACCOUNTS, API_KEY } from '../probes/support.ts';

test('the recording that a run left is the earlier one of the next run into the same folder', async () => {
  const server = await startReference({ accounts: ACCOUNTS });
  const files = outFiles(test.info().outputPath('out'));
  const run = async (env: Record<string, string>) => {
    const settings = { WORDS_BASE_URL: server.baseUrl, WORDS_API_KEY: API_KEY, WORDS_COMPLETED_STREAM_ID: completed };
    const given = { ...settings, ...env, WORDS_OUT: test.info().outputPath('out') };
    await conduct({ env: given, cwd: test.info().outputPath(), signal: new AbortController().signal });
    return readJudged(files)?.results.requirements.find(({ id }) => id === 'snapshot.durable');
  };
  const completed = await server.addCompletedSession({ text: 'One two three, four five six.' });
  expect(await run({})).toMatchObject({ outcome: 'not-applicable' });
  expect(await run({ WORDS_EARLIER_RECORDING: files.recording })).toMatchObject({ outcome: 'pass' });
  await server.close();
});
