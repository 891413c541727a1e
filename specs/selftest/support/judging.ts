import { loadContract } from '../../../helpers/contract/load.ts';
import { loadRequirements } from '../../../helpers/contract/requirements.ts';
import type { RequirementId } from '../../../helpers/contract/types.ts';
import type { Check, Evidence, Judgement } from '../../../helpers/judging/check.ts';
import { gatherEvidence } from '../../../helpers/judging/evidence.ts';
import { judge as judgeRequirement } from '../../../helpers/judging/judge.ts';
import type { Recording } from '../../../helpers/recording/recording.ts';
import { checks } from '../../checks.ts';
import { buildRecording, buildSubscription } from './recordings.ts';

/** The checks that judge each stream by itself. */
const STREAM_AREAS = ['framing', 'ending', 'schema', 'batching', 'ordering', 'tokens'];
const streamChecks = checks.filter(({ id }) => STREAM_AREAS.includes(id.slice(0, id.indexOf('.'))));

const contract = loadContract();

export function evidenceOf(recording: Recording): Evidence {
  return gatherEvidence(recording, contract, loadRequirements());
}

export interface CheckedRecording {
  /** Ids with at least one violation, in alphabetical order. */
  readonly broken: readonly RequirementId[];
  /** Ids without a violation that could not be verified, with the requirement that is the cause. */
  readonly unverified: Readonly<Record<string, RequirementId | null>>;
  of(id: RequirementId): Judgement;
}

/** As `assess` has it judged: with the reason of the requirement's row for what was not observed. */
export function judgedBy(check: Check, evidence: Evidence): Judgement {
  const requirement = evidence.requirements.find(({ id }) => id === check.id);
  if (requirement === undefined) throw new Error(`There is no requirement ${check.id}.`);
  return judgeRequirement(check, requirement, evidence);
}

export function judge(recording: Recording): CheckedRecording {
  const evidence = evidenceOf(recording);
  const judgements = new Map(streamChecks.map((check) => [check.id, judgedBy(check, evidence)]));
  const broken: RequirementId[] = [];
  const unverified: Record<string, RequirementId | null> = {};
  for (const [id, judgement] of judgements) {
    if (judgement.violationCount > 0) broken.push(id);
    else if (judgement.unverified) unverified[id] = judgement.unverified.because ?? null;
    else if (judgement.observations === 0) throw new Error(`${id} observed nothing and gives no reason.`);
  }
  return {
    broken: broken.sort(),
    unverified,
    of: (id) => {
      const judgement = judgements.get(id);
      if (judgement === undefined) throw new Error(`There is no check ${id}.`);
      return judgement;
    },
  };
}

/** One first subscriber with this body. */
export function judgeBody(body: Parameters<typeof buildSubscription>[1], script?: string): CheckedRecording {
  return judge(
    buildRecording([buildSubscription('first', body)], {
      streams: [
        {
          streamId: 'stream-1',
          origin: 'create',
          state: 'live',
          statuses: [],
          ...(script === undefined ? {} : { script }),
        },
      ],
    }),
  );
}
