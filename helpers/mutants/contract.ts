import type { Fault, Variant } from './types.ts';

/** Throws where the text is not there: an alteration that alters nothing proves nothing. */
function replaced(yaml: string, from: string, to: string): string {
  if (!yaml.includes(from)) throw new Error(`the contract does not hold ${JSON.stringify(from)}`);
  return yaml.replace(from, to);
}

export const contractFaults: readonly Fault[] = [
  {
    id: 'contract-of-openapi-3.0',
    sentence: 'Its contract is an OpenAPI 3.0 document.',
    contract: (yaml) => replaced(yaml, 'openapi: 3.1.0', 'openapi: 3.0.3'),
    turns: { 'contract.loads': 'error' },
  },
  {
    id: 'contract-without-word-event',
    sentence: 'Its contract refers to a schema that it does not define.',
    contract: (yaml) => replaced(yaml, '    WordEvent:\n', '    WordTiming:\n'),
    turns: { 'contract.loads': 'error' },
  },
  {
    id: 'contract-that-is-no-yaml',
    sentence: 'Its contract has a line that is indented by a tab.',
    contract: (yaml) => replaced(yaml, '  title: HeyGen External API', '\ttitle: HeyGen External API'),
    turns: { 'contract.loads': 'error' },
  },
  {
    id: 'contract-without-429',
    sentence: 'Its contract no longer lists the answer 429.',
    contract: (yaml) => replaced(yaml, "        '429':", "        '503':"),
    turns: { 'contract.loads': 'error' },
  },
  {
    id: 'contract-with-another-cap',
    sentence: 'A later contract caps batches at two seconds.',
    contract: (yaml) => replaced(yaml, 'capped at ~1s of audio', 'capped at ~2s of audio'),
    turns: { 'contract.quotes': 'fail' },
  },
  {
    id: 'contract-with-another-error-code',
    sentence: 'A later contract gives another code for 404.',
    contract: (yaml) => replaced(yaml, 'code: not_found', 'code: stream_not_found'),
    turns: { 'contract.quotes': 'fail', 'errors.code': 'warn' },
  },
  {
    id: 'contract-that-defines-the-end',
    sentence: 'A later contract defines WordsEndEvent.',
    contract: (yaml) => replaced(yaml, '    WordEvent:\n', '    WordsEndEvent:\n      type: object\n    WordEvent:\n'),
    turns: { 'contract.gaps': 'note' },
  },
];

export const contractVariants: readonly Variant[] = [
  {
    id: 'contract-defines-the-end',
    sentence: 'Is judged by a later contract that defines WordsEndEvent, and keeps it.',
    near: 'contract.gaps',
    contract: (yaml) =>
      yaml.replace(
        '\n    WordEvent:\n',
        "\n    WordsEndEvent:\n      type: object\n      properties:\n        reason:\n          type:\n            - string\n            - 'null'\n      required:\n        - reason\n    WordEvent:\n",
      ),
  },
  {
    id: 'contract-requires-error',
    sentence: 'Is judged by a later contract whose error bodies require error, and keeps it.',
    near: 'contract.gaps',
    contract: (yaml) =>
      yaml.replaceAll(
        /( +)type: object\n +properties:\n +error:\n +\$ref: '#\/components\/schemas\/StandardAPIError'\n/g,
        (schema, indent: string) => `${schema}${indent}required:\n${indent}  - error\n`,
      ),
  },
];
