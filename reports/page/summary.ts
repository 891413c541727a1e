import type { RecordedSettings, Recording } from '../../helpers/recording/recording.ts';
import type { RequirementResult, Results } from '../../helpers/results/results.ts';
import { counted, instant, seconds, secondsBetween } from './format.ts';
import { type Html, html } from './html.ts';
import {
  findingsByGravity,
  OUTCOME_NAMES,
  OUTCOMES_BY_GRAVITY,
  outcomeBadge,
  rowLink,
  VERDICT_NAMES,
} from './vocabulary.ts';

const MOST_FINDINGS = 6;

/** The first screen: may this implementation ship, why, and how much of it was looked at. */
export function summary(results: Results, recording: Recording | null): Html {
  const verdict = VERDICT_NAMES[results.verdict];
  return html`<header class="verdict ${results.verdict}">
  <p class="question">May this implementation ship? <strong>${verdict.answer}</strong></p>
  <h1><span class="sign" aria-hidden="true">${verdict.sign}</span> ${verdict.name}</h1>
  <p class="reason">${results.reason}</p>
  ${results.remedy && html`<p><b>To do:</b> ${results.remedy}</p>`}
  ${results.selection === 'filtered' && html`<p><b>Filtered:</b> the operator left requirements out of this run.</p>`}
  <ul class="counts" aria-label="Requirements by outcome">${OUTCOMES_BY_GRAVITY.filter(
    (outcome) => results.counts[outcome] > 0,
  ).map(
    (outcome) =>
      html`<li><a href="#matrix" class="count ${outcome}" data-show-outcome="${outcome}"><b>${
        results.counts[outcome]
      }</b> <span aria-hidden="true">${OUTCOME_NAMES[outcome].sign}</span> ${OUTCOME_NAMES[outcome].name}</a></li>`,
  )}</ul>
</header>
${facts(results)}
<div class="columns">${worstFindings(results.requirements)}${notVerified(results.requirements, recording)}</div>
${waiverProblems(results)}`;
}

function facts(results: Results): Html {
  const length = secondsBetween(results.startedAt, results.finishedAt);
  const { cost, contract, settings } = results;
  return html`<section aria-label="The run" class="facts"><dl>
  <div><dt>Target</dt><dd>${results.target.baseUrl || 'none'}</dd></div>
  <div><dt>Date</dt><dd><time datetime="${results.startedAt}">${instant(results.startedAt)}</time>, ${seconds(length)}</dd></div>
  <div><dt>Suite</dt><dd>${results.suite.name} ${results.suite.version}</dd></div>
  <div><dt>Cost</dt><dd>${counted(cost.requests, 'request')}, ${counted(cost.subscriptions, 'subscription')}, ${seconds(
    cost.sessionSeconds,
  )} of session${cost.estimatedUsd > 0 ? `, about ${cost.estimatedUsd.toFixed(2)} USD` : ', no charge'}</dd></div>
  <div class="wide"><dt>Contract</dt><dd>${contract.title || 'not loaded'} ${contract.version}, <small>SHA-256 <code>${contract.sha256 || '–'}</code></small></dd></div>
  ${settings && html`<div class="wide"><dt>Settings</dt><dd>${settingsList(settings)}</dd></div>`}
</dl></section>`;
}

/** In words: a reader does not know the variables, and needs no secrets. */
function settingsList(settings: RecordedSettings): Html {
  const credentials = [
    settings.hasApiKey && 'API key',
    settings.hasBearerToken && 'bearer token',
    settings.hasOtherAccount && 'second account',
  ].filter((name) => name !== false);
  const sessions = {
    embedded: 'of the embedded reference server',
    create: 'created through the API',
    ids: 'given by id',
    command: 'started by a command',
  }[settings.sessionMode];
  return html`<ul class="inline">
  <li>sessions ${sessions}</li>
  <li>credentials: ${credentials.join(', ') || 'none'}</li>
  <li>strict mode ${settings.strict ? 'on: warnings fail' : 'off'}</li>
  <li>burst ${settings.burst ? 'allowed' : 'not allowed'}</li>
  <li>time cap 1 s + ${seconds(settings.timeCapToleranceSeconds)}</li>
  <li>close within ${seconds(settings.endCloseSeconds)} of the end</li>
  <li>bounds of a subscription: ${seconds(settings.maxSeconds)}, ${counted(settings.maxBytes, 'byte')}</li>
  ${settings.speed !== 1 && html`<li>audio simulated at ${settings.speed} times its speed</li>`}
</ul>`;
}

function worstFindings(results: readonly RequirementResult[]): Html {
  const findings = findingsByGravity(results);
  return html`<section aria-labelledby="findings"><h2 id="findings">Worst findings</h2>${
    findings.length === 0
      ? html`<p>No rule was found broken${results.length === 0 ? ': none was judged' : ''}.</p>`
      : html`<ol class="findings">${findings.slice(0, MOST_FINDINGS).map(finding)}</ol>`
  }${
    findings.length > MOST_FINDINGS &&
    html`<p><a href="#matrix">${counted(findings.length - MOST_FINDINGS, 'further finding')} in the matrix</a></p>`
  }</section>`;
}

function finding(result: RequirementResult): Html {
  const others = result.violationCount - 1;
  return html`<li>${outcomeBadge(result.outcome)} ${rowLink(result.id)}<br>${
    result.violations[0]?.message ?? result.reason ?? result.sentence
  }${others > 0 && html` <small>(and ${counted(others, 'more violation')})</small>`}</li>`;
}

/** Rules that share a reason are one line: the reader wants to know what to do, not to count. */
function notVerified(results: readonly RequirementResult[], recording: Recording | null): Html {
  const groups = new Map<string, RequirementResult[]>();
  for (const result of results) {
    if (result.outcome !== 'inconclusive' && result.outcome !== 'not-applicable') continue;
    const key = JSON.stringify([result.outcome, result.because ?? [result.reason, result.remedy]]);
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  const failure = recording?.failure;
  return html`<section aria-labelledby="unverified"><h2 id="unverified">Not verified, and what it would take</h2>
  ${
    failure &&
    html`<p class="stopped"><b>The run stopped:</b> ${failure.message}<br><b>To do:</b> ${failure.remedy}</p>`
  }${
    groups.size === 0
      ? html`<p>${results.length === 0 ? 'Nothing was verified.' : 'Everything was verified.'}</p>`
      : html`<ul class="findings">${[...groups.values()].map(unverifiedGroup)}</ul>`
  }</section>`;
}

function unverifiedGroup(group: readonly RequirementResult[]): Html {
  const first = group[0];
  if (!first) return html``;
  const ids = group.map(({ id }, index) => html`${index > 0 && ', '}${rowLink(id)}`);
  return html`<li>${outcomeBadge(first.outcome)}: ${first.reason ?? 'No reason was given.'}${
    first.because && html` The cause is ${rowLink(first.because)}.`
  }${first.remedy && html`<br><b>To do:</b> ${first.remedy}`}<br><small>${counted(group.length, 'rule')}: ${ids}</small></li>`;
}

function waiverProblems(results: Results): Html | null {
  const problems = results.waiverProblems;
  if (problems.length === 0) return null;
  return html`<section aria-labelledby="waivers"><h2 id="waivers">The waiver file needs an edit</h2><ul>${problems.map(
    ({ requirement, line, message, remedy }) =>
      html`<li><code>${requirement}</code>, line ${line}: ${message} <b>To do:</b> ${remedy}</li>`,
  )}</ul></section>`;
}
