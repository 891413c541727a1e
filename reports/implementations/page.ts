import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AREAS, LEVELS } from '../../helpers/contract/types.ts';
import type { Cell, Implementation, ImplementationMatrix, MatrixRow } from '../../helpers/evidence/matrix.ts';
import { OUTCOMES, type Outcome } from '../../helpers/results/results.ts';
import { type Html, html, trusted } from '../page/html.ts';
import { OUTCOME_NAMES } from '../page/vocabulary.ts';

const UNKNOWN = { sign: '·', name: 'not known to this run' };

/** One page that loads nothing: requirements by implementations, sortable and filterable with a script, whole without one. */
export function implementationsPage(matrix: ImplementationMatrix): string {
  const [script, style] = ['matrix.js', 'matrix.css'].map((name) =>
    readFileSync(new URL(name, import.meta.url), 'utf8'),
  );
  const { implementations, requirements, suite } = matrix;
  const policy = `default-src 'none'; img-src data:; style-src ${hashOf(style)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`;
  return String(html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark"><link rel="icon" href="data:,"><title>Implementations of the words stream</title><style>${trusted(style ?? '')}</style></head><body>
<a class="skip" href="#matrix">To the matrix</a>
<header><h1>Implementations of the words stream</h1><p>${String(implementations.length)} implementations by ${String(requirements.length)} requirements.</p></header>
<main>
${filters()}
<h2 id="matrix">Requirements by implementations</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Requirements by implementations"><table>
<thead><tr><th scope="col" aria-sort="ascending"><button type="button" data-sort="-1">Requirement</button></th>${implementations.map(columnHead)}</tr></thead>
<tbody>${requirements.map((row, index) => rowOf(row, index, implementations))}</tbody></table></div>
<h2>Findings</h2>${implementations.map((one, column) => findingsOf(one, column, requirements))}
</main>
<footer><p>Made by ${suite.name} ${suite.version}. Tier 0: the results are believed. 1: the package is intact. 2: its recording was judged again with these outcomes. 3: it is younger than the words that it was challenged with. 4: the target itself was read again.</p></footer>
<script>${trusted(script ?? '')}</script></body></html>
`);
}

function filters(): Html {
  return html`<form id="filters" aria-label="Filter the requirements" hidden>
<label>Text <input type="search" name="text" autocomplete="off"></label>
<label>Area <select name="area"><option value="">all areas</option>${AREAS.map((area) => html`<option>${area}</option>`)}</select></label>
<label>Outcome of any <select name="outcome"><option value="">all outcomes</option>${OUTCOMES.map(
    (outcome) => html`<option value="${outcome}">${OUTCOME_NAMES[outcome].name}</option>`,
  )}</select></label>
<fieldset><legend>Level</legend>${LEVELS.map(
    (level) => html`<label><input type="checkbox" name="level" value="${level}" checked> ${level}</label>`,
  )}</fieldset>
<label><input type="checkbox" name="differing"> Only where implementations differ</label>
<button type="reset">Show everything</button> <output name="shown" aria-live="polite"></output></form>`;
}

function columnHead({ name, version, verdict, tier, proof, recordedAt }: Implementation, column: number): Html {
  return html`<th scope="col"><button type="button" data-sort="${String(column)}">${name} ${version}</button><p><strong class="verdict ${verdict}">${verdict}</strong></p><p>tier ${String(tier)}: ${proof}</p><p><time datetime="${recordedAt}">${recordedAt.slice(0, 10)}</time></p></th>`;
}

function rowOf(
  { id, area, level, core, sentence, cells }: MatrixRow,
  index: number,
  implementations: readonly Implementation[],
): Html {
  const outcomes = cells.map(({ outcome }) => outcome ?? 'unknown').join(' ');
  return html`<tr data-index="${String(index)}" data-area="${area}" data-level="${level}" data-outcomes="${outcomes}"><th scope="row" id="${id}"><code>${id}</code> <span class="level">${level}${core && ', core'}</span><p>${sentence}</p></th>${cells.map(
    (cell, column) => html`<td>${cellView(cell, anchorOf(column, id), `${implementations[column]?.name}, ${id}`)}</td>`,
  )}</tr>
`;
}

function cellView({ outcome, message }: Cell, anchor: string, about: string): Html {
  const { sign, name } = outcome === null ? UNKNOWN : OUTCOME_NAMES[outcome];
  const badge = html`<span aria-hidden="true">${sign}</span> ${name}`;
  return message === undefined
    ? html`<span class="badge ${outcome ?? 'unknown'}">${badge}</span>`
    : html`<a class="badge ${outcome ?? 'unknown'}" href="#${anchor}">${badge}<span class="unseen">: ${about}</span></a>`;
}

function anchorOf(column: number, id: string): string {
  return `finding-${column + 1}-${id}`;
}

function findingsOf(
  { name, version, target, problems }: Implementation,
  column: number,
  requirements: readonly MatrixRow[],
): Html {
  const found = requirements.flatMap((row) => {
    const cell = row.cells[column];
    return cell?.message === undefined || cell.outcome === null ? [] : [{ row, cell, outcome: cell.outcome }];
  });
  return html`<div class="findings"><h3>${name} ${version} <small>${target}</small></h3>
${problems.length > 0 && html`<p><strong>The submission itself:</strong></p><ul>${problems.map((problem) => html`<li>${problem}</li>`)}</ul>`}
${found.length === 0 ? html`<p>Every requirement passed.</p>` : html`<dl>${found.map(({ row, cell, outcome }) => findingView(row, cell, outcome, anchorOf(column, row.id)))}</dl>`}</div>`;
}

function findingView(
  { id, sentence }: MatrixRow,
  { message, expected = [], actual, where }: Cell,
  outcome: Outcome,
  anchor: string,
): Html {
  const { sign, name } = OUTCOME_NAMES[outcome];
  return html`<div id="${anchor}" tabindex="-1"><dt><span class="badge ${outcome}"><span aria-hidden="true">${sign}</span> ${name}</span> <a href="#${id}"><code>${id}</code></a></dt><dd><p>${sentence}</p><p><strong>${message}</strong></p>${
    expected.length > 0 && html`<p>Expected: ${expected.join(', or ')}. Actual: ${actual}.</p>`
  }${where && html`<p>At ${where}.</p>`}</dd></div>
`;
}

/** CSP level 3 §2.3.1, hash-source. */
function hashOf(text = ''): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
