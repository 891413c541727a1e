import { expect, test } from '@playwright/test';
import type { SubmissionFiles } from '../../../helpers/evidence/archive.ts';
import { STATEMENT_TYPE, signEnvelope } from '../../../helpers/evidence/dsse.ts';
import type { Section } from '../../../helpers/evidence/findings.ts';
import { type Claim, toJson, toStatement } from '../../../helpers/evidence/manifest.ts';
import { type PackInput, pack } from '../../../helpers/evidence/pack.ts';
import type { VerifyOptions } from '../../../helpers/evidence/verify.ts';
import type { Exchange, Recording } from '../../../helpers/recording/recording.ts';
import type { Results } from '../../../helpers/results/results.ts';
import type { SpokenWord } from '../support/recordings.ts';
import { changed, conformingRun, runOf, withBody } from '../support/runs.ts';
import {
  CHALLENGE,
  CHALLENGED,
  filesOf,
  inputOf,
  manifestOf,
  newKeys,
  RULES,
  readBytes,
  recordingText,
  relisted,
  runSaying,
  verdictOn,
  withFiles,
} from './support.ts';

const vendor = newKeys();
const other = newKeys();
const ALL: Partial<VerifyOptions> = { key: vendor.publicKey, challenge: CHALLENGE };
const input = inputOf(runSaying(), { privateKey: vendor.privateKey });
const signed = filesOf(input);
const unsigned = filesOf(inputOf(runSaying()));
const results = input.results;

test('what the vendor packed is fresh, by a known key, and holds', async () => {
  expect(await verdictOn(await signed, ALL)).toEqual({ tier: 3, sections: [] });
  expect(await verdictOn(await unsigned, { challenge: CHALLENGE })).toEqual({ tier: 3, sections: [] });
});

interface Tampering {
  readonly name: string;
  readonly section: Section;
  /** Of a submission that is signed and verified with the vendor's key. */
  readonly signed?: (files: SubmissionFiles) => SubmissionFiles;
  /** Of one that is not, by somebody who makes the manifest fit. */
  readonly unsigned?: (files: SubmissionFiles) => SubmissionFiles;
  /** Somebody packs something else altogether. */
  readonly packed?: () => PackInput;
  readonly options?: Partial<VerifyOptions>;
}

const text = (
  files: SubmissionFiles,
  name: 'recording.har' | 'results.json' | 'manifest.json' | 'attestation.json',
): string => String(files.get(name));
const replaced =
  (name: 'recording.har' | 'results.json' | 'manifest.json' | 'attestation.json', from: string | RegExp, to: string) =>
  (files: SubmissionFiles) => {
    const before = text(files, name);
    const after = before.replace(from, () => to);
    if (after === before) throw new Error(`${name} does not hold ${from}`);
    return withFiles(files, { [name]: after });
  };
const thenRelisted =
  (change: (files: SubmissionFiles) => SubmissionFiles, claim?: Partial<Claim>) => (files: SubmissionFiles) =>
    relisted(change(files), claim);
const claiming = (claim: Partial<Claim>) => (files: SubmissionFiles) => relisted(files, claim);
const saying = (change: Partial<Results>) =>
  thenRelisted((files) => withFiles(files, { 'results.json': toJson({ ...results, ...change }) }));
const outcome = (id: string, change: Partial<Results['requirements'][number]>) =>
  saying({ requirements: results.requirements.map((row) => (row.id === id ? { ...row, ...change } : row)) });
/** The recording changed, the results left as they were. */
const recording = (change: (before: Recording) => Recording) => (files: SubmissionFiles) =>
  relisted(withFiles(files, { 'recording.har': recordingText(change(input.recording)) }));
/** Recording and results changed so that they fit. */
const packed =
  (after: Recording, overrides: Partial<PackInput> = {}) =>
  () =>
    inputOf(after, overrides);
const exchanges =
  (change: (before: readonly Exchange[]) => readonly Exchange[]) =>
  (before: Recording): Recording => ({ ...before, exchanges: change(before.exchanges) });
const exchange = (id: string, change: (before: Exchange) => Exchange) =>
  exchanges((all) => changed(id, change, [...all]));
const settings =
  (change: Partial<Recording['settings']>) =>
  (before: Recording): Recording => ({ ...before, settings: { ...before.settings, ...change } });
const resigned =
  (keys: typeof other, payloadType = STATEMENT_TYPE, ownKey = keys) =>
  (files: SubmissionFiles) => {
    const manifest = manifestOf(files);
    const statement = Buffer.from(JSON.stringify(toStatement(manifest, files.get('manifest.json') ?? Buffer.alloc(0))));
    return withFiles(files, {
      'attestation.json': toJson(signEnvelope(payloadType, statement, keys.privateKey)),
      'signer.pem': ownKey.publicKey.export({ type: 'spki', format: 'pem' }) as string,
    });
  };
const waiver = (requirement: string, target = 'http://target.test') =>
  `waivers:\n- {requirement: ${requirement}, target: "${target}", reason: known, accepted_by: nobody, until: 2030-01-01}\n`;
const faulty = runOf(changed('errors.not-found', withBody('{}')));
const spoken = (words: readonly SpokenWord[]) => runSaying(words);
const challengeAt = (change: (word: SpokenWord, index: number) => SpokenWord) =>
  spoken(CHALLENGED.map((word, index) => (CHALLENGE.words.includes(word[0]) ? change(word, index) : word)));

const TAMPERINGS: readonly Tampering[] = [
  // Somebody changes a file and nothing else.
  { name: 'a byte of a body', section: 'manifest', signed: replaced('recording.har', 'amber', 'Amber') },
  {
    name: "a chunk's time",
    section: 'manifest',
    signed: replaced('recording.har', /"_arrivals":\[\[\d/, '"_arrivals":[[7'),
  },
  {
    name: 'an outcome',
    section: 'manifest',
    signed: replaced('results.json', '"outcome": "pass"', '"outcome": "fail"'),
  },
  {
    name: 'the verdict',
    section: 'manifest',
    signed: replaced('results.json', '"verdict": "conformant"', '"verdict": "incomplete"'),
  },
  {
    name: 'the contract',
    section: 'manifest',
    signed: (files) => withFiles(files, { 'contract.yaml': 'openapi: 3.1.0\n' }),
  },
  {
    name: 'the requirement set',
    section: 'manifest',
    signed: (files) => withFiles(files, { 'requirements.yaml': 'requirements: []\n' }),
  },
  {
    name: 'a waiver file added',
    section: 'manifest',
    signed: (files) => withFiles(files, { 'waivers.yaml': waiver('http.status') }),
  },
  {
    name: 'the results removed',
    section: 'manifest',
    signed: (files) => withFiles(files, { 'results.json': undefined }),
  },
  {
    name: 'the recording removed',
    section: 'manifest',
    signed: (files) => withFiles(files, { 'recording.har': undefined }),
  },
  {
    name: 'two files exchanged',
    section: 'manifest',
    signed: (files) =>
      withFiles(files, { 'results.json': text(files, 'recording.har'), 'recording.har': text(files, 'results.json') }),
  },
  {
    name: 'a space at the end of the manifest',
    section: 'signature',
    signed: (files) => withFiles(files, { 'manifest.json': `${text(files, 'manifest.json')} ` }),
  },
  {
    name: 'another product in the manifest',
    section: 'signature',
    signed: replaced('manifest.json', 'Acme Avatar', 'Other Avatar'),
  },
  { name: 'another version of the product', section: 'signature', signed: replaced('manifest.json', '"3.2"', '"4.0"') },
  // Somebody makes the manifest fit what he changed, and cannot sign it.
  {
    name: 'a body, with its digest',
    section: 'signature',
    signed: thenRelisted(replaced('recording.har', 'amber', 'Amber')),
  },
  {
    name: 'a tolerance widened, with its digest',
    section: 'signature',
    signed: claiming({ settings: { ...input.recording.settings, timeCapToleranceSeconds: 3 } }),
  },
  { name: 'signed by another key', section: 'signature', signed: resigned(other) },
  {
    name: "signed by another key, with the vendor's beside it",
    section: 'signature',
    signed: resigned(other, STATEMENT_TYPE, vendor),
  },
  { name: 'an envelope of another payload type', section: 'signature', signed: resigned(vendor, 'application/json') },
  {
    name: 'the payload type changed after signing',
    section: 'signature',
    signed: replaced('attestation.json', STATEMENT_TYPE, 'text/plain'),
  },
  {
    name: 'a statement of another predicate',
    section: 'signature',
    signed: (files) => {
      const payload = Buffer.from(
        JSON.stringify({
          ...toStatement(manifestOf(files), files.get('manifest.json') ?? Buffer.alloc(0)),
          predicateType: 'https://slsa.dev/provenance/v1',
        }),
      );
      return withFiles(files, { 'attestation.json': toJson(signEnvelope(STATEMENT_TYPE, payload, vendor.privateKey)) });
    },
  },
  {
    name: 'the signature of another submission',
    section: 'signature',
    signed: (files) =>
      withFiles(files, {
        'attestation.json': toJson(
          signEnvelope(
            STATEMENT_TYPE,
            Buffer.from(
              JSON.stringify(
                toStatement(
                  { ...manifestOf(files), product: { name: 'Acme Avatar', version: '1' } },
                  Buffer.from('{}'),
                ),
              ),
            ),
            vendor.privateKey,
          ),
        ),
      }),
  },
  {
    name: 'the signature removed',
    section: 'signature',
    signed: (files) => withFiles(files, { 'attestation.json': undefined, 'signer.pem': undefined }),
  },
  {
    name: 'the envelope removed, the key left',
    section: 'signature',
    unsigned: (files) =>
      withFiles(files, { 'signer.pem': vendor.publicKey.export({ type: 'spki', format: 'pem' }) as string }),
  },
  {
    name: 'an envelope that is no JSON',
    section: 'signature',
    signed: (files) => withFiles(files, { 'attestation.json': '{' }),
  },
  {
    name: 'an empty list of signatures',
    section: 'signature',
    signed: replaced('attestation.json', /"signatures": \[[^\]]*\]/, '"signatures": []'),
  },
  {
    name: 'a manifest changed, its key unknown',
    section: 'signature',
    signed: replaced('manifest.json', 'Acme Avatar', 'Other Avatar'),
    options: { key: undefined } as never,
  },
  // Somebody makes the manifest fit a submission that is not signed: judging again tells.
  {
    name: 'a word of one subscription',
    section: 'results',
    unsigned: recording(
      exchange('late', (one) => ({
        ...one,
        chunks: one.chunks.map(({ at, bytes }) => ({
          at,
          bytes: Buffer.from(String(bytes && Buffer.from(bytes)).replace('amber', 'Amber')),
        })),
      })),
    ),
  },
  {
    name: 'an outcome turned to pass',
    section: 'results',
    packed: packed(faulty, { results: inputOf(runOf()).results }),
  },
  { name: 'an outcome turned to fail', section: 'results', unsigned: outcome('http.status', { outcome: 'fail' }) },
  {
    name: 'the verdict alone',
    section: 'results',
    unsigned: thenRelisted(
      (files) => withFiles(files, { 'results.json': toJson({ ...results, verdict: 'incomplete' }) }),
      { verdict: 'incomplete' },
    ),
  },
  { name: 'the verdict of the manifest alone', section: 'manifest', unsigned: claiming({ verdict: 'non-conformant' }) },
  {
    name: 'a requirement left out of the results',
    section: 'results',
    unsigned: saying({ requirements: results.requirements.slice(1) }),
  },
  {
    name: 'a requirement twice in the results',
    section: 'results',
    unsigned: saying({ requirements: [...results.requirements, ...results.requirements.slice(0, 1)] }),
  },
  { name: 'a level lowered', section: 'requirements', unsigned: outcome('http.status', { level: 'SHOULD' }) },
  {
    name: 'more observations than there were',
    section: 'results',
    unsigned: outcome('http.status', { observations: 4000 }),
  },
  { name: 'the counts', section: 'results', unsigned: saying({ counts: { ...results.counts, fail: 1 } }) },
  {
    name: 'the date of the run in the results',
    section: 'results',
    unsigned: saying({ startedAt: '2026-11-24T12:00:00.000Z' }),
  },
  {
    name: 'the date of the run in the manifest',
    section: 'manifest',
    unsigned: claiming({ recordedAt: '2026-11-24T12:00:00.000Z' }),
  },
  {
    name: 'the date of the run in the recording',
    section: 'results',
    unsigned: recording((before) => ({ ...before, startedAt: '2026-11-24T12:00:00.000Z' })),
  },
  {
    name: 'an exchange dropped',
    section: 'results',
    unsigned: recording(exchanges((all) => all.filter(({ id }) => id !== 'late'))),
  },
  {
    name: 'the exchange dropped that another is compared with',
    section: 'recording',
    unsigned: recording(exchanges((all) => all.filter(({ id }) => id !== 'first'))),
  },
  {
    name: 'an exchange twice',
    section: 'recording',
    unsigned: recording(exchanges((all) => [...all, ...all.slice(0, 1)])),
  },
  {
    name: 'an exchange of another session',
    section: 'recording',
    packed: packed(
      exchange('late', (one) => ({
        ...one,
        streamId: 'stream-9',
        request: { ...one.request, url: one.request.url.replace('stream-1', 'stream-9') },
      }))(runSaying()),
    ),
  },
  {
    name: 'an exchange of another session under the id of this one',
    section: 'recording',
    packed: packed(
      exchange('late', (one) => ({
        ...one,
        request: { ...one.request, url: one.request.url.replace('stream-1', 'stream-9') },
      }))(runSaying()),
    ),
  },
  {
    name: 'an exchange with another server',
    section: 'recording',
    packed: packed(
      exchange('late', (one) => ({
        ...one,
        request: { ...one.request, url: one.request.url.replace('target.test', 'other.test') },
      }))(runSaying()),
    ),
  },
  {
    name: 'a chunk that came before its request',
    section: 'recording',
    packed: packed(
      exchange('late', (one) => ({
        ...one,
        chunks: one.chunks.map((chunk, index) => (index === 3 ? { ...chunk, at: 0.01 } : chunk)),
      }))(runSaying()),
    ),
  },
  {
    name: 'a HAR that shows a reader another status than is judged',
    section: 'recording',
    unsigned: thenRelisted(
      replaced(
        'recording.har',
        '"status":401,"statusText":"","httpVersion":"HTTP',
        '"status":403,"statusText":"","httpVersion":"HTTP',
      ),
    ),
  },
  {
    name: 'a recording that is none',
    section: 'recording',
    unsigned: (files) => relisted(withFiles(files, { 'recording.har': '{}' })),
  },
  {
    name: 'a subscription without its role',
    section: 'recording',
    unsigned: thenRelisted(
      replaced(
        'recording.har',
        '"purpose":{"kind":"subscription","role":"first"}',
        '"purpose":{"kind":"subscription"}',
      ),
    ),
  },
  {
    name: 'results that are none',
    section: 'results',
    unsigned: (files) => relisted(withFiles(files, { 'results.json': '{"verdict":"conformant"}' })),
  },
  // Somebody packs a run that proves less than it seems to.
  {
    name: 'the contract swapped',
    section: 'contract',
    packed: () => ({
      ...inputOf(runSaying()),
      rules: {
        ...RULES,
        contract: { ...RULES.contract, text: `${RULES.contract.text}\n# changed\n`, sha256: 'a'.repeat(64) },
      },
    }),
  },
  {
    name: 'the contract swapped, its digest kept',
    section: 'contract',
    unsigned: (files) => relisted(withFiles(files, { 'contract.yaml': `${RULES.contract.text}\n# changed\n` })),
  },
  {
    name: 'the requirement set swapped',
    section: 'requirements',
    packed: packed(runSaying(), { rules: { ...RULES, requirementsText: `${RULES.requirementsText}\n# changed\n` } }),
  },
  {
    name: 'the requirement set swapped, its digest kept',
    section: 'requirements',
    unsigned: (files) => relisted(withFiles(files, { 'requirements.yaml': `${RULES.requirementsText}\n# changed\n` })),
  },
  {
    name: 'a tolerance widened',
    section: 'settings',
    packed: packed(settings({ timeCapToleranceSeconds: 3 })(runSaying())),
  },
  { name: 'a deadline extended', section: 'settings', packed: packed(settings({ endCloseSeconds: 60 })(runSaying())) },
  { name: 'a speed that no voice has', section: 'settings', packed: packed(settings({ speed: 8 })(runSaying())) },
  {
    name: 'the embedded server',
    section: 'target',
    packed: packed(settings({ sessionMode: 'embedded', speed: 8 })(runSaying())),
  },
  {
    name: 'a waiver of a breach',
    section: 'waivers',
    packed: packed(faulty, { waiversText: waiver('errors.envelope') }),
  },
  {
    name: 'a waiver added to a clean run',
    section: 'waivers',
    unsigned: (files) => relisted(withFiles(files, { 'waivers.yaml': waiver('http.status') })),
  },
  {
    name: 'a breach said to be waived, by nothing',
    section: 'waivers',
    packed: packed(faulty, {
      results: inputOf(faulty, { waiversText: waiver('errors.envelope') }).results,
      draft: true,
    }),
  },
  {
    name: 'a waiver file that is none',
    section: 'waivers',
    unsigned: (files) => relisted(withFiles(files, { 'waivers.yaml': 'waivers: maybe\n' })),
  },
  {
    name: 'a filtered run said to be whole',
    section: 'filters',
    packed: () => ({ ...inputOf(runSaying(), { draft: true }), results: { ...results, selection: 'filtered' } }),
  },
  {
    name: 'a draft',
    section: 'draft',
    packed: packed(runSaying(undefined, { finishedAt: undefined } as never), { draft: true }),
  },
  { name: 'a run that does not conform', section: 'verdict', packed: packed(faulty) },
  {
    name: 'a product without a name',
    section: 'manifest',
    packed: () => {
      const { results: whole, ...rest } = inputOf(runSaying());
      const { product: _, ...nameless } = whole;
      return { ...rest, results: nameless };
    },
  },
  // Somebody answers the challenge without speaking it.
  { name: 'a run of before the challenge', section: 'challenge', packed: packed(runOf()) },
  {
    name: 'a run that says it began before the challenge',
    section: 'challenge',
    packed: packed(runSaying(undefined, { startedAt: '2026-11-20T12:00:00.000Z' })),
  },
  {
    name: 'the challenge pasted into the script alone',
    section: 'challenge',
    packed: packed(runOf(conformingRun(), { streams: runSaying().streams })),
  },
  {
    name: 'the challenge pasted into the live stream alone',
    section: 'challenge',
    packed: packed({
      ...runOf(),
      exchanges: changed('first', (one) => runSaying().exchanges.find(({ id }) => id === one.id) ?? one),
    }),
  },
  {
    name: 'the challenge in another order',
    section: 'challenge',
    packed: packed(
      challengeAt(([, start, end], index) => [
        CHALLENGE.words[(CHALLENGE.words.indexOf(CHALLENGED[index]?.[0] ?? '') + 1) % CHALLENGE.words.length] ?? '',
        start,
        end,
      ]),
    ),
  },
  {
    name: 'the challenge with a word in between',
    section: 'challenge',
    packed: packed(challengeAt((word) => (word[0] === 'candle' ? ['or', word[1], word[2]] : word))),
  },
  {
    name: 'the challenge pasted in at one instant',
    section: 'challenge',
    packed: packed(challengeAt(([word]) => [word, CHALLENGED.at(-1)?.[1] ?? 0, CHALLENGED.at(-1)?.[1] ?? 0])),
  },
];

for (const { name, section, options, ...tampering } of TAMPERINGS)
  test(`finds ${name}`, async () => {
    const { signed: ofSigned, unsigned: ofUnsigned, packed: ofPacked } = tampering;
    const withKey = ofSigned !== undefined && !(options !== undefined && 'key' in options);
    const files = ofSigned
      ? ofSigned(await signed)
      : ofUnsigned
        ? ofUnsigned(await unsigned)
        : await packedFiles(ofPacked);
    const { sections } = await verdictOn(files, { challenge: CHALLENGE, ...(withKey ? ALL : {}) });
    expect(sections).toContain(section);
  });

/** Packed by somebody who does not let the packer refuse, and takes its mark away. */
async function packedFiles(input: Tampering['packed']): Promise<SubmissionFiles> {
  if (input === undefined) throw new Error('a tampering changes something');
  const given = input();
  const files = await readBytes(pack({ ...given, draft: true }).archive);
  return given.draft === true && given.recording.finishedAt === undefined ? files : relisted(files, { draft: [] });
}
