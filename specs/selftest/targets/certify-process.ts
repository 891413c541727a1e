import { writeFileSync } from 'node:fs';
import pc from 'picocolors';
import { conduct } from '../../../helpers/cli/conduct.ts';
import { readJudged } from '../../../helpers/cli/handover.ts';
import { outFiles } from '../../../helpers/cli/out-files.ts';
import { writeResults } from '../../../helpers/results/write-results.ts';
import { jobSummary } from '../../../reports/job-summary.ts';
import { writeJunit } from '../../../reports/junit.ts';
import { writeReport } from '../../../reports/page/write-report.ts';
import { summaryLines } from '../../../reports/summary-lines.ts';

// A process of its own that records, judges and writes all that a run writes, and tells at its end what it took.
const out = process.env.WORDS_OUT ?? '';
const files = outFiles(out);
const from = performance.now();
try {
  await conduct({
    env: process.env,
    cwd: process.cwd(),
    signal: new AbortController().signal,
    announce: (line) => console.log(line),
    publish: async ({ results, evidence, path }) => {
      const { recording, contract, requirements, subscriptions } = evidence;
      await writeReport({ results, recording, contract, requirements, subscriptions, path });
    },
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
}
const results = readJudged(files)?.results;
if (results) {
  writeResults(files.results, results);
  await writeJunit(files.junit, results);
  writeFileSync(`${out}/summary.md`, jobSummary(results));
  console.log(summaryLines(results, { colors: pc.createColors(false), out, cwd: process.cwd() }).join('\n'));
}
const took = {
  maxRssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  seconds: (performance.now() - from) / 1000,
};
writeFileSync(`${out}/took.json`, JSON.stringify(took));
// Whatever a target leaves open must not keep a run alive.
setTimeout(() => process.exit(70), 5000).unref();
