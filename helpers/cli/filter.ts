import { type Command, Option as Flag } from 'commander';
import { loadRequirements } from '../contract/requirements.ts';
import type { Requirement, RequirementId } from '../contract/types.ts';
import { refuse } from './command.ts';

export function addFilterFlags(command: Command): void {
  for (const [flags, meaning] of [
    ['-g, --grep <regexp>', 'Only requirements whose id or sentence matches, e.g. batching.'],
    ['--grep-invert <regexp>', 'Only requirements that do not match.'],
  ] as const)
    command.addOption(new Flag(flags, meaning).helpGroup('Run:'));
}

/** The requirements that --grep and --grep-invert leave in; undefined where neither was given. */
export function selectedBy({
  grep,
  grepInvert,
}: Readonly<Record<string, unknown>>): readonly Requirement[] | undefined {
  if (grep === undefined && grepInvert === undefined) return undefined;
  const [wanted, unwanted] = [pattern('--grep', grep), pattern('--grep-invert', grepInvert)];
  return loadRequirements().filter((row) => {
    const text = `${row.id}: ${row.sentence} @${row.level}${row.core ? ' @core' : ''}`;
    return (wanted?.test(text) ?? true) && !unwanted?.test(text);
  });
}

export function playwrightGrep(ids: Iterable<RequirementId>): string {
  return `\\b(${[...ids].map((id) => id.replaceAll('.', '\\.')).join('|')}): `;
}

/** As Playwright reads it: case does not count. */
function pattern(flag: string, text: unknown): RegExp | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const [, source = text, flags = 'i'] = /^\/(.*)\/([imsu]*)$/.exec(text) ?? [];
    return new RegExp(source, flags);
  } catch {
    return refuse(`${flag} is no regular expression. Give a part of an id, such as batching or replay.no-gap.`);
  }
}
