import { Buffer } from 'node:buffer';
import {
  atHead,
  provoked,
  refusedForForm,
  shownAnswer,
  unsureOfGuess,
  variantOf,
} from '../../helpers/judging/answers.ts';
import type { Check } from '../../helpers/judging/check.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';
import { type Exchange, GUESSED_ID } from '../../helpers/recording/recording.ts';

export const notFound: Check = {
  id: 'errors.not-found',
  sentence: 'An unknown session requested with valid credentials is answered 404.',
  judge(evidence, findings) {
    for (const exchange of provoked(evidence, 'not-found', findings)) {
      const status = exchange.response?.status ?? 0;
      const unsure =
        variantOf(exchange) === GUESSED_ID && holdsWords(exchange)
          ? unsureOfGuess(status)
          : refusedForForm(exchange, evidence.recording);
      if (unsure !== undefined) {
        findings.explain(unsure);
        continue;
      }
      findings.observe();
      if (status === 404) continue;
      findings.violate(() => ({
        message: `${exchangeName(exchange)} was answered ${shownAnswer(exchange)}${status === 200 && !holdsWords(exchange) ? ', though no word of a session came with it' : ''}.`,
        expected: ['404'],
        actual: shownAnswer(exchange),
        ...atHead(exchange),
      }));
    }
  },
};

/** A session that the guess may have hit: one of which nothing is streamed is none. */
function holdsWords({ response, chunks }: Exchange): boolean {
  return response?.status === 200 && chunks.some(({ bytes }) => Buffer.from(bytes).includes('"words"'));
}
