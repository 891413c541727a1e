import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
let folder: string | undefined;

/** A file of the suite compiled as the package holds it, which starts in half the time. Each worker compiles a folder of its own, once. */
export function compiled(path: string): string {
  folder ??= compile(`${ROOT}.compiled/${process.env.TEST_PARALLEL_INDEX}`);
  return `${folder}/${path}`;
}

function compile(to: string): string {
  const run = (...argv: string[]) => execFileSync(process.execPath, argv, { cwd: ROOT });
  const [tsc, project] = ['node_modules/typescript/bin/tsc', '.tsconfig.package.json'];
  run(tsc, '-p', project, '--outDir', to, '--incremental', '--tsBuildInfoFile', `${to}/tsbuildinfo`);
  run('--import', 'tsx', 'helpers/tools/package-data.ts', to);
  return to;
}
