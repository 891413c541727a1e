import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { loadRequirements } from '../../../helpers/contract/requirements.ts';
import { RecordingError, recordingIn } from '../../../helpers/recording/load.ts';
import type { Recording } from '../../../helpers/recording/recording.ts';
import { changedSettings } from '../../../helpers/results/changed-settings.ts';
import { judgedBy } from '../../../helpers/results/judged-by.ts';
import { testSettings } from '../probes/support.ts';
import { contract } from '../support/reports.ts';
import { judged } from '../support/runs.ts';

// biome-ignore lint/suspicious/noExplicitAny: what somebody may have edited has no type.
type Edited = any;

const TEXT = gunzipSync(readFileSync(new URL('fixtures/broken.har.gz', import.meta.url))).toString();
const rules = { contract, requirements: loadRequirements() };

function edited(edit: (log: Edited, entry: (id: string) => Edited) => void): Recording {
  const har = JSON.parse(TEXT);
  edit(har.log, (id) => har.log.entries.find((one: Edited) => one._exchange.id === id));
  return recordingIn(Buffer.from(JSON.stringify(har)), 'foreign.har');
}

const CONTRADICTIONS: readonly (readonly [string, Parameters<typeof edited>[0], RegExp])[] = [
  [
    'another origin',
    (_, of) => {
      of('first')._exchange.request.url = of('first').request.url = 'https://evil.test/v3/avatar-realtime/x/words';
    },
    /log\.entries\[1\] \("first"\): "https:\/\/evil\.test.*not of the target/,
  ],
  [
    'another stream',
    (_, of) => {
      of('late')._exchange.streamId = 'other';
    },
    /it says that it asked for "other"/,
  ],
  [
    'a HAR part that differs',
    (_, of) => {
      of('first').response.status = 500;
    },
    /log\.entries\[1\]\.response\.status is not what _exchange says/,
  ],
  [
    'a refusal without a credential that carries one',
    (_, of) => {
      const header = { name: 'x-api-key', value: '$WORDS_API_KEY' };
      of('auth.missing/live').request.headers.push(header);
      of('auth.missing/live')._exchange.request.headers.push(['x-api-key', '$WORDS_API_KEY']);
    },
    /carried no credential, and has "x-api-key"/,
  ],
  [
    'a wrong key that is the right one',
    (_, of) => {
      const last = of('auth.invalid/wrong-api-key/live');
      last.request.headers.at(-1).value = '$WORDS_API_KEY';
      last._exchange.request.headers.at(-1)[1] = '$WORDS_API_KEY';
    },
    /says that it carried wrong-api-key/,
  ],
  [
    'supersededBy without a 429',
    (_, of) => {
      of('late')._exchange.supersededBy = 'first';
    },
    /supersededBy stands beside the status 200/,
  ],
  [
    'speed 0',
    (log) => {
      log._recording.settings.speed = 0;
    },
    /log\._recording\.settings\.speed: 0 must be > 0/,
  ],
  [
    'a speed of a target that is not embedded',
    (log) => {
      log._recording.settings.speed = 8;
    },
    /settings\.speed: 8, and only the embedded server/,
  ],
  [
    'a role that is none',
    (_, of) => {
      of('late')._exchange.purpose.role = '__proto__';
    },
    /_exchange\.purpose\.role: "__proto__" must be equal to one of the allowed values: first, /,
  ],
  [
    'a credential that is none',
    (_, of) => {
      of('late')._exchange.credential = 'magic';
    },
    /_exchange\.credential: "magic" must be equal to one of/,
  ],
  [
    'times that go back',
    (_, of) => {
      of('first')._arrivals[1][0] = 0;
    },
    /_arrivals\[1\] is at 0 s, and what precedes it/,
  ],
  [
    'ids that stand twice',
    (_, of) => {
      of('late')._exchange.id = 'first';
    },
    /the id "first" is that of log\.entries\[1\], too/,
  ],
  [
    'a date that is none',
    (log) => {
      log._recording.startedAt = 'yesterday';
    },
    /log\._recording\.startedAt: "yesterday" is no date/,
  ],
  [
    'an end before the start',
    (log) => {
      log._recording.finishedAt = '2020-01-01T00:00:00.000Z';
    },
    /finishedAt: 2020.* is before startedAt/,
  ],
  [
    'a version that does not exist',
    (log) => {
      log._recording.suite.version = '9.9.9';
    },
    /suite\.version: "9\.9\.9" is no version up to/,
  ],
  [
    'an embedded server elsewhere',
    (log) => {
      log._recording.settings.sessionMode = 'embedded';
      log._recording.target.baseUrl = 'https://api.example.com';
    },
    /the embedded server stands on this machine/,
  ],
  [
    'a member that is missing',
    (log) => {
      delete log._recording.settings.burst;
    },
    /log\._recording\.settings: .* must have required property 'burst'/,
  ],
];

for (const [name, edit, message] of CONTRADICTIONS) {
  test(`a recording with ${name} is refused with its place`, () => {
    const load = () => edited(edit);
    expect(load).toThrow(RecordingError);
    expect(load).toThrow(message);
  });
}

test('nothing in the file loosens a rule: the settings are those of the one who judges', () => {
  const lenient = edited((log) => {
    Object.assign(log._recording.settings, { timeCapToleranceSeconds: 10, endCloseSeconds: 3600, strict: true });
  });
  const { settings } = judgedBy(testSettings(), lenient, rules);
  expect(settings).toMatchObject({ timeCapToleranceSeconds: 0.1, endCloseSeconds: 5, strict: false });
  const fast = { ...lenient, settings: { ...lenient.settings, sessionMode: 'embedded' as const, speed: 20 } };
  expect(() => judgedBy(testSettings({ speed: 8 }), fast, rules)).toThrow(
    /settings\.speed is 20, and WORDS_SPEED is 8/,
  );
  const failure = { cause: 'x', message: 'x', remedy: 'x', requirement: 'no.such' };
  expect(() => judgedBy(testSettings(), { ...lenient, failure }, rules)).toThrow(/"no\.such", which is no requirement/);
  const other = { ...lenient, contract: { ...lenient.contract, sha256: 'ab'.repeat(32) } };
  expect(() => judgedBy(testSettings(), other, rules)).toThrow(/contract\.sha256 is abababababab/);
  expect(judgedBy(testSettings({ contractPath: '/next.yaml' }), other, rules)).toBeDefined();
});

test('settings that are not the default are named, in the verdict, too', () => {
  const recording = edited(() => {});
  expect(changedSettings(recording.settings)).toEqual([]);
  const settings = { ...recording.settings, timeCapToleranceSeconds: 0.2 };
  expect(changedSettings(settings)).toEqual([{ name: 'WORDS_TIME_CAP_TOLERANCE', value: '0.2', fallback: '0.1' }]);
  expect(judged({ ...recording, settings }).reason).toMatch(
    / Judged with WORDS_TIME_CAP_TOLERANCE=0\.2 \(default 0\.1\)\.$/,
  );
  const trusting = { ...recording.settings, trustsAnyCertificate: true };
  expect(judged({ ...recording, settings: trusting }).reason).toMatch(
    / Judged with NODE_TLS_REJECT_UNAUTHORIZED=0 \(default 1\)\. No certificate was checked/,
  );
});

test('1,000 mutations of a recording: an outcome or one clear line, and no check throws', () => {
  let state = 20261127;
  const random = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const VALUES = [
    null,
    true,
    -1,
    0,
    1.5,
    1e308,
    2 ** 53,
    '',
    '__proto__',
    'x'.repeat(300),
    '\u0000\ud800',
    [],
    {},
    [[]],
    'constructor',
  ];
  const whole = JSON.parse(TEXT);
  // Small, so that a thousand are quick: one exchange of each kind, and half of a stream.
  const kept = /^(session-create|first|late|snapshot|auth\.missing\/live|errors\.not-found|session-status-1)$/;
  whole.log.entries = whole.log.entries.filter((entry: Edited) => kept.test(entry._exchange.id));
  const text = JSON.stringify(whole);
  let refused = 0;
  for (let count = 0; count < 1000; count++) {
    let mutated = text;
    if (count % 4 === 0) {
      const at = random(text.length);
      mutated = text.slice(0, at) + String.fromCharCode(random(256)) + text.slice(at + random(3));
    } else {
      const har = JSON.parse(text);
      mutate(har, random, VALUES);
      mutated = JSON.stringify(har);
    }
    try {
      const { requirements } = judged(recordingIn(Buffer.from(mutated), 'mutated.har'));
      expect(requirements.filter(({ outcome }) => outcome === 'error').map(({ reason }) => reason)).toEqual([]);
    } catch (error) {
      if (!(error instanceof RecordingError)) throw error;
      refused++;
      expect(error.message).toMatch(/^mutated\.har: [^\n]{20,600}$/);
    }
  }
  expect(refused).toBeGreaterThan(200);
  expect(refused).toBeLessThan(1000);
});

/** Replaces, removes or doubles one member, somewhere. */
function mutate(root: Edited, random: (below: number) => number, values: readonly unknown[]): void {
  let parent = root.log;
  let key: string | number = random(3) === 0 ? '_recording' : 'entries';
  for (;;) {
    const child: Edited = parent[key];
    const keys: readonly string[] = child !== null && typeof child === 'object' ? Object.keys(child) : [];
    if (keys.length === 0 || random(6) === 0) break;
    parent = child;
    key = keys[random(keys.length)] ?? '';
  }
  const kind = random(4);
  if (kind === 0) delete parent[key];
  else if (kind === 1 && Array.isArray(parent)) parent.push(parent[0]);
  else parent[key] = values[random(values.length)];
}
