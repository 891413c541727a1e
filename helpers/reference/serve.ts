import { once } from 'node:events';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { demoAccounts, type ReferenceOptions } from './options.ts';
import type { Account } from './pipeline.ts';
import { startReference } from './server.ts';

/** Under the names of the flags. */
type Flags = Required<Pick<ReferenceOptions, 'port' | 'host' | 'speed' | 'rateLimit' | 'pathPrefix'>> & {
  readonly account: readonly Account[];
  readonly store?: string;
  readonly maxSessions: number;
  readonly idle: number;
  readonly startDelay: number;
  readonly heartbeat: number;
};

/** Serves until `signal` or a mistake ends it. Resolves with the exit code. */
export async function serveReference(argv: readonly string[], signal: AbortSignal): Promise<number> {
  try {
    const { account, store, maxSessions, idle, startDelay, heartbeat, ...options } = readFlags(argv);
    const server = await startReference({
      ...options,
      accounts: account.length > 0 ? account : demoAccounts,
      ...(store === undefined ? {} : { storeFolder: store }),
      maxConcurrentSessions: maxSessions,
      idleSeconds: idle,
      startDelaySeconds: startDelay,
      heartbeatSeconds: heartbeat,
      onError: (error) => console.error(error),
    });
    console.log(howToCall(server.baseUrl, account.length === 0));
    if (!signal.aborted) await once(signal, 'abort');
    await server.close();
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

function readFlags(argv: readonly string[]): Flags {
  return new Command('npm run reference --')
    .description('Serves the reference implementation of the avatar realtime words stream until it is stopped.')
    .option('--port <number>', 'port to listen on; 0 takes a free one', numberIn(0, 65_535), 8787)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--speed <factor>', 'seconds of audio per second', numberIn(0.1, 1000), 1)
    .option(
      '--account <name:apiKey[:bearerToken]>',
      'an account and its credentials; may be repeated (default: demo and other)',
      readAccount,
      [],
    )
    .option('--store <folder>', 'keep sessions here, over restarts and crashes (default: in memory only)')
    .option(
      '--rate-limit <requests/seconds>',
      'per account and kind of credential, e.g. 60/10; or off',
      readLimit,
      'off',
    )
    .option('--max-sessions <number>', 'sessions that an account may run at the same time', numberIn(1, 10_000), 3)
    .option('--idle <seconds>', 'a text_stream session ends after so long without text', numberIn(0.1, 3600), 30)
    .option('--start-delay <seconds>', 'from the creation of a session to its first sound', numberIn(0, 600), 0.5)
    .option('--heartbeat <seconds>', 'a comment is sent after so long a silence', numberIn(0.01, 3600), 15)
    .option('--path-prefix <path>', 'goes before /v3, e.g. /staging', readPrefix, '')
    .exitOverride()
    .parse([...argv], { from: 'user' })
    .opts<Flags>();
}

/** Credentials that the operator gave are not printed. */
function howToCall(baseUrl: string, demo: boolean): string {
  const [account] = demoAccounts;
  const key = demo ? (account?.apiKeys[0] ?? '') : '<an --account key>';
  return `Reference server: ${baseUrl}

KEY='${key}'${demo ? '   # or the header "authorization: Bearer demo-token"; a second account has other-key, other-token' : ''}
curl -s ${baseUrl}/v3/avatar-realtime -H "x-api-key: $KEY" -H 'content-type: application/json' \\
  -d '{"type":"tts","text":"Hello, world! This is the reference voice."}'
STREAM_ID=…   # from the answer
curl -N ${baseUrl}/v3/avatar-realtime/$STREAM_ID/words -H "x-api-key: $KEY"
curl -s ${baseUrl}/v3/avatar-realtime/$STREAM_ID -H "x-api-key: $KEY"

Certify it: WORDS_BASE_URL=${baseUrl} WORDS_API_KEY=${demo ? key : '…'} WORDS_AVATAR_ID=any WORDS_VOICE_ID=any npm run certify
Stop it with Ctrl-C.`;
}

/** For a flag whose value is a number. */
export function numberIn(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (text.trim() === '' || !(number >= least && number <= most))
      throw new InvalidArgumentError(`Give a number from ${least} to ${most}.`);
    return number;
  };
}

function readAccount(text: string, before: readonly Account[]): readonly Account[] {
  const [name, apiKey, bearerToken, ...more] = text.split(':');
  if (!name || !apiKey || more.length > 0)
    throw new InvalidArgumentError('Give name:apiKey or name:apiKey:bearerToken.');
  return [...before, { name, apiKeys: [apiKey], bearerTokens: bearerToken ? [bearerToken] : [] }];
}

function readLimit(text: string): NonNullable<ReferenceOptions['rateLimit']> {
  if (text === 'off') return 'off';
  const [, max, seconds] = /^(\d{1,6})\/(\d{1,5}(?:\.\d{1,3})?)$/.exec(text) ?? [];
  if (!Number(max) || !Number(seconds)) throw new InvalidArgumentError('Give requests/seconds such as 60/10, or off.');
  return { max: Number(max), windowSeconds: Number(seconds) };
}

function readPrefix(text: string): string {
  if (!/^(?:\/[A-Za-z0-9._~-]+)*\/?$/.test(text)) throw new InvalidArgumentError('Give a path such as /staging.');
  return text;
}
