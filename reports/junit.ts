import { XMLBuilder } from 'fast-xml-parser';
import { AREAS } from '../helpers/contract/types.ts';
import { findingText, sourceTexts } from '../helpers/results/finding.ts';
import type { RequirementResult, Results } from '../helpers/results/results.ts';
import { whyAndWhat } from '../helpers/results/unverified.ts';
import { writeWhole } from '../helpers/write-file.ts';

type Attributes = Readonly<Record<`@${string}`, string | number>>;

/** Results for CI systems: a suite for each area, a case for each requirement, and one more where the run itself failed. */
export async function writeJunit(path: string, results: Results): Promise<void> {
  writeWhole(path, [junitXml(results)]);
}

export function junitXml(results: Results): string {
  const seconds = Math.max(0, Date.parse(results.finishedAt) - Date.parse(results.startedAt)) / 1000;
  const suites = AREAS.map((area) => ({ area, members: results.requirements.filter((row) => row.area === area) }))
    .filter(({ members }) => members.length > 0)
    .map(({ area, members }) => ({
      ...tally(area, members),
      '@timestamp': results.startedAt,
      testcase: members.map(caseOf),
    }));
  if (results.verdict === 'error') suites.unshift(failedRun(results));
  const document = {
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: { ...tally(results.suite.name, results.requirements), '@time': seconds, testsuite: suites },
  };
  return new XMLBuilder({
    attributeNamePrefix: '@',
    ignoreAttributes: false,
    format: true,
    suppressEmptyNode: true,
    suppressBooleanAttributes: false,
  }).build(document);
}

function tally(name: string, results: readonly RequirementResult[]): Attributes {
  const count = (...outcomes: readonly string[]) => results.filter(({ outcome }) => outcomes.includes(outcome)).length;
  return {
    '@name': name,
    '@tests': results.length,
    '@failures': count('fail'),
    '@errors': count('error'),
    '@skipped': count('inconclusive', 'not-applicable'),
  };
}

function caseOf(result: RequirementResult): object {
  const sources = sourceTexts(result);
  const property = (name: string, value: string | number) => ({ '@name': name, '@value': value });
  return {
    '@classname': result.area,
    '@name': `${result.id}: ${result.sentence}`,
    '@time': 0,
    properties: {
      property: [
        property('requirement', result.id),
        property('level', result.level),
        property('core', String(result.core)),
        property('outcome', result.outcome),
        property('observations', result.observations),
        ...sources.flatMap(({ quote, place }) => [
          ...(quote === undefined ? [] : [property('quote', quote)]),
          property('source', place),
        ]),
      ],
    },
    ...outcomeOf(result),
  };
}

function outcomeOf(result: RequirementResult): object {
  const message = result.violations[0]?.message ?? '';
  switch (result.outcome) {
    case 'fail':
      return { failure: { '@message': message, '@type': result.level, '#text': findingText(result) } };
    case 'error':
      return { error: { '@message': whyAndWhat(result), '@type': 'suite' } };
    case 'inconclusive':
    case 'not-applicable':
      return { skipped: { '@message': `${result.outcome}: ${whyAndWhat(result)}` } };
    case 'warn':
    case 'waived':
      return { 'system-out': `${result.outcome}: ${result.reason ?? ''}\n${findingText(result)}` };
    default:
      return {};
  }
}

function failedRun(results: Results) {
  return {
    '@name': 'run',
    '@tests': 1,
    '@failures': 0,
    '@errors': 1,
    '@skipped': 0,
    '@timestamp': results.startedAt,
    testcase: [
      {
        '@classname': 'run',
        '@name': 'the run comes to a verdict',
        '@time': 0,
        error: { '@message': results.reason, '@type': 'error', '#text': results.remedy ?? results.reason },
      },
    ],
  };
}
