import { PROXY_VARIABLES, proxyProblem } from '../http/proxies.ts';
import { isLoopback } from '../recording/price.ts';
import type { Product } from '../recording/recording.ts';
import { type Environment, withDotenv } from './environment.ts';
import { type Mistake, mistakeIn, SettingsError, unknownNames } from './mistakes.ts';
import { EMBEDDED, isOptionName, isSecret, OPTIONS } from './options.ts';
import { outFolder, outMistakes } from './out-folder.ts';
import {
  parseBaseUrl,
  parseCredential,
  parseList,
  parseStreamId,
  parseStreamIds,
  parseSwitch,
  parseWords,
} from './parse-option.ts';
import { Reader } from './reader.ts';
import type { SessionSettings, Settings } from './settings.ts';

/** The published contract takes 9 KB; parsed, a text takes twenty times its size. */
const MOST_YAML_BYTES = 4 * 2 ** 20;

/**
 * The operator's settings: environment over `.env` of the folder `cwd`, against which paths are resolved too. An empty
 * variable is an unset one. Throws {@link SettingsError} with every mistake.
 */
export function readSettings(env: Environment, cwd: string): Settings {
  const merged = withDotenv(env, cwd);
  const reader = new Reader(merged, cwd);
  const baseUrl = reader.parsed('WORDS_BASE_URL', parseBaseUrl);
  const recordingPath = reader.file('WORDS_RECORDING');
  const remote = typeof baseUrl === 'string' && recordingPath === undefined;
  const settings: Settings = {
    baseUrl: baseUrl ?? null,
    ...present({
      apiKey: reader.parsed('WORDS_API_KEY', parseCredential),
      bearerToken: reader.parsed('WORDS_BEARER_TOKEN', parseCredential),
      otherApiKey: reader.parsed('WORDS_OTHER_API_KEY', parseCredential),
      product: productOf(reader),
      profile: reader.choice('WORDS_PROFILE', 'core') === 'full' ? ('full' as const) : undefined,
      challenge: reader.parsed('WORDS_CHALLENGE', parseWords),
      unknownStreamId: reader.parsed('WORDS_UNKNOWN_STREAM_ID', parseStreamId),
      maxRunSeconds: reader.optionalNumber('WORDS_MAX_RUN_SECONDS'),
      waiversPath: reader.file('WORDS_WAIVERS', MOST_YAML_BYTES),
      recordingPath,
      earlierRecordingPath: reader.file('WORDS_EARLIER_RECORDING'),
      contractPath: reader.file('WORDS_CONTRACT', MOST_YAML_BYTES),
      requirementSet: reader.text('WORDS_REQUIREMENTS'),
      baselinePath: reader.file('WORDS_BASELINE'),
    }),
    session: sessionOf(reader, remote, merged),
    completedStreamIds: reader.parsed('WORDS_COMPLETED_STREAM_ID', parseStreamIds) ?? [],
    burst: reader.parsed('WORDS_BURST', parseSwitch) ?? false,
    unwatched: reader.parsed('WORDS_UNWATCHED', parseSwitch) ?? false,
    strict: reader.parsed('WORDS_STRICT', parseSwitch) ?? false,
    maxSeconds: reader.number('WORDS_MAX_SECONDS'),
    maxBytes: reader.number('WORDS_MAX_BYTES'),
    endCloseSeconds: reader.number('WORDS_END_CLOSE_SECONDS'),
    timeCapToleranceSeconds: reader.number('WORDS_TIME_CAP_TOLERANCE'),
    speed: reader.number('WORDS_SPEED'),
    playwrightReport: reader.parsed('WORDS_PLAYWRIGHT_REPORT', parseSwitch) ?? true,
    out: outFolder(merged, cwd),
  };
  reader.mistakes.push(
    ...unknownNames(Object.keys(merged)),
    ...credentialMistakes(reader, settings, remote),
    ...(remote ? proxyMistakes(merged) : []),
    ...(baseUrl === undefined && recordingPath === undefined ? strayTargetSettings(reader) : []),
    ...outMistakes(reader.text('WORDS_OUT'), settings.out),
  );
  if (reader.mistakes.length > 0) throw new SettingsError(inTableOrder(reader.mistakes));
  return settings;
}

function productOf(reader: Reader): Product | undefined {
  const product = present({
    name: reader.text('WORDS_PRODUCT'),
    version: reader.text('WORDS_PRODUCT_VERSION'),
    environment: reader.text('WORDS_ENVIRONMENT'),
  });
  return Object.keys(product).length === 0 ? undefined : product;
}

function sessionOf(reader: Reader, remote: boolean, env: Environment): SessionSettings {
  const script = reader.text('WORDS_SCRIPT');
  const live = reader.parsed('WORDS_LIVE_STREAM_ID', parseStreamId);
  const completed = reader.text('WORDS_COMPLETED_STREAM_ID');
  const command = reader.text('WORDS_SESSION_COMMAND');
  const avatarId = reader.text('WORDS_AVATAR_ID');
  const voiceId = reader.text('WORDS_VOICE_ID');
  const spoken = present({ script });
  const earlier = remote ? reader.text('WORDS_EARLIER_RECORDING') : undefined;
  const reads = completed ?? earlier;
  const hasIds = live !== undefined || (reads !== undefined && avatarId === undefined && voiceId === undefined);
  const mode = reader.choice('WORDS_SESSION', command !== undefined ? 'command' : hasIds ? 'ids' : 'create');
  if (mode === 'ids') {
    if (remote && live === undefined && reads === undefined)
      reader.missing(
        'WORDS_LIVE_STREAM_ID',
        'is not set, and WORDS_SESSION=ids needs a session to read',
        'Set WORDS_LIVE_STREAM_ID, WORDS_COMPLETED_STREAM_ID, or both.',
      );
    return { mode, ...present({ liveStreamId: live }), ...spoken };
  }
  if (mode === 'command') {
    if (remote && command === undefined)
      reader.missing(
        'WORDS_SESSION_COMMAND',
        'is not set, and WORDS_SESSION=command needs it',
        'Set it to a program that starts a session and prints {"stream_id": "…"}.',
      );
    const named = reader.parsed('WORDS_SESSION_COMMAND_ENV', parseList) ?? [];
    const unset = named.find((name) => env[name] === undefined);
    if (unset !== undefined)
      reader.missing(
        'WORDS_SESSION_COMMAND_ENV',
        `names ${unset}, which is not set`,
        'Set it, or take it from the list.',
      );
    return { mode, command: command ?? '', env: commandEnvironment(env, named), named, ...spoken };
  }
  if (remote && reader.isSound('WORDS_SESSION'))
    for (const [name, value] of [
      ['WORDS_AVATAR_ID', avatarId],
      ['WORDS_VOICE_ID', voiceId],
    ] as const)
      if (value === undefined)
        reader.missing(
          name,
          'is not set, and a session cannot be created without it',
          'Set it, or give sessions another way: WORDS_SESSION=ids or WORDS_SESSION=command.',
        );
  const type = reader.choice('WORDS_SESSION_TYPE', 'text_stream') === 'tts' ? 'tts' : 'text_stream';
  return { mode: 'create', type, avatarId: avatarId ?? '', voiceId: voiceId ?? '', ...spoken };
}

/** What programs need of any environment, and what the network asks for. Windows spells some in small letters. */
const ORDINARY =
  /^(PATH|PATHEXT|HOME|USER|LOGNAME|SHELL|COMSPEC|PWD|TERM|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|TEMP|TMP|SYSTEMROOT|SYSTEMDRIVE|WINDIR|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMDATA|HTTPS?_PROXY|NO_PROXY|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR))$/i;

/**
 * The environment of the session command: what any program needs, the settings that are no secrets, and what the operator
 * names. So no credential of the suite or of the CI job reaches a program that was not meant to have it.
 */
export function commandEnvironment(env: Environment, named: readonly string[]): Readonly<Record<string, string>> {
  const passed = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      (ORDINARY.test(entry[0]) || named.includes(entry[0]) || (isOptionName(entry[0]) && !isSecret(entry[0]))),
  );
  return Object.fromEntries(passed);
}

const SHORTEST_CREDENTIAL = 8;

function credentialMistakes(reader: Reader, settings: Settings, remote: boolean): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  const given = reader.text('WORDS_API_KEY') !== undefined || reader.text('WORDS_BEARER_TOKEN') !== undefined;
  if (remote && !given)
    mistakes.push(
      mistakeIn(
        'WORDS_API_KEY',
        undefined,
        'is not set, and a remote target needs a credential',
        'Set WORDS_API_KEY, or WORDS_BEARER_TOKEN, or both.',
      ),
    );
  for (const [name, value] of [
    ['WORDS_API_KEY', settings.apiKey],
    ['WORDS_BEARER_TOKEN', settings.bearerToken],
    ['WORDS_OTHER_API_KEY', settings.otherApiKey],
  ] as const)
    if (remote && value !== undefined && value.length < SHORTEST_CREDENTIAL && !isLoopback(settings.baseUrl ?? ''))
      mistakes.push(
        mistakeIn(
          name,
          value,
          'is shorter than eight characters: so short a value stands in ordinary text, and could not be kept out of the reports',
          'Give a longer credential. On this machine (127.0.0.1, localhost) any length will do.',
        ),
      );
  if (settings.otherApiKey !== undefined && settings.otherApiKey === settings.apiKey)
    mistakes.push(
      mistakeIn(
        'WORDS_OTHER_API_KEY',
        undefined,
        'is the same key as WORDS_API_KEY',
        'Give a key of a second account, or unset it.',
      ),
    );
  return mistakes;
}

/** The value is not repeated: it may hold a password. */
function proxyMistakes(env: Environment): readonly Mistake[] {
  return PROXY_VARIABLES.flatMap((name) => {
    const wrong = env[name] ? proxyProblem(env[name]) : undefined;
    return wrong ? [{ name, message: wrong.problem, remedy: wrong.remedy }] : [];
  });
}

/** Settings of a remote target without its URL would certify the embedded server in its place. */
function strayTargetSettings(reader: Reader): readonly Mistake[] {
  if (reader.text('WORDS_BASE_URL') !== undefined) return [];
  const strays = (
    [
      'WORDS_API_KEY',
      'WORDS_BEARER_TOKEN',
      'WORDS_LIVE_STREAM_ID',
      'WORDS_COMPLETED_STREAM_ID',
      'WORDS_SESSION_COMMAND',
    ] as const
  ).filter((name) => reader.text(name) !== undefined);
  if (strays.length === 0) return [];
  return [
    mistakeIn(
      'WORDS_BASE_URL',
      undefined,
      `is not set, yet ${strays.join(', ')} ${strays.length === 1 ? 'is' : 'are'}`,
      `Set it to the target. WORDS_BASE_URL=${EMBEDDED} judges the embedded reference server all the same.`,
    ),
  ];
}

/** The members that are not undefined. */
function present<Members extends object>(
  members: Members,
): { [Name in keyof Members]?: Exclude<Members[Name], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Members]?: Exclude<Members[Name], undefined>;
  };
}

function inTableOrder(mistakes: readonly Mistake[]): readonly Mistake[] {
  const place = (name: string): number => {
    const index = OPTIONS.findIndex((option) => option.name === name);
    return index === -1 ? OPTIONS.length : index;
  };
  return [...mistakes].sort((one, other) => place(one.name) - place(other.name));
}
