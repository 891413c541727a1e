/** One setting of the operator's interface. Help, `.env.example`, parsing and suggestions all come from these rows. */
export interface Option {
  readonly name: OptionName;
  readonly kind: OptionKind;
  /** What it decides, in a sentence or two, for `--help` and `.env.example`. */
  readonly meaning: string;
  readonly group: OptionGroup;
  readonly example: string;
  /** As written in `.env`; absent where there is none. */
  readonly fallback?: string | undefined;
}

export type OptionKind =
  | { readonly type: 'text' | 'url' | 'credential' | 'switch' | 'list' | 'file' | 'folder' }
  | { readonly type: 'choice'; readonly values: readonly string[] }
  /** `above`: the value must be greater; `least`, `most`: inclusive bounds. */
  | {
      readonly type: 'number';
      readonly above?: number;
      readonly least?: number;
      readonly most: number;
      readonly whole?: true;
    };

type Row = readonly [kind: OptionKind, meaning: string, example: string, fallback?: string];

/** `WORDS_BASE_URL` with this value asks for the embedded reference server by name. */
export const EMBEDDED = 'embedded';

const TEXT = { type: 'text' } as const;
const CREDENTIAL = { type: 'credential' } as const;
const SWITCH = { type: 'switch' } as const;
const LIST = { type: 'list' } as const;
const FILE = { type: 'file' } as const;

const GROUPS = {
  Target: {
    WORDS_BASE_URL: [
      { type: 'url' },
      `The target, with any path prefix. Unset, or "${EMBEDDED}": the embedded reference server.`,
      'https://api.example.com',
    ],
    WORDS_API_KEY: [
      CREDENTIAL,
      'Sent as x-api-key. A remote target needs this, a bearer token, or (better) both.',
      'key',
    ],
    WORDS_BEARER_TOKEN: [CREDENTIAL, 'Sent as Authorization: Bearer.', 'token'],
    WORDS_OTHER_API_KEY: [CREDENTIAL, 'The key of a second account, for auth.isolation.', 'key'],
    WORDS_PRODUCT: [TEXT, 'What the target is, for whoever reads the report: its name.', 'Example Avatars'],
    WORDS_PRODUCT_VERSION: [TEXT, 'The version or build of it that was certified.', '12.3'],
    WORDS_ENVIRONMENT: [TEXT, 'Where it runs.', 'staging'],
  },
  Sessions: {
    WORDS_SESSION: [
      { type: 'choice', values: ['create', 'ids', 'command'] },
      'How sessions come about: create (POST /v3/avatar-realtime), ids (you give them), command (a program prints one). ' +
        'Unset: command if a command is given; ids if stream ids are given and no avatar; else create.',
      'create',
    ],
    WORDS_AVATAR_ID: [TEXT, 'For create: the avatar that speaks.', 'avatar_1'],
    WORDS_VOICE_ID: [TEXT, 'For create: the voice it speaks with.', 'voice_1'],
    WORDS_SESSION_TYPE: [
      { type: 'choice', values: ['text_stream', 'tts'] },
      'For create: text_stream appends text for as long as the probes need, and no longer; tts speaks one fixed script.',
      'tts',
      'text_stream',
    ],
    WORDS_LIVE_STREAM_ID: [TEXT, 'For ids: a session that speaks, or is about to.', 'stream_1'],
    WORDS_COMPLETED_STREAM_ID: [
      LIST,
      'Completed sessions to read as well, in every mode: one, or several with commas.',
      'stream_2,stream_3',
    ],
    WORDS_SESSION_COMMAND: [
      TEXT,
      'For command: a program that starts a session and prints {"stream_id": "…", "script": "…"?}.',
      './start-session',
    ],
    WORDS_SESSION_COMMAND_ENV: [
      LIST,
      'Variables that the session command gets beside PATH, HOME and their like and the settings that are no secrets; without it no credential reaches the command.',
      'WORDS_API_KEY,VENDOR_TOKEN',
    ],
    WORDS_UNKNOWN_STREAM_ID: [
      TEXT,
      'An id, in the form of the target’s, that names no session: for targets whose ids the run cannot imitate (check digits). Unset: made up.',
      'stream_0',
    ],
    WORDS_SCRIPT: [
      TEXT,
      'The text to speak where the run creates the session; otherwise the text that the given session speaks.',
      'Hello, my name is Ada.',
    ],
    WORDS_CHALLENGE: [
      TEXT,
      'Words from a certifying authority, spoken at the end of the script: they prove that the recording is younger than they are. ' +
        'A session command finds them in its environment; a session given by its id must have been started with them.',
      'amber river candle orange',
    ],
  },
  Judging: {
    WORDS_BURST: [
      SWITCH,
      'Allow the burst, bounded in count and time, that provokes a 429 for the rate-limit requirements.',
      '1',
      '0',
    ],
    WORDS_PROFILE: [
      { type: 'choice', values: ['core', 'full'] },
      'What "conformant" takes. core: every requirement of the core was verified and held. full: every MUST was, also those ' +
        'that need a second account, a burst, a known script or an earlier recording.',
      'full',
      'core',
    ],
    WORDS_UNWATCHED: [
      SWITCH,
      'Allow a second session, of about five seconds, that nobody subscribes to while it speaks, for snapshot.unwatched.',
      '1',
      '0',
    ],
    WORDS_STRICT: [SWITCH, 'Warnings fail.', '1', '0'],
    WORDS_WAIVERS: [FILE, 'Known breaches that are accepted until a date (YAML).', 'waivers.yaml'],
    WORDS_RECORDING: [FILE, 'Judge this earlier recording; send nothing.', 'reports/out/recording.har'],
    WORDS_EARLIER_RECORDING: [
      FILE,
      'An earlier recording of a session that this run reads again, for snapshot.durable. Without WORDS_COMPLETED_STREAM_ID the run reads the sessions that it holds.',
      'march/recording.har',
    ],
    WORDS_REQUIREMENTS: [
      TEXT,
      'Judge by a frozen set of requirements (openapi/requirement-sets); those that came later are shown, and not scored.',
      '2026-11',
    ],
    WORDS_CONTRACT: [FILE, 'Another version of the contract.', 'external-api-next.yaml', 'openapi/external-api.yaml'],
  },
  Limits: {
    WORDS_END_CLOSE_SECONDS: [
      { type: 'number', above: 0, most: 3600 },
      'How long after its end event a response may stay open (ending.closes), in seconds.',
      '5',
      '5',
    ],
    WORDS_TIME_CAP_TOLERANCE: [
      { type: 'number', least: 0, most: 10 },
      'What the "~" adds to the one second that a batch may span (batching.time-cap), in seconds.',
      '0.1',
      '0.1',
    ],
    WORDS_MAX_SECONDS: [
      { type: 'number', above: 0, most: 7200 },
      'Bound of one subscription, in seconds.',
      '60',
      '300',
    ],
    WORDS_MAX_RUN_SECONDS: [
      { type: 'number', above: 0, most: 14400 },
      'Bound of the whole run, in seconds. Unset: the longest that the session may speak, and a minute (--plan says how long that is).',
      '120',
    ],
    WORDS_MAX_BYTES: [
      { type: 'number', least: 1024, most: 2 ** 30, whole: true },
      'Bound of one body, in bytes. A one-hour session takes about 1 MB.',
      '16777216',
      '16777216',
    ],
    WORDS_SPEED: [
      { type: 'number', above: 0, most: 1000 },
      'Of the embedded reference server: seconds of speech in a second of time.',
      '8',
      '8',
    ],
  },
  Reports: {
    WORDS_BASELINE: [
      FILE,
      'An earlier run (results.json, recording or submission): the reports say what changed since, and to what it is due.',
      'yesterday/results.json',
    ],
    WORDS_OUT: [
      { type: 'folder' },
      'Where reports go. Two runs with different folders do not disturb each other.',
      'reports/out/staging',
      'reports/out',
    ],
    WORDS_PLAYWRIGHT_REPORT: [
      SWITCH,
      'Let Playwright show the judgement as its own HTML report, too, after the verdict.',
      '0',
      '1',
    ],
  },
} as const satisfies Readonly<Record<string, Readonly<Record<`WORDS_${string}`, Row>>>>;

type OptionGroup = keyof typeof GROUPS;
export type OptionName = { [Group in OptionGroup]: keyof (typeof GROUPS)[Group] }[OptionGroup];

export const OPTIONS: readonly Option[] = Object.entries(GROUPS).flatMap(([group, rows]) =>
  Object.entries<Row>(rows).map(([name, [kind, meaning, example, fallback]]) => ({
    name: name as OptionName,
    group: group as OptionGroup,
    kind,
    meaning,
    example,
    fallback,
  })),
);

export const OPTION_GROUPS = Object.keys(GROUPS) as readonly OptionGroup[];

export function isOptionName(name: string): name is OptionName {
  return OPTIONS.some((option) => option.name === name);
}

/** `WORDS_BASE_URL` → `base-url`: the flag without its dashes. */
export function flagName(name: OptionName): string {
  return name.slice('WORDS_'.length).toLowerCase().replaceAll('_', '-');
}

export function optionCalled(name: OptionName): Option {
  const option = OPTIONS.find((row) => row.name === name);
  if (option === undefined) throw new TypeError(`${name} is no option`);
  return option;
}

/** A secret is never shown in a message, a log or a report. */
export function isSecret(name: OptionName): boolean {
  return optionCalled(name).kind.type === 'credential';
}

/** The row's default, as written in `.env`. */
export function fallbackOf(name: OptionName): string | undefined {
  return optionCalled(name).fallback;
}
