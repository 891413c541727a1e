import { expect, test } from '@playwright/test';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import pc from 'picocolors';
import { gatherEvidence } from '../../../helpers/judging/evidence.ts';
import { buildResults } from '../../../helpers/results/build-results.ts';
import type { Results } from '../../../helpers/results/results.ts';
import { announceOnGithub } from '../../../reports/github.ts';
import { jobSummary } from '../../../reports/job-summary.ts';
import { junitXml } from '../../../reports/junit.ts';
import { summaryLines } from '../../../reports/summary-lines.ts';
import { contract, requirements } from '../support/reports.ts';
import { answered, BATCHED, changed, judged, runOf, saying, withHeader } from '../support/runs.ts';

const late = saying(BATCHED.slice(2));
const exchanges = changed(
  'late',
  late,
  changed('reconnected', late, changed('auth.missing/live', withHeader('www-authenticate', null))),
);
const recording = runOf(changed('errors.not-found', answered(404, '<h1>Not found</h1>', 'text/html'), exchanges), {
  runId: '11111111-2222-3333-4444-555555555555',
});
const results: Results = buildResults(judged(recording), gatherEvidence(recording, contract, requirements), {
  product: { name: 'Example Avatars', version: '12.3', environment: 'staging' },
  recordingSha256: 'ab'.repeat(32),
});
const ORDER = ['replay.from-start', 'replay.reconnect', 'errors.media-type', 'auth.challenge'];

function terminal(over: Partial<Results> = {}): string {
  return summaryLines({ ...results, ...over }, { colors: pc.createColors(false), out: '/x/out', cwd: '/x' }).join('\n');
}

/** The ids of broken rules, in the order in which a text first names them as findings. */
function order(text: string, finding: (id: string) => string): readonly string[] {
  return ORDER.filter((id) => text.includes(finding(id))).toSorted(
    (a, b) => text.indexOf(finding(a)) - text.indexOf(finding(b)),
  );
}

test('the terminal and the job summary have the findings in one order, with their likely cause', () => {
  expect(order(terminal(), (id) => ` ${id}: `)).toEqual(ORDER);
  expect(order(jobSummary(results), (id) => `- **${id}** `)).toEqual(ORDER);
  for (const text of [terminal(), jobSummary(results)])
    expect(text).toContain('History is not kept from the start of the session for subscribers who join late.');
});

test('the terminal has what was expected of a failure, and below it what came', () => {
  const lines = terminal().split('\n');
  const failed = results.requirements.filter(({ outcome }) => outcome === 'fail');
  expect(failed.length).toBeGreaterThan(1);
  for (const { id, violations } of failed) {
    const at = lines.findIndex((line) => line.startsWith(`  FAIL   ${id}: `));
    expect(lines.slice(at + 2, at + 4)).toEqual([
      `         Expected: ${violations[0]?.expected.join('; or ')}`,
      `         Actual: ${violations[0]?.actual}`,
    ]);
  }
});

/** What a job prints under GitHub Actions. */
async function annotations(shown: Results): Promise<string> {
  const printed: string[] = [];
  const { write } = process.stdout;
  process.stdout.write = (text) => printed.push(String(text)) > 0;
  try {
    await announceOnGithub(shown, {});
  } finally {
    process.stdout.write = write;
  }
  return decodeURIComponent(printed.join(''));
}

test('every surface says of every finding how many more breaches there are, and all say the same', async () => {
  const doubled = saying(BATCHED.flatMap((batch) => [batch, batch]));
  const many = runOf(['first', 'late', 'reconnected'].reduce((run, id) => changed(id, doubled, run), exchanges));
  const shown = buildResults(judged(many), gatherEvidence(many, contract, requirements));
  const rows = shown.findings.flatMap(({ requirements: ids }) =>
    shown.requirements.filter(({ id }) => ids.includes(id)),
  );
  expect(rows.some(({ violationCount, violations }) => violationCount > violations.length)).toBe(true);
  const texts = [terminal(shown), jobSummary(shown).replace(/\\|&#\d+;/g, ''), await annotations(shown)];
  for (const { id, outcome, violationCount, violations } of rows) {
    const more = violationCount > 1 ? ` (and ${violationCount - 1} more)` : '';
    for (const text of texts) {
      const line = text
        .split('\n')
        .find((one) => one.includes(id) && one.includes(violations[0]?.message.slice(-12) ?? ''));
      expect(/\(and \d+ more\)/.exec(line ?? '')?.[0] ?? '', `${id} in ${line}`).toBe(more.trim());
    }
    if (outcome === 'fail') expect(junitXml(shown)).toContain(`${more}" type="MUST"`);
  }
});

test('not applicable and inconclusive are explained where they are first used, and add up to what was not verified', () => {
  const counts = { ...results.counts, 'not-applicable': 6, inconclusive: 1 };
  const means =
    '7 not verified: 6 not applicable (left out by the settings of this run), 1 inconclusive (the run could not tell).';
  const lines = terminal({ counts }).split('\n');
  expect(lines[lines.indexOf(means) - 2]).toMatch(/^ {2}rate-limit /);
  expect(jobSummary({ ...results, counts })).toContain(`<summary>${means}</summary>`);
  expect(terminal({ counts: { ...counts, 'not-applicable': 0, inconclusive: 0 } })).not.toMatch(/^\d+ not verified/m);
});

test('the terminal names product, run, stream and recording', () => {
  const text = terminal();
  for (const line of [
    'Product: Example Avatars 12.3 (staging)',
    'Run: 11111111-2222-3333-4444-555555555555',
    'Stream: stream-1',
    `Recording: SHA-256 ${'ab'.repeat(32)}`,
  ])
    expect(text).toContain(line);
});

test('the headline says how many breaches are waived, and that the profile is the full one', () => {
  const counts = { ...results.counts, waived: 2 };
  expect(terminal({ verdict: 'conformant', counts, findings: [] })).toMatch(/^\nCONFORMANT with 2 waived breaches {2}/);
  expect(terminal({ verdict: 'conformant', profile: 'full' })).toMatch(/^\nCONFORMANT \(full profile\) {2}/);
});

test('the source of the job summary is text that people read, and no text of a target is markup', () => {
  const summary = jobSummary({ ...results, reason: 'It said "Hello, world (1/2)." <b>*x*</b> @team www.evil.test' });
  expect(summary).toContain('It said "Hello, world (1/2)." &#60;b&#62;\\*x\\*&#60;/b&#62; &#64;team www&#46;evil.test');
});

test('the JUnit file is well-formed whatever a target says, and claims no time that was not measured', () => {
  const nasty = '\ufffe \u001b[31m \u0000 ]]> <![CDATA[ \ud800 &';
  const xml = junitXml({
    ...results,
    verdict: 'error',
    reason: nasty,
    remedy: nasty,
    requirements: results.requirements.map((row) => ({ ...row, sentence: nasty, reason: nasty })),
  });
  expect(XMLValidator.validate(xml)).toBe(true);
  expect(xml).toContain('\\u{fffe}');
  const { testsuites } = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(xml);
  expect(testsuites.time).toBe('5');
  expect(xml).not.toMatch(/<testcase[^>]* time=/);
});
