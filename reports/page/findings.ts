import { AREAS } from '../../helpers/contract/types.ts';
import type { Finding, RequirementResult, Results } from '../../helpers/results/results.ts';
import { groupsByRemedy } from '../../helpers/results/unverified.ts';
import { counted } from './format.ts';
import { type Html, html } from './html.ts';
import { type RowInput, row } from './row.ts';
import { OUTCOME_NAMES, OUTCOMES_BY_GRAVITY, outcomeBadge, rowLink } from './vocabulary.ts';

/** Requirements that paper gets in full; those after them get a line each, so that the summary stays short. */
const FULL_ON_PAPER = 3;

/** What was found, by cause, worst first: failures open, warnings and waived breaches folded. */
export function findings({ findings: causes, requirements }: Results, input: RowInput): Html {
  const byId = new Map<string, RequirementResult>(requirements.map((result) => [result.id, result]));
  let printed = 0;
  return html`<section aria-labelledby="findings"><h2 id="findings">Findings${causes.length > 1 && ', by cause, worst first'}</h2>
${causes.length === 0 && html`<p>No rule was found broken${requirements.length === 0 && ': none was judged'}.</p>`}
${causes.map((cause, index) => {
  const brief = printed >= FULL_ON_PAPER;
  printed += cause.requirements.length;
  return html`<section class="cause ${cause.outcome}${brief && ' brief'}" aria-labelledby="cause-${index + 1}">${causeHead(cause, index, byId)}${cause.requirements.map(
    (id) => {
      const result = byId.get(id);
      return result && row(result, input, result.outcome === 'fail' || result.outcome === 'error');
    },
  )}</section>`;
})}</section>`;
}

function causeHead(
  { outcome, likelyCause, requirements, unverified }: Finding,
  index: number,
  byId: ReadonlyMap<string, RequirementResult>,
): Html {
  const first = byId.get(requirements[0] ?? '');
  const message = first?.violations[0]?.message ?? first?.reason ?? '';
  return html`<h3 id="cause-${index + 1}">${index + 1}. ${outcomeBadge(outcome)} ${likelyCause ? html`Likely cause: ${likelyCause}` : message}</h3>
${
  unverified.length > 0 &&
  html`<p>Not verified because of this: ${unverified.map((id, place) => html`${place > 0 && ', '}${rowLink(id)}`)}.</p>`
}`;
}

/** What is neither a finding nor one of several: folded by area. */
export function others({ requirements, findings: causes }: Results, input: RowInput): Html {
  const found = new Set<string>(causes.flatMap((cause) => cause.requirements));
  const areas = AREAS.map((area) => ({
    area,
    all: requirements.filter((result) => result.area === area),
  })).filter(({ all }) => all.length > 0);
  return html`<section aria-labelledby="matrix" class="appendix"><h2 id="matrix">All requirements</h2>
${areas.length === 0 && html`<p>No requirement was judged.</p>`}
<ul class="glance" aria-label="All requirements at a glance">${areas.map(
    ({ area, all }) => html`<li><b>${area}</b> <ul>${all.map(glanceLink)}</ul></li>`,
  )}</ul>
${areas.map(({ area, all }) => {
  const rest = all.filter(({ id }) => !found.has(id));
  return (
    rest.length > 0 &&
    html`<details class="area" id="area-${area}"><summary><h3>${area} <small>${outcomeCounts(rest)}</small></h3></summary>${rest.map((result) => row(result, input))}</details>`
  );
})}</section>`;
}

function glanceLink(result: RequirementResult): Html {
  const { sign, name } = OUTCOME_NAMES[result.outcome];
  return html`<li><a class="${result.outcome}" href="#${result.id}"><span aria-hidden="true">${sign}</span> ${result.id.slice(
    result.area.length + 1,
  )}<span class="unseen">: ${name}</span></a></li>`;
}

function outcomeCounts(rows: readonly RequirementResult[]): string {
  return OUTCOMES_BY_GRAVITY.map((outcome) => ({
    outcome,
    found: rows.filter((result) => result.outcome === outcome).length,
  }))
    .filter(({ found }) => found > 0)
    .map(({ outcome, found }) => `${found} ${OUTCOME_NAMES[outcome].name}`)
    .join(', ');
}

/** Rules that share what would verify them are one entry: the reader wants to know what to do, not to count. */
export function notVerified({ requirements, findings: causes }: Results): Html {
  const explained = new Set<string>(causes.flatMap(({ unverified }) => unverified));
  const open = requirements.filter(({ outcome }) => outcome === 'inconclusive' || outcome === 'not-applicable');
  const groups = groupsByRemedy(open.filter(({ id }) => !explained.has(id)));
  const nothing = requirements.length === 0 ? 'Nothing was verified.' : 'Everything was verified.';
  return html`<section aria-labelledby="unverified"><h2 id="unverified">Not verified, and what it would take</h2>${
    open.length === 0 && html`<p>${nothing}</p>`
  }<ul class="groups">${groups.map(unverifiedGroup)}</ul>${
    explained.size > 0 && html`<p>Because of the findings above: ${[...explained].join(', ')}.</p>`
  }</section>`;
}

function unverifiedGroup(group: readonly RequirementResult[]): Html {
  const first = group[0];
  if (!first) return html``;
  const alike = group.every(({ reason }) => reason === first.reason);
  return html`<li>${outcomeBadge(first.outcome)}: ${group.map(({ id }, index) => html`${index > 0 && ', '}${rowLink(id)}`)}${
    alike && html`<br>${first.reason ?? 'No reason was given.'}`
  }${first.remedy && html`<br><b>To do:</b> ${first.remedy}`} <small>(${counted(group.length, 'rule')})</small></li>`;
}
