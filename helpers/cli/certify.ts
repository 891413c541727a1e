import { Option as Flag } from 'commander';
import type { CliCommand } from './command.ts';
import { addFilterFlags } from './filter.ts';
import { addSettingFlags, refuse } from './flags.ts';
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
  ['--ui', 'Open the interface of Playwright; gives no verdict.'],
  ['--workers <count>', 'Processes that show the judgements in Playwright’s report; the recording is made in one.'],
  ['--ui-host <host>', 'With --ui: serve the interface there.'],
  ['--ui-port <port>', 'With --ui: serve the interface on this port.'],
] as const;

export const certifyCommand: CliCommand = {
  name: 'certify',
  usage: 'certify',
  summary: 'Record the target, judge it and write the reports. Runs where no command is named.',
  leavesResults: ({ plan, list, ui }) => !plan && !list && !ui,
  flags: (command) => {
    for (const [flags, meaning] of RUN_FLAGS) command.addOption(new Flag(flags, meaning).helpGroup('Run:'));
    addFilterFlags(command);
    addSettingFlags(command);
  },
  run: async (given) => {
    const { plan, list, ui, json } = given.flags;
    if (json && !plan) refuse('--json goes with --plan. The results of a run are in results.json.');
    if (plan) return planCommand.run(given);
    if (list) return listCommand.run(given);
    if (ui) return (await import('./show-in-playwright.ts')).openInterface(given);
    const code = await runCertification(given);
    if (!given.flags.pack) return code;
    const { packRun } = await import('./pack.ts');
    process.stdout.write(await packRun({ ...given, flags: { ...given.flags, output: 'submission.zip' } }));
    return code;
  },
};
