import { atHead, subscriptionRequests } from '../../helpers/judging/answers.ts';
import type { Check } from '../../helpers/judging/check.ts';
import { mediaType } from '../../helpers/judging/evidence.ts';
import { quoted } from '../../helpers/judging/findings.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';

/** `utf8` is a label of UTF-8 (WHATWG Encoding §4.2) and does no harm. */
const UTF8 = /^utf-?8$/i;

export const contentType: Check = {
  id: 'http.content-type',
  sentence: 'The words response has the media type text/event-stream, and a charset, if it names one, is utf-8.',
  judge({ recording }, findings) {
    for (const exchange of subscriptionRequests(recording)) {
      if (exchange.response?.status !== 200) continue;
      findings.observe();
      const values = exchange.response.headers
        .filter(([name]) => name.toLowerCase() === 'content-type')
        .map(([, value]) => value);
      const fault = values.length === 0 ? 'no Content-Type' : values.map(faultOf).find((one) => one !== undefined);
      if (fault === undefined) continue;
      findings.violate(() => ({
        message: `${exchangeName(exchange)} has ${repeated(values)}${fault}.`,
        expected: ['text/event-stream', 'text/event-stream; charset=utf-8'],
        actual: values.length === 0 ? 'no Content-Type' : shown(values),
        ...atHead(exchange),
      }));
    }
  },
};

function repeated(values: readonly string[]): string {
  return values.length > 1 ? `Content-Type ${values.length} times, ${shown(values)}: one has ` : '';
}

function shown(values: readonly string[]): string {
  return values.map((value) => quoted(value)).join(' and ');
}

function faultOf(value: string): string | undefined {
  if (mediaType(value) !== 'text/event-stream') return `the media type ${quoted(mediaType(value))}`;
  const charset = /;\s*charset\s*=\s*("?)([^";]*)\1/i.exec(value)?.[2]?.trim();
  return charset === undefined || UTF8.test(charset) ? undefined : `the charset ${quoted(charset)}`;
}
