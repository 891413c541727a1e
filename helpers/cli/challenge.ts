import { resolve } from 'node:path';
import { writing } from '../write-file.ts';
import type { CliCommand } from './command.ts';

export const challengeCommand: CliCommand = {
  name: 'challenge',
  usage: 'challenge [file]',
  summary:
    'Draw words that a vendor must have spoken, and keep them with their date in a file (challenge.json) for verify.',
  run: async ({ operands: [file = 'challenge.json'], cwd }) => {
    const { newChallenge, writeChallenge } = await import('../evidence/challenge.ts');
    const path = resolve(cwd, file);
    const challenge = newChallenge();
    writing(path, () => writeChallenge(path, challenge));
    process.stdout.write(
      `WORDS_CHALLENGE="${challenge.words.join(' ')}"\nGive the vendor this line. Keep ${path}: verify --challenge takes it.\n`,
    );
    return 0;
  },
};
