import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { OperatorError } from '../errors.ts';
import { writeWhole } from '../write-file.ts';
import { RecordingBuilder } from './builder.ts';
import { fromHar, harTexts, type RecordedHar } from './har.ts';
import { fromLine } from './journal.ts';
import { RECORDING_FORMAT, type Recording } from './recording.ts';
import { recordingSchema } from './schema.ts';

/** A file that holds no recording of ours, or a damaged one. The message names the file, what is wrong, and what to do. */
export class RecordingError extends OperatorError {
  override readonly name = 'RecordingError';
}

/**
 * Writes the recording as HAR 1.2: whole or not at all. Entry by entry, for a large one fills the memory more than once.
 * @throws OperatorError that names the file.
 */
export async function saveHar(recording: Recording, path: string): Promise<void> {
  writeWhole(path, harTexts(recording));
}

/** In hex. */
export async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes as Uint8Array);
  return hash.digest('hex');
}

/**
 * Reads a HAR that `saveHar` wrote, or the journal of a run that never came to its close.
 * @throws RecordingError
 */
export async function loadRecording(path: string): Promise<Recording> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new RecordingError(
      `${path}: cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}). Check the path.`,
    );
  }
  return parseRecording(text, path);
}

/** The recording in the text of a HAR or a journal; `path` names it in messages. @throws RecordingError */
export function parseRecording(text: string, path: string): Recording {
  const recording = isJournal(text) ? readJournal(path, text) : readHar(path, text);
  if (recording.format !== RECORDING_FORMAT)
    throw new RecordingError(
      `${path}: its format is ${JSON.stringify(recording.format)}, and this version reads ${RECORDING_FORMAT}. Judge it with the version of the suite that wrote it (${recording.suite?.version ?? 'unknown'}).`,
    );
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile<Recording>(recordingSchema);
  if (!validate(recording)) {
    const issue = validate.errors?.[0];
    throw new RecordingError(
      `${path}: damaged at ${issue?.instancePath || '/'} (${issue?.message ?? 'not a recording'}). Give a recording as the suite wrote it.`,
    );
  }
  return recording;
}

function isJournal(text: string): boolean {
  const line = text.slice(0, text.indexOf('\n') + 1 || text.length);
  return /^\{"type":"header"/.test(line);
}

function readJournal(path: string, text: string): Recording {
  const builder = new RecordingBuilder();
  const lines = text.split('\n');
  // A journal's last line ends without a line feed only where the run was killed while it wrote it.
  const torn = lines.pop();
  for (const [index, line] of lines.entries()) {
    try {
      builder.add(fromLine(line));
    } catch (error) {
      throw new RecordingError(
        `${path}: line ${index + 1} is damaged (${(error as Error).message}). Give the journal as the suite wrote it.`,
      );
    }
  }
  if (lines.length === 0)
    throw new RecordingError(
      `${path}: the journal breaks off in its first line (${torn?.length ?? 0} characters): nothing was recorded. Run again.`,
    );
  return builder.recording();
}

function readHar(path: string, text: string): Recording {
  let har: RecordedHar;
  try {
    har = JSON.parse(text);
  } catch (error) {
    throw new RecordingError(
      `${path}: is not complete JSON (${(error as Error).message.slice(0, 120)}). It may have been cut off while it was copied: copy it again, or give the recording.ndjson beside it.`,
    );
  }
  const log: unknown = har !== null && typeof har === 'object' ? har.log : undefined;
  if (log === null || typeof log !== 'object')
    throw new RecordingError(`${path}: is neither a HAR file nor a journal. Give the recording.har of an earlier run.`);
  if (!('_recording' in log))
    throw new RecordingError(
      `${path}: is a HAR file that this suite did not write (no log._recording): it lacks arrival times. Give the recording.har of an earlier run.`,
    );
  try {
    return fromHar(har);
  } catch (error) {
    throw new RecordingError(
      `${path}: is damaged (${(error as Error).message}). Give the recording.har as the suite wrote it.`,
    );
  }
}
