import { prepareAssets } from '../../reports/page/assets.ts';
import { writeReport } from '../../reports/page/write-report.ts';
import { conduct } from './conduct.ts';
import { begun, type Conclusion, writeConclusion } from './handover.ts';
import { whenLetGo } from './let-go.ts';
import { outFiles } from './out-files.ts';

/**
 * The process that talks to the target and judges what it said. It lives beside Playwright's, whose workers come and go,
 * and gets ready while they load. Let go of, or interrupted, it winds up: closes what bills on, and keeps what it has.
 */
const interruption = new AbortController();
const stop = (): void => interruption.abort();
whenLetGo(stop);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);

const files = outFiles(process.env.WORDS_OUT ?? '');
prepareAssets().catch(() => undefined);

writeConclusion(files, await run());
if (process.connected) process.disconnect();

async function run(): Promise<Conclusion> {
  try {
    await conduct({
      env: process.env,
      cwd: process.cwd(),
      signal: interruption.signal,
      begun: () => begun(files, interruption.signal),
      announce: (line) => process.stdout.write(`${line}\n`),
      publish: async ({ results, evidence, path }) => {
        const { recording, contract, requirements, subscriptions } = evidence;
        await writeReport({ results, recording, contract, requirements, subscriptions, path });
      },
    });
    return {};
  } catch (error) {
    return { failure: failureOf(error) };
  }
}

function failureOf(error: unknown): NonNullable<Conclusion['failure']> {
  if (!(error instanceof Error)) return { message: String(error), stack: String(error) };
  const { name, message, stack = message } = error;
  // The operator's business, told by its message: a stack of the suite would only hide it.
  const isForOperator = /^(Settings|Contract|DataFile|Recording|WaiverFile|Run|Abort)Error$/.test(name);
  return { message, stack: isForOperator ? message : stack };
}
