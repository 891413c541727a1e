import { readFileSync } from 'node:fs';
import { type Command, type CommanderError, Option as Flag } from 'commander';
import { nearest } from '../settings/mistakes.ts';
import { flagName, OPTION_GROUPS, OPTIONS, type Option, type OptionName } from '../settings/options.ts';
import { COMMAND } from '../suite.ts';
import { refuse } from './command.ts';

/**
 * A flag for every setting, in the groups of the table; its help shows those named, and `settings` prints them all. `none`:
 * the command takes no others.
 */
export function addSettingFlags(
  command: Command,
  shown: readonly OptionName[],
  others: 'hidden' | 'none' = 'hidden',
): void {
  for (const group of OPTION_GROUPS)
    for (const option of OPTIONS) {
      const isShown = shown.includes(option.name);
      if (option.group !== group || (!isShown && others === 'none')) continue;
      for (const flag of flagsOf(option)) command.addOption(isShown ? flag.helpGroup(`${group}:`) : flag.hideHelp());
    }
}

export function settingsAmong(command: Command): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const option of OPTIONS) {
    const key = camelCase(flagName(option.name));
    if (command.getOptionValueSource(key) !== 'cli') continue;
    const value: unknown = command.getOptionValue(key);
    if (typeof value === 'boolean') settings[option.name] = value ? '1' : '0';
    else if (option.kind.type === 'credential')
      settings[option.name] = credentialFrom(flagName(option.name), String(value));
    else settings[option.name] = String(value);
  }
  return settings;
}

/** What is wrong with the arguments, without their values: one may be a credential that lost its flag. */
export function argumentMistake(error: CommanderError, command: Command, argv: readonly string[]): string {
  if (error.code === 'commander.excessArguments') {
    const names = command.commands.map((one) => one.name());
    const near = command.args.map((given) => nearest(given, names)).find((name) => name !== undefined);
    return `an argument stands there that is no command and belongs to no flag. ${
      near === undefined ? `To select requirements, write ${COMMAND} --grep <regexp>.` : `Did you mean ${near}?`
    }`;
  }
  if (error.code !== 'commander.unknownOption') return error.message.replace(/^error: /, '');
  const known = command.options.flatMap(({ long, short }) => [long, short].filter((flag) => flag != null));
  known.push('--help', '-h');
  const names = argv.filter((text) => text.startsWith('-')).map((text) => text.split('=', 1)[0] ?? '');
  const unknown = names.find((name) => !known.includes(name)) ?? '';
  const onOrOff = argv.find((text) => text.includes('=') && known.includes(text.split('=', 1)[0] ?? ''));
  if (unknown === '' && onOrOff !== undefined)
    return `${onOrOff.split('=', 1)[0]} takes no value. Its opposite is ${onOrOff.split('=', 1)[0]?.replace('--', '--no-')}.`;
  const near = nearest(unknown, known);
  return `unknown flag ${unknown.replace(/[^\w-]/g, '?').slice(0, 40)}. ${near ? `Did you mean ${near}?` : `${COMMAND} --help lists the flags.`}`;
}

function flagsOf(option: Option): readonly Flag[] {
  const flag = flagName(option.name);
  const byDefault = option.fallback === undefined ? '' : ` Default: ${option.fallback}.`;
  const meaning = `${option.meaning}${byDefault}`;
  if (option.kind.type !== 'switch') return [new Flag(`--${flag} <${placeholder(option)}>`, meaning)];
  return [new Flag(`--${flag}`, meaning), new Flag(`--no-${flag}`).hideHelp()];
}

function placeholder({ kind }: Option): string {
  switch (kind.type) {
    case 'choice':
      return kind.values.join('|');
    case 'list':
      return 'id,id';
    case 'credential':
      return '@file|-';
    default:
      return kind.type;
  }
}

function camelCase(flag: string): string {
  return flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

const STANDARD_INPUT = 0;

/**
 * The value of a flag that takes a credential: `@file`, `-` for standard input, or the credential itself, which warns: every
 * user of the machine can read it in the list of processes. @throws CommanderError where nothing can be read
 */
function credentialFrom(flag: string, value: string): string {
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
