import { Buffer } from 'node:buffer';
import { createPublicKey, type KeyObject } from 'node:crypto';
import { CURRENT } from '../contract/requirement-sets.ts';
import { OperatorError } from '../errors.ts';
import { harTexts } from '../recording/har.ts';
import type { Recording } from '../recording/recording.ts';
import type { Results } from '../results/results.ts';
import { parseWaivers } from '../results/waivers.ts';
import { SUBMISSION_FILES, type SubmissionFile, type SubmissionFiles, writeArchive } from './archive.ts';
import { STATEMENT_TYPE, signEnvelope } from './dsse.ts';
import { isoToday, judgeAgain, type Rules } from './judge-again.ts';
import { type Claim, type Manifest, toJson, toManifest, toStatement } from './manifest.ts';
import { resultDifferences } from './result-differences.ts';
import { sha256, suiteDigest } from './suite-digest.ts';

/** A run that is no evidence: every reason, each with its remedy. */
class PackError extends OperatorError {
  override readonly name = 'PackError';
  readonly reasons: readonly string[];

  constructor(reasons: readonly string[]) {
    super(`This run cannot be submitted:\n${reasons.map((reason) => `  ${reason}`).join('\n')}`);
    this.reasons = reasons;
  }
}

export interface PackInput {
  readonly recording: Recording;
  readonly results: Results;
  readonly rules: Rules;
  readonly waiversText?: string;
  readonly suite: { readonly name: string; readonly version: string };
  /** Pack it whatever it is worth, marked as a draft for ever. */
  readonly draft?: boolean;
  /** Ed25519. */
  readonly privateKey?: KeyObject;
  /** ISO 8601 date on which waivers must hold; absent: today. */
  readonly today?: string;
}

/** The bytes of `submission.zip`, the same for the same input. @throws PackError, WaiverFileError */
export function pack(input: PackInput): { readonly archive: Buffer; readonly manifest: Manifest } {
  const { recording, rules, waiversText, suite, today = isoToday(), privateKey } = input;
  const { contract, requirementsText } = rules;
  const recordingBytes = Buffer.concat([...harTexts(recording)].map((text) => Buffer.from(text)));
  const { reasons, results } = proved(input, sha256(recordingBytes), today);
  if (reasons.length > 0 && input.draft !== true) throw new PackError(reasons);
  const files = new Map<SubmissionFile, Buffer>([
    ['results.json', toJson({ ...results, files: {} })],
    ['contract.yaml', Buffer.from(contract.text)],
    ['requirements.yaml', Buffer.from(requirementsText)],
    ...(waiversText === undefined ? [] : [['waivers.yaml', Buffer.from(waiversText)] as const]),
    ['recording.har', recordingBytes],
  ]);
  const claim: Claim = {
    product: { name: results.product?.name ?? '', version: results.product?.version ?? '' },
    verdict: results.verdict,
    draft: reasons,
    suite: { ...suite, sha256: suiteDigest() },
    contract: { title: contract.title, version: contract.version, sha256: contract.sha256 },
    requirements: { name: results.requirementSet?.name ?? CURRENT, sha256: sha256(requirementsText) },
    target: recording.target,
    recordedAt: recording.startedAt,
    judgedOn: today,
    settings: recording.settings,
  };
  const manifest = toManifest(claim, inOrder(files));
  const all = inOrder(new Map([...files, ['manifest.json', toJson(manifest)], ...signatureOf(manifest, privateKey)]));
  return { archive: writeArchive(all), manifest };
}

function signatureOf(
  manifest: Manifest,
  privateKey: KeyObject | undefined,
): readonly (readonly [SubmissionFile, Buffer])[] {
  if (privateKey === undefined) return [];
  const statement = Buffer.from(JSON.stringify(toStatement(manifest, toJson(manifest))));
  return [
    ['attestation.json', toJson(signEnvelope(STATEMENT_TYPE, statement, privateKey))],
    ['signer.pem', Buffer.from(createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }))],
  ];
}

/** The results as judging again gives them; or, for a run that is no evidence, as they were given, and why it is none. */
function proved(
  input: PackInput,
  recordingSha256: string,
  today: string,
): { readonly reasons: readonly string[]; readonly results: Results } {
  const { recording, results, rules, waiversText } = input;
  const reasons: string[] = [];
  const { product, profile } = results;
  if (!product?.name || !product.version)
    reasons.push(
      'It does not say what was certified. Give WORDS_PRODUCT and WORDS_PRODUCT_VERSION to the run, or judge its recording again with them.',
    );
  if (results.selection === 'filtered') reasons.push('The run was filtered. Run again without --grep.');
  if (recording.finishedAt === undefined) reasons.push('The run was interrupted. Run again to its end.');
  if (results.verdict === 'error' || (results.verdict === 'incomplete' && results.selection === 'all'))
    reasons.push(`Its verdict is ${results.verdict}: ${results.reason} ${results.remedy ?? ''}`.trim());
  if (reasons.length > 0) return { reasons, results };
  const waivers = waiversText === undefined ? [] : parseWaivers(waiversText, 'the waiver file');
  const again = judgeAgain(recording, rules, {
    waivers,
    today,
    recordingSha256,
    profile,
    set: results.requirementSet?.name,
    ...(product === undefined ? {} : { product }),
  }).results;
  const differences = resultDifferences(results, again, { exact: false });
  if (differences.length === 0) return { reasons: [], results: again };
  const reason = `results.json is not what this suite finds in the recording: ${differences[0]?.message} Judge the recording again with WORDS_RECORDING, with the contract and the waivers that you pack.`;
  return { reasons: [reason], results };
}

function inOrder(files: ReadonlyMap<SubmissionFile, Buffer>): SubmissionFiles {
  return new Map(
    SUBMISSION_FILES.flatMap((name) => {
      const bytes = files.get(name);
      return bytes === undefined ? [] : [[name, bytes] as const];
    }),
  );
}
