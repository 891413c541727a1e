import { expect, test } from '@playwright/test';
import type { EarlierWords } from '../../../helpers/recording/recording.ts';
import type { Settings } from '../../../helpers/settings/settings.ts';
import { API_KEY, BEARER } from '../probes/support.ts';
import { type RawAnswer, rawServer } from '../support/hostile.ts';
import { batch, END, jsonAnswer, streamAnswer } from './hostile-target.ts';
import { certifyAt, resultIn } from './support.ts';

const WORDS = [
  ['Hello', 0.1, 0.4],
  [',', 0.4, 0.45],
  ['Ada', 0.5, 0.8],
  ['.', 0.8, 0.85],
] as const;

const refusal = (status: number) =>
  jsonAnswer(status, { error: { code: 'refused', message: 'It says no.', param: null, doc_url: null } });
const SERVED = streamAnswer(`${batch(WORDS.map(([word, start, end]) => ({ word, start, end })))}${END}`);
/** The words of each session; of others it knows nothing. */
const SESSIONS: Readonly<Record<string, RawAnswer>> = {
  served: SERVED,
  forbidden: refusal(403),
  broken: refusal(500),
  json: jsonAnswer(200, { words: [] }),
};
type Command = Extract<Settings['session'], { mode: 'command' }>;
const COMMAND: Command = {
  mode: 'command',
  command: `echo '{"stream_id":"unknown"}'`,
  env: { PATH: process.env.PATH ?? '' },
  named: [],
};

const FORBIDDEN: Command = { ...COMMAND, command: `echo '{"stream_id":"forbidden"}'` };

interface Case {
  readonly live?: string | Command;
  readonly completed?: readonly string[];
  /** Sessions that an earlier recording holds. */
  readonly earlier?: readonly string[];
  /** What the target tells of every session. */
  readonly status?: string;
  readonly verdict: string;
  readonly broken?: readonly string[];
  /** Why a rule about live sessions is left open, and what to do. */
  readonly open?: RegExp;
}

const cases: Readonly<Record<string, Case>> = {
  'none is known': { completed: ['unknown'], verdict: 'error' },
  'none is open': { completed: ['forbidden'], earlier: ['forbidden'], verdict: 'error' },
  'one is known': {
    live: 'unknown',
    completed: ['served'],
    verdict: 'incomplete',
    open: /does not know .*Check WORDS_LIVE_STREAM_ID/,
  },
  'one is open': {
    live: 'forbidden',
    completed: ['forbidden', 'served'],
    verdict: 'incomplete',
    open: /not for this session.*Check WORDS_LIVE_STREAM_ID/,
  },
  'a completed one is broken': {
    completed: ['broken', 'served'],
    verdict: 'non-conformant',
    broken: ['snapshot.served'],
  },
  'the live one is broken': {
    live: 'broken',
    completed: ['served'],
    verdict: 'non-conformant',
    broken: ['http.status'],
  },
  'one is unknown, and one broken': {
    completed: ['unknown', 'broken'],
    verdict: 'non-conformant',
    broken: ['http.status'],
  },
  'one is unknown, and one no stream': {
    completed: ['unknown', 'json'],
    verdict: 'non-conformant',
    broken: ['http.content-type'],
  },
  'one is unknown, and one lost': {
    live: 'unknown',
    completed: ['lost'],
    earlier: ['lost'],
    verdict: 'non-conformant',
    broken: ['snapshot.served', 'snapshot.durable'],
  },
  'one is lost, and one broken': {
    completed: ['lost', 'broken'],
    earlier: ['lost'],
    verdict: 'non-conformant',
    broken: ['http.status', 'snapshot.served', 'snapshot.durable'],
  },
  'the command names one that is known': {
    live: COMMAND,
    status: 'completed',
    verdict: 'non-conformant',
    broken: ['http.status'],
  },
  'one is not open, and one lost': {
    completed: ['lost', 'forbidden'],
    earlier: ['lost', 'forbidden'],
    verdict: 'non-conformant',
    broken: ['snapshot.served', 'snapshot.durable'],
  },
  'the command names one that is forbidden': {
    live: FORBIDDEN,
    status: 'streaming',
    verdict: 'error',
  },
  'the command names one that failed': { live: COMMAND, status: 'error', verdict: 'error' },
};

for (const [name, { live, completed = [], earlier = [], status, verdict, broken = [], open }] of Object.entries(cases))
  test(`of the sessions that the run was given, ${name}: ${[verdict, ...broken].join(', ')}`, async () => {
    await using target = await rawServer((socket, head) => {
      const isGranted = head.includes(`x-api-key: ${API_KEY}\r`) || head.includes(`authorization: Bearer ${BEARER}\r`);
      const [, id = '', isWords] = /^GET \/v3\/avatar-realtime\/([^/ ]+)(\/words)? /.exec(head) ?? [];
      const known = isWords ? SESSIONS[id] : status && jsonAnswer(200, { data: { stream_id: id, status } });
      (isGranted ? known || refusal(404) : refusal(401))(socket, head);
    });
    const { baseUrl } = target;
    const session: Settings['session'] =
      typeof live === 'object' ? live : { mode: 'ids', ...(live === undefined ? {} : { liveStreamId: live }) };
    const words = earlier.map(
      (streamId): EarlierWords => ({ streamId, baseUrl, recordedAt: '2026-11-01T00:00:00Z', words: WORDS }),
    );
    const { assessment } = await certifyAt(baseUrl, { session, completedStreamIds: completed }, { earlier: words });
    const failed = assessment.requirements.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id);
    expect({ verdict: assessment.verdict, failed }).toEqual({ verdict, failed: broken });
    // One that is served is read, whatever became of the others.
    if (completed.includes('served')) expect(resultIn(assessment, 'snapshot.stable').outcome).toBe('pass');
    const { outcome, reason, remedy } = resultIn(assessment, 'replay.concurrent');
    if (open) expect(`${outcome}: ${reason} ${remedy}`).toMatch(new RegExp(`^inconclusive: .*${open.source}`));
  });
