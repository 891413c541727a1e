/** One setting of the operator's interface. Help, `.env.example`, parsing and suggestions all come from these rows. */
export interface Option {
  readonly name: `WORDS_${string}`;
  readonly kind: OptionKind;
  /** What it decides, in a sentence or two, for `--help` and `.env.example`. */
  readonly meaning: string;
  readonly group: OptionGroup;
  /** As written in `.env`; absent where there is none. */
  readonly fallback?: string;
  /** Never shown in a message, a log or a report. */
  readonly secret?: true;
  /** What a value looks like, for `--help` and `.env.example`. */
  readonly example: string;
}

export type OptionKind =
  | { readonly type: 'text' }
  | { readonly type: 'url' }
  | { readonly type: 'credential' }
  | { readonly type: 'switch' }
  | { readonly type: 'choice'; readonly values: readonly string[] }
  | { readonly type: 'list' }
  | { readonly type: 'file' }
  | { readonly type: 'folder' }
  /** `above`: the value must be greater; `least`, `most`: inclusive bounds. */
  | {
      readonly type: 'number';
      readonly above?: number;
      readonly least?: number;
      readonly most: number;
      readonly whole?: true;
    };

export const OPTION_GROUPS = ['Target', 'Sessions', 'Judging', 'Limits', 'Reports'] as const;
type OptionGroup = (typeof OPTION_GROUPS)[number];

/** `WORDS_BASE_URL` with this value asks for the embedded reference server by name. */
export const EMBEDDED = 'embedded';

export const OPTIONS = [
  {
    name: 'WORDS_BASE_URL',
    kind: { type: 'url' },
    group: 'Target',
    meaning: `The target, with any path prefix. Unset, or "${EMBEDDED}": the embedded reference server.`,
    example: 'https://api.example.com',
  },
  {
    name: 'WORDS_API_KEY',
    kind: { type: 'credential' },
    group: 'Target',
    meaning: 'Sent as x-api-key. A remote target needs this, a bearer token, or (better) both.',
    secret: true,
    example: 'key',
  },
  {
    name: 'WORDS_BEARER_TOKEN',
    kind: { type: 'credential' },
    group: 'Target',
    meaning: 'Sent as Authorization: Bearer.',
    secret: true,
    example: 'token',
  },
  {
    name: 'WORDS_OTHER_API_KEY',
    kind: { type: 'credential' },
    group: 'Target',
    meaning: 'The key of a second account, for auth.isolation.',
    secret: true,
    example: 'key',
  },
  {
    name: 'WORDS_PRODUCT',
    kind: { type: 'text' },
    group: 'Target',
    meaning: 'What the target is, for whoever reads the report: its name.',
    example: 'Example Avatars',
  },
  {
    name: 'WORDS_PRODUCT_VERSION',
    kind: { type: 'text' },
    group: 'Target',
    meaning: 'The version or build of it that was certified.',
    example: '12.3',
  },
  {
    name: 'WORDS_ENVIRONMENT',
    kind: { type: 'text' },
    group: 'Target',
    meaning: 'Where it runs.',
    example: 'staging',
  },
  {
    name: 'WORDS_SESSION',
    kind: { type: 'choice', values: ['create', 'ids', 'command'] },
    group: 'Sessions',
    meaning:
      'How sessions come about: create (POST /v3/avatar-realtime), ids (you give them), command (a program prints one). ' +
      'Unset: command if a command is given; ids if stream ids are given and no avatar; else create.',
    example: 'create',
  },
  {
    name: 'WORDS_AVATAR_ID',
    kind: { type: 'text' },
    group: 'Sessions',
    meaning: 'For create: the avatar that speaks.',
    example: 'avatar_1',
  },
  {
    name: 'WORDS_VOICE_ID',
    kind: { type: 'text' },
    group: 'Sessions',
    meaning: 'For create: the voice it speaks with.',
    example: 'voice_1',
  },
  {
    name: 'WORDS_SESSION_TYPE',
    kind: { type: 'choice', values: ['text_stream', 'tts'] },
    group: 'Sessions',
    meaning:
      'For create: text_stream appends text for as long as the probes need, and no longer; tts speaks one fixed script.',
    fallback: 'text_stream',
    example: 'tts',
  },
  {
    name: 'WORDS_LIVE_STREAM_ID',
    kind: { type: 'text' },
    group: 'Sessions',
    meaning: 'For ids: a session that speaks, or is about to.',
    example: 'stream_1',
  },
  {
    name: 'WORDS_COMPLETED_STREAM_ID',
    kind: { type: 'list' },
    group: 'Sessions',
    meaning: 'Completed sessions to read as well, in every mode: one, or several with commas.',
    example: 'stream_2,stream_3',
  },
  {
    name: 'WORDS_SESSION_COMMAND',
    kind: { type: 'text' },
    group: 'Sessions',
    meaning: 'For command: a program that starts a session and prints {"stream_id": "…", "script": "…"?}.',
    example: './start-session',
  },
  {
    name: 'WORDS_SESSION_COMMAND_ENV',
    kind: { type: 'list' },
    group: 'Sessions',
    meaning:
      'Variables that the session command gets beside PATH, HOME and their like and the settings that are no secrets; without it no credential reaches the command.',
    example: 'WORDS_API_KEY,VENDOR_TOKEN',
  },
  {
    name: 'WORDS_UNKNOWN_STREAM_ID',
    kind: { type: 'text' },
    group: 'Sessions',
    meaning:
      'An id, in the form of the target’s, that names no session: for targets whose ids the run cannot imitate (check digits). Unset: made up.',
    example: 'stream_0',
  },
  {
    name: 'WORDS_SCRIPT',
    kind: { type: 'text' },
    group: 'Sessions',
    meaning: 'The text to speak where the run creates the session; otherwise the text that the given session speaks.',
    example: 'Hello, my name is Ada.',
  },
  {
    name: 'WORDS_CHALLENGE',
    kind: { type: 'text' },
    group: 'Sessions',
    meaning:
      'Words from a certifying authority, spoken at the end of the script: they prove that the recording is younger than they are. ' +
      'A session command finds them in its environment; a session given by its id must have been started with them.',
    example: 'amber river candle orange',
  },
  {
    name: 'WORDS_BURST',
    kind: { type: 'switch' },
    group: 'Judging',
    meaning: 'Allow the burst, bounded in count and time, that provokes a 429 for the rate-limit requirements.',
    fallback: '0',
    example: '1',
  },
  {
    name: 'WORDS_PROFILE',
    kind: { type: 'choice', values: ['core', 'full'] },
    group: 'Judging',
    meaning:
      'What "conformant" takes. core: every requirement of the core was verified and held. full: every MUST was, also those ' +
      'that need a second account, a burst, a known script or an earlier recording.',
    fallback: 'core',
    example: 'full',
  },
  {
    name: 'WORDS_UNWATCHED',
    kind: { type: 'switch' },
    group: 'Judging',
    meaning:
      'Allow a second session, of about five seconds, that nobody subscribes to while it speaks, for snapshot.unwatched.',
    fallback: '0',
    example: '1',
  },
  {
    name: 'WORDS_STRICT',
    kind: { type: 'switch' },
    group: 'Judging',
    meaning: 'Warnings fail.',
    fallback: '0',
    example: '1',
  },
  {
    name: 'WORDS_WAIVERS',
    kind: { type: 'file' },
    group: 'Judging',
    meaning: 'Known breaches that are accepted until a date (YAML).',
    example: 'waivers.yaml',
  },
  {
    name: 'WORDS_RECORDING',
    kind: { type: 'file' },
    group: 'Judging',
    meaning: 'Judge this earlier recording; send nothing.',
    example: 'reports/out/recording.har',
  },
  {
    name: 'WORDS_EARLIER_RECORDING',
    kind: { type: 'file' },
    group: 'Judging',
    meaning:
      'An earlier recording of a session that this run reads again, for snapshot.durable. Without WORDS_COMPLETED_STREAM_ID the run reads the sessions that it holds.',
    example: 'march/recording.har',
  },
  {
    name: 'WORDS_REQUIREMENTS',
    kind: { type: 'text' },
    group: 'Judging',
    meaning:
      'Judge by a frozen set of requirements (openapi/requirement-sets); those that came later are shown, and not scored.',
    example: '2026-11',
  },
  {
    name: 'WORDS_CONTRACT',
    kind: { type: 'file' },
    group: 'Judging',
    meaning: 'Another version of the contract.',
    fallback: 'openapi/external-api.yaml',
    example: 'external-api-next.yaml',
  },
  {
    name: 'WORDS_END_CLOSE_SECONDS',
    kind: { type: 'number', above: 0, most: 3600 },
    group: 'Limits',
    meaning: 'How long after its end event a response may stay open (ending.closes), in seconds.',
    fallback: '5',
    example: '5',
  },
  {
    name: 'WORDS_TIME_CAP_TOLERANCE',
    kind: { type: 'number', least: 0, most: 10 },
    group: 'Limits',
    meaning: 'What the "~" adds to the one second that a batch may span (batching.time-cap), in seconds.',
    fallback: '0.1',
    example: '0.1',
  },
  {
    name: 'WORDS_MAX_SECONDS',
    kind: { type: 'number', above: 0, most: 7200 },
    group: 'Limits',
    meaning: 'Bound of one subscription, in seconds.',
    fallback: '300',
    example: '60',
  },
  {
    name: 'WORDS_MAX_RUN_SECONDS',
    kind: { type: 'number', above: 0, most: 14400 },
    group: 'Limits',
    meaning:
      'Bound of the whole run, in seconds. Unset: the longest that the session may speak, and a minute (--plan says how long that is).',
    example: '120',
  },
  {
    name: 'WORDS_MAX_BYTES',
    kind: { type: 'number', least: 1024, most: 2 ** 30, whole: true },
    group: 'Limits',
    meaning: 'Bound of one body, in bytes. A one-hour session takes about 1 MB.',
    fallback: '16777216',
    example: '16777216',
  },
  {
    name: 'WORDS_SPEED',
    kind: { type: 'number', above: 0, most: 1000 },
    group: 'Limits',
    meaning: 'Of the embedded reference server: seconds of speech in a second of time.',
    fallback: '8',
    example: '8',
  },
  {
    name: 'WORDS_BASELINE',
    kind: { type: 'file' },
    group: 'Reports',
    meaning:
      'An earlier run (results.json, recording or submission): the reports say what changed since, and to what it is due.',
    example: 'yesterday/results.json',
  },
  {
    name: 'WORDS_OUT',
    kind: { type: 'folder' },
    group: 'Reports',
    meaning: 'Where reports go. Two runs with different folders do not disturb each other.',
    fallback: 'reports/out',
    example: 'reports/out/staging',
  },
  {
    name: 'WORDS_PLAYWRIGHT_REPORT',
    kind: { type: 'switch' },
    group: 'Reports',
    meaning: 'Let Playwright show the judgement as its own HTML report, too, after the verdict.',
    fallback: '1',
    example: '0',
  },
] as const satisfies readonly Option[];

export type OptionName = (typeof OPTIONS)[number]['name'];

export function isOptionName(name: string): name is OptionName {
  return OPTIONS.some((option) => option.name === name);
}

/** `WORDS_BASE_URL` → `base-url`: the flag without its dashes. */
export function flagName(name: OptionName): string {
  return name.slice('WORDS_'.length).toLowerCase().replaceAll('_', '-');
}

/** Whether a value for this setting may be shown. */
export function isSecret(name: OptionName): boolean {
  return OPTIONS.some((option) => option.name === name && 'secret' in option);
}

/** The row's default, as written in `.env`. */
export function fallbackOf(name: OptionName): string | undefined {
  const row: Option | undefined = OPTIONS.find((option) => option.name === name);
  return row?.fallback;
}
