import { EXIT_CODES } from '../results/results.ts';
import type { CliCommand } from './command.ts';

export const referenceCommand: CliCommand = {
  name: 'reference',
  usage: 'reference',
  summary: 'Serve the reference implementation until it is stopped (reference --help).',
  readsArguments: true,
  run: async ({ operands, signal }) => {
    const { serveReference } = await import('../reference/serve.ts');
    return (await serveReference(operands, signal)) === 0 ? 0 : EXIT_CODES.error;
  },
};
