import { join } from 'node:path';
import type { Rules } from '../evidence/judge-again.ts';
import { outFolder } from '../settings/out-folder.ts';
import { COMMAND, readSuite } from '../suite.ts';
import { writeWhole } from '../write-file.ts';
import type { CliCommand, Given } from './command.ts';
import { pathIn, refuse } from './command.ts';
import { addSettingFlags } from './flags.ts';

export const compareCommand: CliCommand = {
  name: 'compare',
  usage: 'compare <runs...>',
  summary: 'Say what changed between two runs, and why; or, with --matrix, show many implementations side by side.',
  flags: (command) => {
    command.option('--json', 'As JSON.');
    command.option('--matrix', 'Write matrix.html and matrix.json of all that are given to the folder of --out.');
    addSettingFlags(command, ['WORDS_OUT', 'WORDS_CONTRACT'], 'none');
    command.addHelpText('after', AFTERWORD);
  },
  run: async (given) => {
    const { operands, flags, env } = given;
    const paths = operands.map((operand) => pathIn(given, operand) ?? '');
    const [{ loadRules }, { checks }] = await Promise.all([
      import('../evidence/judge-again.ts'),
      import('./checks.ts'),
    ]);
    const rules = loadRules(checks, pathIn(given, env.WORDS_CONTRACT));
    if (flags.matrix) return writeMatrix(paths, rules, given);
    const [before, after, ...more] = paths;
    if (before === undefined || after === undefined || more.length > 0)
      refuse('compare takes two runs, the earlier one first; --matrix takes any number.');
    const [{ readRun }, { compareRuns }, { comparisonText }] = await Promise.all([
      import('../evidence/compared-run.ts'),
      import('../results/comparison.ts'),
      import('../results/comparison-text.ts'),
    ]);
    const comparison = compareRuns(await readRun(before, rules), await readRun(after, rules));
    process.stdout.write(flags.json ? `${JSON.stringify(comparison, null, 2)}\n` : comparisonText(comparison));
    return comparison.changes.some(({ kind }) => kind === 'newly-failing') ? 1 : 0;
  },
};

const AFTERWORD = `
A run is a results.json, a recording, or a submission.zip. Recordings are judged by this suite, so that like is compared with like;
results.json is taken with the recording that it is of, where that stands beside it.
Exit codes: 0 nothing newly fails, 1 something does, 3 a file cannot be used.

Examples:
  ${COMMAND} compare yesterday/results.json reports/out/results.json
  ${COMMAND} compare --matrix --out matrix acme.zip zenith.zip`;

async function writeMatrix(paths: readonly string[], rules: Rules, { env, cwd }: Given): Promise<number> {
  const [{ readMatrix }, { implementationsPage }] = await Promise.all([
    import('../evidence/matrix.ts'),
    import('../../reports/implementations/page.ts'),
  ]);
  const matrix = await readMatrix(paths, rules, readSuite());
  const out = outFolder(env, cwd);
  const files = { 'matrix.html': implementationsPage(matrix), 'matrix.json': `${JSON.stringify(matrix, null, 2)}\n` };
  for (const [name, text] of Object.entries(files)) {
    const path = join(out, name);
    writeWhole(path, [text]);
    process.stdout.write(`${path}\n`);
  }
  return 0;
}
