import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSuite } from '../suite.ts';
import { type Environment, withDotenv } from './environment.ts';
import { type Mistake, mistakeIn } from './mistakes.ts';
import { fallbackOf } from './options.ts';
import { outFiles } from './out-files.ts';

const ROOT = realpathSync(fileURLToPath(new URL('../../', import.meta.url)));

/** The folder that reports go to, absolute; for code that must write there even when other settings are wrong. */
export function outFolder(env: Environment, cwd: string): string {
  return resolve(cwd, withDotenv(env, cwd).WORDS_OUT?.trim() || fallbackOf('WORDS_OUT') || 'reports/out');
}

/** Why nothing may be written there; empty where it may. A run replaces nothing but what a run has left. */
export function outMistakes(given: string | undefined, out: string): readonly Mistake[] {
  const mistake = (message: string, remedy: string) => [mistakeIn('WORDS_OUT', given, message, remedy)];
  if (isOfTheSuite(relative(ROOT, realPath(out))))
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
  const { folder, marker, lock, judged, ...written } = outFiles(out);
  const present = [...Object.values(written), dirname(judged), marker].filter((path) => kindOf(path) !== undefined);
  const link = present.find((path) => kindOf(path) === 'link');
  if (link !== undefined)
    return mistake(
      `holds a symbolic link "${basename(link)}" where a run writes, and a run follows none out of its folder`,
      'Remove the link, or choose an empty folder.',
    );
  const [foreign] = present;
  if (foreign !== undefined && !present.includes(marker) && !isOfAnEarlierVersion(join(folder, 'results.json')))
    return mistake(
      `holds "${basename(foreign)}", which no run of this suite left there, and a run would replace it`,
      'Choose an empty folder.',
    );
  return [];
}

/** Says, for later runs, that what stands in this folder may be replaced. @throws where that cannot be written. */
export function markOutFolder(out: string): void {
  const { marker } = outFiles(out);
  if (!existsSync(marker)) writeFileSync(marker, MARKER_TEXT);
}

const MARKER_TEXT = 'A run of words-conformance made this folder; the next one replaces what it left here.\n';

function kindOf(path: string): 'link' | 'other' | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found && (found.isSymbolicLink() ? 'link' : 'other');
}

/** Version 0.1 left no marker. */
function isOfAnEarlierVersion(results: string): boolean {
  try {
    return JSON.parse(readFileSync(results, 'utf8')).suite.name === readSuite().name;
  } catch {
    return false;
  }
}

/** Of a path that need not exist: that of the nearest folder above it that does, and the rest. */
function realPath(path: string): string {
  const above = dirname(path);
  try {
    return realpathSync(path);
  } catch {
    return above === path ? path : join(realPath(above), basename(path));
  }
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

/** @param path relative to the suite's folder: that folder, one above it, or one with the suite's own files. */
function isOfTheSuite(path: string): boolean {
  if (path === '' || /^(\.\.[/\\])*\.\.$/.test(path)) return true;
  const [top, second] = path.split(/[/\\]/);
  if (top === 'reports') return second === undefined || second === 'page';
  return top !== undefined && ['specs', 'helpers', 'openapi', 'node_modules', '.git', '.github'].includes(top);
}
