import { Option as Flag } from 'commander';
import type { CliCommand } from './command.ts';
import { refuse } from './command.ts';
import { addFilterFlags } from './filter.ts';
import { addSettingFlags } from './flags.ts';
import { listCommand } from './list.ts';
import { planCommand } from './plan.ts';
import { runCertification } from './run-certification.ts';

const RUN_FLAGS = [
  ['--plan', 'Send nothing; say what a run would do and cost.'],
  ['--json', 'With --plan: as JSON.'],
  ['--list', 'Send nothing; list the requirements.'],
  ['--pack', 'Then pack submission.zip, as the command pack does, also with --key and --draft.'],
  ['--key <file>', 'With --pack: sign with this private key.'],
  ['--draft', 'With --pack: pack a run that proves nothing, too, marked as a draft for ever.'],
  ['--ui', 'Open the interface of Playwright, whose runs certify.'],
] as const;

/** Of Playwright, whose report or interface they concern. */
const RARE_FLAGS = ['--workers <count>', '--ui-host <host>', '--ui-port <port>'];

export const certifyCommand: CliCommand = {
  name: 'certify',
  usage: 'certify',
  summary: 'Record the target, judge it and write the reports. Runs where no command is named.',
  leavesResults: ({ plan, list, ui }) => !plan && !list && !ui,
  flags: (command) => {
    for (const [flags, meaning] of RUN_FLAGS) command.addOption(new Flag(flags, meaning).helpGroup('Run:'));
    for (const flags of RARE_FLAGS) command.addOption(new Flag(flags).hideHelp());
    addFilterFlags(command);
    addSettingFlags(command, [
      'WORDS_BASE_URL',
      'WORDS_API_KEY',
      'WORDS_BEARER_TOKEN',
      'WORDS_SESSION',
      'WORDS_AVATAR_ID',
      'WORDS_VOICE_ID',
      'WORDS_LIVE_STREAM_ID',
      'WORDS_COMPLETED_STREAM_ID',
      'WORDS_BURST',
      'WORDS_WAIVERS',
      'WORDS_OUT',
    ]);
  },
  run: async (given) => {
    const { plan, list, ui, json } = given.flags;
    if (json && !plan) refuse('--json goes with --plan. The results of a run are in results.json.');
    if (plan) return planCommand.run(given);
    if (list) return listCommand.run(given);
    if (ui) return (await import('./show-in-playwright.ts')).openInterface(given);
    const { env, flags } = given;
    if (flags.pack && !flags.draft && !(env.WORDS_PRODUCT && env.WORDS_PRODUCT_VERSION))
      refuse('--pack needs WORDS_PRODUCT and WORDS_PRODUCT_VERSION: what is certified. --draft packs without them.');
    const code = await runCertification(given);
    if (!flags.pack) return code;
    const { packRun } = await import('./pack.ts');
    process.stdout.write(await packRun({ ...given, flags: { ...flags, output: 'submission.zip' } }));
    return code;
  },
};
