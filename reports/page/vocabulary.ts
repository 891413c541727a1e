import type { Level } from '../../helpers/contract/types.ts';
import type { Outcome, RequirementResult, Verdict } from '../../helpers/results/results.ts';
import { type Html, html } from './html.ts';

/** How an outcome is named and drawn: always a sign and a word, the colour comes on top. */
export const OUTCOME_NAMES: Readonly<Record<Outcome, { readonly sign: string; readonly name: string }>> = {
  fail: { sign: '✗', name: 'failed' },
  error: { sign: '‼', name: 'suite error' },
  warn: { sign: '▲', name: 'warning' },
  waived: { sign: '⚑', name: 'waived' },
  inconclusive: { sign: '?', name: 'inconclusive' },
  'not-applicable': { sign: '–', name: 'not applicable' },
  pass: { sign: '✓', name: 'passed' },
};

/** Gravest first: the order in which a reader wants them. */
export const OUTCOMES_BY_GRAVITY = Object.keys(OUTCOME_NAMES) as readonly Outcome[];

export const VERDICT_NAMES: Readonly<
  Record<Verdict, { readonly sign: string; readonly name: string; readonly answer: string }>
> = {
  conformant: { sign: '✓', name: 'Conformant', answer: 'Yes.' },
  'non-conformant': { sign: '✗', name: 'Non-conformant', answer: 'No.' },
  incomplete: { sign: '?', name: 'Incomplete', answer: 'Not known yet.' },
  error: { sign: '‼', name: 'Error', answer: 'No verdict: the suite itself did not get that far.' },
};

export function outcomeBadge(outcome: Outcome): Html {
  const { sign, name } = OUTCOME_NAMES[outcome];
  return html`<span class="badge ${outcome}"><span aria-hidden="true">${sign}</span> ${name}</span>`;
}

export function levelBadge(level: Level): Html {
  return html`<span class="level ${level.toLowerCase()}">${level}</span>`;
}

/** A link to a row of the matrix. */
export function rowLink(id: string): Html {
  return html`<a href="#${id}"><code>${id}</code></a>`;
}

/** The id of an element for an exchange or a violation, usable as a link's fragment. */
export function wireId(exchange: string): string {
  return `wire-${exchange.replace(/[^\w.-]/g, '_')}`;
}

export function violationId(requirement: string, index: number): string {
  return `${requirement}-violation-${index + 1}`;
}

/** Broken rules, gravest first: failures before warnings, and those with most violations first. */
export function findingsByGravity(results: readonly RequirementResult[]): readonly RequirementResult[] {
  const gravity = ({ outcome }: RequirementResult) => OUTCOMES_BY_GRAVITY.indexOf(outcome);
  return results
    .filter(({ outcome }) => outcome === 'fail' || outcome === 'error' || outcome === 'warn' || outcome === 'waived')
    .toSorted(
      (a, b) => gravity(a) - gravity(b) || Number(b.core) - Number(a.core) || b.violationCount - a.violationCount,
    );
}
