import { planRun } from '../probes/plan.ts';
import type { Settings } from '../target/settings.ts';

/** Says what a run would do; sends nothing. */
export function printPlan(settings: Settings, { json }: { readonly json: boolean }): void {
  const plan = planRun(settings);
  process.stdout.write(json ? `${JSON.stringify(plan, null, 2)}\n` : `${JSON.stringify(plan, null, 2)}\n`);
}
