import type { Outcome, Results, Verdict } from './results.ts';

/** How an outcome is named and drawn: always a sign and a word, the colour comes on top. Gravest first. */
export const OUTCOME_NAMES: Readonly<Record<Outcome, { readonly sign: string; readonly name: string }>> = {
  fail: { sign: '✗', name: 'failed' },
  error: { sign: '‼', name: 'suite error' },
  warn: { sign: '▲', name: 'warning' },
  waived: { sign: '⚑', name: 'waived' },
  inconclusive: { sign: '?', name: 'inconclusive' },
  'not-applicable': { sign: '–', name: 'not applicable' },
  pass: { sign: '✓', name: 'passed' },
};

export const OUTCOMES_BY_GRAVITY = Object.keys(OUTCOME_NAMES) as readonly Outcome[];

const NAMES: Readonly<Record<Verdict, string>> = {
  conformant: 'Conformant',
  'non-conformant': 'Non-conformant',
  incomplete: 'Incomplete',
  error: 'Error',
};

/** The verdict in a few words, with what qualifies it: `Conformant with 1 waived breach`. */
export function headlineOf({ verdict, counts, profile }: Pick<Results, 'verdict' | 'counts' | 'profile'>): string {
  const waived = counts.waived;
  return [
    NAMES[verdict],
    profile === 'full' && verdict !== 'error' ? '(full profile)' : '',
    waived > 0 && verdict === 'conformant' ? `with ${waived} waived ${waived === 1 ? 'breach' : 'breaches'}` : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** For whoever meets the word first. */
export const CORE_MEANS =
  'The core: the MUSTs that need no second account, burst, known script or earlier recording. WORDS_PROFILE=full asks for every MUST.';

const UNVERIFIED_MEANS: readonly (readonly [outcome: Outcome, means: string])[] = [
  ['not-applicable', 'left out by the settings of this run'],
  ['inconclusive', 'the run could not tell'],
];

/** `7 not verified: 6 not applicable (left out by the settings of this run), 1 inconclusive (the run could not tell).` */
export function unverifiedMeans(counts: Results['counts']): string {
  const some = UNVERIFIED_MEANS.filter(([outcome]) => counts[outcome] > 0);
  if (some.length === 0) return '';
  const said = some.map(([outcome, means]) => `${counts[outcome]} ${OUTCOME_NAMES[outcome].name} (${means})`);
  return `${some.reduce((sum, [outcome]) => sum + counts[outcome], 0)} not verified: ${said.join(', ')}.`;
}
