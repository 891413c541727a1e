import { Worker } from 'node:worker_threads';
import { loadContract } from '../../contract/load.ts';
import { judge } from './judging.ts';
import { recordings } from './measure.ts';
import { bytesOf } from './speech.ts';

/** Bytes. `used`: resident memory at its most, less what there was before the recording was held. */
export interface MemoryUse {
  readonly name: string;
  readonly bytes: number;
  readonly used: number;
}

/** Judging blocks its own thread, so another one watches the process. */
const WATCH = `
  const { workerData } = require('node:worker_threads');
  const most = new Float64Array(workerData);
  setInterval(() => { most[0] = Math.max(most[0], process.memoryUsage.rss()); }, 2);
`;

const contract = loadContract();
const chosen = recordings(contract).find(({ name }) => name === process.argv[2]);
if (chosen === undefined) throw new Error(`no recording is called ${process.argv[2]}`);

const shared = new SharedArrayBuffer(8);
const most = new Float64Array(shared);
const watch = new Worker(WATCH, { eval: true, workerData: shared });
await new Promise((resolve) => watch.once('online', resolve));
// What every run needs, whatever it judges, is no use of the recording.
const [small] = recordings(contract);
if (small !== undefined) judge(small.make(), contract);
globalThis.gc?.();
const before = process.memoryUsage.rss();
const recording = chosen.make();
globalThis.gc?.();
most[0] = process.memoryUsage.rss();
judge(recording, contract);
const used = Math.max(most[0], process.memoryUsage.rss()) - before;
await watch.terminate();
const bytes = recording.exchanges.reduce((sum, { chunks }) => sum + bytesOf(chunks), 0);
process.send?.({ name: chosen.name, bytes, used } satisfies MemoryUse, () => process.disconnect());
