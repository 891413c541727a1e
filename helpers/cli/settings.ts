import { envExample } from '../settings/env-example.ts';
import type { CliCommand } from './command.ts';

export const settingsCommand: CliCommand = {
  name: 'settings',
  usage: 'settings',
  summary: 'Print every setting with its meaning, as a .env file to start from.',
  examples: ['settings > .env'],
  run: async () => {
    process.stdout.write(envExample());
    return 0;
  },
};
