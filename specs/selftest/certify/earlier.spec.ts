import { expect, test } from '@playwright/test';
import { certify } from '../../../helpers/certify.ts';
import { startReference } from '../../../helpers/reference/server.ts';
import { RunFolder } from '../../../helpers/results/run-folder.ts';
import { readSettings } from '../../../helpers/settings/read-settings.ts';
import { checks } from '../../checks.ts';
import { ACCOUNTS, API_KEY } from '../probes/support.ts';

test('the recording that a run left is the earlier one of the next run into the same folder', async () => {
  const server = await startReference({ accounts: ACCOUNTS });
  const out = test.info().outputPath('out');
  const run = async (env: Record<string, string>) => {
    const given = { WORDS_BASE_URL: server.baseUrl, WORDS_API_KEY: API_KEY, WORDS_COMPLETED_STREAM_ID: completed };
    using folder = new RunFolder(out);
    const settings = readSettings({ ...given, ...env, WORDS_OUT: out }, test.info().outputPath());
    const { requirements } = await certify(settings, { folder, checks });
    return requirements.find(({ id }) => id === 'snapshot.durable');
  };
  const completed = await server.addCompletedSession({ text: 'One two three, four five six.' });
  expect(await run({})).toMatchObject({ outcome: 'not-applicable' });
  expect(await run({ WORDS_EARLIER_RECORDING: `${out}/recording.har` })).toMatchObject({ outcome: 'pass' });
  await server.close();
});
