import type { KeyObject } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { CURRENT, frozenSetNames } from '../contract/requirement-sets.ts';
import type { Evidence } from '../judging/check.ts';
import { printable } from '../judging/findings.ts';
import { contradictionIn } from '../recording/contradictions.ts';
import { harTexts } from '../recording/har.ts';
import { parseRecording, RecordingError } from '../recording/load.ts';
import type { Recording } from '../recording/recording.ts';
import type { Results } from '../results/results.ts';
import { parseWaivers, type WaiverEntry, WaiverFileError, waiversFor } from '../results/waivers.ts';
import { fallbackOf } from '../settings/options.ts';
import { ArchiveError, type SubmissionFiles } from './archive.ts';
import type { Challenge } from './challenge.ts';
import type { Section, SubmissionFinding } from './findings.ts';
import { freshness } from './fresh.ts';
import { isoToday, judgeAgain, type Rules } from './judge-again.ts';
import { BESIDE_MANIFEST, type Manifest, readManifest, readResults } from './manifest.ts';
import { resultDifferences } from './result-differences.ts';
import { checkSignature, type Signer } from './signature.ts';
import { sha256, suiteDigest } from './suite-digest.ts';

/** How much of a submission is proved: 1 intact, 2 re-judged, 3 fresh, 4 counter-read. Each tier rests on those below it. */
type Tier = 0 | 1 | 2 | 3 | 4;

/** What the verifying side brings along: the submission decides none of it. */
export interface VerifyOptions {
  readonly rules: Rules;
  /** Ed25519 public key that must have signed. */
  readonly key?: KeyObject;
  /** Breaches that the authority accepts. */
  readonly waivers?: readonly WaiverEntry[];
  readonly challenge?: Challenge;
  /** Reads the session's snapshot at the target and compares; only called for a submission that is re-judged. */
  readonly counterRead?: (evidence: Evidence) => Promise<readonly SubmissionFinding[]>;
  /** A submission of the embedded reference server is a trial, not a problem. */
  readonly trial?: boolean;
  /** ISO 8601 date on which the authority's waivers must hold; absent: today. */
  readonly today?: string;
}

/** What `verify` says of a submission. */
export interface Verification {
  readonly tier: Tier;
  /** The product conforms, as far as the tier proves it, and nothing speaks against it. */
  readonly holds: boolean;
  /** As judged here; null where it did not come to that. */
  readonly verdict: Results['verdict'] | null;
  readonly manifest: Manifest;
  /** Null where it is not signed. */
  readonly signer: Signer | null;
  readonly problems: readonly SubmissionFinding[];
  /** What does not speak against it, and should be known. */
  readonly remarks: readonly SubmissionFinding[];
  /** Tiers that were not asked for, and what they need. */
  readonly notAsked: readonly string[];
}

/** Proves a submission as far as it can. @throws ArchiveError where it has no manifest that can be read. */
export async function verify(
  files: SubmissionFiles,
  options: VerifyOptions,
): Promise<Verification & { readonly results: Results | null }> {
  const manifest = readManifest(files);
  const signature = checkSignature(files, manifest, options.key);
  const problems: SubmissionFinding[] = [...manifestProblems(files, manifest), ...signature.problems];
  const remarks: SubmissionFinding[] = [...signature.remarks];
  const report = (tier: Tier, results: Results | null = null) => ({
    tier,
    holds: problems.length === 0,
    verdict: results?.verdict ?? null,
    manifest,
    signer: signature.signer,
    problems,
    remarks,
    notAsked: notAsked(options),
    results,
  });
  if (problems.length > 0) return report(0);
  const judged = rejudge(files, manifest, options);
  problems.push(...judged.problems, ...reservations(files, manifest, judged.recording, options));
  remarks.push(...judged.remarks);
  if (judged.problems.length > 0 || judged.evidence === undefined) return report(1, judged.results);
  const { results, evidence } = judged;
  let tier: Tier = 2;
  if (options.challenge !== undefined) {
    const fresh = freshness(evidence, options.challenge);
    problems.push(...fresh.problems);
    if (fresh.problems.length === 0) {
      tier = 3;
      remarks.push({ section: 'challenge', message: `The challenge words were ${fresh.found}.` });
    }
  }
  if (options.counterRead !== undefined) {
    const found = await options.counterRead(evidence);
    problems.push(...found);
    if (found.length === 0 && tier === 3) tier = 4;
    if (found.length === 0)
      remarks.push({
        section: 'counter-read',
        message: "The session's snapshot at the target holds the words and times that were submitted.",
      });
  }
  return report(tier, results);
}

function notAsked({ challenge, counterRead }: VerifyOptions): readonly string[] {
  return [
    ...(challenge === undefined
      ? ['fresh: give --challenge, the file of the words that were given to the vendor']
      : []),
    ...(counterRead === undefined
      ? ['counter-read: give --base-url, and a credential in WORDS_API_KEY or WORDS_BEARER_TOKEN']
      : []),
  ];
}

function manifestProblems(files: SubmissionFiles, manifest: Manifest): readonly SubmissionFinding[] {
  const problems: SubmissionFinding[] = [];
  const problem = (message: string) => problems.push({ section: 'manifest', message });
  const listed = new Map(Object.entries(manifest.files));
  for (const [name, { sha256: digest, bytes }] of listed) {
    const file = files.get(name as keyof typeof manifest.files);
    if (file === undefined) problem(`${name} is listed in the manifest and missing.`);
    else if (sha256(file) !== digest || file.length !== bytes)
      problem(`${name} is not the file that the manifest lists: it was changed.`);
  }
  for (const name of files.keys())
    if (!listed.has(name) && !BESIDE_MANIFEST.includes(name))
      problem(`${name} is not listed in the manifest: it was added.`);
  return problems;
}

interface Rejudged {
  readonly problems: readonly SubmissionFinding[];
  readonly remarks: readonly SubmissionFinding[];
  readonly recording?: Recording;
  readonly results: Results | null;
  readonly evidence?: Evidence;
}

/** Whether judging the recording gives what the submission says, by its own waivers. */
function rejudge(files: SubmissionFiles, manifest: Manifest, { rules }: VerifyOptions): Rejudged {
  const problems: SubmissionFinding[] = [];
  const remarks: SubmissionFinding[] = [];
  const fail = (section: Section, message: string): Rejudged => ({
    problems: [{ section, message }],
    remarks,
    results: null,
  });
  const recordingBytes = files.get('recording.har') ?? Buffer.alloc(0);
  let recording: Recording;
  let waivers: readonly WaiverEntry[];
  let submitted: Results;
  try {
    submitted = readResults(files.get('results.json') ?? Buffer.alloc(0), 'results.json');
    recording = parseRecording(recordingBytes.toString('utf8'), 'recording.har');
    waivers = waiversIn(files);
  } catch (error) {
    if (error instanceof ArchiveError) return fail('results', error.message);
    if (error instanceof RecordingError) return fail('recording', error.message);
    if (error instanceof WaiverFileError) return fail('waivers', error.message);
    throw error;
  }
  const set = submitted.requirementSet?.name ?? CURRENT;
  if (set !== CURRENT && !frozenSetNames().includes(set))
    return fail(
      'requirements',
      `This suite has no requirement set ${printable(set)}; it has ${frozenSetNames().join(', ')}.`,
    );
  const contradiction = contradictionIn(recording, recording.suite);
  if (contradiction !== undefined)
    problems.push({ section: 'recording', message: `It contradicts itself at ${contradiction}.` });
  const sameSuite = manifest.suite.sha256 === suiteDigest();
  if (!sameSuite)
    remarks.push({
      section: 'suite',
      message: `It was packed by ${printable(manifest.suite.name)} ${printable(manifest.suite.version)} with digest ${manifest.suite.sha256.slice(0, 16)}…, this one has ${suiteDigest().slice(0, 16)}…: texts are not compared, outcomes are.`,
    });
  else if (!isAsWritten(recording, recordingBytes))
    problems.push({
      section: 'recording',
      message: 'recording.har is not as this suite writes it: what a reader sees in it may not be what is judged.',
    });
  const { results, evidence } = judgeAgain(recording, rules, {
    waivers,
    today: manifest.judgedOn,
    profile: submitted.profile,
    set: submitted.requirementSet?.name,
    recordingSha256: sha256(recordingBytes),
    ...(submitted.product === undefined ? {} : { product: submitted.product }),
  });
  problems.push(
    ...claimDifferences(manifest, submitted, recording),
    ...resultDifferences(submitted, results, { exact: sameSuite }),
  );
  return { problems, remarks, recording, results, evidence };
}

/** Whether the file is what this suite writes of the recording in it: what a browser shows of it is what is judged. */
function isAsWritten(recording: Recording, bytes: Buffer): boolean {
  let offset = 0;
  for (const text of harTexts(recording)) {
    const piece = Buffer.from(text);
    const end = offset + piece.length;
    if (end > bytes.length || bytes.compare(piece, 0, piece.length, offset, end) !== 0) return false;
    offset = end;
  }
  return offset === bytes.length;
}

function waiversIn(files: SubmissionFiles): readonly WaiverEntry[] {
  const waivers = files.get('waivers.yaml');
  return waivers === undefined ? [] : parseWaivers(waivers.toString('utf8'), 'waivers.yaml');
}

/** The manifest repeats what stands in results and recording. */
function claimDifferences(manifest: Manifest, submitted: Results, recording: Recording): readonly SubmissionFinding[] {
  const pairs: readonly (readonly [name: string, claimed: unknown, found: unknown])[] = [
    ['product', manifest.product, { name: submitted.product?.name ?? '', version: submitted.product?.version ?? '' }],
    ['requirement set', manifest.requirements.name, submitted.requirementSet?.name ?? CURRENT],
    ['verdict', manifest.verdict, submitted.verdict],
    ['target', manifest.target, recording.target],
    ['recordedAt', manifest.recordedAt, recording.startedAt],
    ['settings', manifest.settings, recording.settings],
  ];
  return pairs
    .filter(([, claimed, found]) => !isDeepStrictEqual(claimed, found))
    .map(([name]) => ({ section: 'manifest', message: `The manifest's ${name} is not that of the run.` }));
}

/** What speaks against the claim although the outcomes are what judging gives. */
function reservations(
  files: SubmissionFiles,
  manifest: Manifest,
  recording: Recording | undefined,
  options: VerifyOptions,
): readonly SubmissionFinding[] {
  const {
    rules: { contract, requirementsText },
    trial = false,
  } = options;
  const found: SubmissionFinding[] = [];
  const problem = (section: Section, message: string) => found.push({ section, message });
  if (manifest.draft.length > 0)
    problem('draft', `It is a draft, and claims nothing: ${manifest.draft.map(printable).join(' ')}`);
  if (manifest.product.name === '' || manifest.product.version === '')
    problem('manifest', 'It does not say which product, in which version, was certified.');
  if (manifest.contract.sha256 !== contract.sha256 || sha256(files.get('contract.yaml') ?? '') !== contract.sha256)
    problem(
      'contract',
      `It was judged by another contract, ${printable(manifest.contract.title)} ${printable(manifest.contract.version)}: this suite has ${contract.version} with digest ${contract.sha256.slice(0, 16)}…. Give --contract where another one is to hold.`,
    );
  const set = sha256(requirementsText);
  const file = sha256(files.get('requirements.yaml') ?? '');
  // A frozen set is held by its own digest, in the results; other versions of the suite have other rows beside it.
  if (manifest.requirements.sha256 !== file || (manifest.requirements.name === CURRENT && file !== set))
    problem(
      'requirements',
      `It was judged by another requirement set than that of this suite (${set.slice(0, 16)}…). Verify it with the version that packed it, ${printable(manifest.suite.version)}, or have the run packed again with this one or by a frozen set (WORDS_REQUIREMENTS).`,
    );
  if (recording !== undefined) {
    if (recording.settings.sessionMode === 'embedded' && !trial)
      problem(
        'target',
        "Its target is the suite's own reference server, which certifies no product. --trial accepts that.",
      );
    for (const message of loosenedSettings(recording)) problem('settings', message);
    for (const message of unacceptedWaivers(waiversOrNone(files), recording, options)) problem('waivers', message);
  }
  if (manifest.draft.length === 0 && manifest.verdict !== 'conformant')
    problem('verdict', `Its own verdict is ${manifest.verdict}.`);
  return found;
}

function waiversOrNone(files: SubmissionFiles): readonly WaiverEntry[] {
  try {
    return waiversIn(files);
  } catch {
    return [];
  }
}

function loosenedSettings({ settings }: Recording): readonly string[] {
  const limits = [
    ['WORDS_END_CLOSE_SECONDS', settings.endCloseSeconds],
    ['WORDS_TIME_CAP_TOLERANCE', settings.timeCapToleranceSeconds],
  ] as const;
  const loosened = limits
    .filter(([name, value]) => !(value <= Number(fallbackOf(name))))
    .map(([name, value]) => `${name} was ${value}; certification allows at most ${fallbackOf(name)}.`);
  if (settings.sessionMode !== 'embedded' && settings.speed !== 1)
    loosened.push(
      `The run says that the target speaks ${settings.speed} times as fast as it sounds; only the embedded server does.`,
    );
  return loosened;
}

/** The submission's waivers count for nothing; those that the verifying side gives do. */
function unacceptedWaivers(
  entries: readonly WaiverEntry[],
  { target, settings }: Recording,
  { waivers = [], today = isoToday() }: VerifyOptions,
): readonly string[] {
  const about = { baseUrl: target.baseUrl, embedded: settings.sessionMode === 'embedded' };
  const accepted = waiversFor(waivers, about).filter(({ until }) => until >= today);
  return waiversFor(entries, about)
    .filter(({ requirement, until }) => !accepted.some((one) => one.requirement === requirement && one.until >= until))
    .map(
      ({ requirement, until, reason }) =>
        `It waives ${printable(requirement)} until ${until} (${reason}), which you have not accepted. Accept it with an entry in the file of --waivers.`,
    );
}
