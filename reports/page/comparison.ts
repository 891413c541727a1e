import type { Comparison } from '../../helpers/results/comparison.ts';
import { CHANGE_TITLES, changeCounts, dueTo, otherChanges, sinceWhen } from '../../helpers/results/comparison-text.ts';
import { type Html, html } from './html.ts';

/** What changed since an earlier run. Each row leads to the requirement in the same page. */
export function comparisonSection(comparison: Comparison): Html {
  const { changes, differences } = comparison;
  const others = otherChanges(comparison);
  return html`<section aria-labelledby="comparison"><h2 id="comparison">What changed ${sinceWhen(comparison)}</h2>
<p>${changeCounts(comparison)}; the verdict was ${comparison.before.verdict} and is ${comparison.after.verdict}.</p>
${
  changes.length > 0 &&
  html`<div class="scroll" tabindex="0" role="group" aria-label="Outcomes that changed"><table><thead><tr><th scope="col">Requirement</th><th scope="col">Change</th><th scope="col">Due to</th><th scope="col">Finding</th></tr></thead><tbody>${changes.map(
    (change) =>
      html`<tr><th scope="row"><a href="#${change.id}"><code>${change.id}</code></a></th><td>${CHANGE_TITLES[change.kind]}: ${change.before} → ${change.after}</td><td>${dueTo(change).replace(/^due to /, '')}</td><td>${change.message}</td></tr>`,
  )}</tbody></table></div>`
}
${others.length > 0 && html`<ul>${others.map((line) => html`<li>${line}</li>`)}</ul>`}
${
  differences.length > 0 &&
  html`<details><summary>What is not the same of the two runs</summary><ul>${differences.map(
    ({ what, before, after }) => html`<li>${what}: ${before || 'none'} → ${after || 'none'}</li>`,
  )}</ul></details>`
}</section>`;
}
