import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { type Environment, withDotenv } from './environment.ts';
import { type Mistake, mistakeIn } from './mistakes.ts';
import { fallbackOf } from './options.ts';

/** The folder that reports go to, absolute; for code that must write there even when other settings are wrong. */
export function outFolder(env: Environment, cwd: string): string {
  return resolve(cwd, withDotenv(env, cwd).WORDS_OUT?.trim() || fallbackOf('WORDS_OUT') || 'reports/out');
}

/** Why nothing may be written there; empty where it may. */
export function outMistakes(given: string | undefined, out: string, cwd: string): readonly Mistake[] {
  const mistake = (message: string, remedy: string) => [mistakeIn('WORDS_OUT', given, message, remedy)];
  const fromSuite = relative(cwd, out);
  if (fromSuite === '' || /^(\.\.(\/|\\|$))+$/.test(`${fromSuite}/`) || isSource(fromSuite))
    return mistake(
      'is a folder of the suite itself, and what a run generates replaces what is there',
      'Choose a folder of its own, such as reports/out/staging.',
    );
  try {
    makeFolder(out);
    // With the slash, a file in its place is refused too.
    accessSync(`${out}/`, constants.W_OK);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    return mistake(`cannot be written to${why}`, 'Choose a folder that this user may create and write.');
  }
  const foreign = ['playwright', 'artifacts'].find((name) => existsSync(join(out, name)));
  const isOurs = existsSync(join(out, 'results.json')) || existsSync(join(out, 'run'));
  if (foreign !== undefined && !isOurs)
    return mistake(
      `holds a folder "${foreign}" that no run of this suite left there, and a run would replace it`,
      'Choose an empty folder.',
    );
  return [];
}

/** Node's own `recursive` never returns where a file system refuses with ENOENT, as /proc does. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another run may have been faster.
    if (!existsSync(path)) throw error;
  }
}

function isSource(fromSuite: string): boolean {
  const [top, second] = fromSuite.split(/[/\\]/);
  if (top === 'reports') return second === undefined || second === 'page';
  return top !== undefined && ['specs', 'helpers', 'openapi', 'node_modules', '.git', '.github'].includes(top);
}
