import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { OperatorError } from '../errors.ts';
import { readSuite } from '../suite.ts';
import { codeOf, writeWhole } from '../write-file.ts';
import { RecordingBuilder } from './builder.ts';
import { captureOf, captureOfHar } from './capture.ts';
import { contradictionIn } from './contradictions.ts';
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

export async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes as Uint8Array);
  return hash.digest('hex');
}

/** A session of an hour takes about 10 MB in all its reads. */
const MOST_BYTES = 2 ** 28;

/**
 * Reads a HAR that `saveHar` wrote, the journal of a run that never came to its close, or a capture: a body saved by curl, with
 * its head or without, or a HAR that a browser saved.
 * @throws RecordingError
 */
export async function loadRecording(path: string): Promise<Recording> {
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES)
      throw new RecordingError(
        `${path}: holds ${size} bytes, and at most ${MOST_BYTES} are read. Give one run's recording.`,
      );
    // As text at once: a long recording is not held in bytes beside it.
    if (isJson(await beginningOf(path))) return soundRecording(await readFile(path, 'utf8'), path);
    return recordingIn(await readFile(path), path);
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    throw new RecordingError(`${path}: cannot be read (${code}). Check the path.`);
  }
}

async function beginningOf(path: string): Promise<Buffer> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
  return buffer.subarray(0, bytesRead);
}

/** The recording, or capture, in the bytes of a file, which may have been edited: what contradicts itself is refused. @throws RecordingError */
export function recordingIn(bytes: Buffer, path: string): Recording {
  if (!isJson(bytes)) {
    const capture = captureOf(bytes, path);
    if (capture !== undefined) return capture;
    throw new RecordingError(
      `${path}: is no recording, and no capture of an event stream: it has no line that begins with data:, event: or a colon. Give recording.har of a run, or what curl -N saved.`,
    );
  }
  return soundRecording(bytes.toString('utf8'), path);
}

function isJson(bytes: Buffer): boolean {
  return /^(?:\ufeff|\xef\xbb\xbf)?\s*[{[]/.test(bytes.toString('latin1', 0, 64));
}

function soundRecording(text: string, path: string): Recording {
  const recording = parseRecording(text, path);
  const contradiction = recording.capture === undefined ? contradictionIn(recording, readSuite()) : undefined;
  if (contradiction !== undefined)
    throw new RecordingError(
      `${path}: contradicts itself at ${contradiction}. Give the recording as the suite wrote it.`,
    );
  return recording;
}

/** The recording in the text of a HAR or a journal; `path` names it in messages. @throws RecordingError */
export function parseRecording(text: string, path: string): Recording {
  const recording = isJournal(text) ? readJournal(path, text) : readHar(path, text);
  if (recording?.format !== RECORDING_FORMAT)
    throw new RecordingError(
      `${path}: its format is ${quotedJson(recording?.format)}, and this version reads ${RECORDING_FORMAT}. Judge it with the version of the suite that wrote it (${recording?.suite?.version ?? 'unknown'}).`,
    );
  validator ??= new Ajv2020({ strict: true, allowUnionTypes: true, verbose: true }).compile<Recording>(recordingSchema);
  if (validator(recording)) return recording;
  const { instancePath = '', message = 'is no recording', data, params = {} } = validator.errors?.[0] ?? {};
  const allowed = 'allowedValues' in params ? `: ${params.allowedValues.join(', ')}` : '';
  throw new RecordingError(
    `${path}: damaged at ${placeInFile(instancePath)}: ${quotedJson(data)} ${message}${allowed}. Give a recording as the suite wrote it.`,
  );
}

let validator: ValidateFunction<Recording> | undefined;

/** `/exchanges/3/id` of the recording in memory stands in `log.entries[3]._exchange.id` of the file. */
function placeInFile(pointer: string): string {
  const [, index, member = ''] = /^\/exchanges\/(\d+)(.*)$/.exec(pointer) ?? [];
  const from = index === undefined ? `log._recording${pointer}` : `log.entries[${index}]._exchange${member}`;
  return from.replace(/\/(\d+)/g, '[$1]').replaceAll('/', '.');
}

function quotedJson(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return (text.length > 60 ? `${text.slice(0, 59)}…` : text).replace(/[^\x20-\x7e…]/g, '?');
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
    throw new RecordingError(
      `${path}: is neither a HAR file nor a journal, but other JSON, such as an error that was answered. Give the recording.har of an earlier run.`,
    );
  const capture = '_recording' in log ? undefined : captureOfHar(har, path);
  if (capture !== undefined) return capture;
  if (!('_recording' in log))
    throw new RecordingError(
      `${path}: is a HAR file that this suite did not write, and no GET …/v3/avatar-realtime/{stream_id}/words in it has a body. Save it when the stream is over, with its content, or give what curl -N saved.`,
    );
  try {
    return fromHar(har);
  } catch (error) {
    throw new RecordingError(
      `${path}: is damaged (${(error as Error).message}). Give the recording.har as the suite wrote it.`,
    );
  }
}
