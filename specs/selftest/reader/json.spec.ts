import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import {
  countColons,
  DEEPEST,
  duplicateMembers,
  mayRepeatMembers,
  parseData,
} from '../../../helpers/transcript/json.ts';

test.describe('data that is not exactly one JSON text', () => {
  const FAULTS: readonly (readonly [data: string, message: string, position: number])[] = [
    ['', 'the data is empty', 0],
    ['{"words":[]} {"words":[]}', 'a second JSON text begins at character 13: "{"', 13],
    ['{"words":[]}\n{"words":[]}', 'a second JSON text begins at character 13: "{"', 13],
    ['{"start":NaN}', 'invalid symbol at character 9: "NaN"', 9],
    ['{"start":-Infinity}', 'invalid symbol at character 9: "-"', 9],
    ['{"words":[],}', 'property name is missing at character 12: "}"', 12],
    ['[1,]', 'value is missing at character 3: "]"', 3],
    ["{'words':[]}", 'invalid symbol at character 1: "\'words\'"', 1],
    ['{"words":[]', 'close brace is missing at character 11', 11],
    ['{words:[]}', 'invalid symbol at character 1: "words"', 1],
    ['[DONE]', 'invalid symbol at character 1: "DONE"', 1],
    ['// a comment\n{}', 'invalid comment token at character 0: "// a comment"', 0],
    ['{"word":"a\u0001"}', 'invalid character at character 8: "\\"a\\u0001\\""', 8],
    ['\uFEFF{}', 'invalid symbol at character 0: "\uFEFF"', 0],
    ['"{\\"words\\":[]}"', 'the data is a JSON string that holds a JSON text', 0],
    ['" [1]"', 'the data is a JSON string that holds a JSON text', 0],
  ];

  for (const [data, message, position] of FAULTS)
    test(`${JSON.stringify(data)}: ${message}`, () => {
      expect(parseData(data).fault).toEqual({ message, position });
    });

  test('every text that JSON.parse refuses has a fault, and no other but JSON in a string', () => {
    const unit = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      'a',
      '1',
      '-',
      '.',
      'e',
      'null',
      ' ',
      '\\',
      '\n',
      '"a"',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(unit, { maxLength: 8 }).map((units) => units.join('')),
          fc.json(),
        ),
        (data) => {
          const { value, fault } = parseData(data);
          if (parses(data)) expect(fault === null || typeof value === 'string').toBe(true);
          else expect(fault?.message).toEqual(expect.stringMatching(/./));
          // biome-ignore format: one range to a line reads worse
          expect(fault?.message ?? '').not.toMatch(/[\u0000-\u001f\u007f]/);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

test.describe('conforming data', () => {
  for (const data of [
    '{}',
    ' {"words":[]} ',
    '{"words":\n []}',
    '{"a":"\u2028"}',
    '"plain text"',
    '"{"',
    '1',
    'null',
    '{"a":1e999}',
  ])
    test(`${JSON.stringify(data)} is one JSON text`, () => {
      expect(parseData(data)).toEqual({ value: JSON.parse(data), fault: null, pruned: false });
    });
});

test.describe('data nested deeper than anything that walks it can stand', () => {
  const DEPTH = 100_000;
  const nested = (open: string, inside: string, close: string): string =>
    open.repeat(DEPTH) + inside + close.repeat(DEPTH);

  for (const [name, data] of [
    ['arrays', nested('[', '', ']')],
    ['objects', nested('{"a":', '1', '}')],
    ['both', nested('[{"a":', '1', '}]')],
  ] as const)
    test(`${name} are pruned`, () => {
      const { value, fault, pruned } = parseData(data);
      expect({ fault, pruned }).toEqual({ fault: null, pruned: true });
      expect(JSON.stringify(value).length).toBeLessThan(10 * DEEPEST);
    });

  test('a broken text is a fault without a place', () => {
    expect(parseData('['.repeat(DEPTH)).fault).toEqual({ message: 'the data is not a JSON text' });
  });

  test('brackets inside strings are not nesting', () => {
    const data = JSON.stringify({ words: [{ word: `"${'[{'.repeat(1000)}\\` }] });
    expect(parseData(data)).toEqual({ value: JSON.parse(data), fault: null, pruned: false });
  });

  test('what is not too deep stays as it is', () => {
    const data = `${'['.repeat(DEEPEST)}${' '.repeat(2000)}${']'.repeat(DEEPEST)}`;
    expect(parseData(data).pruned).toBe(false);
    expect(parseData(`[${data}]`).pruned).toBe(true);
  });
});

test.describe('members that stand twice', () => {
  const TEXTS: readonly (readonly [data: string, names: readonly string[]])[] = [
    ['{}', []],
    ['{"a":1,"b":{"a":1}}', []],
    ['[{"a":1},{"a":1}]', []],
    ['{"a":1,"a":1}', ['a']],
    ['{"a":1,"\\u0061":2}', ['a']],
    ['{"words":[{"word":"x","start":1,"end":2,"start":3}]}', ['start']],
    ['{"a":{"b":1,"b":2},"a":3}', ['b', 'a']],
    ['{"a":":::","b":"10:30"}', []],
    ['{"a":":","a":":"}', ['a']],
    ['{"a":"\\u003a","b":1,"b":2}', ['b']],
    ['{"\\u003a":1,"b":1,"b":2}', ['b']],
    ['{"__proto__":1,"__proto__":2,"constructor":3}', ['__proto__']],
  ];

  for (const [data, names] of TEXTS)
    test(`${data}: ${names.length === 0 ? 'none' : names.join(', ')}`, () => {
      expect(duplicateMembers(data)).toEqual(names);
      if (names.length > 0) expect(mayRepeatMembers(JSON.parse(data), data, countColons(data))).toBe(true);
    });

  test('are never missed by counting colons', () => {
    const name = fc.constantFrom('a', 'b', ':', '\\u003a', '\\u003A', '__proto__');
    const { text } = fc.letrec<{ text: string }>((tie) => ({
      text: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom('1', '"x"', '":"', '"\\u003a:"', 'null'),
        fc.array(tie('text'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
        fc
          .array(fc.tuple(name, tie('text')), { maxLength: 4 })
          .map((members) => `{${members.map(([key, member]) => `"${key}":${member}`).join(',')}}`),
      ),
    }));
    let found = 0;
    fc.assert(
      fc.property(text, (data) => {
        const repeated = duplicateMembers(data).length > 0;
        if (repeated) found++;
        return !repeated || mayRepeatMembers(JSON.parse(data), data, countColons(data));
      }),
      { numRuns: 2000 },
    );
    expect(found).toBeGreaterThan(0);
  });
});

function parses(data: string): boolean {
  try {
    JSON.parse(data);
    return true;
  } catch {
    return false;
  }
}
