import { writeFileSync } from 'node:fs';
import pc from 'picocolors';
import { certify } from '../../../helpers/certify.ts';
import { planSentence } from '../../../helpers/cli/plan.ts';
import { RunFolder } from '../../../helpers/results/run-folder.ts';
import { readSettings } from '../../../helpers/settings/read-settings.ts';
import { jobSummary } from '../../../reports/job-summary.ts';
import { summaryLines } from '../../../reports/summary-lines.ts';
import { checks } from '../../checks.ts';

// A process of its own that records, judges and writes all that a run writes, and says at its end what it took.
const cwd = process.cwd();
const settings = readSettings(process.env, cwd);
const { out } = settings;
const from = performance.now();
{
  using folder = new RunFolder(out);
  const results = await certify(settings, {
    folder,
    checks,
    onPlan: (plan) => console.log(planSentence(plan)),
    onFault: (error) => console.error(error),
  });
  writeFileSync(`${out}/summary.md`, jobSummary(results));
  console.log(summaryLines(results, { colors: pc.createColors(false), out, cwd }).join('\n'));
}
const took = {
  maxRssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  seconds: (performance.now() - from) / 1000,
};
writeFileSync(`${out}/took.json`, JSON.stringify(took));
// Whatever a target leaves open must not keep a run alive.
setTimeout(() => process.exit(70), 5000).unref();
