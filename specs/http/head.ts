import { atHead, wordsExchanges } from '../../helpers/judging/answers.ts';
import type { Check } from '../../helpers/judging/check.ts';
import { hasUnreadableHead } from '../../helpers/judging/evidence.ts';
import { quoted } from '../../helpers/judging/findings.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';
import type { Exchange } from '../../helpers/recording/recording.ts';

export const head: Check = {
  id: 'http.head',
  sentence:
    'The head of each response is one that a strict HTTP/1.1 client reads, and says once how its body is delimited.',
  judge({ recording }, findings) {
    for (const exchange of wordsExchanges(recording)) {
      if (exchange.response === undefined && !hasUnreadableHead(exchange)) continue;
      findings.observe();
      const fault = exchange.response === undefined ? unreadable(exchange) : headFault(exchange.response.headers);
      if (fault !== undefined)
        findings.violate(() => ({
          message: `The head of the answer to ${exchangeName(exchange)} ${fault.is}.`,
          expected: ['a head that a strict HTTP/1.1 client reads: RFC 9112, sections 5 and 6'],
          actual: fault.shown,
          ...atHead(exchange),
        }));
    }
  },
};

interface HeadFault {
  readonly is: string;
  readonly shown: string;
}

function unreadable({ ending }: Exchange): HeadFault | undefined {
  if (ending.kind !== 'no-response') return undefined;
  const { detail, head = '' } = ending;
  return { is: `cannot be read (${quoted(detail, 200)})`, shown: head === '' ? 'unreadable' : quoted(head, 400) };
}

const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/;

function headFault(headers: readonly (readonly [name: string, value: string])[]): HeadFault | undefined {
  const valuesOf = (name: string) => headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
  const odd = headers.find(([, value]) => CONTROL.test(value));
  if (odd !== undefined) return { is: 'has control characters in a value', shown: quoted(odd.join(': '), 200) };
  const lengths = valuesOf('content-length');
  const transfer = valuesOf('transfer-encoding');
  const shown = quoted([...transfer, ...lengths.map((length) => `Content-Length: ${length}`)].join(', '), 200);
  if (transfer.length > 0 && lengths.length > 0) return { is: 'has Content-Length beside Transfer-Encoding', shown };
  if (lengths.length > 1) return { is: 'has more than one Content-Length', shown };
  const codings = transfer.flatMap((value) => value.split(',')).map((coding) => coding.trim().toLowerCase());
  if (codings.length > 1 && codings.every((coding) => coding === 'chunked'))
    return { is: `says ${codings.length} times that the body is chunked`, shown };
  const other = codings.find((coding) => coding !== 'chunked');
  // A request without TE takes chunked alone (RFC 9110 §10.1.4); "identity" is no transfer-coding since RFC 7230.
  return other === undefined ? undefined : { is: `names the transfer-coding ${quoted(other, 40)}`, shown };
}
