import { readFileSync } from 'node:fs';
import { refuse } from './refuse.ts';

const STANDARD_INPUT = 0;

/**
 * The value of a flag that takes a credential: `@file`, `-` for standard input, or the credential itself, which warns: every
 * user of the machine can read it in the list of processes. @throws CommanderError where nothing can be read
 */
export function credentialFrom(flag: string, value: string): string {
  if (value === '-') return contentOf(flag, 'standard input', STANDARD_INPUT);
  if (value.startsWith('@')) return contentOf(flag, `the file ${value.slice(1)}`, value.slice(1));
  process.stderr.write(
    `warning: --${flag} shows the credential in the list of processes. Give --${flag} @file, --${flag} - (standard input), or the variable WORDS_${flag.replaceAll('-', '_').toUpperCase()}.\n`,
  );
  return value;
}

function contentOf(flag: string, named: string, source: string | number): string {
  let content: string;
  try {
    content = readFileSync(source, 'utf8').trim();
  } catch {
    return refuse(`--${flag}: ${named} cannot be read.`);
  }
  return content === '' ? refuse(`--${flag}: ${named} is empty.`) : content;
}
