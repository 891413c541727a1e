import type { RequirementId } from '../contract/types.ts';
import {
  answerTo,
  atHead,
  noAnswers,
  nothingProvoked,
  provoked,
  reachesOperation,
  shownAnswer,
  variantOf,
} from '../judging/answers.ts';
import type { Check, Evidence, Judgement, Unverified } from '../judging/check.ts';
import { type ErrorAnswer, errorAnswers } from '../judging/error-answers.ts';
import {
  type BodyRule,
  codeRule,
  docUrlRule,
  envelopeRule,
  mediaTypeRule,
  messageRule,
  noLeakRule,
} from '../judging/error-body.ts';
import { header, mediaType } from '../judging/evidence.ts';
import { blockedBy, Findings } from '../judging/findings.ts';
import { GUESSED_ID } from '../recording/recording.ts';

const ASK = 'Run the probes that ask for what must be refused.';

function judgeNotFound(evidence: Evidence): Judgement {
  const findings = new Findings();
  for (const exchange of provoked(evidence, 'not-found', findings)) {
    const status = exchange.response?.status ?? 0;
    if (variantOf(exchange) === GUESSED_ID && (status === 400 || (status >= 200 && status < 300))) {
      findings.explain({
        reason: `The run could not make up an id that surely names no session: one of the known form was answered ${status}, perhaps for a check digit or because it names another session.`,
        remedy: 'Set WORDS_UNKNOWN_STREAM_ID to an id in the form of the target’s that names no session.',
      });
      continue;
    }
    findings.observe();
    if (exchange.response?.status !== 404)
      findings.violate(() => ({
        message: `An unknown session (${variantOf(exchange)}) was answered ${shownAnswer(exchange)}.`,
        expected: ['404'],
        actual: shownAnswer(exchange),
        ...atHead(exchange),
      }));
  }
  return findings.judgement(() => nothingProvoked(evidence, 'not-found'));
}

/** 414 and 422 refuse an id as 400 does; RFC 9110 §15.5.15, §15.5.21. */
const REFUSED_ID: readonly number[] = [400, 404, 414, 422];

function judgeBadRequest(evidence: Evidence): Judgement {
  const findings = new Findings();
  for (const exchange of provoked(evidence, 'bad-request', findings)) {
    findings.observe();
    const answer = answerTo(exchange);
    const own = reachesOperation(exchange);
    const status = answer.kind === 'status' ? answer.status : undefined;
    const refused = status !== undefined && (own ? REFUSED_ID.includes(status) : status >= 300 && status < 500);
    if (refused && !own)
      findings.note(
        `${exchange.id}: ${shownAnswer(exchange)}, ${mediaType(header(exchange, 'content-type')) || 'no media type'}; a server in front of the application may have answered, so the body is not judged.`,
      );
    if (!refused)
      findings.violate(() => ({
        message: `A malformed session id (${variantOf(exchange)}) was answered ${shownAnswer(exchange)}.`,
        expected: own ? ['400', '404'] : ['400', '404', 'another refusal (3xx or 4xx)'],
        actual: shownAnswer(exchange),
        ...atHead(exchange),
        // A firewall may drop such a request without an answer, and so may a server that crashes on it.
        ...(own || status !== undefined ? {} : { level: 'SHOULD' as const }),
      }));
  }
  return findings.judgement(() => nothingProvoked(evidence, 'bad-request'));
}

/**
 * A rule for the body of every documented error. Bodies of a 429 are the matter of rate-limit.body: one cause, one
 * failure.
 */
function bodyCheck(id: RequirementId, rule: BodyRule): Check {
  const judge = (evidence: Evidence): Judgement => {
    const findings = new Findings();
    const answers = errorAnswers(evidence).filter(({ status }) => status !== 429);
    for (const answer of answers) {
      const violation = rule(answer, evidence.contract);
      if (violation === undefined) continue;
      findings.observe();
      if (violation !== null) findings.violate(() => violation);
    }
    return findings.judgement(() => unreadable(answers, evidence));
  };
  return { id, judge };
}

function unreadable(answers: readonly ErrorAnswer[], evidence: Evidence): Unverified {
  const breaks = (rule: BodyRule): boolean => answers.some((answer) => rule(answer, evidence.contract));
  const because = breaks(envelopeRule) ? 'errors.envelope' : breaks(mediaTypeRule) ? 'errors.media-type' : undefined;
  if (because === undefined) return noAnswers(evidence, 'documented error whose body this rule speaks of', ASK);
  return blockedBy({ because, reason: 'No error body could be read.' });
}

export const errorsChecks: readonly Check[] = [
  { id: 'errors.not-found', judge: judgeNotFound },
  { id: 'errors.bad-request', judge: judgeBadRequest },
  bodyCheck('errors.media-type', mediaTypeRule),
  bodyCheck('errors.envelope', envelopeRule),
  bodyCheck('errors.message', messageRule),
  bodyCheck('errors.code', codeRule),
  bodyCheck('errors.doc-url', docUrlRule),
  bodyCheck('errors.no-leak', noLeakRule),
];
