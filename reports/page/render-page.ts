import type { Contract, Gap, Requirement } from '../../helpers/contract/types.ts';
import type { Subscription } from '../../helpers/judging/check.ts';
import type { Recording } from '../../helpers/recording/recording.ts';
import { headlineOf } from '../../helpers/results/headline.ts';
import type { Results } from '../../helpers/results/results.ts';
import type { PageAssets } from './assets.ts';
import { comparisonSection } from './comparison.ts';
import { Quotes } from './contract-excerpt.ts';
import { findings, notVerified, others } from './findings.ts';
import { type Html, html, trusted } from './html.ts';
import { sessionsOf } from './lanes.ts';
import { pictures } from './pictures.ts';
import type { RowInput } from './row.ts';
import { summary } from './summary.ts';
import { rowLink } from './vocabulary.ts';
import { wire } from './wire.ts';

export interface ReportInput {
  readonly results: Results;
  /** Null where the run never got as far as recording. */
  readonly recording: Recording | null;
  /** Null where it could not be loaded. */
  readonly contract: Contract | null;
  readonly requirements: readonly Requirement[];
  /** The recording's subscriptions as already read for judging; without them the bodies are read again. */
  readonly subscriptions?: readonly Subscription[];
}

/** Names of the files beside the report, where `results.files` does not give them. */
const FILE_NAMES: Readonly<
  Record<string, { readonly label: string; readonly path: string; readonly keys: readonly string[] }>
> = {
  playwright: { label: "Playwright's report", path: 'playwright/index.html', keys: ['playwright'] },
  results: { label: 'results.json', path: 'results.json', keys: ['results'] },
  recording: { label: 'recording.har', path: 'recording.har', keys: ['recording', 'har'] },
};

/** The whole page as text. All that the run found is in its markup, pictures included; the script only makes it handier. */
export function renderPage(
  input: ReportInput & { readonly subscriptions: readonly Subscription[] },
  assets: PageAssets,
): string {
  const { results, recording, contract, requirements, subscriptions } = input;
  const sessions = sessionsOf(subscriptions, results.requirements);
  const rows: RowInput = {
    requirements,
    quotes: new Quotes(
      contract,
      results.requirements.flatMap(({ sources }) => sources),
    ),
    gaps: results.gaps,
    startedAt: new Map(recording?.exchanges.map((exchange) => [exchange.id, exchange.startedAt])),
    inTimeline: new Set(sessions.flatMap(({ lanes }) => lanes.flatMap(({ marks }) => marks.map(({ id }) => id)))),
  };
  const title = `${headlineOf(results)}: ${results.product?.name ?? (results.target.baseUrl || results.suite.name)}`;
  const policy = [
    "default-src 'none'",
    'img-src data:',
    `style-src ${assets.styleHash}`,
    `script-src ${assets.scriptHash}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return String(html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark"><link rel="icon" href="data:,"><title>${title}</title><style>${trusted(
    assets.style,
  )}</style></head><body><a class="skip" href="#findings">To the findings</a>
<main>${summary(results, recording, contents(results, recording !== null))}
${results.comparison && comparisonSection(results.comparison)}
${findings(results, rows)}
${notVerified(results)}
${recording && pictures(sessions, recording.settings)}
${others(results, rows)}
${recording && wire(recording, subscriptions, results.requirements, filePath(results, 'recording'))}
${gaps(results.gaps)}</main>
<footer><p>Made by ${results.suite.name} ${results.suite.version}. This page holds all it shows, loads nothing and sends nothing.</p></footer>
<script>${trusted(assets.script)}</script></body></html>
`);
}

function contents(results: Results, recorded: boolean): Html {
  const names = Object.keys(FILE_NAMES).filter(
    (name) => (recorded || name !== 'recording') && (name !== 'playwright' || results.files.playwright !== undefined),
  );
  return html`<nav aria-label="This report"><ul class="inline"><li><a href="#findings">Findings</a></li><li><a href="#unverified">Not verified</a></li>${
    recorded && html`<li><a href="#timing">Subscriptions and timing</a></li>`
  }<li><a href="#matrix">All requirements</a></li>${recorded && html`<li><a href="#wire">Wire</a></li>`}<li><a href="#gaps">What the contract leaves open</a></li>${names.map(
    (name) => html`<li><a class="file" href="${filePath(results, name)}">${FILE_NAMES[name]?.label}</a></li>`,
  )}</ul><p class="paper"><label hidden><input type="checkbox" id="print-appendix"> Print the appendix too: timing, every requirement, the wire</label></p></nav>`;
}

/** A path beside the report; nothing that leads elsewhere. */
function filePath(results: Results, name: string): string {
  const known = FILE_NAMES[name];
  const given = known?.keys.map((key) => results.files[key]).find((path) => path !== undefined);
  return given && /^[\w.-]+(\/[\w.-]+)*$/.test(given) ? given : (known?.path ?? '');
}

function gaps(list: readonly Gap[]): Html {
  return html`<section aria-labelledby="gaps" class="appendix"><h2 id="gaps">What the contract leaves open</h2>${
    list.length === 0
      ? html`<p>No gaps were listed.</p>`
      : html`<p>Where the contract leaves a question open, this is what the suite assumes; it fails no target for anything beyond that.</p><div class="scroll" tabindex="0" role="group" aria-label="Gaps"><table class="gaps"><thead><tr><th scope="col">Open</th><th scope="col">What the contract leaves open</th><th scope="col">What the suite assumed</th><th scope="col">Rules that rest on it</th></tr></thead><tbody>${list.map(
          ({ id, requirements, gap, assumed }) =>
            html`<tr><th scope="row"><code>${id}</code></th><td>${gap}</td><td>${assumed}</td><td>${requirements.map((rule, index) => html`${index > 0 && ', '}${rowLink(rule)}`)}</td></tr>`,
        )}</tbody></table></div>`
  }</section>`;
}
