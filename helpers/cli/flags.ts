import { Command, CommanderError, Option as Flag } from 'commander';
import { nearest } from '../settings/mistakes.ts';
import { flagName, OPTION_GROUPS, OPTIONS, type Option, type OptionName } from '../settings/options.ts';

/** What `npm run certify` was asked to do. */
export interface Invocation {
  readonly task: 'certify' | 'list' | 'ui' | 'plan';
  /** For `plan`: as JSON. */
  readonly json: boolean;
  /** Settings given as flags, by variable: they go before the environment. */
  readonly settings: Readonly<Record<string, string>>;
  /** Handed on to Playwright. */
  readonly playwrightArguments: readonly string[];
}

const PLAYWRIGHT_FLAGS = [
  { flags: '-g, --grep <regexp>', meaning: 'Only requirements whose id or sentence matches, e.g. batching.' },
  { flags: '--grep-invert <regexp>', meaning: 'Only requirements that do not match.' },
  { flags: '--workers <count>', meaning: 'Processes that show the judgements; the recording is made in one.' },
  { flags: '--ui-host <host>', meaning: 'With --ui: serve the interface there.' },
  { flags: '--ui-port <port>', meaning: 'With --ui: serve the interface on this port.' },
] as const;

const AFTERWORD = `
Every flag of a setting has a variable, which may stand in the environment or in .env: --base-url is
WORDS_BASE_URL. A flag goes before the environment, the environment before .env. Give credentials as variables:
a flag shows in the list of processes.

From the environment too, as Node and curl know them: HTTP_PROXY, HTTPS_PROXY and NO_PROXY (also in .env), and
NODE_EXTRA_CA_CERTS, the file of a private certificate authority (not in .env: Node reads it when it starts).

Exit codes: 0 conformant, 1 non-conformant, 2 incomplete, 3 error (configuration or the suite itself).

Examples:
  npm run certify
  WORDS_API_KEY=… npm run certify -- --base-url https://api.example.com --avatar-id … --voice-id …
  npm run certify -- --base-url https://api.example.com --session ids --completed-stream-id …
  npm run certify -- --recording reports/out/recording.har --out reports/out/again
  npm run certify -- --plan --json
`;

/**
 * Reads the arguments after `npm run certify --`. Throws commander's `CommanderError` for a wrong one, and after it has
 * printed help or version.
 */
export function readFlags(argv: readonly string[], version: string): Invocation {
  const program = certifyCommand(version);
  parse(program, argv);
  const values = program.opts<Record<string, unknown>>();
  // It is not repeated: it may be a credential that lost its flag.
  if (program.args.length > 0)
    refuse(
      program,
      'an argument stands there that belongs to no flag. To select requirements, write npm run certify -- --grep <regexp> (mind the --).',
    );
  const task = values.plan ? 'plan' : values.list ? 'list' : values.ui ? 'ui' : 'certify';
  if (values.json && task !== 'plan')
    refuse(program, '--json goes with --plan. The results of a run are in results.json.');
  return {
    task,
    json: values.json === true,
    settings: settingsAmong(program),
    playwrightArguments: playwrightArguments(program),
  };
}

function parse(program: Command, argv: readonly string[]): void {
  try {
    program.parse([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError) || error.exitCode === 0) throw error;
    if (error.code !== 'commander.unknownOption') refuse(program, error.message.replace(/^error: /, ''));
    refuse(program, unknownFlag(program, argv));
  }
}

/** Names the flag without the value that may follow it, which may be a credential. */
function unknownFlag(program: Command, argv: readonly string[]): string {
  const known = program.options.flatMap(({ long, short }) => [long, short].filter((flag) => flag != null));
  known.push('--help', '-h');
  const names = argv.filter((text) => text.startsWith('-')).map((text) => text.split('=', 1)[0] ?? '');
  const unknown = names.find((name) => !known.includes(name)) ?? '';
  const onOrOff = argv.find((text) => text.includes('=') && known.includes(text.split('=', 1)[0] ?? ''));
  if (unknown === '' && onOrOff !== undefined)
    return `${onOrOff.split('=', 1)[0]} takes no value. Its opposite is ${onOrOff.split('=', 1)[0]?.replace('--', '--no-')}.`;
  const near = nearest(unknown, known);
  return `unknown flag ${unknown.replace(/[^\w-]/g, '?').slice(0, 40)}. ${near ? `Did you mean ${near}?` : 'npm run certify -- --help lists the flags.'}`;
}

function refuse(program: Command, message: string): never {
  process.stderr.write(`error: ${message}\n`);
  throw new CommanderError(3, `words.${program.name()}`, `error: ${message}`);
}

function certifyCommand(version: string): Command {
  const program = new Command('npm run certify --')
    .description('Certifies an implementation of GET /v3/avatar-realtime/{stream_id}/words against the contract.')
    .version(version)
    .helpOption('-h, --help', 'Show this.')
    .showHelpAfterError(false)
    .allowExcessArguments()
    .configureHelp({ helpWidth: 110 })
    .addHelpText('after', AFTERWORD)
    .exitOverride()
    // What is wrong is told by this file, without values.
    .configureOutput({ writeErr: () => {} });
  program.addOption(new Flag('--plan', 'Send nothing; say what a run would do and cost.').helpGroup('Run:'));
  program.addOption(new Flag('--json', 'With --plan: as JSON.').helpGroup('Run:'));
  program.addOption(new Flag('--list', 'Send nothing; list the requirements.').helpGroup('Run:'));
  program.addOption(new Flag('--ui', 'Open the interface of Playwright; gives no verdict.').helpGroup('Run:'));
  for (const { flags, meaning } of PLAYWRIGHT_FLAGS) program.addOption(new Flag(flags, meaning).helpGroup('Run:'));
  for (const group of OPTION_GROUPS)
    for (const option of OPTIONS as readonly Option[])
      if (option.group === group) for (const flag of flagsOf(option)) program.addOption(flag.helpGroup(`${group}:`));
  return program;
}

function flagsOf(option: Option): readonly Flag[] {
  const flag = flagName(option.name as OptionName);
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
      return 'secret';
    default:
      return kind.type;
  }
}

function settingsAmong(program: Command): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const option of OPTIONS as readonly Option[]) {
    const key = camelCase(flagName(option.name as OptionName));
    if (program.getOptionValueSource(key) !== 'cli') continue;
    const value: unknown = program.getOptionValue(key);
    settings[option.name] = typeof value === 'boolean' ? (value ? '1' : '0') : String(value);
  }
  return settings;
}

function playwrightArguments(program: Command): readonly string[] {
  return PLAYWRIGHT_FLAGS.flatMap(({ flags }) => {
    const name = /--([a-z-]+)/.exec(flags)?.[1] ?? '';
    const value: unknown = program.getOptionValue(camelCase(name));
    if (name.startsWith('grep') && typeof value === 'string') checkPattern(program, `--${name}`, value);
    return typeof value === 'string' ? [`--${name}=${value}`] : [];
  });
}

function checkPattern(program: Command, flag: string, pattern: string): void {
  try {
    new RegExp(pattern);
  } catch {
    refuse(program, `${flag} is no regular expression. Give a part of an id, such as batching or replay.no-gap.`);
  }
}

function camelCase(flag: string): string {
  return flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
