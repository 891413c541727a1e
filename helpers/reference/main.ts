import { serveReference } from './serve.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
process.exitCode = await serveReference(process.argv.slice(2), stop.signal);
