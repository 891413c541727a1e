import { TIME_TOLERANCE_SECONDS } from '../../helpers/judging/word-sequences.ts';
import { UNKNOWN_TIME } from '../../helpers/recording/capture.ts';
import type { RecordedSettings, Recording } from '../../helpers/recording/recording.ts';
import { CORE_MEANS, headlineOf, unverifiedMeans } from '../../helpers/results/headline.ts';
import type { Results, Verdict } from '../../helpers/results/results.ts';
import { counted, instant, seconds, secondsBetween } from './format.ts';
import { type Html, html } from './html.ts';
import { OUTCOME_NAMES, OUTCOMES_BY_GRAVITY } from './vocabulary.ts';

const ANSWERS: Readonly<Record<Verdict, { readonly sign: string; readonly answer: string }>> = {
  conformant: { sign: '✓', answer: 'Yes.' },
  'non-conformant': { sign: '✗', answer: 'No.' },
  incomplete: { sign: '?', answer: 'Not known yet.' },
  error: { sign: '‼', answer: 'No verdict: the reason is below.' },
};

/** The first screen: may this implementation ship, why, and how much of it was looked at. */
export function summary(results: Results, recording: Recording | null, contents: Html): Html {
  const { sign, answer } = ANSWERS[results.verdict];
  const failure = recording?.failure;
  const means = unverifiedMeans(results.counts);
  return html`<header class="verdict ${results.verdict}">
  <p class="question">May this implementation ship? <strong>${answer}</strong></p>
  <h1><span class="sign" aria-hidden="true">${sign}</span> ${headlineOf(results)}</h1>
  <p class="reason">${results.reason}</p>
  ${results.remedy && html`<p><b>To do:</b> ${results.remedy}</p>`}
  ${failure && failure.message !== results.reason && html`<p class="stopped"><b>The run stopped:</b> ${failure.message} <b>To do:</b> ${failure.remedy}</p>`}
  ${results.selection === 'filtered' && html`<p><b>Filtered:</b> the operator left requirements out of this run.</p>`}
  <ul class="counts" aria-label="Requirements by outcome">${OUTCOMES_BY_GRAVITY.filter(
    (outcome) => results.counts[outcome] > 0,
  ).map(
    (outcome) =>
      html`<li><a href="${SECTIONS[outcome] ?? '#findings'}" class="count ${outcome}"><b>${results.counts[outcome]}</b> <span aria-hidden="true">${
        OUTCOME_NAMES[outcome].sign
      }</span> ${OUTCOME_NAMES[outcome].name}</a></li>`,
  )}</ul>
  ${means && html`<p class="means">${means}</p>`}
  ${results.requirements.length > 0 && results.profile === 'core' && html`<p class="means">${CORE_MEANS}</p>`}
</header>
${facts(results, contents)}
${waiverProblems(results)}`;
}

const SECTIONS: Readonly<Partial<Record<string, string>>> = {
  pass: '#matrix',
  inconclusive: '#unverified',
  'not-applicable': '#unverified',
};

function facts(results: Results, contents: Html): Html {
  const { cost, contract, settings, product = {}, run } = results;
  const isTimed = results.startedAt !== UNKNOWN_TIME;
  const named = [product.name, product.version, product.environment && `(${product.environment})`].filter(Boolean);
  const entries: readonly (readonly [name: string, value: Html | string | false])[] = [
    ['Product', named.join(' ')],
    ['Target', results.target.baseUrl || 'none'],
    [
      'Started',
      isTimed ? html`<time datetime="${results.startedAt}">${instant(results.startedAt)}</time>` : 'not known',
    ],
    ['Duration', isTimed && seconds(secondsBetween(results.startedAt, results.finishedAt))],
    [
      'Cost',
      `${counted(cost.requests, 'request')}, ${counted(cost.subscriptions, 'subscription')}, ${seconds(cost.sessionSeconds)} of session${
        cost.estimatedUsd > 0
          ? `, billed at about ${cost.estimatedUsd.toFixed(2)} USD by the list price`
          : ', no charge'
      }`,
    ],
    ['Suite', `${results.suite.name} ${results.suite.version}`],
    ['Run', run?.id !== undefined && html`<code>${run.id}</code>`],
    [run && run.streamIds.length > 1 ? 'Streams' : 'Stream', (run?.streamIds ?? []).slice(0, 8).join(', ')],
    ['Recording', run?.recordingSha256 !== undefined && digest(run.recordingSha256)],
    ['Contract', html`${contract.title || 'not loaded'} ${contract.version}, ${digest(contract.sha256)}`],
    ['Settings', settings !== null && settingsList(settings)],
  ];
  return html`<section aria-label="The run" class="facts"><details><summary>The run, and what this report holds</summary><dl>${entries.map(
    ([name, value]) =>
      value !== false &&
      value !== '' &&
      html`<div${WIDE.has(name) && html` class="wide"`}><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl>${contents}</details></section>`;
}

const WIDE: ReadonlySet<string> = new Set(['Recording', 'Contract', 'Settings']);

function digest(sha256: string): Html {
  return html`<small title="SHA-256">SHA-256 <code>${sha256 || '–'}</code></small>`;
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
  return html`<ul class="settings">
  <li>sessions ${sessions}</li>
  <li>credentials: ${credentials.join(', ') || 'none'}</li>
  <li>strict mode ${settings.strict ? 'on: warnings fail' : 'off'}</li>
  <li>burst ${settings.burst ? 'allowed' : 'not allowed'}</li>
  <li>time cap 1 s + ${seconds(settings.timeCapToleranceSeconds)}</li>
  <li>times of live, late and snapshot compared to ${TIME_TOLERANCE_SECONDS * 1000} ms</li>
  <li>close within ${seconds(settings.endCloseSeconds)} of the end</li>
  <li>bounds of a subscription: ${seconds(settings.maxSeconds)}, ${counted(settings.maxBytes, 'byte')}</li>
  ${settings.speed !== 1 && html`<li>audio simulated at ${settings.speed} times its speed</li>`}
</ul>`;
}

function waiverProblems({ waiverProblems: problems }: Results): Html | null {
  if (problems.length === 0) return null;
  return html`<section aria-labelledby="waivers"><h2 id="waivers">The waiver file needs an edit</h2><ul>${problems.map(
    ({ requirement, line, message, remedy }) =>
      html`<li><code>${requirement}</code>, line ${line}: ${message} <b>To do:</b> ${remedy}</li>`,
  )}</ul></section>`;
}
