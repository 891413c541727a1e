import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { gatherEvidence } from '../../../helpers/judging/evidence.ts';
import type { Recording } from '../../../helpers/recording/recording.ts';
import { assess } from '../../../helpers/results/assess.ts';
import { loadWaivers, parseWaivers, WaiverFileError } from '../../../helpers/results/waivers.ts';
import { checks } from '../../checks.ts';
import { contract, requirements } from '../support/reports.ts';
import { answered, changed, conformingRun, errorBody, runOf, withBody } from '../support/runs.ts';

const TODAY = '2026-11-22';

function entry(over: Readonly<Record<string, string>> = {}): string {
  const fields = {
    requirement: 'errors.envelope',
    target: 'http://target.test',
    reason: 'Fixed in the next release.',
    accepted_by: 'Ada',
    until: '2026-12-31',
    ...over,
  };
  return `  - ${Object.entries(fields)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join('\n    ')}\n`;
}

function assessed(recording: Recording, ...entries: readonly string[]) {
  const waivers = parseWaivers(`waivers:\n${entries.join('')}`, 'waivers.yaml');
  return assess(gatherEvidence(recording, contract, requirements), { checks, strict: false, waivers, today: TODAY });
}

const broken = runOf(changed('errors.not-found', withBody('{}')));

test('a waived breach stays visible and no longer fails the run', () => {
  const { verdict, reason, requirements: results, counts } = assessed(broken, entry());
  expect(verdict).toBe('conformant');
  expect(reason).toMatch(/ requirements verified.*\. Waived: errors\.envelope\.$/);
  expect(counts).toMatchObject({ waived: 1, fail: 0 });
  const waived = results.find(({ id }) => id === 'errors.envelope');
  expect(waived).toMatchObject({
    outcome: 'waived',
    reason: 'Waived until 2026-12-31 by Ada: Fixed in the next release.',
    waiver: { reason: 'Fixed in the next release.', acceptedBy: 'Ada', until: '2026-12-31' },
  });
  expect(waived?.violations).toHaveLength(1);
});

test('a warning is waived too, so that strict and lenient runs share a file', () => {
  const warned = runOf(changed('errors.not-found', withBody(errorBody(404, { code: 'gone' }))));
  expect(assessed(warned, entry({ requirement: 'errors.code' })).counts).toMatchObject({ waived: 1, warn: 0 });
});

test('the last day counts, and the slash at the end of the target does not', () => {
  expect(assessed(broken, entry({ until: TODAY, target: 'http://target.test/' })).verdict).toBe('conformant');
});

for (const target of ['https://other.test', 'http://target.test/v2', 'http://target.test.evil', 'embedded'])
  test(`a waiver for ${target} says nothing about this target`, () => {
    const { verdict, waiverProblems } = assessed(broken, entry({ target }), entry({ target, requirement: 'no.such' }));
    expect(verdict).toBe('non-conformant');
    expect(waiverProblems).toEqual([]);
  });

test('a waiver for another name of the loopback address gets a hint', () => {
  const recording = { ...broken, target: { baseUrl: 'http://127.0.0.1:8080' } };
  const { verdict, remedy } = assessed(recording, entry({ target: 'http://localhost:8080/' }));
  expect(verdict).toBe('non-conformant');
  expect(remedy).toBe(
    'The waiver at line 2 is for http://localhost:8080/, which is not http://127.0.0.1:8080: write the target the same way.',
  );
  expect(assessed(recording, entry({ target: 'http://localhost:9090' })).remedy).toBeUndefined();
});

test('the embedded server is named `embedded`, for its port changes', () => {
  const recording = { ...broken, settings: { ...broken.settings, sessionMode: 'embedded' as const } };
  expect(assessed(recording, entry({ target: 'embedded' })).verdict).toBe('conformant');
});

test('an expired waiver covers nothing, and the run says what to edit', () => {
  const { verdict, reason, remedy, requirements: results } = assessed(broken, entry({ until: '2026-11-21' }));
  expect(verdict).toBe('error');
  expect(reason).toContain(
    'The waiver file needs an edit: The entry at line 2 for errors.envelope expired on 2026-11-21. Apart from that the run is non-conformant: 1 requirement is broken: errors.envelope.',
  );
  expect(remedy).toContain('line 2');
  expect(results.find(({ id }) => id === 'errors.envelope')?.outcome).toBe('fail');
});

test('a waiver for an unknown requirement makes the run an error', () => {
  const { verdict, waiverProblems } = assessed(runOf(), entry({ requirement: 'errors.envelop' }));
  expect(verdict).toBe('error');
  expect(waiverProblems).toMatchObject([{ kind: 'unknown-requirement', requirement: 'errors.envelop', line: 2 }]);
});

test('a waiver whose breach is gone makes the run an error', () => {
  const { verdict, waiverProblems } = assessed(runOf(), entry());
  expect(verdict).toBe('error');
  expect(waiverProblems).toMatchObject([{ kind: 'stale', remedy: 'Delete the entry for errors.envelope at line 2.' }]);
});

test('a waiver is not stale where its requirement could not be verified', () => {
  const unseen = runOf(
    conformingRun().map((exchange) => (exchange.response?.status === 200 ? exchange : answered(500)(exchange))),
  );
  expect(assessed(unseen, entry()).waiverProblems).toEqual([]);
});

test('every problem is named at once', () => {
  const { waiverProblems } = assessed(
    broken,
    entry({ until: '2020-01-01' }),
    entry({ requirement: 'no.such' }),
    entry({ requirement: 'http.status' }),
  );
  expect(waiverProblems.map(({ kind, line }) => [kind, line])).toEqual([
    ['expired', 2],
    ['unknown-requirement', 7],
    ['stale', 12],
  ]);
});

const MISTAKES: readonly (readonly [name: string, text: string, message: string])[] = [
  ['broken YAML', 'waivers:\n  - requirement: [a\n', 'line 3, column 1'],
  ['no list', 'waiver: []\n', "must have required property 'waivers'"],
  ['an unknown member', `waivers:\n${entry({ accepted: 'x' })}`, 'must NOT have additional properties (accepted)'],
  ['a date that is none', `waivers:\n${entry({ until: '31.12.2026' })}`, 'line 6, column 12: /waivers/0/until'],
  ['an empty reason', `waivers:\n${entry({ reason: '' })}`, '/waivers/0/reason'],
  ['a target that is no URL', `waivers:\n${entry({ target: '*' })}`, '/waivers/0/target'],
];
for (const [name, text, message] of MISTAKES)
  test(`a waiver file with ${name} is refused with its place`, () => {
    expect(() => parseWaivers(text, 'waivers.yaml')).toThrow(WaiverFileError);
    expect(() => parseWaivers(text, 'waivers.yaml')).toThrow(message);
  });

test('an alias bomb is refused', () => {
  const bomb = 'a: &a [x,x]\nb: &b [*a,*a]\nwaivers: *b\n';
  expect(() => parseWaivers(bomb, 'waivers.yaml')).toThrow(WaiverFileError);
});

test('a file is read, and one that is not there is said to be so', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waivers-'));
  const path = join(folder, 'waivers.yaml');
  writeFileSync(path, `waivers:\n${entry({ until: '2026-12-31' }).replace('"2026-12-31"', '2026-12-31')}`);
  expect(loadWaivers(path)).toEqual([
    {
      requirement: 'errors.envelope',
      target: 'http://target.test',
      reason: 'Fixed in the next release.',
      acceptedBy: 'Ada',
      until: '2026-12-31',
      line: 2,
    },
  ]);
  rmSync(folder, { recursive: true });
  expect(() => loadWaivers(path)).toThrow('cannot be read');
});
