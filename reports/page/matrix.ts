import type { Contract, Requirement } from '../../helpers/contract/types.ts';
import { AREAS, LEVELS } from '../../helpers/contract/types.ts';
import type { ReportedViolation, RequirementResult } from '../../helpers/results/results.ts';
import { sourceView } from './contract-excerpt.ts';
import { count, counted, seconds } from './format.ts';
import { type Html, html, shortened } from './html.ts';
import {
  levelBadge,
  OUTCOME_NAMES,
  OUTCOMES_BY_GRAVITY,
  outcomeBadge,
  rowLink,
  violationId,
  wireId,
} from './vocabulary.ts';

export interface MatrixInput {
  readonly results: readonly RequirementResult[];
  readonly requirements: readonly Requirement[];
  readonly contract: Contract | null;
  /** Start of each exchange on the run's clock, by its id. */
  readonly startedAt: ReadonlyMap<string, number>;
  /** Violations that stand in a timeline, by the id of their element. */
  readonly inTimeline: ReadonlySet<string>;
}

/** Every requirement by area: a glance at all of them, filters, and a row each that opens. */
export function matrix(input: MatrixInput): Html {
  const areas = AREAS.map((area) => ({ area, rows: input.results.filter((result) => result.area === area) })).filter(
    ({ rows }) => rows.length > 0,
  );
  return html`<section aria-labelledby="matrix"><h2 id="matrix">The matrix</h2>
${areas.length === 0 && html`<p>No requirement was judged.</p>`}
<ul class="glance" aria-label="All requirements at a glance">${areas.map(
    ({ area, rows }) => html`<li><b>${area}</b> <ul>${rows.map(glanceLink)}</ul></li>`,
  )}</ul>
${filters(input.results)}
<p class="actions"><button type="button" data-open="all">Open all rows</button> <button type="button" data-open="none">Close all rows</button></p>
${areas.map(
  ({ area, rows }) =>
    html`<section class="area" aria-labelledby="area-${area}"><h3 id="area-${area}">${area} <small>${areaCounts(
      rows,
    )}</small></h3>${rows.map((result) => row(result, input))}</section>`,
)}</section>`;
}

function glanceLink(result: RequirementResult): Html {
  const { sign, name } = OUTCOME_NAMES[result.outcome];
  return html`<li><a class="${result.outcome}" href="#${result.id}"><span aria-hidden="true">${sign}</span> ${result.id.slice(
    result.area.length + 1,
  )}<span class="unseen">: ${name}</span></a></li>`;
}

function areaCounts(rows: readonly RequirementResult[]): string {
  return OUTCOMES_BY_GRAVITY.map((outcome) => ({
    outcome,
    found: rows.filter((result) => result.outcome === outcome).length,
  }))
    .filter(({ found }) => found > 0)
    .map(({ outcome, found }) => `${found} ${OUTCOME_NAMES[outcome].name}`)
    .join(', ');
}

function filters(results: readonly RequirementResult[]): Html {
  const outcomes = OUTCOMES_BY_GRAVITY.filter((outcome) => results.some((result) => result.outcome === outcome));
  const areas = AREAS.filter((area) => results.some((result) => result.area === area));
  return html`<form class="filters" id="filters" aria-label="Filter the requirements" hidden>
  <fieldset><legend>Outcome</legend>${outcomes.map(
    (outcome) =>
      html`<label><input type="checkbox" name="outcome" value="${outcome}" checked> <span aria-hidden="true">${
        OUTCOME_NAMES[outcome].sign
      }</span> ${OUTCOME_NAMES[outcome].name}</label>`,
  )}</fieldset>
  <fieldset><legend>Level</legend>${LEVELS.map(
    (level) => html`<label><input type="checkbox" name="level" value="${level}" checked> ${level}</label>`,
  )}</fieldset>
  <label>Area <select name="area"><option value="">all areas</option>${areas.map(
    (area) => html`<option>${area}</option>`,
  )}</select></label>
  <label>Text <input type="search" name="text" autocomplete="off"></label>
  <button type="reset">Show everything</button>
  <output name="shown" aria-live="polite"></output>
</form>`;
}

function row(result: RequirementResult, input: MatrixInput): Html {
  const seen = result.observations === 0 ? 'nothing observed' : counted(result.observations, 'observation');
  return html`<details class="row" id="${result.id}" data-outcome="${result.outcome}" data-level="${result.level}" data-area="${
    result.area
  }"><summary>${outcomeBadge(result.outcome)}<code>${result.id}</code>${levelBadge(result.level)}<span class="sentence">${
    result.sentence
  }</span><span class="observations">${
    result.violationCount > 0 ? html`<b>${counted(result.violationCount, 'violation')}</b>, ` : null
  }${seen}</span></summary><div class="body">${rowBody(result, input)}</div></details>
`;
}

function rowBody(result: RequirementResult, input: MatrixInput): Html {
  const requirement = input.requirements.find(({ id }) => id === result.id);
  return html`${standing(result)}<h4>Where it rests</h4>${result.sources.map((source) => sourceView(source, input.contract))}${
    requirement?.conforming && html`<p><b>Never breaks it:</b> ${requirement.conforming}</p>`
  }${result.violations.map((violation, index) =>
    violationView(violation, violationId(result.id, index), result, input),
  )}${
    result.violationCount > result.violations.length &&
    html`<p>${counted(result.violationCount - result.violations.length, 'further violation')} of this rule, like these, ${
      result.violationCount - result.violations.length === 1 ? 'is' : 'are'
    } not listed.</p>`
  }${result.notes.length > 0 && html`<h4>Observed</h4><ul>${result.notes.map((note) => html`<li>${note}</li>`)}</ul>`}`;
}

/** Why the outcome is what it is, where the violations do not say it. */
function standing(result: RequirementResult): Html {
  const { outcome, reason, remedy, because, waiver } = result;
  return html`${
    outcome === 'pass' && html`<p>The rule held on all of ${counted(result.observations, 'observation')}.</p>`
  }${reason && html`<p><b>Why ${OUTCOME_NAMES[outcome].name}:</b> ${reason}${because && html` The cause is ${rowLink(because)}.`}</p>`}${
    remedy && html`<p><b>What it would take:</b> ${remedy}</p>`
  }${
    waiver && html`<p><b>Waived</b> until ${waiver.until}, accepted by ${waiver.acceptedBy}: ${waiver.reason}</p>`
  }<p class="weight">${
    result.core
      ? 'Core: without it no implementation is called conformant.'
      : 'Not core: the verdict does not wait for it.'
  }</p>`;
}

function violationView(violation: ReportedViolation, id: string, result: RequirementResult, input: MatrixInput): Html {
  const level = violation.level !== undefined && violation.level !== result.level && levelBadge(violation.level);
  return html`<article class="violation" id="${id}" tabindex="-1" aria-label="Violation of ${result.id}">
<h4>${level} ${violation.message}</h4>
<dl><div><dt>Expected</dt><dd>${
    violation.expected.length === 1
      ? violation.expected[0]
      : html`<ul>${violation.expected.map((expected) => html`<li>${expected}</li>`)}</ul>`
  }</dd></div>
<div><dt>Actual</dt><dd>${shortened(violation.actual, 2000)}</dd></div>${place(violation, input.startedAt)}</dl>
${evidence(violation)}${curl(violation)}
${
  input.inTimeline.has(id) &&
  html`<p><button type="button" data-show-in-timeline="${id}" hidden>Show in the timeline</button></p>`
}</article>`;
}

function place(violation: ReportedViolation, startedAt: ReadonlyMap<string, number>): Html | null {
  if (violation.exchange === null) return null;
  const start = startedAt.get(violation.exchange);
  const parts = [
    violation.event !== undefined && `event ${count(violation.event)}`,
    violation.word !== undefined && `word ${count(violation.word)}`,
    violation.byteOffset !== undefined && `byte offset ${count(violation.byteOffset)}`,
    violation.at !== undefined &&
      `arrived at ${seconds(violation.at)} of the run${
        start === undefined ? '' : `, ${seconds(violation.at - start)} after the request`
      }`,
  ].filter((part) => part !== false);
  return html`<div><dt>Where</dt><dd><a href="#${wireId(violation.exchange)}"><code>${violation.exchange}</code></a>${parts.map(
    (part) => html`, ${part}`,
  )}</dd></div>`;
}

function evidence({ evidence: bytes }: ReportedViolation): Html | null {
  if (!bytes) return null;
  const from = count(bytes.byteOffset);
  return html`<div class="bytes"><div><h5>Bytes from offset ${from}, as text${
    bytes.omitted > 0 && html` <small>(${counted(bytes.omitted, 'byte')} left out of the middle)</small>`
  }</h5><pre class="text"><bdi>${bytes.text}</bdi></pre></div><div><h5>The same, in hex</h5><pre class="hex">${bytes.hex}</pre></div></div>`;
}

function curl({ curl: command }: ReportedViolation): Html | null {
  if (!command) return null;
  return html`<div class="curl"><h5>Repeat the request</h5><pre class="command">${command}</pre><button type="button" data-copy hidden>Copy the command</button></div>`;
}
