import { spawn } from 'node:child_process';

export type CommandAnswer =
  | { readonly streamId: string; readonly script?: string }
  /** What went wrong, in a sentence, with the end of what the command wrote to stderr. */
  | { readonly problem: string };

const MOST_OUTPUT = 2 ** 20;
/** So much is kept that what is told of it holds whole credentials, which can be replaced. */
const STDERR_KEPT = 2 ** 16;
const STDERR_TAIL = 600;

/**
 * Runs the operator's command in a shell and reads `{"stream_id": "…", "script": "…"?}` from its standard output. The
 * command, with all that it started, is killed at `limitSeconds` and when `signal` fires. It finds `challenge` in WORDS_CHALLENGE.
 * What is told of its standard error goes through `redact` before it is cut.
 */
export async function runSessionCommand(
  command: string,
  signal: AbortSignal,
  options: {
    readonly limitSeconds?: number;
    readonly challenge?: string | undefined;
    readonly redact?: (text: string) => string;
  } = {},
): Promise<CommandAnswer> {
  const { limitSeconds = 60, challenge, redact = (text: string) => text } = options;
  // A process group of its own, so that what the shell starts goes with it.
  const env = { ...process.env, ...(challenge === undefined ? {} : { WORDS_CHALLENGE: challenge }) };
  const child = spawn(command, { shell: true, detached: true, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (stdout.length < MOST_OUTPUT) stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT);
  });
  let killedFor = '';
  const kill = (reason: string) => {
    killedFor ||= reason;
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
    // What escaped the group may still hold the pipes.
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const timer = setTimeout(() => kill(`took longer than ${limitSeconds} s`), limitSeconds * 1000);
  const abort = () => kill('was stopped with the run');
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
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
  return parseAnswer(stdout) ?? { problem: `The session command printed no {"stream_id": "…"}${tail}.` };
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
