import { wordsExchanges } from '../../helpers/judging/answers.ts';
import type { Check } from '../../helpers/judging/check.ts';
import { counted, quoted } from '../../helpers/judging/findings.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';

const ENDED: Readonly<Record<string, string>> = {
  short: 'was cut short',
  surplus: 'goes on behind its end',
  reset: 'was broken off',
};

export const completeBody: Check = {
  id: 'http.complete-body',
  sentence:
    'The body of the words response ends the way HTTP ends a body: not reset, not cut short, not badly chunked.',
  judge({ recording }, findings) {
    for (const exchange of wordsExchanges(recording)) {
      const { id, chunks, ending, response } = exchange;
      if (response === undefined || ending.kind === 'undecodable' || ending.kind === 'stopped') continue;
      findings.observe();
      if (ending.kind === 'complete') continue;
      const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0);
      findings.violate(() => ({
        message: `The body of ${exchangeName(exchange)} ${ENDED[ending.kind]} after ${counted(bytes, 'byte')} (${quoted(ending.detail)}).`,
        expected: ['the last chunk', 'as many bytes as Content-Length says', 'a close, where the length is by close'],
        actual: `${ending.kind} after ${counted(bytes, 'byte')}`,
        exchange: id,
        at: ending.at,
        ...(bytes === 0 ? {} : { byteOffset: bytes - 1, byteLength: 1 }),
      }));
    }
  },
};
