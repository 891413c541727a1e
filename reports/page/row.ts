import type { Gap, Requirement } from '../../helpers/contract/types.ts';
import type { ReportedViolation, RequirementResult } from '../../helpers/results/results.ts';
import type { Quotes } from './contract-excerpt.ts';
import { count, counted, seconds } from './format.ts';
import { type Html, html, shortened } from './html.ts';
import { levelBadge, markId, OUTCOME_NAMES, outcomeBadge, rowLink, violationId, wireId } from './vocabulary.ts';

export interface RowInput {
  readonly requirements: readonly Requirement[];
  readonly quotes: Quotes;
  readonly gaps: readonly Gap[];
  /** Start of each exchange on the run's clock, by its id. */
  readonly startedAt: ReadonlyMap<string, number>;
  /** Violations that stand in a timeline, by the id of their element. */
  readonly inTimeline: ReadonlySet<string>;
}

/** A requirement: a line that opens to its standing, its violations, and where it rests. */
export function row(result: RequirementResult, input: RowInput, open = false): Html {
  const { id, area, level, outcome, observations, violationCount } = result;
  const seen = observations === 0 ? 'nothing observed' : counted(observations, 'observation');
  return html`<details class="row" id="${id}" data-outcome="${outcome}" data-level="${level}" data-area="${area}"${
    open && html` open`
  }><summary>${outcomeBadge(outcome)}<code>${id}</code>${levelBadge(level)}<span class="sentence">${
    result.sentence
  }</span><span class="observations">${
    violationCount > 0 ? html`<b>${counted(violationCount, 'violation')}</b>, ` : null
  }${seen}</span></summary><div class="body">${body(result, input)}</div></details>
`;
}

function body(result: RequirementResult, input: RowInput): Html {
  const { id, violations, violationCount, notes, outcome, reason, remedy, because, waiver } = result;
  const [first, ...others] = violations.map((violation, index) =>
    violationView(violation, violationId(id, index), result, input),
  );
  return html`${
    reason &&
    !waiver &&
    html`<p><b>Why ${OUTCOME_NAMES[outcome].name}:</b> ${reason}${because && html` The cause is ${rowLink(because)}.`}</p>`
  }${remedy && html`<p><b>To do:</b> ${remedy}</p>`}${
    waiver && html`<p><b>Waived</b> until ${waiver.until}, accepted by ${waiver.acceptedBy}: ${waiver.reason}</p>`
  }${first}${
    others.length > 0 &&
    html`<details class="more"><summary>${counted(violationCount - 1, 'more violation')} like this one${
      violationCount > violations.length && `, ${others.length} of them listed`
    }</summary>${others}</details>`
  }${
    notes.length > 0 && html`<h4>Observed</h4><ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`
  }<div class="rests"><h4>Where it rests</h4>${input.quotes.viewAll(result.sources)}${input.gaps
    .filter(({ requirements }) => requirements.includes(id))
    .map(
      ({ gap, assumed }) =>
        html`<p><b><a href="#gaps">The contract leaves open</a>:</b> ${gap} <b>Assumed:</b> ${assumed}</p>`,
    )}${conforming(id, input)}<p class="weight">${
    result.core
      ? 'Core: without it no implementation is called conformant.'
      : 'Not core: only the full profile waits for it.'
  }</p></div>`;
}

function conforming(id: string, { requirements }: RowInput): Html | null {
  const never = requirements.find((requirement) => requirement.id === id)?.conforming;
  return never ? html`<p><b>Never breaks it:</b> ${never}</p>` : null;
}

function violationView(violation: ReportedViolation, id: string, result: RequirementResult, input: RowInput): Html {
  const level = violation.level !== undefined && violation.level !== result.level && levelBadge(violation.level);
  return html`<article class="violation ${result.outcome}" id="${id}" tabindex="-1" aria-label="Violation of ${result.id}">
<h4>${level} ${violation.message}</h4>
<dl><div><dt>Expected</dt><dd>${violation.expected.map((expected, index) => html`${index > 0 && html`<br>or: `}${expected}`)}</dd></div>
<div><dt>Actual</dt><dd>${shortened(violation.actual, 2000)}</dd></div>${place(violation, id, input)}</dl>
${evidence(violation)}${curl(violation)}</article>`;
}

function place(violation: ReportedViolation, id: string, { startedAt, inTimeline }: RowInput): Html | null {
  const { exchange, exchangeName, event, word, byteOffset, at } = violation;
  if (exchange === null) return null;
  const start = startedAt.get(exchange);
  const parts = [
    event !== undefined && `event ${count(event)}`,
    word !== undefined && `word ${count(word)}`,
    byteOffset !== undefined && `byte ${count(byteOffset)}`,
    at !== undefined &&
      `at ${seconds(at)} of the run${start === undefined ? '' : `, ${seconds(at - start)} after the request`}`,
  ].filter((part) => part !== false);
  return html`<div><dt>Where</dt><dd><a href="#${wireId(exchange)}">${exchangeName ?? exchange}</a>${parts.map(
    (part) => html`, ${part}`,
  )}${inTimeline.has(id) && html`<span class="to-mark"> · <a href="#${markId(id)}">show in the timeline</a></span>`}</dd></div>`;
}

/** Bytes that are no text: the excerpt has them as escapes. */
const NO_TEXT = /(?<!\\)(?:\\\\)*\\(?:x|u\{)/;

function evidence({ evidence: bytes }: ReportedViolation): Html | null {
  if (!bytes) return null;
  const left = bytes.omitted > 0 && html` <small>(${counted(bytes.omitted, 'byte')} left out of the middle)</small>`;
  return html`<div class="bytes"><div><h5>Bytes from offset ${count(bytes.byteOffset)}${left}${bytes.text.includes('\\\\') && html` <small>(\\n is a line feed, \\\\ a backslash)</small>`}</h5><pre class="text"><bdi>${bytes.text}</bdi></pre></div>${
    NO_TEXT.test(bytes.text) && html`<div><h5>The same, in hex</h5><pre class="hex">${bytes.hex}</pre></div>`
  }</div>`;
}

function curl({ curl: command, curlNote }: ReportedViolation): Html | null {
  if (!command) return null;
  return html`<div class="curl"><h5>Repeat the request</h5><pre class="command">${command}</pre>${curlNote && html`<p>${curlNote}</p>`}<button type="button" data-copy hidden>Copy the command</button></div>`;
}
