import { fork } from 'node:child_process';
import { Command } from 'commander';
import pc from 'picocolors';
import { loadContract } from '../../contract/load.ts';
import { growthOf, LIMITS, type Measured, measureAll, recordings } from './measure.ts';
import type { MemoryUse } from './memory-use.ts';
import { BEYOND_SESSION_LIMIT, type MeasuredRun, measureRuns, VERDICT_LIMIT } from './runs.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('npm run bench --')
    .description(
      'Measures judging against the floor (eventsource-parser, JSON.parse and the compiled WordBatch schema), and whole runs against their sessions.',
    )
    .option('--check', 'Exit with 1 where a limit is exceeded.')
    .option(
      '--rounds <count>',
      'How often each recording is judged, and each run made; the tables show medians.',
      Number,
      7,
    )
    .parse([...argv], { from: 'user' });
  const { check = false, rounds } = program.opts<{ check?: true; rounds: number }>();
  const contract = loadContract();
  const measured = measureAll(recordings(contract), contract, rounds);
  console.log('The floor and judging, in one process, turn by turn; medians.\n');
  console.table(measured.map(timeRow));
  const memory: MemoryUse[] = [];
  for (const { name } of measured) memory.push(await memoryOf(name));
  console.log(
    '\nMost memory of a process of its own while it judges, beyond what it had before it held the recording.\n',
  );
  console.table(memory.map(memoryRow));
  const runs = await measureRuns(rounds);
  console.log('\nWhole runs of the command line on two targets, from start to exit; medians.\n');
  console.table(runs.map(runRow));
  const exceeded = exceededLimits(measured, memory, runs);
  console.log('');
  for (const line of exceeded) console.log(pc.red(line));
  if (exceeded.length === 0) console.log(pc.green('Within all limits.'));
  return check && exceeded.length > 0 ? 1 : 0;
}

function exceededLimits(
  measured: readonly Measured[],
  memory: readonly MemoryUse[],
  runs: readonly MeasuredRun[],
): readonly string[] {
  const lines: string[] = [];
  for (const { name, limited, beyondFloor } of measured)
    if (limited && beyondFloor > LIMITS.beyondFloor)
      lines.push(
        `${name}: judging takes ${beyondFloor.toFixed(2)}× the floor beyond it; the limit is ${LIMITS.beyondFloor}×.`,
      );
  const growth = growthOf(measured);
  console.log(
    `Ten times the words, from 10⁵ to 10⁶, take ${growth.toFixed(1)} times as long (at most ${LIMITS.growth}).`,
  );
  if (growth > LIMITS.growth)
    lines.push(`Time does not grow with the words: ${growth.toFixed(1)} times for ten times as many.`);
  for (const { name, bytes, used } of memory)
    if (used > memoryLimit(bytes))
      lines.push(`${name}: judging takes ${megabytes(used)} MB; the limit is ${megabytes(memoryLimit(bytes))} MB.`);
  for (const { target, beyond, verdict } of runs) {
    if (verdict > VERDICT_LIMIT)
      lines.push(
        `The verdict on a ${target} target is on the screen ${verdict.toFixed(1)} s after the recording's end; the limit is ${VERDICT_LIMIT} s.`,
      );
    if (beyond > BEYOND_SESSION_LIMIT)
      lines.push(
        `A run on a ${target} target takes ${beyond.toFixed(1)} s beyond its session; the limit is ${BEYOND_SESSION_LIMIT} s.`,
      );
  }
  return lines;
}

function timeRow({ name, words, bytes, floor, judging, beyondFloor, limited }: Measured) {
  return {
    recording: name,
    words,
    MB: megabytes(bytes),
    'floor ms': Math.round(floor),
    'judging ms': Math.round(judging),
    'beyond the floor': `${beyondFloor.toFixed(2)}×`,
    limit: limited ? `${LIMITS.beyondFloor}×` : '',
  };
}

function memoryRow({ name, bytes, used }: MemoryUse) {
  return {
    recording: name,
    MB: megabytes(bytes),
    'used MB': megabytes(used),
    'limit MB': megabytes(memoryLimit(bytes)),
  };
}

function runRow({ target, breaches, session, wall, beyond, verdict }: MeasuredRun) {
  return {
    target,
    breaches,
    'session s': session.toFixed(1),
    'wall s': wall.toFixed(1),
    'beyond s': beyond.toFixed(1),
    'limit s': BEYOND_SESSION_LIMIT,
    'verdict after s': verdict.toFixed(2),
    'its limit s': VERDICT_LIMIT,
  };
}

function memoryLimit(bytes: number): number {
  return bytes * LIMITS.bytesPerByte + LIMITS.bytesBesides;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e5) / 10;
}

function memoryOf(name: string): Promise<MemoryUse> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL('memory.ts', import.meta.url), [name], { execArgv: process.execArgv });
    child.once('error', reject);
    child.once('message', (use) => resolve(use as MemoryUse));
    child.once('exit', (code) => reject(new Error(`measuring the memory of ${name} ended with ${code}`)));
  });
}
