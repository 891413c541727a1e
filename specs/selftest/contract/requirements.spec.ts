import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { parse } from 'yaml';
import { DataFileError } from '../../../helpers/contract/data-file.ts';
import { loadContract } from '../../../helpers/contract/load.ts';
import { quoteStands } from '../../../helpers/contract/quotes.ts';
import { loadCatalogue, loadRequirements, parseCatalogue } from '../../../helpers/contract/requirements.ts';
import { AREAS, LEVELS } from '../../../helpers/contract/types.ts';
import { NEEDS } from '../../../helpers/recording/recording.ts';

const OPENAPI = new URL('../../../openapi/', import.meta.url);
const requirements = loadRequirements();

test('ids and levels are the pinned ones: an id is an interface', () => {
  const pinned = readFileSync(new URL('./pinned-requirements.txt', import.meta.url), 'utf8');
  const current = requirements.map(({ id, level, core }) => `${id} ${level}${core ? ' core' : ''}\n`);
  expect(current.join('')).toBe(pinned);
});

test('every quote, of a row and of an exclusion, stands in the contract at its pointer', () => {
  const { document } = loadContract();
  const sources = requirements.flatMap(({ id, sources }) => sources.map((source) => ({ id, ...source })));
  const quotes = [...sources.filter((source) => 'pointer' in source), ...loadCatalogue().excluded];
  expect(quotes.length).toBeGreaterThan(100);
  expect(quotes.filter((quote) => !quoteStands(document, quote))).toEqual([]);
});

test('a row rests on a MUST of the contract or of a standard, each area has rows, and no sentence stands twice', () => {
  expect(new Set(requirements.map(({ area }) => area))).toEqual(new Set(AREAS));
  expect(new Set(requirements.map(({ sentence }) => sentence)).size).toBe(requirements.length);
  for (const { id, core, level, needs } of requirements)
    if (core) {
      expect([id, level]).toEqual([id, 'MUST']);
      for (const optional of ['other-account', 'burst', 'script', 'earlier-recording'])
        expect(needs).not.toContain(optional);
    }
});

test('the schema knows the areas, levels and needs that the types know', () => {
  const { $defs } = JSON.parse(readFileSync(new URL('requirements.schema.json', OPENAPI), 'utf8'));
  const { area, level, needs } = $defs.requirement.properties;
  expect([area.enum, level.enum, needs.items.enum]).toEqual([AREAS, LEVELS, NEEDS]);
});

const ROW = {
  id: 'http.status',
  area: 'http',
  level: 'MUST',
  core: true,
  sentence: 'A known session is answered with status 200.',
  sources: [{ quote: 'Open', pointer: '/paths' }],
  needs: ['known-session'],
  masked_by: [],
  observes: 'answers',
};
const { needs: _, ...withoutNeeds } = ROW;

/** Problems of a file whose second row is this one. */
function problemsOf(row: unknown): readonly string[] {
  const rows = [{ ...ROW, id: 'http.cache' }, row];
  try {
    parseCatalogue(JSON.stringify({ requirements: rows, excluded: [] }, null, 1), 'rows.yaml');
  } catch (error) {
    if (error instanceof DataFileError) return error.problems;
    throw error;
  }
  return [];
}

test('a good row is accepted', () => {
  expect(problemsOf(ROW)).toEqual([]);
});

for (const [mistake, row, problem] of [
  ['a missing field', withoutNeeds, "must have required property 'needs'"],
  [
    'an unknown level',
    { ...ROW, level: 'MAY', core: false },
    'field level: must be equal to one of the allowed values: MUST, SHOULD, NOTE',
  ],
  ['an unknown need', { ...ROW, needs: ['luck'] }, 'field needs/0: must be equal to one of'],
  ['a core rule that is no MUST', { ...ROW, level: 'SHOULD' }, 'field level: must be equal to constant: MUST'],
  ['no source', { ...ROW, sources: [] }, 'field sources: must NOT have fewer than 1 items'],
  [
    'a quote without its place',
    { ...ROW, sources: [{ quote: 'Open' }] },
    "field sources/0: must have required property 'pointer'",
  ],
  [
    'a pointer that is none',
    { ...ROW, sources: [{ quote: 'Open', pointer: 'paths' }] },
    'field sources/0/pointer: must match format "json-pointer"',
  ],
  [
    'a standard without its section',
    { ...ROW, sources: [{ standard: 'RFC 8259', url: 'https://x.test' }] },
    "field sources/0: must have required property 'section'",
  ],
  ['a sentence without an end', { ...ROW, sentence: 'Answers 200' }, 'field sentence: must match pattern'],
  ['a sentence with typographic marks', { ...ROW, sentence: 'It doesn’t.' }, 'field sentence: must match pattern'],
  ['a field that nobody knows', { ...ROW, lvel: 'MUST' }, 'must NOT have additional properties: lvel'],
  ['an id that is positional', { ...ROW, id: 'http.3' }, 'field id: must match pattern'],
] as const)
  test(`a row with ${mistake} is refused, naming row and field`, () => {
    const problems = problemsOf(row);
    const name = row.id;
    expect(problems).toEqual([expect.stringContaining(problem)]);
    expect(problems[0]).toMatch(new RegExp(`^line \\d+: row 2 of requirements \\(${name}\\), `));
  });

test('a mask that is no other requirement is refused', () => {
  for (const mask of ['http.luck', ROW.id])
    expect(problemsOf({ ...ROW, masked_by: [mask] })).toEqual([
      `row 2 of requirements (http.status), field masked_by: ${mask} is no other requirement`,
    ]);
});

test('an id that stands twice, or in another area, is refused', () => {
  expect(problemsOf({ ...ROW, id: 'http.cache' })).toEqual([
    'row 2 of requirements (http.cache), field id: stands twice',
  ]);
  expect(problemsOf({ ...ROW, area: 'auth' })).toEqual([
    'row 2 of requirements (http.status), field id: does not begin with its area, auth',
  ]);
});

test('a file that is no YAML is refused with line and column', () => {
  expect(() => parseCatalogue('requirements:\n  - id: a: b\n', 'rows.yaml')).toThrow(
    /^rows\.yaml .*\n {2}line 2, column \d+: not YAML/,
  );
});

test('the data files are plain YAML that any reader parses alike', () => {
  for (const name of ['requirements.yaml', 'gaps.yaml'])
    expect(() => parse(readFileSync(new URL(name, OPENAPI), 'utf8'), { version: '1.1' })).not.toThrow();
});
