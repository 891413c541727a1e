import type { Neighbour } from '../types.ts';

export const contractNeighbours: readonly Neighbour[] = [
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
