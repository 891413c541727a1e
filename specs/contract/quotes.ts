import { quotableText, says } from '../../helpers/contract/quotes.ts';
import type { Check } from '../../helpers/judging/check.ts';
import { quoted } from '../../helpers/judging/findings.ts';

export const quotes: Check = {
  id: 'contract.quotes',
  sentence:
    'Every sentence that a requirement quotes stands in the contract at the JSON pointer that the requirement gives.',
  judge({ contract, requirements }, findings) {
    for (const { id, sources } of requirements)
      for (const source of sources) {
        if (!('pointer' in source)) continue;
        findings.observe();
        const value = contract.at(source.pointer);
        if (says(value, source.quote)) continue;
        const actual = quotableText(value) ?? '';
        findings.violate(() => ({
          message: `${id} quotes ${quoted(source.quote, 160)}, which no longer stands at ${source.pointer}.`,
          expected: [source.quote],
          actual: actual === '' ? `nothing at ${source.pointer}` : quoted(actual, 160),
          exchange: null,
        }));
      }
  },
};
