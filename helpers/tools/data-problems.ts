import { checks } from '../cli/checks.ts';
import { staleQuotes } from '../contract/coverage.ts';
import { loadContract } from '../contract/load.ts';
import { joinChecks, loadCatalogue } from '../contract/requirements.ts';
import { faults, variants } from '../mutants/index.ts';
import { envExample } from '../settings/env-example.ts';

/** The files of the repository that are written by hand and must agree with its data. */
export interface SuiteTexts {
  readonly changelog: string;
  readonly envExample: string;
  readonly readme: string;
}

/**
 * What does not fit together in the suite's own data, a sentence each: requirements, contract, checks, faults,
 * variants, changelog, settings. Throws where the requirements or the contract cannot be loaded at all.
 */
export function suiteDataProblems(texts: SuiteTexts): readonly string[] {
  const catalogue = loadCatalogue();
  const { requirements } = catalogue;
  const ids = new Set<string>(requirements.map(({ id }) => id));
  const { withoutCheck, withoutRow } = joinChecks(
    requirements,
    checks.map(({ id }) => id),
  );
  const sentences = new Map(requirements.map(({ id, sentence }) => [id, sentence]));
  const turned = new Set(faults.flatMap(({ turns }) => Object.keys(turns)));
  const named = [
    ...faults.flatMap(({ id, turns }) => Object.keys(turns).map((requirement) => ({ id, requirement }))),
    ...variants.flatMap(({ id, near, warns = [] }) => [near, ...warns].map((requirement) => ({ id, requirement }))),
  ];
  return [
    ...withoutCheck.map((id) => `openapi/requirements.yaml: ${id} has no check in specs/.`),
    ...checks
      .filter(({ id, sentence }) => sentence !== undefined && sentence !== sentences.get(id))
      .map(({ id }) => `specs: the sentence of ${id} is not that of openapi/requirements.yaml.`),
    ...withoutRow.map((id) => `specs: ${id} has no row in openapi/requirements.yaml.`),
    ...staleQuotes(loadContract().document, catalogue).map(
      (citation) => `openapi/requirements.yaml: a quote no longer stands in the contract: ${JSON.stringify(citation)}`,
    ),
    ...[...ids].filter((id) => !turned.has(id)).map((id) => `helpers/mutants: no fault turns ${id}.`),
    ...named
      .filter(({ requirement }) => !ids.has(requirement))
      .map(({ id, requirement }) => `helpers/mutants: ${id} names ${requirement}, which is no requirement.`),
    ...repeated([...faults, ...variants].map(({ id }) => id)).map(
      (id) => `helpers/mutants: two cases have the id ${id}.`,
    ),
    ...[...ids]
      .filter((id) => !texts.changelog.includes(`\`${id}\``))
      .map((id) => `CHANGELOG.md: ${id} is not recorded.`),
    ...(texts.envExample === envExample() ? [] : ['.env.example: not what helpers/settings/options.ts says.']),
    ...['npm ci && npm run certify', 'npm ci && npm test']
      .filter((line) => !texts.readme.includes(`\n${line}\n`))
      .map((line) => `README.md: the line "${line}" is missing.`),
  ];
}

function repeated(ids: readonly string[]): readonly string[] {
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}
