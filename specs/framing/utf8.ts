import { Buffer } from 'node:buffer';
import type { Check } from '../../helpers/judging/check.ts';
import { atByte } from '../../helpers/judging/findings.ts';
import { isUtf16 } from '../../helpers/judging/root-causes.ts';
import { bodiesIn } from '../../helpers/judging/streams.ts';
import { exchangeName } from '../../helpers/recording/exchange-name.ts';

export const utf8: Check = {
  id: 'framing.utf8',
  sentence: 'The whole body of the event stream is valid UTF-8.',
  judge(evidence, findings) {
    for (const subscription of bodiesIn(evidence)) {
      findings.observe();
      const { exchange, transcript } = subscription;
      const offset = isUtf16(transcript) ? 0 : transcript.invalidUtf8At;
      if (offset === null) continue;
      findings.violate(() => ({
        message: isUtf16(transcript)
          ? `The body of ${exchangeName(exchange)} is UTF-16, not UTF-8.`
          : `The byte at offset ${offset} of ${exchangeName(exchange)} begins no valid UTF-8 sequence.`,
        expected: ['a body that is valid UTF-8 throughout'],
        actual: `bytes ${Buffer.from(transcript.bytes.subarray(offset, offset + 4)).toString('hex')}`,
        ...atByte(subscription, offset, Math.min(4, transcript.bytes.length - offset)),
      }));
    }
  },
};
