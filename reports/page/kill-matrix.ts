import { AREAS, type Area } from '../../helpers/contract/types.ts';
import type { Turn } from '../../helpers/mutants/cases.ts';
import type { KillMatrix } from '../../helpers/mutants/kill-matrix.ts';
import { writeWhole } from '../../helpers/write-file.ts';
import { type PageAssets, pageAssets } from './assets.ts';
import { type Html, html, trusted } from './html.ts';
import { levelBadge, OUTCOME_NAMES } from './vocabulary.ts';

type Fault = KillMatrix['faults'][number];
type Requirement = KillMatrix['requirements'][number];

/** How a turn is drawn: a sign and a word, with the colour of the outcome that it is. */
const TURNS: Readonly<Record<Turn, { readonly sign: string; readonly name: string; readonly style: string }>> = {
  fail: { ...OUTCOME_NAMES.fail, style: 'fail' },
  warn: { ...OUTCOME_NAMES.warn, style: 'warn' },
  note: { sign: '✎', name: 'noted', style: 'waived' },
  error: { sign: '‼', name: 'refused', style: 'fail' },
};

/** Writes the kill matrix as one page that loads nothing and runs no script. */
export async function writeKillMatrixPage(matrix: KillMatrix, path: string): Promise<void> {
  writeWhole(path, [renderKillMatrix(matrix, pageAssets())]);
}

function renderKillMatrix(matrix: KillMatrix, assets: Pick<PageAssets, 'style' | 'styleHash'>): string {
  const { suite, madeAt, mismatches } = matrix;
  const policy = `default-src 'none'; img-src data:; style-src ${assets.styleHash}; base-uri 'none'; form-action 'none'`;
  const proved = mismatches.length === 0;
  return String(html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark"><link rel="icon" href="data:,"><title>Kill matrix of ${suite.name} ${suite.version}</title><style>${trusted(
    assets.style,
  )}</style></head><body><a class="skip" href="#areas">To the matrix</a>
<main><header class="verdict ${proved ? 'conformant' : 'non-conformant'}"><p class="question">Does every check fail for the right reason, and for nothing else?</p><h1>${
    proved ? '✓ The suite is proved' : '✗ The suite is not proved'
  }</h1>${counts(matrix)}</header>
${mismatches.length > 0 && mismatchList(matrix)}
<p>Each fault is the embedded server with one thing wrong, run end to end: HTTP, probes, recording, transcript, checks. It must turn the requirements marked in its row, and no other. A variant is unusual and conforms: it must break nothing.</p>
<nav aria-label="Areas"><ul class="inline" id="areas">${areasOf(matrix).map((area) => html`<li><a href="#area-${area}">${area}</a></li>`)}</ul></nav>
${areasOf(matrix).map((area) => areaSection(area, matrix))}</main>
<footer><p>Made by ${suite.name} ${suite.version} on ${madeAt.slice(0, 10)}. This page holds all it shows, loads nothing and sends nothing.</p></footer>
</body></html>
`);
}

function counts({ counts: count, seconds }: KillMatrix): Html {
  const shown: readonly (readonly [string, string])[] = [
    ['faults found', `${count.faultsFound} of ${count.faults}`],
    ['variants left alone', `${count.variantsClean} of ${count.variants}`],
    ['requirements turned by a fault', `${count.requirementsKilled} of ${count.requirements}`],
    ['time', `${seconds.toFixed(1)} s`],
  ];
  return html`<div class="facts"><dl>${shown.map(([name, value]) => html`<div><dt>${name}</dt><dd><strong>${value}</strong></dd></div>`)}</dl></div>`;
}

function mismatchList({ mismatches }: KillMatrix): Html {
  return html`<section aria-labelledby="mismatches"><h2 id="mismatches">Mismatches</h2><div class="scroll" tabindex="0" role="region" aria-label="Mismatches"><table><thead><tr><th scope="col">Case</th><th scope="col">Requirement</th><th scope="col">What is wrong</th></tr></thead><tbody>${mismatches.map(
    ({ subject, requirement, kind, message }) =>
      html`<tr><th scope="row"><code>${subject}</code></th><td>${requirement && html`<code>${requirement}</code>`}</td><td>${kind}: ${message}</td></tr>`,
  )}</tbody></table></div></section>`;
}

function areasOf({ requirements }: KillMatrix): readonly Area[] {
  return AREAS.filter((area) => requirements.some((requirement) => requirement.area === area));
}

function areaSection(area: Area, { requirements, faults, variants }: KillMatrix): Html {
  const columns = requirements.filter((requirement) => requirement.area === area);
  const rows = faults.filter(({ turns }) => Object.keys(turns).some((id) => isIn(area, id)));
  const near = variants.filter((variant) => isIn(area, variant.near));
  return html`<section class="area" aria-labelledby="area-${area}"><h2 id="area-${area}">${area}</h2>
<details><summary>${String(columns.length)} requirements</summary><ul>${columns.map(
    ({ id, level, sentence, killedBy }) =>
      html`<li>${levelBadge(level)} <code id="${id}">${id}</code> ${sentence} <small>Turned by ${String(killedBy.length)}.</small></li>`,
  )}</ul></details>
<div class="scroll" tabindex="0" role="region" aria-label="Faults of ${area}"><table><caption>Faults</caption><thead><tr><th scope="col">Fault</th>${columns.map(
    ({ id }) => html`<th scope="col"><a href="#${id}">${id.slice(area.length + 1)}</a></th>`,
  )}<th scope="col">elsewhere</th></tr></thead><tbody>${rows.map((fault) => faultRow(fault, columns))}</tbody></table></div>
${
  near.length > 0 &&
  html`<div class="scroll" tabindex="0" role="region" aria-label="Variants of ${area}"><table><caption>Variants</caption><thead><tr><th scope="col">Conforming behaviour</th><th scope="col">near</th><th scope="col">found</th></tr></thead><tbody>${near.map(
    ({ id, sentence, near: rule, warns, mismatches }) =>
      html`<tr><th scope="row">${sentence} <small><code>${id}</code></small></th><td><a href="#${rule}"><code>${rule}</code></a></td><td>${
        mismatches.length > 0
          ? html`<span class="badge fail">✗ flagged</span>`
          : warns.length > 0
            ? html`<span class="badge warn">▲ ${warns.join(', ')}</span>`
            : html`<span class="badge pass">✓ nothing</span>`
      }</td></tr>`,
  )}</tbody></table></div>`
}</section>`;
}

function faultRow({ id, sentence, turns, mismatches }: Fault, columns: readonly Requirement[]): Html {
  const elsewhere = Object.entries(turns).filter(([turned]) => !columns.some((column) => column.id === turned));
  return html`<tr><th scope="row">${sentence} <small><code>${id}</code>${mismatches.length > 0 && html` <span class="badge fail">✗ not as declared</span>`}</small></th>${columns.map(
    (column) => html`<td>${turns[column.id] && mark(turns[column.id])}</td>`,
  )}<td>${elsewhere.map(([turned, turn]) => html`${mark(turn)} <a href="#${turned}"><code>${turned}</code></a> `)}</td></tr>`;
}

function mark(turn: Turn | undefined): Html {
  const { sign, name, style } = TURNS[turn ?? 'note'];
  return html`<span class="badge ${style}"><span aria-hidden="true">${sign}</span> ${name}</span>`;
}

function isIn(area: Area, id: string): boolean {
  return id.startsWith(`${area}.`);
}
