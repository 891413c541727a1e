import { randomBytes } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { ArchiveError, readArchive, writeArchive } from '../../../helpers/evidence/archive.ts';
import { type RawEntry, rawZip } from './raw-zip.ts';
import { readBytes } from './support.ts';

const MANIFEST: RawEntry = { name: 'manifest.json' };

test('gives back what was written, and the same bytes for the same files', async () => {
  const files = new Map([
    ['manifest.json', Buffer.from('{}')],
    ['recording.har', randomBytes(200_000)],
  ] as const);
  const archive = writeArchive(files);
  expect(await readBytes(archive)).toEqual(files);
  expect(writeArchive(new Map([...files].reverse()))).toEqual(archive);
});

test('an archive that is well formed is read, however it was compressed', async () => {
  expect([...(await readBytes(rawZip([MANIFEST, { name: 'results.json' }]))).keys()]).toEqual([
    'manifest.json',
    'results.json',
  ]);
});

const HOSTILE: readonly (readonly [name: string, archive: Buffer, says: RegExp])[] = [
  ['a name that leads out of the folder', rawZip([{ name: '../manifest.json' }]), /invalid relative path/],
  ['an absolute name', rawZip([{ name: '/etc/passwd' }]), /absolute path/],
  ['a drive of Windows', rawZip([{ name: 'C:/manifest.json' }]), /absolute path/],
  ['a backslash', rawZip([{ name: '..\\manifest.json' }]), /invalid characters/],
  ['a name that no submission has', rawZip([MANIFEST, { name: 'readme.txt' }]), /readme\.txt/],
  ['a known name in another case', rawZip([{ name: 'Manifest.json' }]), /Manifest\.json/],
  ['a folder', rawZip([MANIFEST, { name: 'recording.har/' }]), /recording\.har\//],
  ['a name with a NUL', rawZip([{ name: 'manifest.json\0.txt' }]), /manifest\.json/],
  ['a symbolic link', rawZip([MANIFEST, { name: 'recording.har', mode: 0o120777 }]), /link/],
  ['a device', rawZip([{ name: 'recording.har', mode: 0o020666 }]), /link or a device/],
  ['an encrypted file', rawZip([{ name: 'recording.har', encrypted: true }]), /encrypted/],
  ['a file twice', rawZip([MANIFEST, { name: 'results.json' }, { name: 'results.json' }]), /results\.json twice/],
  ['a bomb that says how large it is', rawZip([{ name: 'recording.har', declaredSize: 2 ** 32 - 2 }]), /unpack to/],
  [
    'many files that are too much together',
    rawZip(['recording.har', 'results.json'].map((name) => ({ name, declaredSize: 2 ** 27 + 1 }))),
    /unpack to/,
  ],
  [
    'a bomb that lies about its size',
    rawZip([{ name: 'recording.har', data: Buffer.alloc(50e6), declaredSize: 10 }]),
    /too many bytes/,
  ],
  ['a file shorter than it says', rawZip([{ name: 'recording.har', declaredSize: 100 }]), /not enough bytes/],
  ['a million entries', rawZip([], { count: 65_535 }), /65535 entries/],
  ['more entries than a submission has', rawZip(Array.from({ length: 9 }, () => MANIFEST)), /9 entries/],
  ['a directory that ends too soon', rawZip([MANIFEST], { count: 2 }), /damaged/],
  ['trailing data', rawZip([MANIFEST], { after: 'more' }), /extra bytes/],
  ['a comment', rawZip([MANIFEST], { comment: 'read me' }), /belong to no file/],
  ['data between the files', rawZip([MANIFEST], { between: 'hidden' }), /belong to no file/],
  [
    'another name in the local header',
    rawZip([{ name: 'manifest.json', localName: 'results.json.' }]),
    /its directory says/,
  ],
  ['data before the archive', Buffer.concat([Buffer.from('#!/bin/sh\n'), rawZip([MANIFEST])]), /damaged|not where/],
  ['no archive', Buffer.from('not a zip file'), /cannot be read/],
  ['an empty file', Buffer.alloc(0), /cannot be read/],
  ['half an archive', rawZip([MANIFEST]).subarray(0, 60), /cannot be read/],
];
for (const [name, archive, says] of HOSTILE)
  test(`refuses ${name}`, async () => {
    const refusal = await readBytes(archive).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ArchiveError);
    expect(String(refusal)).toMatch(says);
  });

test('refuses a file that is not there', async () => {
  await expect(readArchive('/no/such/submission.zip')).rejects.toThrow(/cannot be read/);
});
