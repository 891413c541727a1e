import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FOLDER = `${ROOT}.compiled`;

/** A file of the suite as the package holds it, which starts in half the time. */
export function compiled(path: string): string {
  return `${FOLDER}/${path}`;
}

export function compile(): void {
  const run = (...argv: string[]) => execFileSync(process.execPath, argv, { cwd: ROOT });
  const [tsc, project] = ['node_modules/typescript/bin/tsc', '.tsconfig.package.json'];
  run(tsc, '-p', project, '--outDir', FOLDER, '--incremental', '--tsBuildInfoFile', `${FOLDER}/tsbuildinfo`);
  run('--import', 'tsx', 'helpers/tools/package-data.ts', FOLDER);
}
