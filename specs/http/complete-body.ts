import { wordsExchanges } from '../../helpers/judging/answers.ts';
import type { Check } from '../../helpers/judging/check.ts';
import { header } from '../../helpers/judging/evidence.ts';
import { counted, printable, quoted } from '../../helpers/judging/findings.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';
import type { Exchange } from '../../helpers/recording/recording.ts';

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
      const how = howItBroke(exchange);
      findings.violate(() => ({
        message: `The body of ${exchangeName(exchange)} ${ENDED[ending.kind]} after ${counted(bytes, 'byte')}: ${how} (${quoted(ending.detail, 120)}).`,
        expected: ['the last chunk', 'as many bytes as Content-Length says', 'a close, where the length is by close'],
        actual: `${how}, after ${counted(bytes, 'byte')}`,
        exchange: id,
        at: ending.at,
        ...(bytes === 0 ? {} : { byteOffset: bytes - 1, byteLength: 1 }),
      }));
    }
  },
};

/** In plain words: the client's own say what it met, not what is missing. */
function howItBroke(exchange: Exchange): string {
  const { ending, wireBytes } = exchange;
  if (ending.kind === 'surplus') return 'the server sent more than its Content-Length says';
  if (ending.kind === 'reset') return 'the connection was reset before the body had ended';
  if ('detail' in ending && UNREADABLE_CHUNK.test(ending.detail)) return 'a chunk is not written as HTTP writes chunks';
  if (header(exchange, 'transfer-encoding') !== undefined)
    return 'the connection closed, and the last chunk (a chunk of length 0) never came';
  const length = header(exchange, 'content-length');
  if (length === undefined) return 'the connection closed before the body had ended';
  return `the connection closed after ${wireBytes} of the ${printable(length)} bytes that Content-Length says`;
}

/** A chunked body that just stops is an "Invalid EOF state" to the client. */
const UNREADABLE_CHUNK = /HTTP\/1\.1 protocol \((?!Invalid EOF state)/;
