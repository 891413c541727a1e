import { expect, test } from '@playwright/test';
import { loadContract } from '../../../helpers/contract/load.ts';
import { endSchemaPointer } from '../../../helpers/contract/operation.ts';
import { loadRequirements } from '../../../helpers/contract/requirements.ts';
import { type Edit, laterContract } from './edited-contract.ts';

const END_SCHEMA = `    WordsEndEvent:
      type: object
      required: [word_count]
      properties:
        word_count: { type: integer }
    WordBatch:
`;
const openGapsOf = (contract: { gaps: readonly { id: string }[] }) => contract.gaps.map(({ id }) => id);
const published = openGapsOf(loadContract());

test.describe('a contract that defines WordsEndEvent', () => {
  test('has it compiled and enforced', () => {
    const contract = laterContract(['    WordBatch:\n', END_SCHEMA]);
    expect(contract.validateWordsEnd?.({ word_count: 3, more: true })).toEqual([]);
    expect(contract.validateWordsEnd?.({})).toEqual([
      {
        pointer: '',
        message: "must have required property 'word_count'",
        schemaPointer: '/components/schemas/WordsEndEvent/required',
      },
    ]);
    expect(openGapsOf(contract)).toEqual(published.filter((id) => id !== 'words-end-event'));
  });

  test('may call it by the name that its prose gives to the data of the end event', () => {
    const contract = laterContract(
      ['WordsEndEvent', 'StreamEnd'],
      ['    WordBatch:\n', END_SCHEMA.replace('WordsEndEvent', 'StreamEnd')],
    );
    expect(endSchemaPointer(contract.document)).toBe('/components/schemas/StreamEnd');
    expect(contract.validateWordsEnd?.({ word_count: 'three' })[0]?.pointer).toBe('/word_count');
  });

  test('may refer from it to other schemas, and keeps the place of a failed keyword', () => {
    const recursive = `    WordsEndEvent:
      properties:
        last: { $ref: '#/components/schemas/WordEvent' }
        before: { $ref: '#/components/schemas/WordsEndEvent' }
    WordBatch:
`;
    const { validateWordsEnd } = laterContract(['    WordBatch:\n', recursive]);
    expect(validateWordsEnd?.({ before: { before: { last: { word: 'a', start: 0 } } } })).toEqual([
      {
        pointer: '/before/before/last',
        message: "must have required property 'end'",
        schemaPointer: '/components/schemas/WordEvent/required',
      },
    ]);
  });
});

test('a contract that requires the error member has it enforced, for each status that does', () => {
  const contract = laterContract([
    '              schema:\n                type: object\n                properties:\n                  error:',
    '              schema:\n                type: object\n                required: [error]\n                properties:\n                  error:',
  ]);
  for (const status of [400, 401, 404, 429])
    expect(contract.validateErrorBody(status, {})).toEqual([
      {
        pointer: '',
        message: "must have required property 'error'",
        schemaPointer: expect.stringMatching(new RegExp(`/responses/${status}/.*/schema/required$`)),
      },
    ]);
  expect(openGapsOf(contract)).toEqual(published.filter((id) => id !== 'error-not-required'));
});

test('a contract that caps the list of words has the cap enforced', () => {
  const contract = laterContract(['          type: array\n', '          type: array\n          maxItems: 1\n']);
  const word = { word: 'a', start: 0, end: 1 };
  expect(contract.validateWordBatch({ words: [word] })).toEqual([]);
  expect(contract.validateWordBatch({ words: [word, word] })[0]?.schemaPointer).toBe(
    '/components/schemas/WordBatch/properties/words/maxItems',
  );
  expect(openGapsOf(contract)).not.toContain('word-cap-in-prose');
});

test('responses by reference, ranges of statuses, named examples and extensions are read', () => {
  const contract = laterContract(
    [
      "        '404':\n          description: Resource not found\n",
      "        '404': { $ref: '#/components/responses/NotFound' }\n        5XX:\n          description: A fault of the server\n",
    ],
    [
      '  securitySchemes:\n',
      `  responses:
    NotFound:
      description: Resource not found
      content:
        application/json:
          schema:
            type: object
            x-kind: error
            properties: { error: { $ref: '#/components/schemas/StandardAPIError' } }
          examples:
            missing: { value: { error: { code: no_such_session, message: No. } } }
  securitySchemes:
`,
    ],
  );
  expect(contract.exampleCode(404)).toBe('no_such_session');
  expect(contract.validateErrorBody(404, { error: {} })[0]?.schemaPointer).toBe(
    '/components/schemas/StandardAPIError/required',
  );
  expect(contract.validateErrorBody(503, { error: {} }), 'declared by its range').toHaveLength(1);
});

/** For each gap, the edit of the contract that closes it. */
const CLOSING: readonly (readonly [gap: string, edit: Edit])[] = [
  [
    'time-cap-in-prose',
    ['~1s of audio or 10 words', '1.25 seconds of audio, from first start to last start, or 10 words'],
  ],
  ['time-bounds-in-prose', ['Word end time in seconds,', 'Word end time in seconds, never before the start time,']],
  ['time-origin-in-prose', ['          title: Start\n', '          title: Start\n          minimum: 0\n']],
  [
    'bad-request-cause',
    [
      '          schema:\n            type: string\n',
      '          schema:\n            type: string\n            maxLength: 64\n',
    ],
  ],
  ['error-codes', ['          example: invalid_parameter\n', '          enum: [authentication_failed, not_found]\n']],
  ['unauthorized-code', ['code: authentication_failed', 'code: unauthorized']],
  ['other-account', ["        '404':\n", "        '403':\n          description: Not your session\n        '404':\n"]],
  [
    'snapshot-lifetime',
    ['served from a durable snapshot', 'served from a durable snapshot that expires after 30 days'],
  ],
];

test('each gap is open in the published contract, and has an edit that closes it', () => {
  const shownElsewhere = ['words-end-event', 'error-not-required', 'word-cap-in-prose'];
  expect([...shownElsewhere, ...CLOSING.map(([id]) => id)].toSorted()).toEqual(published.toSorted());
});

for (const [id, edit] of CLOSING)
  test(`the gap ${id} leaves the list, alone, once a contract closes it`, () => {
    expect(openGapsOf(laterContract(edit))).toEqual(published.filter((gap) => gap !== id));
  });

test('a gap says what is open, what was assumed, and which requirements rest on that', () => {
  const ids = loadRequirements().map(({ id }) => id);
  for (const { gap, assumed, requirements } of loadContract().gaps) {
    expect(ids).toEqual(expect.arrayContaining([...requirements]));
    expect(gap).toMatch(/^[A-Z].*\.$/);
    expect(assumed).toMatch(/^(401|[A-Z]).*\.$/);
  }
});
