import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, CommanderError } from 'commander';
import { OperatorError } from '../errors.ts';
import { EXIT_CODES } from '../results/results.ts';
import type { Environment } from '../settings/environment.ts';

export interface CliCommand {
  readonly name: string;
  /** With its operands: `judge <file>`. */
  readonly usage: string;
  readonly summary: string;
  /** Arguments to try it with, for its help. */
  readonly examples?: readonly string[];
  readonly flags?: (command: Command) => void;
  /** Whether a run with these flags leaves a results.json, also where it cannot begin. */
  readonly leavesResults?: (flags: Given['flags']) => boolean;
  /** Its arguments and flags are read by itself. */
  readonly readsArguments?: true;
  /** Resolves with the exit code (`EXIT_CODES`). @throws OperatorError, CommanderError */
  readonly run: (given: Given) => Promise<number>;
}

export interface Given {
  readonly operands: readonly string[];
  /** Its flags, by their names in camel case. */
  readonly flags: Readonly<Record<string, unknown>>;
  /** Flags of settings over the environment over `.env`. */
  readonly env: Environment;
  /** Paths are resolved against it. */
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/** @throws CommanderError with the message, which is printed once. */
export function refuse(message: string): never {
  throw new CommanderError(EXIT_CODES.error, 'words.refused', message);
}

/** The absolute path of a flag's or a setting's value; undefined where it is not given. */
export function pathIn({ cwd }: Pick<Given, 'cwd'>, value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? resolve(cwd, value) : undefined;
}

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
