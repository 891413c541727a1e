import type { Contract } from '../contract/types.ts';
import { OperatorError } from '../errors.ts';
import type { Evidence } from '../judging/check.ts';
import { EXIT_CODES } from '../results/results.ts';
import { readSettings } from '../settings/read-settings.ts';
import { COMMAND, readSuite } from '../suite.ts';
import type { CliCommand, Given } from './command.ts';
import { pathIn } from './command.ts';
import { addSettingFlags } from './flags.ts';

export const verifyCommand: CliCommand = {
  name: 'verify',
  usage: 'verify <submission>',
  summary:
    'Prove a submission as far as it can be: intact, re-judged, fresh, counter-read. Offline, unless --base-url is given.',
  flags: (command) => {
    command.option('--key <file>', "The vendor's public key: it must have signed.");
    command.option(
      '--challenge <file>',
      'The words that the vendor was given (see challenge): the run must have spoken them.',
    );
    command.option('--trial', 'Accept a run of the embedded reference server.');
    command.option('--json', 'As JSON.');
    addSettingFlags(
      command,
      ['WORDS_WAIVERS', 'WORDS_CONTRACT', 'WORDS_BASE_URL', 'WORDS_API_KEY', 'WORDS_BEARER_TOKEN'],
      'none',
    );
    command.addHelpText('after', AFTERWORD);
  },
  run: async (given) => {
    const { env, flags, operands } = given;
    const [
      { readArchive, ArchiveError },
      { loadRules },
      { verify },
      { verificationText },
      { readPublicKey },
      { readChallenge },
      { loadWaivers },
      { checks },
    ] = await Promise.all([
      import('../evidence/archive.ts'),
      import('../evidence/judge-again.ts'),
      import('../evidence/verify.ts'),
      import('../evidence/verification-text.ts'),
      import('../evidence/dsse.ts'),
      import('../evidence/challenge.ts'),
      import('../results/waivers.ts'),
      import('./checks.ts'),
    ]);
    const [keyPath, challengePath, waiversPath] = [flags.key, flags.challenge, env.WORDS_WAIVERS].map((value) =>
      pathIn(given, value),
    );
    const rules = loadRules(checks, pathIn(given, env.WORDS_CONTRACT));
    const options = {
      rules,
      trial: flags.trial === true,
      ...(keyPath === undefined ? {} : { key: readPublicKey(keyPath) }),
      ...(challengePath === undefined ? {} : { challenge: readChallenge(challengePath) }),
      ...(waiversPath === undefined ? {} : { waivers: loadWaivers(waiversPath) }),
      ...(env.WORDS_BASE_URL ? { counterRead: await counterReadOf(given, rules.contract) } : {}),
    };
    try {
      const { results: _, ...verification } = await verify(
        await readArchive(pathIn(given, operands[0]) ?? ''),
        options,
      );
      process.stdout.write(flags.json ? `${JSON.stringify(verification, null, 2)}\n` : verificationText(verification));
      return verification.holds ? 0 : 1;
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      const unusable = { tier: 0, unusable: error.message };
      process.stdout.write(
        flags.json ? `${JSON.stringify(unusable, null, 2)}\n` : `Tier 0 of 4: the file is unusable. ${error.message}\n`,
      );
      return EXIT_CODES.error;
    }
  },
};

const AFTERWORD = `
The first line names the tier. Exit codes: 0 the claim holds, 1 it does not, 3 the file is unusable.
--waivers: breaches that you accept; those of the submission count for nothing.

Examples:
  ${COMMAND} verify submission.zip --key acme.pub.pem --challenge challenge.json
  WORDS_API_KEY=… ${COMMAND} verify submission.zip --base-url https://api.example.com`;

/** Settings of a run that reads completed sessions and does nothing else. Its mistakes are found before anything is read. */
async function counterReadOf({ env, cwd, signal }: Given, contract: Contract) {
  const { counterRead } = await import('../evidence/counter-read.ts');
  const reading = {
    WORDS_SESSION: 'ids',
    WORDS_LIVE_STREAM_ID: '',
    WORDS_COMPLETED_STREAM_ID: 'submitted',
    WORDS_RECORDING: '',
  };
  const settings = readSettings({ ...env, ...reading }, cwd);
  const { baseUrl } = settings;
  if (baseUrl === null)
    throw new OperatorError(
      'The embedded server keeps no session to read again.',
      'Give --base-url the target of the submission.',
    );
  return (evidence: Evidence) => counterRead(evidence, { settings, baseUrl, suite: readSuite(), contract, signal });
}
