import type { RequirementId } from '../contract/types.ts';
import { asSentence } from '../judging/findings.ts';
import { type Plan, planRun } from '../probes/plan.ts';
import { groupedByRemedy } from '../results/unverified.ts';
import { readSettings } from '../settings/read-settings.ts';
import type { CliCommand } from './command.ts';
import { addSettingFlags } from './flags.ts';

export const planCommand: CliCommand = {
  name: 'plan',
  usage: 'plan',
  summary: 'Say what a run would do and cost; send nothing.',
  examples: ['plan', 'plan --base-url https://api.example.com --burst --json'],
  flags: (command) => {
    command.option('--json', 'As JSON.');
    addSettingFlags(command, ['WORDS_BASE_URL', 'WORDS_SESSION', 'WORDS_SCRIPT', 'WORDS_BURST']);
  },
  run: async ({ env, cwd, flags }) => {
    const plan = planRun(readSettings(env, cwd));
    process.stdout.write(`${flags.json === true ? JSON.stringify(plan, null, 2) : planLines(plan).join('\n')}\n`);
    return 0;
  },
};

function planLines(plan: Plan): readonly string[] {
  if (plan.recording !== undefined)
    return [
      `Judges ${plan.recording}: no request, no session, no cost. What can be verified is what the recording holds.`,
      '',
      'Nothing was sent.',
    ];
  const { verifiable, unverifiable, streamsAtOnce, longestRunSeconds, repetitions } = plan;
  return [
    planSentence(plan),
    `Ends after ${longestRunSeconds} s at the latest. Where it is answered 429 it asks again: ${repetitions.requests} times at most, after ${repetitions.seconds} s of waiting in all.`,
    ...(streamsAtOnce > 1
      ? [`Opens ${streamsAtOnce} streams of the session at the same time; with fewer it goes on, and verifies less.`]
      : []),
    '',
    `Can verify ${verifiable.length} of ${verifiable.length + unverifiable.length} requirements:`,
    ...byArea(verifiable),
    ...(unverifiable.length === 0
      ? []
      : [
          'Cannot verify, and what it takes:',
          ...groupedByRemedy(unverifiable.map((lack) => ({ ...lack, reason: asSentence(lack.reason) }))),
        ]),
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
  if (plan.recording !== undefined) return `Judging ${plan.recording}; nothing is sent.`;
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
  return `${sessions === 1 ? 'one session' : `${sessions} sessions`} of ${length}${price}`;
}
