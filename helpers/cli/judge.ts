import type { CliCommand } from './command.ts';
import { addFilterFlags } from './filter.ts';
import { addSettingFlags } from './flags.ts';
import { runCertification } from './run-certification.ts';

export const judgeCommand: CliCommand = {
  name: 'judge',
  usage: 'judge <file>',
  summary: 'Judge an earlier recording; send nothing. The same as certify --recording <file>.',
  leavesResults: () => true,
  flags: (command) => {
    addFilterFlags(command);
    addSettingFlags(command);
  },
  run: (given) => runCertification({ ...given, env: { ...given.env, WORDS_RECORDING: given.operands[0] } }),
};
