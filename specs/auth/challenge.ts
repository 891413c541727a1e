import { atHead, wordsExchanges } from '../../helpers/judging/answers.ts';
import type { Check } from '../../helpers/judging/check.ts';
import { header } from '../../helpers/judging/evidence.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';

export const challenge: Check = {
  id: 'auth.challenge',
  sentence: 'A 401 answer carries a WWW-Authenticate header.',
  judge({ recording }, findings) {
    for (const exchange of wordsExchanges(recording)) {
      if (exchange.response?.status !== 401) continue;
      findings.observe();
      if ((header(exchange, 'www-authenticate') ?? '').trim() !== '') continue;
      findings.violate(() => ({
        message: `The 401 of ${exchangeName(exchange)} carries no WWW-Authenticate.`,
        expected: ['WWW-Authenticate with a challenge, e.g. Bearer'],
        actual: 'no WWW-Authenticate',
        ...atHead(exchange),
      }));
    }
  },
};
