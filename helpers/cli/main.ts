#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { OperatorError } from '../errors.ts';
import { redactorOf } from '../http/redactor-of.ts';
import { printableLines } from '../judging/findings.ts';
import { leaveError } from '../leave-error.ts';
import { EXIT_CODES } from '../results/results.ts';
import { type Environment, withDotenv } from '../settings/environment.ts';
import { mistakeLine, SettingsError } from '../settings/mistakes.ts';
import { COMMAND, readSuite } from '../suite.ts';
import { certifyCommand } from './certify.ts';
import { challengeCommand } from './challenge.ts';
import type { CliCommand } from './command.ts';
import { compareCommand } from './compare.ts';
import { argumentMistake, settingsAmong } from './flags.ts';
import { listenForInterruption } from './interruption.ts';
import { judgeCommand } from './judge.ts';
import { keygenCommand } from './keygen.ts';
import { listCommand } from './list.ts';
import { packCommand } from './pack.ts';
import { planCommand } from './plan.ts';
import { referenceCommand } from './reference.ts';
import { settingsCommand } from './settings.ts';
import { verifyCommand } from './verify.ts';

/** Every command of the command line. The first runs where none is named. */
const COMMANDS: readonly CliCommand[] = [
  certifyCommand,
  judgeCommand,
  planCommand,
  listCommand,
  compareCommand,
  packCommand,
  verifyCommand,
  keygenCommand,
  challengeCommand,
  referenceCommand,
  settingsCommand,
];

const SHORT = COMMAND.replace(/ --$/, '');

export const AFTERWORD = `
Every setting is a variable (WORDS_BASE_URL), which may stand in .env, and a flag (--base-url); a flag goes first, then the
environment, then .env. "${COMMAND} settings" prints them all. Credentials: variables, or flags that name a file (--api-key
@key.txt) or standard input (--api-key -). HTTPS_PROXY, NO_PROXY and NODE_EXTRA_CA_CERTS work as in Node and curl.

Exit codes: 0 conformant, 1 non-conformant, 2 incomplete, 3 error (configuration or the suite itself).

Examples:
  ${SHORT}
  WORDS_API_KEY=… ${COMMAND} --base-url https://api.example.com --avatar-id … --voice-id …
  ${COMMAND} --base-url https://api.example.com --session ids --live-stream-id … --completed-stream-id …
  ${COMMAND} judge reports/out/recording.har
`;

// Nothing but a verdict may end with a verdict's exit code: neither a throw nor a promise that never settles.
process.exitCode = EXIT_CODES.error;
const interruption = listenForInterruption();
let hasFailed = false;
/** With the settings of `.env` and of flags, as soon as they are read. */
let environment: Environment = process.env;
for (const event of ['uncaughtException', 'unhandledRejection'] as const)
  process.on(event, (fault) => {
    hasFailed = true;
    process.stderr.write(`${faultText(stackOf(fault))}\n`);
    // A run that is under way closes what bills on.
    interruption.abort(fault);
  });
// A file that may grow no further is an error of the write, which names it.
process.on('SIGXFSZ', () => undefined);
// Whoever reads no further (`| head`) must not turn a verdict into an error.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const code = await main(process.argv.slice(2), process.cwd());
process.exitCode = hasFailed ? EXIT_CODES.error : code;

async function main(argv: readonly string[], cwd: string): Promise<number> {
  const program = new Command(COMMAND)
    .description('Certifies an implementation of GET /v3/avatar-realtime/{stream_id}/words against the contract.')
    .version(readSuite().version)
    .addHelpText('after', AFTERWORD)
    .enablePositionalOptions()
    .helpCommand(false);
  let exitCode: number = EXIT_CODES.error;
  let leavesResults: boolean = certifyCommand.leavesResults?.({}) ?? false;
  const define = (command: Command, definition: CliCommand): void => {
    command
      .helpOption('-h, --help', 'Show this.')
      .configureHelp({ helpWidth: 120 })
      .exitOverride()
      // What is wrong is said by this file, without values.
      .configureOutput({ writeErr: () => {} })
      .action(async () => {
        const settings = { ...settingsAmong(program), ...settingsAmong(command) };
        const flags = command.opts<Record<string, unknown>>();
        leavesResults = definition.leavesResults?.(flags) ?? false;
        const env = { ...withDotenv(process.env, cwd), ...settings };
        environment = env;
        const { signal } = interruption;
        exitCode = await definition.run({ operands: command.args, flags, env, cwd, signal });
      });
    if (definition.readsArguments) command.helpOption(false).allowUnknownOption().allowExcessArguments();
    definition.flags?.(command);
    const examples = (definition.examples ?? []).map((example) => `  ${COMMAND} ${example}\n`);
    if (examples.length > 0) command.addHelpText('after', `\nExamples:\n${examples.join('')}`);
  };
  define(program, certifyCommand);
  for (const definition of COMMANDS) define(program.command(definition.usage).summary(definition.summary), definition);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0;
    // Ctrl-C stops what loads the code, too: that it failed is not the reason.
    const error = interruption.signal.aborted && !hasFailed ? new OperatorError('The run was interrupted.') : thrown;
    const named = program.commands.find((command) => command.name() === argv[0]) ?? program;
    const { told, reason, remedy } = explain(error, named, argv);
    process.stderr.write(`${told}\n`);
    if (leavesResults) await leaveError(process.env, cwd, { reason, remedy });
    return EXIT_CODES.error;
  }
}

/** What is said on the terminal, and what in results.json. */
function explain(error: unknown, command: Command, argv: readonly string[]) {
  if (error instanceof CommanderError) {
    const reason = argumentMistake(error, command, argv);
    return { told: `error: ${reason}`, reason };
  }
  if (error instanceof SettingsError) {
    const { mistakes } = error;
    const many = mistakes.length === 1 ? 'A setting is wrong' : `${mistakes.length} settings are wrong`;
    return {
      told: [`${many}; nothing was sent.`, ...mistakes.map((mistake) => `  ${mistakeLine(mistake)}`)].join('\n'),
      reason: `${many}: ${mistakes.map(({ name, message }) => `${name} ${message}`).join('; ')}.`,
      remedy: [...new Set(mistakes.map((mistake) => mistake.remedy))].join(' '),
    };
  }
  if (error instanceof OperatorError) {
    const { message, remedy } = error;
    return { told: [message, ...(remedy === undefined ? [] : [`  ${remedy}`])].join('\n'), reason: message, remedy };
  }
  const reason = faultText(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  return { told: faultText(stackOf(error)), reason };
}

/** A fault's message may repeat what was sent, or what the target said. */
function faultText(text: string): string {
  const { WORDS_API_KEY: apiKey, WORDS_BEARER_TOKEN: bearerToken, WORDS_OTHER_API_KEY: otherApiKey } = environment;
  return `The suite itself failed: ${printableLines(redactorOf({ apiKey, bearerToken, otherApiKey }).text(text))}`;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
