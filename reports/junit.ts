import { XMLBuilder } from 'fast-xml-parser';
import { AREAS } from '../helpers/contract/types.ts';
import { findingText, firstAndMore, sourceTexts } from '../helpers/results/finding.ts';
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
  const text: string = new XMLBuilder({
    attributeNamePrefix: '@',
    ignoreAttributes: false,
    format: true,
    suppressEmptyNode: true,
    suppressBooleanAttributes: false,
  }).build(document);
  return text.replace(NOT_XML, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** Characters that XML 1.0 (§2.2, Char) has no way to write. */
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

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
    // The id alone: an edited sentence must not break the history that CI keeps by name.
    '@name': result.id,
    properties: {
      property: [
        property('requirement', result.id),
        property('sentence', result.sentence),
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
  switch (result.outcome) {
    case 'fail':
      return { failure: { '@message': firstAndMore(result), '@type': result.level, '#text': findingText(result) } };
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
        error: { '@message': results.reason, '@type': 'error', '#text': results.remedy ?? results.reason },
      },
    ],
  };
}
