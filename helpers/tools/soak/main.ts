import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { numberIn } from '../../reference/serve.ts';
import { isFailed, type SoakRun, soak } from './soak.ts';

interface Flags {
  readonly runs: number;
  readonly speed: number;
  readonly busy: number;
  readonly out: string;
}

const flags = new Command('npm run soak --')
  .description(
    'Certifies the embedded reference server many times in a row while something else keeps every core busy. Exit code 1 if any run held something against it.',
  )
  .option('--runs <count>', 'how many runs', numberIn(1, 100_000), 100)
  .option('--speed <factor>', 'of the reference server: seconds of speech in a second', numberIn(0.1, 1000), 8)
  .option('--busy <count>', 'cores to keep busy', numberIn(0, 1024), availableParallelism())
  .option('--out <folder>', 'where the recordings of failed runs are kept', 'reports/out/soak')
  .parse()
  .opts<Flags>();

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
const keep = resolve(flags.out);
mkdirSync(keep, { recursive: true });
const from = performance.now();
const runs = await soak({
  ...flags,
  keep,
  signal: stop.signal,
  onRun: (run, index) => console.log(lineOf(run, index, flags.runs)),
});
const failed = runs.filter(isFailed).length;
console.log(`
${runs.length} runs in ${((performance.now() - from) / 1000).toFixed(0)} s, with ${flags.busy} cores kept busy
${tally(runs.map(({ verdict }) => verdict))}
not passed: ${tally(runs.flatMap(({ unpassed }) => unpassed.map(({ id, outcome }) => `${id} ${outcome}`))) || 'nothing'}
${failed === 0 ? 'No run failed.' : `${failed} runs failed; their recordings are in ${flags.out}.`}`);
process.exitCode = failed > 0 || runs.length < flags.runs ? 1 : 0;

function lineOf({ verdict, seconds, unpassed, reason }: SoakRun, index: number, total: number): string {
  const which = unpassed.map(({ id, outcome, reason: why, violations }) => {
    const told = violations[0]?.message ?? why;
    return `\n    ${outcome} ${id}${told === undefined ? '' : `: ${told}`}`;
  });
  const error = verdict === 'error' ? `\n    ${reason}` : '';
  return `${index + 1}/${total} ${verdict} (${seconds.toFixed(1)} s)${error}${which.join('')}`;
}

function tally(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${count} × ${name}`).join(', ');
}
