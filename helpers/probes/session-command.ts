import { spawn } from 'node:child_process';
import { streamIdProblem } from '../settings/parse-option.ts';

export type CommandAnswer =
  | { readonly streamId: string; readonly script?: string }
  /** What went wrong, in a sentence, with the end of what the command wrote to stderr. */
  | { readonly problem: string };

interface CommandOptions {
  readonly env: Readonly<Record<string, string>>;
  /** What the session has to say at its end: the command finds it in WORDS_CHALLENGE. */
  readonly challenge?: string | undefined;
  readonly limitSeconds?: number;
  /** What is told of its output goes through this before it is cut. */
  readonly redact?: (text: string) => string;
}

/** Of what the command prints, its first and its last part of this length are read. */
const KEPT_OUTPUT = 2 ** 19;
/** Of one that prints for ever. */
const MOST_OUTPUT = 2 ** 24;
/** So much is kept that what is told of it holds whole credentials, which can be replaced. */
const STDERR_KEPT = 2 ** 16;
const STDERR_TAIL = 600;
const OUTPUT_TAIL = 200;
/** What the command wrote before it exited has arrived by then; a child that it left behind may hold its output open. */
const AFTER_EXIT_MILLISECONDS = 250;

/**
 * Runs the operator's command in a shell and reads `{"stream_id": "…", "script": "…"?}` from its standard output. It is
 * over when it exits, whatever it leaves behind. With all that it started it is killed at `limitSeconds`, when it prints
 * without end, and when `signal` fires.
 */
export async function runSessionCommand(
  command: string,
  signal: AbortSignal,
  { env: given, challenge, limitSeconds = 60, redact = (text) => text }: CommandOptions,
): Promise<CommandAnswer> {
  const env = { ...given, ...(challenge === undefined ? {} : { WORDS_CHALLENGE: challenge }) };
  // A process group of its own, so that what the shell starts goes with it.
  const child = spawn(command, { shell: true, detached: true, stdio: ['ignore', 'pipe', 'pipe'], env });
  let killedFor = '';
  const release = () => {
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const kill = (reason: string) => {
    killedFor ||= reason;
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
    // What escaped the group may still hold the pipes.
    release();
  };
  const stdout = new Ends();
  let stderr = '';
  let length = 0;
  const count = (text: string) => {
    length += text.length;
    if (length > MOST_OUTPUT) kill(`printed more than ${MOST_OUTPUT / 2 ** 20} MB and did not come to an end`);
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout.push(text);
    count(text);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT);
    count(text);
  });
  const timer = setTimeout(() => kill(`took longer than ${limitSeconds} s`), limitSeconds * 1000);
  const abort = () => kill('was stopped with the run');
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  child.once('exit', () => {
    clearTimeout(timer);
    setTimeout(release, AFTER_EXIT_MILLISECONDS).unref();
  });
  const ended = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be started (${error.message})`));
    child.once('close', (code, by) =>
      resolve(code === 0 ? '' : code === null ? `was ended by ${by}` : `exited with ${code}`),
    );
  });
  clearTimeout(timer);
  signal.removeEventListener('abort', abort);
  const told = printable(redact(stderr)).slice(-STDERR_TAIL);
  const tail = told === '' ? '' : `; it said: ${told}`;
  if (killedFor || ended) return { problem: `The session command ${killedFor || ended}${tail}.` };
  const printed = printable(redact(stdout.text)).slice(-OUTPUT_TAIL) || 'nothing';
  const answer = parseAnswer(stdout.text) ?? {
    problem: `The session command printed no {"stream_id": "…"}; it printed: ${printed}${tail}.`,
  };
  const wrong = 'streamId' in answer ? streamIdProblem(answer.streamId) : undefined;
  if (wrong === undefined || 'problem' in answer) return answer;
  return { problem: `The session command printed the stream id ${JSON.stringify(answer.streamId)}, which ${wrong}.` };
}

/** The beginning and the end of a text of any length. */
class Ends {
  #head = '';
  #tail = '';

  push(text: string): void {
    const room = KEPT_OUTPUT - this.#head.length;
    this.#head += text.slice(0, room);
    if (text.length > room) this.#tail = (this.#tail + text.slice(room)).slice(-KEPT_OUTPUT);
  }

  get text(): string {
    return this.#head + this.#tail;
  }
}

/** The whole output as JSON, or else its last line that is: commands often print more than they should. */
function parseAnswer(stdout: string): CommandAnswer | undefined {
  const lines = stdout.split('\n').reverse();
  for (const text of [stdout, ...lines]) {
    try {
      const answer = unwrapped(JSON.parse(text));
      if (answer === null || typeof answer !== 'object' || !('stream_id' in answer)) continue;
      if (typeof answer.stream_id !== 'string' || answer.stream_id === '') continue;
      const script = 'script' in answer && typeof answer.script === 'string' ? { script: answer.script } : {};
      return { streamId: answer.stream_id, ...script };
    } catch {
      // Not this line.
    }
  }
  return undefined;
}

/** What the API answers to who creates a session holds the id in `data`. */
function unwrapped(answer: unknown): unknown {
  const isObject = answer !== null && typeof answer === 'object';
  return isObject && 'data' in answer && !('stream_id' in answer) ? answer.data : answer;
}

function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
