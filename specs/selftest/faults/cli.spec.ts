import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { XMLParser } from 'fast-xml-parser';
import { loadRequirements } from '../../../helpers/contract/requirements.ts';
import type { Fault } from '../../../helpers/mutants/cases.ts';
import { combined, faultCalled } from '../../../helpers/mutants/index.ts';
import { startReference } from '../../../helpers/reference/server.ts';
import schema from '../../../helpers/results/results.schema.json' with { type: 'json' };
import { certify, resultsIn } from '../support/certify.ts';

// A run takes as long as its session and the machine need.
test.describe.configure({ timeout: 0 });

const API_KEY = 'cli-proof-key-9fQ2xT7bLm4VzR8a';
const BEARER_TOKEN = 'cli-proof-token-Zy8Xw7Vu6Ts5Rq4P';
/** A remote target is taken to speak at its own pace: so much faster that nobody waits, and slow enough to join in the middle. */
const SPEED = 6;

/** What an operator meets: exit code, results, JUnit, terminal. That each fault is found is proved by `npm run prove`. */
const CASES: readonly { readonly fault: string; readonly strict?: true; readonly code: number }[] = [
  { fault: 'eleven-words-in-a-batch-on-replay', code: 1 },
  { fault: 'unauthorized-without-challenge', code: 0 },
  { fault: 'unauthorized-without-challenge', strict: true, code: 1 },
];

for (const { fault: id, strict = false, code } of CASES)
  test(`${id}, on the command line${strict ? ', strictly' : ''}`, async () => {
    const fault = faultCalled(id);
    const out = test.info().outputPath('out');
    const run = await certifyWith(fault, out, strict);
    const results = resultsIn(out);
    expect(run.code, run.output).toBe(code);
    expect(results.verdict).toBe(code === 0 ? 'conformant' : 'non-conformant');

    const validate = new Ajv2020({ strict: true }).compile(schema);
    expect(validate(results), JSON.stringify(validate.errors)).toBe(true);
    const turned = results.requirements.filter(({ outcome }) => ['fail', 'warn', 'error'].includes(outcome));
    const declared = Object.entries(fault.turns).map(([name, turn]) => [name, strict ? 'fail' : turn]);
    expect(Object.fromEntries(turned.map(({ id: name, outcome }) => [name, outcome]))).toEqual(
      Object.fromEntries(declared),
    );
    for (const { outcome, because, id: name } of results.requirements)
      if (outcome === 'inconclusive' && because !== undefined)
        expect(Object.keys(fault.turns), name).toContain(because);

    expect(failedCasesIn(out)).toEqual(turned.filter(({ outcome }) => outcome === 'fail').map(({ id: name }) => name));
    for (const { name, level, quote } of casesIn(out)) {
      const row = loadRequirements().find((requirement) => name === requirement.id);
      expect(row?.level, name).toBe(level);
      const [source] = row?.sources ?? [];
      if (source?.quote !== undefined) expect(quote, name).toBe(source.quote);
    }

    const said = run.output.replaceAll(/\s+/g, ' ');
    for (const { id: name, violations } of turned) {
      expect(said).toContain(name);
      expect(said).toContain(violations[0]?.message.replaceAll(/\s+/g, ' ') ?? 'a finding');
    }
    for (const file of Object.values(results.files)) expect(existsSync(`${out}/${file}`), file).toBe(true);
    for (const written of [
      run.output,
      readFileSync(`${out}/recording.har`, 'utf8'),
      readFileSync(`${out}/report.html`, 'utf8'),
    ])
      for (const secret of [API_KEY, BEARER_TOKEN]) expect(written).not.toContain(secret);
  });

async function certifyWith({ id, script }: Fault, out: string, strict: boolean) {
  const reference = await startReference({
    accounts: [{ name: 'certified', apiKeys: [API_KEY], bearerTokens: [BEARER_TOKEN] }],
    speed: SPEED,
    ...combined([id]),
  });
  try {
    return await certify([], {
      WORDS_BASE_URL: reference.baseUrl,
      WORDS_API_KEY: API_KEY,
      WORDS_BEARER_TOKEN: BEARER_TOKEN,
      WORDS_AVATAR_ID: 'avatar',
      WORDS_VOICE_ID: 'voice',
      WORDS_OUT: out,
      WORDS_STRICT: strict ? '1' : '0',
      ...(script === undefined ? {} : { WORDS_SCRIPT: script }),
    });
  } finally {
    await reference.close();
  }
}

interface ParsedCase {
  readonly name: string;
  readonly failure?: unknown;
  readonly properties: { readonly property: readonly { readonly name: string; readonly value: string }[] };
}

function parsedCasesIn(out: string): readonly ParsedCase[] {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    isArray: (name) => ['testsuite', 'testcase', 'property'].includes(name),
  });
  const { testsuites } = parser.parse(readFileSync(`${out}/junit.xml`, 'utf8'), true);
  return testsuites.testsuite.flatMap(({ testcase }: { testcase: ParsedCase[] }) => testcase);
}

function failedCasesIn(out: string): readonly string[] {
  return parsedCasesIn(out)
    .filter(({ failure }) => failure !== undefined)
    .map(({ name }) => name);
}

function casesIn(out: string) {
  return parsedCasesIn(out).map(({ name, properties: { property } }) => ({
    name,
    level: property.find((one) => one.name === 'level')?.value,
    quote: property.find((one) => one.name === 'quote')?.value,
  }));
}
