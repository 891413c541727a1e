/**
 * What npm runs at the end of an installation: does once what else the first run would do while its target waits. It only
 * fills caches that a run fills where they are missing, so nothing depends on it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { prepareAssets } from '../../reports/page/assets.ts';
import { loadContract } from '../contract/load.ts';
import { loadRequirements } from '../contract/requirements.ts';

const command = fileURLToPath(new URL('./main.ts', import.meta.url));
const listing = spawn(process.execPath, [...process.execArgv, command, '--list'], { stdio: 'ignore' });
const [[listed]] = await Promise.all([
  once(listing, 'exit'),
  prepareAssets(),
  // What the process that records loads, and a list does not.
  import('./conduct.ts'),
  import('./print-plan.ts'),
  import('../probes/record.ts'),
  import('../reference/server.ts'),
  import('../../reports/page/write-report.ts'),
]);
loadRequirements();
loadContract();
process.exitCode = listed === 0 ? 0 : 1;
