import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { preAuthEncoding, readPrivateKey, readPublicKey, writeKeyPair } from '../../../helpers/evidence/dsse.ts';
import manifestSchema from '../../../helpers/evidence/manifest.schema.json' with { type: 'json' };
import { type PackInput, pack } from '../../../helpers/evidence/pack.ts';
import statementSchema from '../../../helpers/evidence/statement.schema.json' with { type: 'json' };
import { verify } from '../../../helpers/evidence/verify.ts';
import resultsSchema from '../../../helpers/results/results.schema.json' with { type: 'json' };
import { judged, runOf } from '../support/runs.ts';
import { AUTHORITY, filesOf, inputOf, manifestOf, newKeys, verdictOn } from './support.ts';

const input = inputOf(runOf());
const results = input.results;

test('the same input gives the same bytes, signed or not', () => {
  const { privateKey } = newKeys();
  expect(pack(input).archive).toEqual(pack(inputOf(runOf())).archive);
  expect(pack({ ...input, privateKey }).archive).toEqual(pack({ ...input, privateKey }).archive);
});

test('manifest and statement are as their schemas say', async () => {
  const ajv = new Ajv2020({ strict: true }).addSchema([resultsSchema, manifestSchema, statementSchema]);
  const files = await filesOf({ ...input, privateKey: newKeys().privateKey });
  const envelope = JSON.parse(String(files.get('attestation.json')));
  const statement = JSON.parse(Buffer.from(envelope.payload, 'base64').toString());
  expect(ajv.validate('manifest.schema.json', manifestOf(files)), ajv.errorsText()).toBe(true);
  expect(ajv.validate('statement.schema.json', statement), ajv.errorsText()).toBe(true);
  expect(statement.subject.map(({ name }: { name: string }) => name)).toEqual([
    'manifest.json',
    ...Object.keys(manifestOf(files).files),
  ]);
  expect(ajv.validate('manifest.schema.json', { ...manifestOf(files), more: 1 })).toBe(false);
  expect(ajv.validate('statement.schema.json', { ...statement, predicate: { ...statement.predicate, more: 1 } })).toBe(
    false,
  );
});

const { product: _product, ...nameless } = results;
const filtered = { ...results, selection: 'filtered', verdict: 'incomplete' } as const;
const { finishedAt: _, ...interrupted } = runOf();
const REFUSED: readonly (readonly [name: string, input: PackInput, says: RegExp])[] = [
  ['a run of nothing in particular', { ...input, results: nameless }, /WORDS_PRODUCT and WORDS_PRODUCT_VERSION/],
  ['a filtered run', { ...input, results: filtered }, /filtered\. Run again without --grep/],
  ['an interrupted run', { ...input, recording: interrupted }, /interrupted/],
  ['an incomplete run', inputOf(runOf([])), /verdict is incomplete: .*not verified/],
  [
    'a run that failed',
    { ...input, results: { ...results, verdict: 'error', reason: 'It broke.', remedy: 'Mend it.' } },
    /verdict is error: It broke\. Mend it\./,
  ],
  [
    'results of another recording',
    { ...input, results: { ...results, ...judged(runOf([])), verdict: 'conformant' } },
    /not what this suite finds/,
  ],
];
for (const [name, refused, says] of REFUSED)
  test(`refuses ${name}, and packs it as a draft for ever`, async () => {
    expect(() => pack(refused)).toThrow(says);
    const draft = await filesOf({ ...refused, draft: true });
    expect(manifestOf(draft).draft.join(' ')).toMatch(says);
    expect((await verdictOn(draft)).sections).toContain('draft');
  });

test('a run that is evidence is no draft, asked for or not', async () => {
  expect(manifestOf(await filesOf({ ...input, draft: true })).draft).toEqual([]);
});

test('a signature is by an unknown key, a known key, or not there', async () => {
  const { privateKey, publicKey } = newKeys();
  const [unsigned, signed] = [await filesOf(input), await filesOf({ ...input, privateKey })];
  const said = async (...[files, options]: Parameters<typeof verify>) => {
    const { holds, signer, remarks, problems } = await verify(files, options);
    return [holds, signer?.known, ...[...remarks, ...problems].map(({ message }) => message)];
  };
  expect(await said(unsigned, AUTHORITY)).toEqual([true, undefined, 'It is not signed.']);
  expect(await said(unsigned, { ...AUTHORITY, key: publicKey })).toEqual([false, undefined, 'It is not signed.']);
  expect(await said(signed, AUTHORITY)).toEqual([
    true,
    false,
    expect.stringMatching(/^It is signed by an unknown key \([0-9a-f]{64}\)/),
  ]);
  expect(await said(signed, { ...AUTHORITY, key: publicKey })).toEqual([true, true]);
});

test("what is signed is DSSE's pre-authentication encoding", () => {
  // The example of the specification, protocol.md.
  expect(String(preAuthEncoding('http://example.com/HelloWorld', Buffer.from('hello world')))).toBe(
    'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
  );
  expect(preAuthEncoding('é', Buffer.from([0, 255])).toString('latin1')).toBe('DSSEv1 2 \u00c3\u00a9 2 \u0000\u00ff');
});

test('a key pair is for its owner alone, and never overwritten', () => {
  const folder = mkdtempSync(join(tmpdir(), 'words-keys-'));
  try {
    const { privatePath, publicPath } = writeKeyPair(join(folder, 'vendor'));
    expect(statSync(privatePath).mode & 0o777).toBe(0o600);
    expect(readPrivateKey(privatePath).asymmetricKeyType).toBe('ed25519');
    expect(readPublicKey(publicPath).asymmetricKeyType).toBe('ed25519');
    expect(() => writeKeyPair(join(folder, 'vendor'))).toThrow(/exists already/);
    expect(() => readPublicKey(privatePath)).toThrow(/private key, which nobody but its owner/);
    expect(() => readPrivateKey(publicPath)).toThrow(/others than its owner|no Ed25519 private key/);
    expect(() => readPublicKey(join(folder, 'none.pem'))).toThrow(/cannot be read \(ENOENT\)/);
    chmodSync(privatePath, 0o640);
    expect(() => readPrivateKey(privatePath)).toThrow(/chmod 600/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
