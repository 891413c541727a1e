import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { expect, test } from '@playwright/test';
import { comparedRun } from '../../../helpers/evidence/compared-run.ts';
import { compareRuns } from '../../../helpers/results/comparison.ts';
import { recordAt } from '../probes/support.ts';
import { MINUTE, withReference } from '../targets/support.ts';
import { RULES } from './support.ts';

const SPEED = 10;

/** As many processes as there are processors, which do nothing but compute. */
function burners(): readonly ChildProcess[] {
  return Array.from({ length: availableParallelism() }, () => spawn(process.execPath, ['-e', 'for (;;);']));
}

test('two runs of one server show no difference, though the second one was under load', async () => {
  await withReference({ speed: SPEED }, async (server) => {
    const run = async () => {
      const session = { mode: 'create', type: 'text_stream', avatarId: 'a', voiceId: 'v', script: MINUTE } as const;
      return comparedRun('a run', RULES, await recordAt(server.baseUrl, { speed: SPEED, session }));
    };
    const before = await run();
    const load = burners();
    try {
      expect(compareRuns(before, await run()).changes).toEqual([]);
    } finally {
      for (const burner of load) burner.kill('SIGKILL');
    }
  });
});
