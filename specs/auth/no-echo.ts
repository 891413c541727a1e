import { atHead, wordsExchanges } from '../../helpers/judging/answers.ts';
import type { Check } from '../../helpers/judging/check.ts';
import { quoted } from '../../helpers/judging/findings.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';
import type { CredentialEcho } from '../../helpers/recording/recording.ts';

export const noEcho: Check = {
  id: 'auth.no-echo',
  sentence: 'No response repeats the credential that was sent.',
  judge({ recording }, findings) {
    for (const exchange of wordsExchanges(recording)) {
      if (exchange.response === undefined || exchange.credential === 'none') continue;
      findings.observe();
      for (const echo of exchange.echoes) {
        const where = placeOf(echo);
        findings.violate(() => ({
          message: `${exchangeName(exchange)} repeats the credential (${echo.credential}) in ${where}.`,
          expected: ['a response without the credential'],
          actual: `the credential in ${where}`,
          ...atHead(exchange),
          ...(echo.byteOffset === undefined ? {} : { byteOffset: echo.byteOffset }),
        }));
      }
    }
  },
};

function placeOf({ where, header: name = '' }: CredentialEcho): string {
  if (where === 'status') return 'the status text';
  return where === 'body' ? 'the body' : `the ${where} ${quoted(name, 60)}`;
}
