import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment with `.env` of the folder beneath it: a name that is set, even to nothing, hides the file's. */
export function withDotenv(env: Environment, folder: string): Environment {
  return { ...readDotenv(folder), ...env };
}

function readDotenv(folder: string): Environment {
  try {
    return parse(readFileSync(join(folder, '.env')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}
