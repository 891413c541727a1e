import { CommanderError } from 'commander';
import { EXIT_CODES } from '../results/results.ts';

/** @throws CommanderError with the message, which is printed once. */
export function refuse(message: string): never {
  throw new CommanderError(EXIT_CODES.error, 'words.refused', message);
}
