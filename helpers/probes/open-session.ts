import { streamIdProblem } from '../settings/parse-option.ts';
import { createFailure, RunStopped } from './preflight.ts';
import type { ProbeOutcome } from './probe.ts';
import type { Run } from './run.ts';
import { BUILT_IN_SCRIPT, splitScript, UNWATCHED_SCRIPT, withChallenge } from './script.ts';
import { dataOf, type LiveInput, SESSIONS, SpokenSession } from './session.ts';
import { runSessionCommand } from './session-command.ts';

/** The live session as the settings say; null where they name none. @throws RunStopped, Interrupted */
export async function openSession(run: Run, signal: AbortSignal): Promise<SpokenSession | null> {
  const { session, challenge } = run.settings;
  if (session.mode === 'create') {
    const { type, script } = session;
    const given =
      script === undefined
        ? ([BUILT_IN_SCRIPT.opening, withChallenge(BUILT_IN_SCRIPT.closing, challenge)] as const)
        : splitScript(withChallenge(script, challenge));
    const [opening, closing] = type === 'tts' ? [given.join(''), ''] : given;
    const open = type === 'text_stream';
    const extensions = open && script === undefined ? BUILT_IN_SCRIPT.extensions : [];
    const streamId = await create(run, 'session-create', type, opening);
    return new SpokenSession(run, { streamId, origin: 'create', open, closing, extensions }, opening);
  }
  if (session.mode === 'ids') {
    if (session.liveStreamId === undefined) return null;
    return new SpokenSession(run, fixed(session.liveStreamId, 'ids'), session.script);
  }
  const redact = (text: string) => run.journal.redactor.text(text);
  const printed = await runSessionCommand(session.command, signal, { env: session.env, challenge, redact });
  if ('problem' in printed)
    throw new RunStopped({
      failure: {
        cause: 'command',
        message: printed.problem,
        remedy:
          'Run the command of WORDS_SESSION_COMMAND by hand: it must print {"stream_id": "…"} and exit with 0. Of the environment it gets what WORDS_SESSION_COMMAND_ENV names.',
      },
    });
  return new SpokenSession(run, fixed(printed.streamId, 'command'), printed.script ?? session.script);
}

/** A second session, of a few seconds, that nobody subscribes to while it speaks. @throws RunStopped, Interrupted */
export async function openUnwatchedSession(run: Run): Promise<SpokenSession> {
  const streamId = await create(run, 'unwatched-create', 'tts', UNWATCHED_SCRIPT);
  return new SpokenSession(run, { ...fixed(streamId, 'create'), name: 'unwatched' }, UNWATCHED_SCRIPT);
}

async function create(run: Run, id: string, type: 'tts' | 'text_stream', text: string): Promise<string> {
  const { session } = run.settings;
  const { avatarId, voiceId } = session.mode === 'create' ? session : { avatarId: '', voiceId: '' };
  const send = (as: string) =>
    run.send({
      id: as,
      purpose: { kind: 'session', step: 'create' },
      credential: run.primary,
      path: SESSIONS,
      method: 'POST',
      body: JSON.stringify({ type, avatar_id: avatarId || 'embedded', voice_id: voiceId || 'embedded', text }),
      priority: 0,
      outlivesInterruption: true,
    });
  let outcome = await send(id);
  const isRefused = outcome.response?.status === 401 || outcome.response?.status === 403;
  if (isRefused && run.secondary && !run.interrupted) {
    run.refuse();
    outcome = await send(`${id}-again`);
  }
  return streamIdOf(run, outcome);
}

async function streamIdOf(run: Run, outcome: ProbeOutcome): Promise<string> {
  const named = dataOf(outcome)?.stream_id;
  // How the target writes its ids in JSON is not certified.
  const streamId = Number.isSafeInteger(named) ? String(named) : named;
  const status = outcome.response?.status ?? 0;
  const created = status >= 200 && status <= 299;
  if (!created || typeof streamId !== 'string' || streamId === '') {
    // The answer may have been cut, or broken off, behind the id of a session that bills.
    const opened = created ? /"stream_id"\s*:\s*"([\w.~-]+)"/.exec(outcome.text)?.[1] : undefined;
    if (opened !== undefined && streamIdProblem(opened) === undefined)
      await new SpokenSession(run, fixed(opened, 'create'), undefined).cancel();
    throw new RunStopped({ failure: createFailure(run.shown(outcome), run.baseUrl) });
  }
  const problem = streamIdProblem(streamId);
  if (problem === undefined) return streamId;
  throw new RunStopped({
    failure: {
      cause: 'create',
      message: `The answer to POST ${SESSIONS} names a session ${JSON.stringify(streamId)}: that ${problem}.`,
      remedy:
        'Let the target name its sessions so that the name can stand in a path: nothing was asked about this one.',
    },
  });
}

function fixed(streamId: string, origin: LiveInput['origin']): LiveInput {
  return { streamId, origin, open: false, closing: '', extensions: [] };
}
