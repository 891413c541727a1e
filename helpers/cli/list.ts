import { loadRequirements } from '../contract/requirements.ts';
import type { CliCommand } from './command.ts';
import { addFilterFlags, selectedBy } from './filter.ts';

export const listCommand: CliCommand = {
  name: 'list',
  usage: 'list',
  summary: 'List the requirements; send nothing.',
  examples: ['list', 'list --grep batching'],
  flags: addFilterFlags,
  run: async ({ flags }) => {
    const rows = selectedBy(flags) ?? loadRequirements();
    for (const { id, level, core, sentence } of rows)
      process.stdout.write(`${level.padEnd(6)} ${core ? 'core' : '    '} ${id}: ${sentence}\n`);
    return 0;
  },
};
