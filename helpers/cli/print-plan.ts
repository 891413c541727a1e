import type { RequirementId } from '../contract/types.ts';
import { type Plan, planRun } from '../probes/plan.ts';
import { groupedByRemedy } from '../results/unverified.ts';
import type { Settings } from '../settings/settings.ts';

/** Says what a run would do; sends nothing. */
export function printPlan(settings: Settings, { json }: { readonly json: boolean }): void {
  const plan = planRun(settings);
  process.stdout.write(json ? `${JSON.stringify(plan, null, 2)}\n` : `${planLines(plan).join('\n')}\n`);
}

function planLines(plan: Plan): readonly string[] {
  if (plan.recording !== undefined)
    return [
      `Judges ${plan.recording}: no request, no session, no cost. What can be verified is what the recording holds.`,
      '',
      'Nothing was sent.',
    ];
  const { verifiable, unverifiable } = plan;
  return [
    planSentence(plan),
    '',
    `Can verify ${verifiable.length} of ${verifiable.length + unverifiable.length} requirements:`,
    ...byArea(verifiable),
    ...(unverifiable.length === 0 ? [] : ['Cannot verify, and what it takes:', ...groupedByRemedy(unverifiable)]),
    '',
    'Nothing was sent.',
  ];
}

function byArea(ids: readonly RequirementId[]): readonly string[] {
  const areas = new Map<string, string[]>();
  for (const id of ids) {
    const [area = '', rule = ''] = id.split('.');
    areas.set(area, [...(areas.get(area) ?? []), rule]);
  }
  return [...areas].map(([area, rules]) => `  ${area.padEnd(11)} ${rules.join(', ')}`);
}

/** What a run costs, in one line, for before it starts. */
export function planSentence(plan: Plan): string {
  const burst = plan.burstRequests > 0 ? `, and a burst of at most ${plan.burstRequests}` : '';
  return `${plan.target}: about ${plan.requests} requests, ${plan.subscriptions} of them subscriptions${burst}; ${sessions(plan)}.`;
}

function sessions({ sessions, sessionSeconds: { usual, longest }, estimatedUsd }: Plan): string {
  if (sessions === 0) return 'no session is opened';
  if (longest === 0) return 'one session, as long as its command makes it';
  const length = usual === longest ? `about ${usual} s of speech` : `about ${usual} s of speech, at most ${longest} s`;
  const price =
    estimatedUsd.most > 0
      ? `, about ${estimatedUsd.usual.toFixed(2)} USD, at most ${estimatedUsd.most.toFixed(2)} USD`
      : '';
  return `one session of ${length}${price}`;
}
