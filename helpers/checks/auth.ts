import type { RequirementId } from '../contract/types.ts';
import {
  answerTo,
  atHead,
  declaredOut,
  noAnswers,
  nothingProvoked,
  provoked,
  refusals,
  refusedBecause,
  shownAnswer,
  subscriptionRequests,
  variantOf,
  wordsExchanges,
} from '../judging/answers.ts';
import type { Check, Evidence, Judgement } from '../judging/check.ts';
import { errorAnswers } from '../judging/error-answers.ts';
import { header } from '../judging/evidence.ts';
import { blockedBy, Findings, quoted } from '../judging/findings.ts';
import type { CredentialEcho, CredentialKind, Exchange, RefusalProbe } from '../recording/recording.ts';
import { readTranscript } from '../transcript/read.ts';

/** That a subscription opens with this credential and no other. */
function sufficesCheck(id: RequirementId, credential: 'api-key' | 'bearer', named: string): Check {
  const judge = (evidence: Evidence): Judgement => {
    const { recording } = evidence;
    const findings = new Findings();
    for (const exchange of subscriptionRequests(recording)) {
      if (exchange.credential !== credential) continue;
      const refused = refusedBecause(exchange, recording) === id;
      if (!refused && exchange.response?.status !== 200) continue;
      findings.observe();
      if (refused)
        findings.violate(() => ({
          message: `${exchange.id}, with ${named} alone, was answered ${shownAnswer(exchange)}, where the other credential opens the same stream.`,
          expected: ['200'],
          actual: shownAnswer(exchange),
          ...atHead(exchange),
        }));
    }
    const need = credential === 'api-key' ? 'api-key' : 'bearer-token';
    const notApplicable = declaredOut(recording, need);
    const judgement = findings.judgement(() => {
      const refused = subscriptionRequests(recording).find((exchange) => exchange.credential === credential);
      const because = refused && refusedBecause(refused, recording);
      if (refused !== undefined && because !== undefined)
        return blockedBy({ because, reason: `${refused.id} was answered ${shownAnswer(refused)}.` });
      return evidence.unmet(need) ?? noAnswers(evidence, `subscription with ${named}`, 'Give the run this credential.');
    });
    return notApplicable === undefined || findings.observations > 0 ? judgement : { ...judgement, notApplicable };
  };
  return { id, judge };
}

/** That each request of a probe is answered 401. */
function unauthorizedCheck(id: RequirementId, probe: RefusalProbe, what: (exchange: Exchange) => string): Check {
  const judge = (evidence: Evidence): Judgement => {
    const findings = new Findings();
    for (const exchange of provoked(evidence, probe, findings)) {
      findings.observe();
      if (exchange.response?.status !== 401)
        findings.violate(() => ({
          message: `A request ${what(exchange)} was answered ${shownAnswer(exchange)}.`,
          expected: ['401'],
          actual: shownAnswer(exchange),
          ...atHead(exchange),
        }));
    }
    return findings.judgement(() => nothingProvoked(evidence, probe));
  };
  return { id, judge };
}

function against({ purpose }: Exchange): string {
  if (purpose.kind !== 'refusal' || purpose.against === 'unknown') return 'for an unknown session';
  return `for a ${purpose.against} session`;
}

/**
 * Compares what a known and an unknown id answer to the same bad credential. Where the known one is not answered 401,
 * auth.missing or auth.invalid has that failure, and here nothing can be told.
 */
function judgeBeforeLookup(evidence: Evidence): Judgement {
  const { recording } = evidence;
  const findings = new Findings();
  const codes = new Map(
    errorAnswers(evidence).map(({ exchange, body }) => [
      exchange.id,
      body.kind === 'json' ? body.error?.code : undefined,
    ]),
  );
  for (const unknown of refusals(recording, 'before-lookup')) {
    if (unknown.purpose.kind === 'refusal' && unknown.purpose.against !== 'unknown') continue;
    const known = knownCounterpart(unknown.credential, evidence);
    const answer = answerTo(unknown);
    if (known === undefined || answer.kind === 'rate-limited' || (answer.kind === 'none' && answer.ours)) continue;
    if (known.response?.status !== 401) {
      const because = unknown.credential === 'none' ? 'auth.missing' : 'auth.invalid';
      findings.leaveUnverified(
        blockedBy({ because, reason: `${known.id}, for a known session, was answered ${shownAnswer(known)}.` }),
      );
      continue;
    }
    findings.observe();
    const [knownCode, unknownCode] = [codes.get(known.id), codes.get(unknown.id)];
    if (unknown.response?.status !== 401)
      findings.violate(() => ({
        message: `Without valid credentials (${variantOf(unknown)}) an unknown session was answered ${shownAnswer(unknown)} and a known one 401, so that anyone can tell which sessions exist.`,
        expected: ['401, as for a known session'],
        actual: shownAnswer(unknown),
        ...atHead(unknown),
      }));
    else if (typeof knownCode === 'string' && typeof unknownCode === 'string' && knownCode !== unknownCode)
      findings.violate(() => ({
        message: `Without valid credentials (${variantOf(unknown)}) an unknown session is answered with the code ${quoted(unknownCode)} and a known one with ${quoted(knownCode)}.`,
        expected: [`401 with the code ${quoted(knownCode)}`],
        actual: `401 with the code ${quoted(unknownCode)}`,
        ...atHead(unknown),
      }));
  }
  return findings.judgement(() => {
    const asked = refusals(recording, 'before-lookup').some(({ response }) => response !== undefined);
    if (!asked || refusals(recording, 'missing').length === 0) return nothingProvoked(evidence, 'before-lookup');
    return {
      reason: 'No known session was asked for with the same bad credential.',
      remedy: 'Repair what keeps a valid subscription from being opened, then run again.',
      because: 'http.status',
    };
  });
}

/** The request for a known session with the same kind of credential. */
function knownCounterpart(credential: CredentialKind, { recording }: Evidence): Exchange | undefined {
  return [
    ...refusals(recording, 'missing'),
    ...refusals(recording, 'invalid'),
    ...refusals(recording, 'before-lookup'),
  ].find(
    ({ purpose, credential: carried, response }) =>
      purpose.kind === 'refusal' &&
      purpose.against !== 'unknown' &&
      carried === credential &&
      response !== undefined &&
      response.status !== 429,
  );
}

function echoPlace({ where, header: name = '' }: CredentialEcho): string {
  if (where === 'status') return 'the status text';
  return where === 'body' ? 'the body' : `the ${where} ${quoted(name, 60)}`;
}

function judgeNoEcho(evidence: Evidence): Judgement {
  const findings = new Findings();
  for (const exchange of wordsExchanges(evidence.recording)) {
    if (exchange.response === undefined || exchange.credential === 'none') continue;
    findings.observe();
    for (const echo of exchange.echoes) {
      const where = echoPlace(echo);
      findings.violate(() => ({
        message: `${exchange.id} repeats the credential (${echo.credential}) in ${where}.`,
        expected: ['a response without the credential'],
        actual: `the credential in ${where}`,
        ...atHead(exchange),
        ...(echo.byteOffset === undefined ? {} : { byteOffset: echo.byteOffset }),
      }));
    }
  }
  return findings.judgement(() =>
    noAnswers(evidence, 'answer to a request with a credential', 'Give the run a credential.'),
  );
}

/** RFC 9110 §15.5.2 and §11.6.1. */
function judgeChallenge(evidence: Evidence): Judgement {
  const findings = new Findings();
  for (const exchange of wordsExchanges(evidence.recording)) {
    if (exchange.response?.status !== 401) continue;
    findings.observe();
    if ((header(exchange, 'www-authenticate') ?? '').trim() === '')
      findings.violate(() => ({
        message: `The 401 of ${exchange.id} carries no WWW-Authenticate.`,
        expected: ['WWW-Authenticate with a challenge, e.g. Bearer'],
        actual: 'no WWW-Authenticate',
        ...atHead(exchange),
      }));
  }
  return findings.judgement(() => noAnswers(evidence, 'answer 401', 'Run the probes without valid credentials.'));
}

/** Another account's session is unknown to this one: what answers unknown sessions wrongly answers it so, too. */
function isTakenForUnknown(exchange: Exchange, { recording, contract }: Evidence): boolean {
  const status = exchange.response?.status;
  const alike = refusals(recording, 'not-found').some(({ response }) => response?.status === status);
  return alike && status !== undefined && (status >= 300 || readTranscript(exchange, contract).words.length === 0);
}

function judgeIsolation(evidence: Evidence): Judgement {
  const findings = new Findings();
  for (const exchange of provoked(evidence, 'isolation', findings)) {
    const status = exchange.response?.status;
    if (status === 401 || status === 404) {
      findings.observe();
      continue;
    }
    if (isTakenForUnknown(exchange, evidence)) {
      const reason = `${exchange.id} was answered ${shownAnswer(exchange)}, as an unknown session is, and shows no word.`;
      findings.leaveUnverified(blockedBy({ because: 'errors.not-found', reason }));
      continue;
    }
    findings.observe();
    findings.violate(() => ({
      message:
        status === 403
          ? `Another account's credential was refused with 403 on ${exchange.id}, which the contract does not document.`
          : `Another account's credential was answered ${shownAnswer(exchange)} on ${exchange.id}.`,
      expected: ['401', '404'],
      actual: shownAnswer(exchange),
      ...atHead(exchange),
      ...(status === 403 ? { level: 'SHOULD' as const } : {}),
    }));
  }
  const notApplicable = declaredOut(evidence.recording, 'other-account');
  const judgement = findings.judgement(() => nothingProvoked(evidence, 'isolation', 'other-account'));
  return notApplicable === undefined || findings.observations > 0 ? judgement : { ...judgement, notApplicable };
}

export const authChecks: readonly Check[] = [
  sufficesCheck('auth.api-key', 'api-key', 'x-api-key'),
  sufficesCheck('auth.bearer', 'bearer', 'a bearer token'),
  unauthorizedCheck('auth.missing', 'missing', (exchange) => `without a credential ${against(exchange)}`),
  unauthorizedCheck('auth.invalid', 'invalid', (exchange) => `with ${variantOf(exchange)} ${against(exchange)}`),
  { id: 'auth.before-lookup', judge: judgeBeforeLookup },
  { id: 'auth.no-echo', judge: judgeNoEcho },
  { id: 'auth.challenge', judge: judgeChallenge },
  { id: 'auth.isolation', judge: judgeIsolation },
];
