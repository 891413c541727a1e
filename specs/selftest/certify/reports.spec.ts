import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import pc from 'picocolors';
import { loadContract } from '../../../helpers/contract/load.ts';
import { loadRequirements } from '../../../helpers/contract/requirements.ts';
import { AREAS } from '../../../helpers/contract/types.ts';
import type { Check } from '../../../helpers/judging/check.ts';
import { gatherEvidence } from '../../../helpers/judging/evidence.ts';
import { assess } from '../../../helpers/results/assess.ts';
import { buildResults } from '../../../helpers/results/build-results.ts';
import type { Results } from '../../../helpers/results/results.ts';
import { jobSummary } from '../../../reports/job-summary.ts';
import { junitXml } from '../../../reports/junit.ts';
import { summaryLines } from '../../../reports/summary-lines.ts';
import { checks } from '../../checks.ts';
import { buildRecording, buildSubscription, END_FRAME } from '../support/recordings.ts';

/** ESC, BEL, C1 CSI, right-to-left override, line separator, NUL, and markup of every reader. */
const NASTY =
  '\u001b[2J\u0007\u009b31m\u202e\u2028\u0000<script>alert(1)</script>]]>&|`*_[x](javascript:y)\n::error::forged';
const FORBIDDEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2028\u2029]/;

function resultsOf(word: string): Results {
  const words = JSON.stringify({ words: [{ word: ` ${word}!`, start: 2, end: 1, [word]: word }] });
  const body = `data: ${words}\n\nevent: ${word.replaceAll('\n', '')}\ndata: {}\n\n${END_FRAME}`;
  const recording = buildRecording([
    buildSubscription('first', body, {
      headers: [
        ['content-type', 'text/event-stream'],
        ['x', word],
      ],
    }),
    buildSubscription('snapshot', '', { status: 500, headers: [['content-type', word]] }),
  ]);
  const requirements = loadRequirements();
  const evidence = gatherEvidence(recording, loadContract(), requirements);
  const assessment = assess(evidence, { checks, strict: false, waivers: [], today: '2026-11-22' });
  return buildResults(assessment, evidence, { files: { results: 'results.json' } });
}

const hostile = resultsOf(NASTY);

test('a hostile target is found non-conformant', () => {
  expect(hostile.verdict).toBe('non-conformant');
  expect(hostile.requirements.find(({ id }) => id === 'ordering.bounds')?.outcome).toBe('fail');
});

test('no control character of the target reaches the terminal', () => {
  for (const line of summaryLines(hostile, { colors: pc.createColors(false), out: '/tmp/out', cwd: '/tmp' })) {
    expect(line).not.toMatch(FORBIDDEN);
    expect(line).not.toMatch(/\n/);
    expect(line).not.toMatch(/^::/);
  }
});

test('colour only repeats what the words say', () => {
  const plain = summaryLines(hostile, { colors: pc.createColors(false), out: '/tmp/out', cwd: '/tmp' }).join('\n');
  for (const word of ['NON-CONFORMANT', 'FAIL', 'fail', 'pass', 'inconclusive']) expect(plain).toContain(word);
});

test('JUnit is well-formed, with one case for each requirement and its level, quote and reason', () => {
  const xml = junitXml(hostile);
  expect(XMLValidator.validate(xml)).toBe(true);
  expect(xml).not.toMatch(FORBIDDEN);
  const { testsuites } = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    isArray: (name) => ['testsuite', 'testcase', 'property'].includes(name),
  }).parse(xml);
  const cases: readonly {
    readonly name: string;
    readonly properties: { readonly property: readonly { readonly name: string; readonly value: string }[] };
    readonly skipped?: { readonly message: string };
    readonly failure?: { readonly message: string };
  }[] = testsuites.testsuite.flatMap(({ testcase }: { testcase: object[] }) => testcase);
  expect(cases.map(({ name }) => name)).toEqual(loadRequirements().map(({ id }) => id));
  for (const row of hostile.requirements) {
    const shown = cases.find(({ name }) => name === row.id);
    const property = (name: string) => shown?.properties.property.find((entry) => entry.name === name)?.value;
    expect(property('level')).toBe(row.level);
    expect(property('core')).toBe(String(row.core));
    expect(shown?.failure !== undefined, row.id).toBe(row.outcome === 'fail');
    if (row.outcome === 'inconclusive') expect(shown?.skipped?.message).toMatch(/^inconclusive: .+\.$/);
  }
  expect(Number(testsuites.failures)).toBe(hostile.counts.fail);
});

test('the job summary keeps text of the target text', () => {
  const markdown = jobSummary(hostile);
  expect(markdown).not.toMatch(FORBIDDEN);
  expect(markdown).not.toContain('<script');
  expect(markdown).not.toMatch(/(?<!\\)\]\(javascript/);
  const rows = markdown.split('\n').filter((line) => line.startsWith('- **ordering.bounds** '));
  expect(rows.length).toBeGreaterThan(0);
});

test('every requirement is shown by exactly one spec, that of its area', async () => {
  const shown: string[] = [];
  for (const area of AREAS) {
    expect(readFileSync(`specs/${area}.spec.ts`, 'utf8')).toMatch(
      /^for \(const \{ id \} of \w+\) test\(\.\.\.requirement\(id\)\);$/m,
    );
    const [checks = []] = Object.values<readonly Check[]>(await import(`../../${area}/index.ts`));
    shown.push(...checks.map(({ id }) => `${area} ${id}`));
  }
  expect(shown).toEqual(loadRequirements().map(({ id, area }) => `${area} ${id}`));
});
