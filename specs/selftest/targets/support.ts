import { loadContract } from '../../../helpers/contract/load.ts';
import { loadRequirements } from '../../../helpers/contract/requirements.ts';
import { gatherEvidence } from '../../../helpers/judging/evidence.ts';
import type { RecordOptions } from '../../../helpers/probes/record.ts';
import type { Recording } from '../../../helpers/recording/recording.ts';
import { type ReferenceOptions, type ReferenceServer, startReference } from '../../../helpers/reference/server.ts';
import { type Assessment, assess } from '../../../helpers/results/assess.ts';
import type { RequirementResult } from '../../../helpers/results/results.ts';
import type { Settings } from '../../../helpers/settings/settings.ts';
import { checks } from '../../checks.ts';
import { ACCOUNTS, recordAt } from '../probes/support.ts';

export interface Certified {
  readonly recording: Recording;
  readonly assessment: Assessment;
}

/** A run the whole way, from the first request to the verdict, in this process. */
export async function certifyAt(
  baseUrl: string,
  settings: Partial<Settings> = {},
  options: Partial<RecordOptions> = {},
): Promise<Certified> {
  const recording = await recordAt(baseUrl, settings, options);
  const evidence = gatherEvidence(recording, loadContract(), loadRequirements());
  return { recording, assessment: assess(evidence, { checks, strict: false, waivers: [], today: '2026-11-22' }) };
}

export const SPEED = 20;

export async function withReference<T>(
  options: ReferenceOptions,
  run: (server: ReferenceServer) => Promise<T>,
): Promise<T> {
  const server = await startReference({ speed: SPEED, accounts: ACCOUNTS, ...options });
  try {
    return await run(server);
  } finally {
    await server.close();
  }
}

/** `id: outcome` of everything that would cost the target its certificate. */
export function held({ requirements }: Assessment): readonly string[] {
  return requirements
    .filter(({ outcome }) => outcome === 'fail' || outcome === 'error' || outcome === 'warn')
    .map(({ id, outcome, violations, reason }) => `${id}: ${outcome} (${violations[0]?.message ?? reason})`);
}

export function resultIn({ requirements }: Assessment, id: string): RequirementResult {
  const result = requirements.find((one) => one.id === id);
  if (!result) throw new Error(`no requirement ${id}`);
  return result;
}

/** A long text: twelve sentences, a minute of speech. */
export const MINUTE = 'One two three, four five six seven eight nine ten. '.repeat(12);
