import { expect, test } from '@playwright/test';
import { CONTRACT_TEXT, lineWith, refusal, writeContract, writeEdited } from './edited-contract.ts';

test('broken YAML is refused with the line and column of the mistake', () => {
  const error = refusal(writeEdited(['      summary: Stream Avatar', '\t    summary: "Stream Avatar']));
  expect(error.problems[0]?.line).toBe(lineWith('summary: Stream Avatar'));
  expect(error.problems[0]?.column).toBeGreaterThan(0);
  expect(error.problems[0]?.message).toMatch(/^not YAML: /);
  expect(error.message).toContain(`${error.path}:${error.problems[0]?.line}:${error.problems[0]?.column}: `);
  expect(error.remedy).toContain('WORDS_CONTRACT');
});

test('a member that stands twice is refused', () => {
  const { problems } = refusal(writeContract(`${CONTRACT_TEXT}openapi: 3.1.0\n`));
  expect(problems[0]?.message).toContain('Map keys must be unique');
});

test('a file that is not there is refused without a line', () => {
  const { problems, message } = refusal('/nowhere/contract.yaml');
  expect(problems).toEqual([{ message: expect.stringContaining('ENOENT') }]);
  expect(message).toContain('/nowhere/contract.yaml: cannot be read');
});

for (const [kind, text] of [
  ['an empty file', ''],
  ['a text', 'Dear Sir or Madam'],
  ['a list', '- openapi: 3.1.0'],
  ['a page', '<!doctype html><title>Log in</title>'],
] as const)
  test(`${kind} is refused as no OpenAPI document`, () => {
    const { problems } = refusal(writeContract(text));
    expect(problems).toEqual([
      { message: 'holds no OpenAPI document: the top level is no mapping', line: 1, column: 1 },
    ]);
  });

for (const [kind, from, to, found] of [
  ['OpenAPI 3.0', 'openapi: 3.1.0', 'openapi: 3.0.3', 'openapi is "3.0.3"'],
  ['a version that is a number', 'openapi: 3.1.0', 'openapi: 3.1', 'openapi is 3.1'],
  ['Swagger', 'openapi: 3.1.0', 'swagger: "2.0"', 'there is no openapi version'],
] as const)
  test(`${kind} is refused by its version`, () => {
    const { problems } = refusal(writeEdited([from, to]));
    expect(problems).toEqual([{ message: `${found}: the suite reads OpenAPI 3.1`, line: 1, column: 1 }]);
  });

test('another OpenAPI document is refused with everything it lacks', () => {
  const text = 'openapi: 3.1.0\ninfo: { title: Pets, version: "1" }\npaths:\n  /pets: {}\n';
  const { problems } = refusal(writeContract(text));
  expect(problems).toEqual([
    { message: 'the operation GET /v3/avatar-realtime/{stream_id}/words is missing', line: 3, column: 1 },
    { message: 'the schema WordBatch is missing', line: 1, column: 1 },
    { message: 'the schema WordEvent is missing', line: 1, column: 1 },
    { message: 'the schema StandardAPIError is missing', line: 1, column: 1 },
  ]);
});

test('a response that is missing is named, at the list of responses', () => {
  const { problems } = refusal(writeEdited(["'429':", "'430':"]));
  expect(problems).toEqual([
    {
      message: 'the response 429 with an application/json schema is missing',
      line: lineWith('      responses:'),
      column: 7,
    },
  ]);
});

test('a schema that is missing is named, with the references that lead nowhere', () => {
  const { problems } = refusal(writeEdited(['    WordEvent:\n', '    Word:\n']));
  expect(problems.map(({ message, line }) => [message, line])).toEqual([
    ['the schema WordEvent is missing', lineWith('  schemas:')],
    ['the reference #/components/schemas/WordEvent leads nowhere in this file', lineWith('schemas/WordEvent')],
  ]);
});

test('what breaks OpenAPI 3.1 is named where it stands', () => {
  const { problems } = refusal(writeEdited(['          in: path', '          in: paht']));
  expect(problems.length).toBeGreaterThan(0);
  for (const { message, line } of problems) {
    expect(message).toMatch(/^not OpenAPI 3\.1: /);
    expect([lineWith('in: path'), lineWith('in: path') - 1]).toContain(line);
  }
});

for (const [kind, from, to, message] of [
  ['a type that does not exist', 'type: array', 'type: arrray', '/components/schemas/WordBatch/properties/words/type'],
  [
    'a keyword that ajv would pass over',
    '      title: WordBatch\n',
    '      titel: WordBatch\n',
    'unknown keyword: "titel"',
  ],
  ['a format that nobody knows', '          title: Start\n', '          format: moment\n', 'unknown format "moment"'],
] as const)
  test(`a schema with ${kind} is refused`, () => {
    const { problems } = refusal(writeEdited([from, to]));
    expect(problems[0]?.message).toContain('not a JSON Schema: ');
    expect(problems[0]?.message).toContain(message);
    expect(problems[0]?.line).toBeGreaterThan(lineWith('  schemas:'));
  });

test('aliases that hold themselves or multiply without end are refused, not followed', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
  for (const [name, before] of [...'bcdefg'].map((letter, index) => [letter, 'abcdef'[index]] as const))
    bomb.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`);
  for (const text of ['openapi: 3.1.0\npaths: &p\n  self: *p\n', `openapi: 3.1.0\n${bomb.join('\n')}\n`])
    expect(refusal(writeContract(text)).problems[0]?.message).toMatch(/^cannot be read as plain data: /);
});

test('a hundred mistakes are shown as a list that a person can read', () => {
  const lines = Array.from({ length: 100 }, (_, index) => `  - name: 1\n    wrong${index}: 1`);
  const { problems } = refusal(
    writeEdited(['tags:\n  - name: Video Agent', `tags:\n${lines.join('\n')}\n  - name: Video Agent`]),
  );
  expect(problems).toHaveLength(20);
});
