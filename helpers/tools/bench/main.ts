import { fork } from 'node:child_process';
import { Command, Option } from 'commander';
import pc from 'picocolors';
import { loadContract } from '../../contract/load.ts';
import { AN_HOUR, growthOf, LIMITS, type Measured, measureAll, recordings } from './measure.ts';
import type { MemoryUse } from './memory.ts';
import { type MeasuredRun, measureRuns, RUN_LIMITS } from './runs.ts';
import { measureVerify, VERIFY_LIMIT } from './verify.ts';

const { rounds } = new Command('npm run bench --')
  .description(
    'Measures judging against the floor (eventsource-parser, JSON.parse and the compiled WordBatch schema), and whole runs against their sessions. Exit code 1 where a limit is exceeded.',
  )
  .option(
    '--rounds <count>',
    'How often each recording is judged, and each run made; the tables show medians.',
    Number,
    7,
  )
  // Once asked for the exit code, which is now always given.
  .addOption(new Option('--check').hideHelp())
  .parse()
  .opts<{ rounds: number }>();

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
console.log(
  "\nWhole runs of the command line on two targets; medians, in seconds. Verdict: after the session's end.\n",
);
console.table(runs.map(runRow));
const anHour = recordings(contract)
  .find(({ name }) => name === AN_HOUR)
  ?.make();
if (anHour === undefined) throw new Error(`no recording ${AN_HOUR}`);
const verified = await measureVerify(anHour, rounds);
console.log(`\nVerifying the submission of ${AN_HOUR}; medians, in seconds.\n`);
console.table([verified]);
const growth = growthOf(measured);
console.log(
  `\nTen times the words, from 10⁵ to 10⁶, take ${growth.toFixed(1)} times as long (at most ${LIMITS.growth}).\n`,
);
const exceeded = exceededLimits();
for (const line of exceeded) console.log(pc.red(line));
if (exceeded.length === 0) console.log(pc.green('Within all limits.'));
process.exitCode = exceeded.length === 0 ? 0 : 1;

function exceededLimits(): readonly string[] {
  return [
    ...measured
      .filter(({ limited }) => limited)
      .map(({ name, beyondFloor }) =>
        exceeds(`${name}: judging beyond the floor, as a multiple of it`, beyondFloor, LIMITS.beyondFloor),
      ),
    exceeds('verifying, in seconds beyond judging', verified.beyond, VERIFY_LIMIT),
    exceeds('10⁶ words: judging, as a multiple of 10⁵ words', growth, LIMITS.growth),
    ...memory.map(({ name, bytes, used }) =>
      exceeds(`${name}: MB of memory`, megabytes(used), megabytes(memoryLimit(bytes))),
    ),
    ...runs.flatMap(({ target, verdict, beyondSession, beyondSpeech }) => [
      exceeds(`${target} target: seconds from the session's end to the verdict`, verdict, RUN_LIMITS.verdict),
      exceeds(`${target} target: seconds of the run beyond its session`, beyondSession, RUN_LIMITS.beyondSession),
      exceeds(`${target} target: seconds of the session beyond its speech`, beyondSpeech, RUN_LIMITS.beyondSpeech),
    ]),
  ].filter((line) => line !== undefined);
}

/** A figure that could not be measured exceeds its limit, too. */
function exceeds(figure: string, value: number, limit: number): string | undefined {
  return value <= limit ? undefined : `${figure}: ${value.toFixed(2)}; the limit is ${limit}.`;
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

function runRow({ target, breaches, speech, session, wall, verdict, beyondSession, beyondSpeech }: MeasuredRun) {
  const within = (value: number, limit: number) => `${value.toFixed(1)} (at most ${limit})`;
  return {
    target,
    breaches,
    speech: speech.toFixed(1),
    session: session.toFixed(1),
    'beyond speech': within(beyondSpeech, RUN_LIMITS.beyondSpeech),
    verdict: within(verdict, RUN_LIMITS.verdict),
    'whole run': wall.toFixed(1),
    'beyond session': within(beyondSession, RUN_LIMITS.beyondSession),
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
