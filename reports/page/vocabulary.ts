import type { Level } from '../../helpers/contract/types.ts';
import { OUTCOME_NAMES, OUTCOMES_BY_GRAVITY } from '../../helpers/results/headline.ts';
import type { Outcome } from '../../helpers/results/results.ts';
import { type Html, html } from './html.ts';

export { OUTCOME_NAMES, OUTCOMES_BY_GRAVITY };

export function outcomeBadge(outcome: Outcome): Html {
  const { sign, name } = OUTCOME_NAMES[outcome];
  return html`<span class="badge ${outcome}"><span aria-hidden="true">${sign}</span> ${name}</span>`;
}

export function levelBadge(level: Level): Html {
  return html`<span class="level ${level.toLowerCase()}">${level}</span>`;
}

/** A link to a requirement's row. */
export function rowLink(id: string): Html {
  return html`<a href="#${id}"><code>${id}</code></a>`;
}

/** The id of an element for an exchange, a violation or its mark in the timeline, usable as a link's fragment. */
export function wireId(exchange: string): string {
  return `wire-${exchange.replace(/[^\w.-]/g, '_')}`;
}

export function violationId(requirement: string, index: number): string {
  return `${requirement}-violation-${index + 1}`;
}

export function markId(violation: string): string {
  return `mark-${violation}`;
}
