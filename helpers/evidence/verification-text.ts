import { printable } from '../judging/findings.ts';
import type { Verification } from './verify.ts';

const TIERS = ['unproved', 'intact', 're-judged', 'fresh', 'counter-read'] as const;

/** A verification for a terminal; the first line names the tier. */
export function verificationText({
  tier,
  holds,
  verdict,
  manifest,
  signer,
  problems,
  remarks,
  notAsked,
}: Verification): string {
  const { product, target, recordedAt, suite } = manifest;
  const findings = (title: string, found: Verification['problems']) =>
    found.length === 0 ? [] : ['', title, ...found.map(({ section, message }) => `  ${section}: ${message}`)];
  const signature =
    signer === null
      ? 'no'
      : `${signer.known ? 'by the key that you gave' : 'by an unknown key'}, ${signer.fingerprint}`;
  return [
    `Tier ${tier} of 4: ${TIERS[tier]}. ${holds ? `The claim holds: ${verdict}.` : 'The claim does not hold.'}`,
    '',
    `Product   ${product.name} ${product.version}, ${target.baseUrl}`,
    `Recorded  ${recordedAt}, packed by ${suite.name} ${suite.version}`,
    `Verdict   ${verdict ?? 'not judged again'}, submitted as ${manifest.verdict}`,
    `Signed    ${signature}`,
    ...findings('What speaks against it:', problems),
    ...findings('To be known:', remarks),
    ...(notAsked.length === 0 ? [] : ['', 'Not asked for:', ...notAsked.map((tierAndNeed) => `  ${tierAndNeed}`)]),
  ]
    .map((line) => printable(line))
    .join('\n')
    .concat('\n');
}
