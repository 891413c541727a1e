import { type Fault, faultsOf, type Variant, variantsNear } from './cases.ts';

/** Another contract. Throws where the text is not there: an alteration that alters nothing proves nothing. */
export function contractWith(from: string | RegExp, to: string | ((found: string, group: string) => string)) {
  return {
    contract(yaml: string): string {
      const altered = yaml.replaceAll(from, to as string);
      if (altered === yaml) throw new Error(`the contract does not hold ${String(from)}`);
      return altered;
    },
  };
}

export const faults: readonly Fault[] = [
  ...faultsOf('contract.loads', 'error', {
    'contract-of-openapi-3.0': [
      'Its contract is an OpenAPI 3.0 document.',
      contractWith('openapi: 3.1.0', 'openapi: 3.0.3'),
    ],
    'contract-without-word-event': [
      'Its contract refers to a schema that it does not define.',
      contractWith('    WordEvent:\n', '    WordTiming:\n'),
    ],
    'contract-that-is-no-yaml': [
      'Its contract has a line that is indented by a tab.',
      contractWith('  title: HeyGen External API', '\ttitle: HeyGen External API'),
    ],
    'contract-without-429': [
      'Its contract no longer lists the answer 429.',
      contractWith("        '429':", "        '503':"),
    ],
  }),
  ...faultsOf('contract.quotes', 'fail', {
    'contract-with-another-cap': [
      'A later contract caps batches at two seconds.',
      contractWith('capped at ~1s of audio', 'capped at ~2s of audio'),
    ],
    'contract-with-another-error-code': [
      'A later contract gives another code for 404.',
      { ...contractWith('code: not_found', 'code: stream_not_found'), also: { 'errors.code': 'warn' } },
    ],
  }),
  ...faultsOf('contract.gaps', 'note', {
    'contract-that-defines-the-end': [
      'A later contract defines WordsEndEvent.',
      contractWith('    WordEvent:\n', '    WordsEndEvent:\n      type: object\n    WordEvent:\n'),
    ],
  }),
];

export const variants: readonly Variant[] = variantsNear('contract.gaps', {
  'contract-defines-the-end': [
    'Is judged by a later contract that defines WordsEndEvent, and keeps it.',
    contractWith(
      '\n    WordEvent:\n',
      "\n    WordsEndEvent:\n      type: object\n      properties:\n        reason:\n          type:\n            - string\n            - 'null'\n      required:\n        - reason\n    WordEvent:\n",
    ),
  ],
  'contract-requires-error': [
    'Is judged by a later contract whose error bodies require error, and keeps it.',
    contractWith(
      /( +)type: object\n +properties:\n +error:\n +\$ref: '#\/components\/schemas\/StandardAPIError'\n/g,
      (schema, indent) => `${schema}${indent}required:\n${indent}  - error\n`,
    ),
  ],
});
