import { atHead, wordsExchanges } from '../../helpers/judging/answers.ts';
import type { Check } from '../../helpers/judging/check.ts';
import { header } from '../../helpers/judging/evidence.ts';
import { quoted, shortened } from '../../helpers/judging/findings.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';
import type { Exchange } from '../../helpers/recording/recording.ts';

export const contentCoding: Check = {
  id: 'http.content-coding',
  sentence: 'A content-coding of the words response is one that the request offered, and decodes without error.',
  judge({ recording }, findings) {
    for (const exchange of wordsExchanges(recording)) {
      const { ending, id, purpose, response } = exchange;
      if (response === undefined) continue;
      // A breach on another answer is one, too; but such an answer is no proof about the words response.
      if (purpose.kind === 'subscription' && response.status === 200) findings.observe();
      const codings = codingsIn(header(exchange, 'content-encoding'));
      const offered = offeredCodings(exchange);
      const stranger = codings.find((coding) => !offered(coding));
      if (stranger !== undefined)
        findings.violate(() => ({
          message: `${exchangeName(exchange)} came in the content-coding ${quoted(stranger)}, which the request did not offer.`,
          expected: [...new Set(['identity', ...acceptedCodings(exchange).map(({ coding }) => coding)])],
          actual: stranger,
          ...atHead(exchange),
        }));
      else if (ending.kind === 'undecodable')
        findings.violate(() => ({
          message: `The body of ${exchangeName(exchange)} does not decode as ${shortened(codings.join(', ') || 'sent')} (${quoted(ending.detail)}).`,
          expected: ['a body that decodes without error'],
          actual: ending.detail,
          exchange: id,
          at: ending.at,
        }));
    }
  },
};

function codingsIn(value: string | undefined): readonly string[] {
  return (value ?? '')
    .split(',')
    .map((coding) => plainCoding(coding))
    .filter((coding) => coding !== '');
}

/** RFC 9110 §8.4.1: `x-gzip` and `x-compress` are equivalent to the names without `x-`. */
function plainCoding(coding: string): string {
  return coding
    .trim()
    .toLowerCase()
    .replace(/^x-(?=gzip$|compress$)/, '');
}

function acceptedCodings({ request }: Exchange): readonly { coding: string; refused: boolean }[] {
  return request.headers
    .filter(([name]) => name.toLowerCase() === 'accept-encoding')
    .flatMap(([, value]) => value.split(','))
    .map((entry) => {
      const [coding = '', ...parameters] = entry.split(';');
      return { coding: plainCoding(coding), refused: parameters.some((one) => /^\s*q\s*=\s*0(\.0*)?\s*$/i.test(one)) };
    })
    .filter(({ coding }) => coding !== '');
}

/** Without an Accept-Encoding header every coding is acceptable. */
function offeredCodings(exchange: Exchange): (coding: string) => boolean {
  if (!exchange.request.headers.some(([name]) => name.toLowerCase() === 'accept-encoding')) return () => true;
  const accepted = acceptedCodings(exchange);
  return (coding) => {
    const entry = accepted.find((one) => one.coding === coding) ?? accepted.find((one) => one.coding === '*');
    return entry === undefined ? coding === 'identity' : !entry.refused;
  };
}
