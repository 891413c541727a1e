import { join, relative } from 'node:path';
import { Command } from 'commander';
import { coverageOf, staleQuotes } from '../contract/coverage.ts';
import { loadContract } from '../contract/load.ts';
import { loadCatalogue } from '../contract/requirements.ts';
import { readRunOutcomes } from '../contract/run-outcomes.ts';
import { statementsOf } from '../contract/statements.ts';
import { trace } from '../contract/traceability.ts';
import { withDotenv } from '../settings/environment.ts';
import { outFolder } from '../settings/out-folder.ts';

const env = withDotenv(process.env, process.cwd());
const lastResults = relative(process.cwd(), join(outFolder(env, process.cwd()), 'results.json'));

const command = new Command('npm run coverage --')
  .description('Says for each sentence of the contract which requirements rest on it, and what a run found for them.')
  .argument('[results.json]', `of the run (default: ${lastResults})`)
  .option('--contract <path>', 'the contract that the run was judged by', env.WORDS_CONTRACT)
  .addHelpText('after', '\nExit codes: 0 every sentence is accounted for, 1 one is not, 3 something could not be read.')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 3))
  .parse();

try {
  const contract = loadContract(command.opts<{ contract?: string }>().contract || undefined);
  const catalogue = loadCatalogue();
  const accounts = coverageOf(contract.document, statementsOf(contract.document), catalogue);
  const run = readRunOutcomes(command.args[0] ?? lastResults);
  const { lines, faults } = trace(contract, accounts, catalogue.requirements, run);
  const stale = staleQuotes(contract.document, catalogue).map(
    ({ quote, pointer, id }) => `${id ?? 'An exclusion'} quotes ${JSON.stringify(quote)}, which is not at ${pointer}.`,
  );
  process.stdout.write(`Run of ${run.startedAt}, ${run.verdict}.\n${lines.join('\n')}\n`);
  for (const fault of [...faults, ...stale]) process.stderr.write(`${fault}\n`);
  process.exitCode = faults.length + stale.length > 0 ? 1 : 0;
} catch (error) {
  if (!(error instanceof Error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 3;
}
