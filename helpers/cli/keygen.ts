import { resolve } from 'node:path';
import type { CliCommand } from './command.ts';

export const keygenCommand: CliCommand = {
  name: 'keygen',
  usage: 'keygen [name]',
  summary: 'Make an Ed25519 key pair for signing submissions: <name>.pem and <name>.pub.pem (name: words-conformance).',
  run: async ({ operands: [name = 'words-conformance'], cwd }) => {
    const { writeKeyPair } = await import('../evidence/dsse.ts');
    const { privatePath, publicPath, fingerprint } = writeKeyPair(resolve(cwd, name));
    process.stdout.write(
      `Private key: ${privatePath} (keep it; pack --key takes it)\nPublic key:  ${publicPath} (publish it; verify --key takes it)\nSHA-256:     ${fingerprint}\n`,
    );
    return 0;
  },
};
