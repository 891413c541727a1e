import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { OperatorError } from '../errors.ts';
import type { Given } from './command.ts';

/** The absolute path of a flag's or a setting's value; undefined where it is not given. */
export function pathIn({ cwd }: Pick<Given, 'cwd'>, value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? resolve(cwd, value) : undefined;
}

/** @throws OperatorError */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new OperatorError(
      `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}).`,
      'Check the path.',
    );
  }
}
