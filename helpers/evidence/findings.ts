export type Section =
  | 'archive'
  | 'manifest'
  | 'signature'
  | 'recording'
  | 'results'
  | 'contract'
  | 'requirements'
  | 'settings'
  | 'filters'
  | 'waivers'
  | 'target'
  | 'draft'
  | 'verdict'
  | 'suite'
  | 'challenge'
  | 'counter-read';

/** What is wrong with a submission, or worth knowing of it. */
export interface SubmissionFinding {
  readonly section: Section;
  readonly message: string;
}
