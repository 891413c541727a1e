import { NEED_TEXTS } from '../contract/needs.ts';
import type { Requirement } from '../contract/types.ts';
import { exchangeName } from '../recording/exchange-name.ts';
import type { Need } from '../recording/recording.ts';
import { answerTo, rateLimited, refusedBecause, unprovenAsGiven } from './answers.ts';
import type { Check, Evidence, Judgement, Unverified } from './check.ts';
import { blockedBy, Findings } from './findings.ts';
import {
  cutBy,
  endHiddenBy,
  endInDisguise,
  hasEnded,
  type Obstacle,
  perTranscript,
  wordsSpoiltBy,
} from './root-causes.ts';

/**
 * Runs the check of a requirement. Where it observed nothing, the row of the requirement says why: a need that the run did
 * not meet, or a breach that hides what the rule looks at. @throws whatever the check throws, which is a fault of the suite
 */
export function judge(check: Check, requirement: Requirement, evidence: Evidence): Judgement {
  const findings = new Findings();
  check.judge(evidence, findings);
  const judgement = findings.judgement(() => whyUnobserved(requirement, evidence));
  if (judgement.observations > 0 || judgement.violationCount > 0) return judgement;
  const leftOut = requirement.needs
    .map((need) => evidence.recording.unmet.find((unmet) => unmet.need === need && unmet.declared))
    .find((unmet) => unmet !== undefined);
  return leftOut === undefined
    ? judgement
    : { ...judgement, notApplicable: { reason: leftOut.reason, remedy: leftOut.remedy } };
}

/** The states that every other one needs. */
const SESSIONS: readonly Need[] = ['known-session', 'live-session', 'completed-session'];

/** Why a check observed nothing, the most particular need of its requirement first. */
function whyUnobserved(requirement: Requirement, evidence: Evidence): Unverified {
  const needs = requirement.needs.toReversed();
  for (const need of needs) {
    const why = whyUnmet(need, requirement, evidence);
    if (why !== undefined) return why;
  }
  const [last] = needs;
  return {
    reason: `The run saw no ${requirement.observes}${areEmpty(evidence) ? ': the body of each stream was empty' : ''}.`,
    remedy: last === undefined ? 'Give the run the published contract (WORDS_CONTRACT).' : NEED_TEXTS[last].remedy,
  };
}

function areEmpty({ subscriptions }: Evidence): boolean {
  return subscriptions.length > 0 && subscriptions.every(({ transcript }) => transcript.bytes.length === 0);
}

function whyUnmet(need: Need, requirement: Requirement, evidence: Evidence): Unverified | undefined {
  const { roles } = NEED_TEXTS[need];
  if (roles.length === 0) return evidence.unmet(need);
  const refused = evidence.unopened.find(
    ({ exchange: { purpose } }) => purpose.kind === 'subscription' && roles.includes(purpose.role),
  );
  if (refused !== undefined) return whyRefused(refused, need, evidence);
  const opened = evidence.subscriptions.filter(({ role }) => roles.includes(role));
  for (const subscription of opened) {
    const mask = masksOf(subscription.transcript).find(({ because }) => requirement.masked_by.includes(because));
    if (mask !== undefined) return blockedBy(mask);
  }
  if (opened.length > 0) return undefined;
  return [need, ...SESSIONS].map((one) => evidence.unmet(one)).find((unmet) => unmet !== undefined);
}

function whyRefused(
  { exchange, because: obstacle, reason }: Evidence['unopened'][number],
  need: Need,
  evidence: Evidence,
): Unverified {
  if (answerTo(exchange).kind === 'rate-limited') return evidence.unmet(need) ?? rateLimited(exchange);
  const answer = answerTo(exchange);
  if (answer.kind === 'none' && answer.ours)
    return { reason: `${reason}.`, remedy: 'Raise WORDS_MAX_SECONDS, or run again on a machine with time to spare.' };
  const { recording } = evidence;
  const because = refusedBecause(exchange, recording) ?? obstacle;
  return unprovenAsGiven(exchange, recording) ?? blockedBy({ because, reason: `${reason}.` });
}

/** The breaches of one subscription that can hide what a rule looks at. */
const masksOf = perTranscript((transcript): readonly Obstacle[] => {
  const { exchange } = transcript;
  const cut = cutBy(exchange);
  const unreadable = transcript.events.find(
    (event) => event.dispatch === 'dispatched' && event.json !== null && event !== endInDisguise(transcript),
  );
  const endless = exchange.ending.kind === 'complete' && !hasEnded(transcript);
  return [
    ...(cut === undefined ? [] : [{ because: cut, reason: `${exchangeName(exchange)} was cut off.` }]),
    wordsSpoiltBy(transcript),
    endHiddenBy(transcript),
    unreadable && {
      because: 'framing.json' as const,
      reason: `The data of event ${unreadable.index} of ${exchangeName(exchange)} is not JSON.`,
    },
    ...(endless
      ? [
          {
            because: 'ending.once' as const,
            reason: `${exchangeName(exchange)} ended without an end event.`,
          },
        ]
      : []),
  ].filter((mask) => mask !== undefined);
});
