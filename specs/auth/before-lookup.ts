import {
  answerTo,
  atHead,
  rateLimited,
  refusals,
  refusedForForm,
  shownAnswer,
  variantOf,
} from '../../helpers/judging/answers.ts';
import type { Check, Evidence } from '../../helpers/judging/check.ts';
import { errorAnswers } from '../../helpers/judging/error-answers.ts';
import { blockedBy, quoted } from '../../helpers/judging/findings.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';
import type { CredentialKind, Exchange } from '../../helpers/recording/recording.ts';

export const beforeLookup: Check = {
  id: 'auth.before-lookup',
  sentence: 'Without valid credentials a known and an unknown session are answered alike, with 401.',
  judge(evidence, findings) {
    const codes = new Map(
      errorAnswers(evidence).map(({ exchange, body }) => [
        exchange.id,
        body.kind === 'json' ? body.error?.code : undefined,
      ]),
    );
    for (const unknown of refusals(evidence.recording, 'before-lookup')) {
      if (unknown.purpose.kind === 'refusal' && unknown.purpose.against !== 'unknown') continue;
      const known = knownCounterpart(unknown.credential, evidence);
      const answer = answerTo(unknown);
      if (answer.kind === 'rate-limited') findings.explain(rateLimited(unknown));
      if (known === undefined || answer.kind === 'rate-limited' || (answer.kind === 'none' && answer.ours)) continue;
      if (known.response?.status !== 401) {
        const because = unknown.credential === 'none' ? 'auth.missing' : 'auth.invalid';
        findings.leaveUnverified(
          blockedBy({
            because,
            reason: `${exchangeName(known)}, for a known session, was answered ${shownAnswer(known)}.`,
          }),
        );
        continue;
      }
      // It may be looked at before the credential, and tells nothing of whether there is such a session.
      const unsure = refusedForForm(unknown, evidence.recording);
      if (unsure !== undefined) {
        findings.explain(unsure);
        continue;
      }
      findings.observe();
      const [knownCode, unknownCode] = [codes.get(known.id), codes.get(unknown.id)];
      if (unknown.response?.status !== 401)
        findings.violate(() => ({
          message: `Without valid credentials (${variantOf(unknown)}) an unknown session was answered ${shownAnswer(unknown)} and a known one 401, so that anyone can find out which sessions exist.`,
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
  },
};

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
