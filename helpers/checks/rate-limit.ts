import type { RequirementId } from '../contract/types.ts';
import { atHead, declaredOut, noAnswers, shownAnswer, wordsExchanges } from '../judging/answers.ts';
import type { Check, Evidence, Judgement, Unverified } from '../judging/check.ts';
import { errorAnswers } from '../judging/error-answers.ts';
import {
  type BodyRule,
  codeRule,
  docUrlRule,
  envelopeRule,
  mediaTypeRule,
  messageRule,
  noLeakRule,
} from '../judging/error-body.ts';
import { header } from '../judging/evidence.ts';
import { blockedBy, counted, Findings, quoted } from '../judging/findings.ts';
import type { Exchange, Recording } from '../recording/recording.ts';

/** An ordinary request may meet a 429 too, and is evidence as good as one of the burst. */
function limited(recording: Recording): readonly Exchange[] {
  return wordsExchanges(recording).filter(({ response }) => response?.status === 429);
}

/** A delay in seconds, RFC 9110 §10.2.3; the contract allows no date: `Retry-After` is an integer there. */
const WHOLE_SECONDS = /^\d+$/;

function withoutLimit(evidence: Evidence): Unverified {
  const burst = burstOf(evidence.recording);
  const instead = insteadOfLimit(evidence.recording)[0];
  if (instead !== undefined)
    return blockedBy({
      because: 'rate-limit.status',
      reason: `Past its limit the target answered ${instead.id} with ${shownAnswer(instead)}, not 429.`,
    });
  const unavailable = burst.find(({ response: { status = 0 } = {} }) => status >= 500);
  if (unavailable !== undefined)
    return {
      reason: `${unavailable.id} of a burst was answered ${shownAnswer(unavailable)}, which a limit or overload may explain, and none 429.`,
      remedy: 'Where that is the limit of the target, answer 429; else lower the limit for this run.',
    };
  if (burst.length > 0)
    return {
      reason: `No 429 was seen in a burst of ${counted(burst.length, 'request')}: the limit, if there is one, is higher.`,
      remedy: 'Lower the limit of the target for this run, if the rule is to be verified.',
    };
  return evidence.unmet('burst') ?? noAnswers(evidence, 'answer 429', 'Allow the burst (WORDS_BURST=1).');
}

function limitCheck(id: RequirementId, look: (evidence: Evidence, findings: Findings) => void): Check {
  const judge = (evidence: Evidence): Judgement => {
    const findings = new Findings();
    look(evidence, findings);
    const judgement = findings.judgement(() => withoutLimit(evidence));
    const notApplicable = declaredOut(evidence.recording, 'burst');
    return notApplicable === undefined || findings.observations > 0 ? judgement : { ...judgement, notApplicable };
  };
  return { id, judge };
}

function burstOf(recording: Recording): readonly Exchange[] {
  return recording.exchanges.filter(({ purpose }) => purpose.kind === 'burst');
}

/** One may be refused by chance. */
const FEWEST_REFUSALS = 2;

/**
 * Refusals in place of the 429: the burst repeats a request that was granted, so nothing but its number can be the reason.
 * A server error may come of the load.
 */
function insteadOfLimit(recording: Recording): readonly Exchange[] {
  const burst = burstOf(recording);
  if (!burst.some(({ response }) => response?.status === 200)) return [];
  const refused = burst.filter(({ response: { status = 0 } = {} }) => status >= 400 && status < 500 && status !== 429);
  return refused.length < FEWEST_REFUSALS ? [] : refused;
}

function lookForStatus({ recording }: Evidence, findings: Findings): void {
  findings.observe(limited(recording).length);
  for (const exchange of insteadOfLimit(recording)) {
    findings.observe();
    findings.violate(() => ({
      message: `Past its limit the target answered ${exchange.id} with ${shownAnswer(exchange)}, not 429.`,
      expected: ['429 with Retry-After'],
      actual: shownAnswer(exchange),
      ...atHead(exchange),
    }));
  }
}

function lookAtRetryAfter({ recording }: Evidence, findings: Findings): void {
  for (const exchange of limited(recording)) {
    findings.observe();
    const value = header(exchange, 'retry-after');
    if (value !== undefined && WHOLE_SECONDS.test(value.trim())) continue;
    findings.violate(() => ({
      message:
        value === undefined
          ? `The 429 of ${exchange.id} carries no Retry-After.`
          : `The Retry-After of ${exchange.id} is ${quoted(value)}, which is no whole number of seconds.`,
      expected: ['a whole number of seconds, zero or more'],
      actual: value === undefined ? 'no Retry-After' : quoted(value),
      ...atHead(exchange),
    }));
  }
}

/** SHOULD rules for error bodies stay SHOULD here. */
const BODY_RULES: readonly (readonly [rule: BodyRule, level?: 'SHOULD'])[] = [
  [mediaTypeRule],
  [envelopeRule],
  [messageRule, 'SHOULD'],
  [codeRule, 'SHOULD'],
  [docUrlRule, 'SHOULD'],
  [noLeakRule, 'SHOULD'],
];

function lookAtBody(evidence: Evidence, findings: Findings): void {
  for (const answer of errorAnswers(evidence)) {
    if (answer.status !== 429) continue;
    findings.observe();
    // The gravest finding alone: a body that is no envelope has no message, code or doc_url to speak of.
    for (const [rule, level] of BODY_RULES) {
      const violation = rule(answer, evidence.contract);
      if (violation === undefined || violation === null) continue;
      findings.violate(() => (level === undefined ? violation : { ...violation, level }));
      break;
    }
  }
}

function lookForRecovery({ recording }: Evidence, findings: Findings): void {
  const vague = limited(recording).find(
    (exchange) => !WHOLE_SECONDS.test((header(exchange, 'retry-after') ?? '').trim()),
  );
  for (const exchange of recording.exchanges) {
    const { purpose, response } = exchange;
    if (purpose.kind !== 'burst-recovery' || response === undefined || vague !== undefined) continue;
    findings.observe();
    if (response.status === 200) continue;
    findings.violate(() => ({
      message: `${exchange.id} waited ${purpose.waited} s, as Retry-After asks, and was answered ${shownAnswer(exchange)}.`,
      expected: ['200'],
      actual: shownAnswer(exchange),
      ...atHead(exchange),
    }));
  }
  // An ordinary 429 that was waited out shows the same, where it then succeeded: other traffic may explain it otherwise.
  for (const { supersededBy } of limited(recording)) {
    const again = recording.exchanges.find(({ id }) => id === supersededBy);
    const status = again?.response?.status ?? 500;
    if (status !== 429 && status < 500) findings.observe();
  }
  if (findings.observations > 0) return;
  const first = limited(recording)[0];
  if (vague !== undefined)
    findings.leaveUnverified(
      blockedBy({ because: 'rate-limit.retry-after', reason: `${vague.id} does not say how long to wait.` }),
    );
  else if (first !== undefined)
    findings.leaveUnverified({
      reason: 'No request was sent again after the seconds that Retry-After asks for.',
      remedy: 'Allow the burst (WORDS_BURST=1), with a limit whose Retry-After the run can wait out.',
    });
}

export const rateLimitChecks: readonly Check[] = [
  limitCheck('rate-limit.status', lookForStatus),
  limitCheck('rate-limit.retry-after', lookAtRetryAfter),
  limitCheck('rate-limit.body', lookAtBody),
  limitCheck('rate-limit.recovers', lookForRecovery),
];
