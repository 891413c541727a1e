import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import { writeKillMatrixPage } from '../../reports/page/kill-matrix.ts';
import { checks } from '../cli/checks.ts';
import { faults, variants } from './index.ts';
import { writeKillMatrix } from './kill-matrix.ts';
import { type Proof, prove } from './prove.ts';

interface Options {
  readonly grep?: RegExp;
  readonly list?: true;
  readonly out: string;
}

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('npm run prove --')
    .description('Proves the suite: every fault is found, every variant is left alone, every check is needed.')
    .option('-g, --grep <regexp>', 'Only cases whose id, sentence or requirements match.', regexp)
    .option('--list', 'Run nothing; list the cases.')
    .option('--out <folder>', 'Where the kill matrix goes.', 'reports/out')
    .parse([...argv], { from: 'user' });
  const { grep, list, out } = program.opts<Options>();
  const chosen = {
    faults: faults.filter(({ id, sentence, turns }) => wanted(grep, id, sentence, ...Object.keys(turns))),
    variants: variants.filter(({ id, sentence, near }) => wanted(grep, id, sentence, near)),
  };
  if (list === true) {
    for (const { id, sentence, turns } of chosen.faults)
      console.log(
        `${id}: ${sentence} (${Object.entries(turns)
          .map((pair) => pair.join(' '))
          .join(', ')})`,
      );
    for (const { id, sentence, near } of chosen.variants) console.log(`${id}: ${sentence} (near ${near})`);
    return 0;
  }
  const proof = await prove(chosen, { checks, whole: grep === undefined, onCase: showProgress });
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  if (grep === undefined) await writeKillMatrixPage(await writeKillMatrix(proof, out), join(out, 'kill-matrix.html'));
  show(proof);
  return proof.mismatches.length === 0 ? 0 : 1;
}

function show({ faults: proven, variants: tolerated, conforming, killed, mismatches, seconds }: Proof): void {
  for (const { subject, requirement, kind, message } of mismatches) {
    const about = requirement === undefined || requirement === subject ? '' : ` ${pc.bold(requirement)}`;
    console.log(`${pc.red(kind)} ${pc.bold(subject)}${about}\n    ${message}`);
  }
  const right = (cases: readonly { readonly mismatches: readonly unknown[] }[]) =>
    `${cases.filter((one) => one.mismatches.length === 0).length} / ${cases.length}`;
  const requirements = conforming.observed.results.length;
  console.log(`faults found             ${right(proven)}`);
  console.log(`variants clean           ${right(tolerated)}`);
  console.log(`requirements killed      ${killed.size} / ${requirements}`);
  console.log(`conforming server clean  ${conforming.mismatches.length === 0 ? 'yes' : 'no'}`);
  console.log(`time                     ${seconds.toFixed(1)} s`);
  const count = mismatches.length;
  console.log(count === 0 ? pc.green('The suite is proved.') : pc.red(`${count} mismatches: the suite is not proved.`));
}

function showProgress({ id, count, total }: { readonly id: string; readonly count: number; readonly total: number }) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${count}/${total} ${id}`);
}

function wanted(grep: RegExp | undefined, ...texts: readonly string[]): boolean {
  return grep === undefined || texts.some((text) => grep.test(text));
}

function regexp(text: string): RegExp {
  try {
    return new RegExp(text, 'i');
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}
