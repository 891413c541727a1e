import { existsSync } from 'node:fs';
import { Option as Flag } from 'commander';
import { OperatorError } from '../errors.ts';
import { outFiles } from '../settings/out-files.ts';
import { outFolder } from '../settings/out-folder.ts';
import { COMMAND, readSuite } from '../suite.ts';
import { writeWhole } from '../write-file.ts';
import type { CliCommand, Given } from './command.ts';
import { pathIn, readText } from './command.ts';
import { addSettingFlags } from './flags.ts';

export const packCommand: CliCommand = {
  name: 'pack',
  usage: 'pack',
  summary: 'Pack the run in WORDS_OUT into submission.zip, for a certifying authority.',
  flags: (command) => {
    command.option('--output <file>', 'The file to write.', 'submission.zip');
    command.option('--key <file>', 'Sign with this private key (see keygen).');
    command.addOption(
      new Flag(
        '--draft',
        'Pack a run that proves nothing, too: filtered, incomplete or failed. Marked as a draft for ever.',
      ),
    );
    addSettingFlags(command, ['WORDS_OUT', 'WORDS_WAIVERS', 'WORDS_CONTRACT'], 'none');
  },
  run: async (given) => {
    process.stdout.write(await packRun(given));
    return 0;
  },
};

/** Packs the run in the out folder. Resolves with what to tell the operator. @throws OperatorError */
export async function packRun({ flags, env, cwd }: Pick<Given, 'flags' | 'env' | 'cwd'>): Promise<string> {
  const [{ pack }, { loadRules }, { readPrivateKey }, { readResults }, { loadRecording }, { checks }] =
    await Promise.all([
      import('../evidence/pack.ts'),
      import('../evidence/judge-again.ts'),
      import('../evidence/dsse.ts'),
      import('../evidence/manifest.ts'),
      import('../recording/load.ts'),
      import('./checks.ts'),
    ]);
  const files = outFiles(outFolder(env, cwd));
  if (!existsSync(files.results) || !(existsSync(files.recording) || existsSync(files.journal)))
    throw new OperatorError(
      `${files.folder} holds no run to pack.`,
      `Run ${COMMAND.replace(/ --$/, '')} first, or name its folder with --out.`,
    );
  const keyPath = pathIn({ cwd }, flags.key);
  const waiversPath = pathIn({ cwd }, env.WORDS_WAIVERS);
  const { archive, manifest } = pack({
    recording: await loadRecording(existsSync(files.recording) ? files.recording : files.journal),
    results: readResults(Buffer.from(readText(files.results)), files.results),
    rules: loadRules(checks, pathIn({ cwd }, env.WORDS_CONTRACT)),
    suite: readSuite(),
    draft: flags.draft === true,
    ...(waiversPath === undefined ? {} : { waiversText: readText(waiversPath) }),
    ...(keyPath === undefined ? {} : { privateKey: readPrivateKey(keyPath) }),
  });
  const path = pathIn({ cwd }, flags.output) ?? '';
  writeWhole(path, [archive]);
  const { product, verdict, draft } = manifest;
  return [
    `${path}: ${product.name} ${product.version}, ${verdict}, ${keyPath === undefined ? 'not signed' : 'signed'}, ${archive.length} bytes.`,
    ...(draft.length === 0 ? [] : ['A draft, which proves nothing:', ...draft.map((reason) => `  ${reason}`)]),
    '',
  ].join('\n');
}
