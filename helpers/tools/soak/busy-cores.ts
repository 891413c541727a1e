import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** Keeps every core busy until it is disposed of, or this process is gone. */
export function keepCoresBusy(cores: number = availableParallelism()): AsyncDisposable {
  const workers = Array.from({ length: cores }, () => new Worker('for (;;);', { eval: true }));
  for (const worker of workers) worker.unref();
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
