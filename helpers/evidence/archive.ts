import { Buffer } from 'node:buffer';
import { statSync } from 'node:fs';
import { zipSync } from 'fflate';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { OperatorError } from '../errors.ts';

/** The files of a submission, in the order in which they are written. `signature` files are absent where it is unsigned. */
export const SUBMISSION_FILES = [
  'manifest.json',
  'attestation.json',
  'signer.pem',
  'results.json',
  'contract.yaml',
  'requirements.yaml',
  'waivers.yaml',
  'recording.har',
] as const;
export type SubmissionFile = (typeof SUBMISSION_FILES)[number];

export type SubmissionFiles = ReadonlyMap<SubmissionFile, Buffer>;

export class ArchiveError extends OperatorError {
  override readonly name = 'ArchiveError';
}

/** Of all files together, unpacked; the archive itself may not be larger. Many times an hour's session. */
const MOST_BYTES = 256 * 2 ** 20;
const LOCAL_HEADER_BYTES = 30;
const CENTRAL_HEADER_BYTES = 46;
const END_RECORD_BYTES = 22;

/** The archive's bytes: the same for the same files, whatever the machine, its clock and its version of Node (the compressor is no part of it). */
export function writeArchive(files: SubmissionFiles): Buffer {
  const entries = SUBMISSION_FILES.flatMap((name) => {
    const bytes = files.get(name);
    return bytes === undefined ? [] : [[name, bytes] as const];
  });
  // The format has no time zone: this is its zero, written from local parts.
  return Buffer.from(zipSync(Object.fromEntries(entries), { mtime: new Date(1980, 0, 1), level: 6 }));
}

/**
 * Reads a submission into memory. Names, sizes and structure are checked before a byte is unpacked.
 * @throws ArchiveError for whatever `writeArchive` does not write: other names, links, duplicates, gaps, trailing data, too much of it.
 */
export async function readArchive(path: string): Promise<SubmissionFiles> {
  const zip = await openArchive(path);
  try {
    return await readEntries(zip);
  } catch (error) {
    throw error instanceof ArchiveError ? error : new ArchiveError(`It is damaged: ${reasonOf(error)}.`);
  } finally {
    zip.close();
  }
}

async function openArchive(path: string): Promise<ZipFile> {
  try {
    if (statSync(path).size > MOST_BYTES) throw new ArchiveError(`It is larger than ${MOST_BYTES} bytes.`);
    return await openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: true });
  } catch (error) {
    throw error instanceof ArchiveError ? error : new ArchiveError(`It cannot be read: ${reasonOf(error)}.`);
  }
}

async function readEntries(zip: ZipFile): Promise<SubmissionFiles> {
  if (zip.entryCount > SUBMISSION_FILES.length)
    throw new ArchiveError(`It holds ${zip.entryCount} entries; a submission has at most ${SUBMISSION_FILES.length}.`);
  const entries: Entry[] = [];
  for await (const entry of zip.eachEntry()) entries.push(entry);
  let unpacked = 0;
  for (const entry of entries) {
    const problem = problemOf(entry);
    if (problem !== undefined) throw new ArchiveError(problem);
    unpacked += entry.uncompressedSize;
  }
  const names = entries.map(({ fileName }) => fileName as SubmissionFile);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new ArchiveError(`It holds ${twice} twice.`);
  if (unpacked > MOST_BYTES)
    throw new ArchiveError(`It would unpack to ${unpacked} bytes; at most ${MOST_BYTES} are read.`);
  await refuseGaps(zip, entries);
  const files = new Map<SubmissionFile, Buffer>();
  for (const [index, entry] of entries.entries()) {
    const chunks: Buffer[] = [];
    // yauzl fails where more bytes come than the entry declares.
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    files.set(names[index] as SubmissionFile, Buffer.concat(chunks));
  }
  return files;
}

function problemOf(entry: Entry): string | undefined {
  const name = JSON.stringify(entry.fileName);
  if (!SUBMISSION_FILES.some((known) => known === entry.fileName)) return `It holds ${name}, which no submission has.`;
  const type = (entry.externalFileAttributes >>> 16) & 0o170000;
  if (type !== 0 && type !== 0o100000) return `Its ${name} is a link or a device, not a file.`;
  if (!entry.canDecodeFileData()) return `Its ${name} is encrypted, or compressed in an unusual way.`;
  return undefined;
}

/** Other tools read what stands between the entries, or in headers that contradict the directory: there must be neither. */
async function refuseGaps(zip: ZipFile, entries: readonly Entry[]): Promise<void> {
  let end = 0;
  let directory = END_RECORD_BYTES;
  for (const entry of entries) {
    const local = await zip.readLocalFileHeaderPromise(entry);
    const alike =
      local.fileName.equals(entry.fileNameRaw) &&
      local.compressedSize === entry.compressedSize &&
      local.uncompressedSize === entry.uncompressedSize &&
      local.compressionMethod === entry.compressionMethod;
    if (!alike || entry.relativeOffsetOfLocalHeader !== end)
      throw new ArchiveError(`Its ${entry.fileName} is not where, or not what, its directory says.`);
    end += LOCAL_HEADER_BYTES + local.fileNameLength + local.extraFieldLength + entry.compressedSize;
    directory += CENTRAL_HEADER_BYTES + entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;
  }
  if (end + directory !== zip.fileSize || zip.comment !== '')
    throw new ArchiveError('It holds data that belong to no file.');
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/[.\s]+$/, '') : String(error);
}
