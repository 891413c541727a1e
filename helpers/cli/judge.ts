import type { CliCommand } from './command.ts';
import { addFilterFlags } from './filter.ts';
import { addSettingFlags } from './flags.ts';
import { runCertification } from './run-certification.ts';

export const judgeCommand: CliCommand = {
  name: 'judge',
  usage: 'judge <file>',
  summary: 'Judge an earlier recording; send nothing. The same as certify --recording <file>.',
  examples: ['judge reports/out/recording.har', 'judge submission/recording.har --strict --out judged'],
  leavesResults: () => true,
  flags: (command) => {
    addFilterFlags(command);
    addSettingFlags(command, ['WORDS_STRICT', 'WORDS_PROFILE', 'WORDS_REQUIREMENTS', 'WORDS_WAIVERS', 'WORDS_OUT']);
  },
  run: (given) => runCertification({ ...given, env: { ...given.env, WORDS_RECORDING: given.operands[0] } }),
};
