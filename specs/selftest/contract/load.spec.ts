import { expect, test } from '@playwright/test';
import { loadContract } from '../../../helpers/contract/load.ts';
import { CONTRACT_TEXT, lineWith } from './edited-contract.ts';

const WORDS = '/paths/~1v3~1avatar-realtime~1{stream_id}~1words/get';
const contract = loadContract();

test('the contract is the published one, byte for byte', () => {
  expect(contract.sha256).toBe('dcfd5e7251250b4276f005c829c5656004d8c9b07890630cda3511f6b98aacac');
  expect(contract.text).toBe(CONTRACT_TEXT);
  expect([contract.title, contract.version]).toEqual(['HeyGen External API', '1.0.0']);
});

test('a batch is judged by WordBatch, and an issue points to the keyword that failed', () => {
  expect(contract.validateWordBatch({ words: [] })).toEqual([]);
  expect(contract.validateWordBatch({ words: [{ word: 'a', start: 0, end: 1e3, confidence: 1 }], id: 7 })).toEqual([]);
  expect(contract.validateWordBatch({})).toEqual([
    {
      pointer: '',
      message: "must have required property 'words'",
      schemaPointer: '/components/schemas/WordBatch/required',
    },
  ]);
  expect(contract.validateWordBatch({ words: [{ word: 'a', start: 0, end: '1' }] })).toEqual([
    {
      pointer: '/words/0/end',
      message: 'must be number',
      schemaPointer: '/components/schemas/WordEvent/properties/end/type',
    },
  ]);
});

for (const [kind, value] of [
  ['null', null],
  ['a list', []],
  ['words that are no list', { words: {} }],
  ['a word that is a string', { words: ['a'] }],
  ['a word without its start', { words: [{ word: 'a', end: 1 }] }],
  ['a word whose text is null', { words: [{ word: null, start: 0, end: 1 }] }],
  ['a time that overflows', { words: [{ word: 'a', start: 0, end: Number.POSITIVE_INFINITY }] }],
] as const)
  test(`${kind} is no WordBatch, and its issue stands in the contract`, () => {
    const [issue, ...more] = contract.validateWordBatch(value);
    expect(more).toEqual([]);
    expect(contract.at(issue?.schemaPointer ?? '/nowhere')).toBeDefined();
  });

test('valid values share one empty list of issues, so that judging a stream allocates nothing', () => {
  expect(contract.validateWordBatch({ words: [] })).toBe(contract.validateWordBatch({ words: [] }));
});

test('an error is judged by StandardAPIError, an error body by the response of its status', () => {
  const error = { code: 'not_found', message: 'No such session.' };
  expect(contract.validateStandardError({ ...error, param: null, doc_url: 'https://x.test' })).toEqual([]);
  expect(contract.validateStandardError({ ...error, param: 1 })).toEqual([
    {
      pointer: '/param',
      message: 'must be string,null',
      schemaPointer: '/components/schemas/StandardAPIError/properties/param/type',
    },
  ]);
  expect(contract.validateErrorBody(404, { error })).toEqual([]);
  expect(contract.validateErrorBody(404, { error: { code: 'not_found' } })).toHaveLength(1);
  expect(contract.validateErrorBody(429, [])[0]?.schemaPointer).toBe(
    `${WORDS}/responses/429/content/application~1json/schema/type`,
  );
  expect(contract.validateErrorBody(401, {}), 'the published contract does not require the error member').toEqual([]);
  expect(contract.validateErrorBody(503, 'anything'), 'the contract declares no 503').toEqual([]);
});

test('members, examples, values and lines come from the document', () => {
  expect([...contract.batchMembers]).toEqual(['words']);
  expect([...contract.wordMembers]).toEqual(['word', 'start', 'end']);
  expect([400, 401, 404, 429, 500].map((status) => contract.exampleCode(status))).toEqual([
    undefined,
    'authentication_failed',
    'not_found',
    'rate_limit_exceeded',
    undefined,
  ]);
  expect(contract.at(`${WORDS}/operationId`)).toBe('streamAvatarRealtimeWords');
  expect(contract.at(`${WORDS}/security/1/BearerAuth`)).toEqual([]);
  expect(contract.at('/components/schemas/WordsEndEvent')).toBeUndefined();
  expect(contract.at('/constructor'), 'only what the document itself has').toBeUndefined();
  expect(contract.lineOf(`${WORDS}/operationId`)).toBe(lineWith('operationId: streamAvatarRealtimeWords'));
  expect(contract.lineOf('/components/schemas/WordEvent')).toBe(lineWith('One spoken word') - 1);
  expect(contract.lineOf('/nowhere')).toBeUndefined();
});

test('the contract names WordsEndEvent and does not define it, so there is no validator for it', () => {
  expect(contract.validateWordsEnd).toBeUndefined();
});
