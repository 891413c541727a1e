import { Redactor } from '../recording/redact.ts';
import type { Secret } from '../recording/secret-forms.ts';
import type { Settings } from '../settings/settings.ts';
import { type CredentialSettings, credentialsOf } from './credentials.ts';
import { PROXY_VARIABLES } from './proxies.ts';

type Redacted = CredentialSettings & Partial<Pick<Settings, 'session' | 'baseUrl'>>;

export function redactorOf(settings: Redacted): Redactor {
  return new Redactor([
    ...credentialsOf(settings).secrets,
    ...proxySecrets(),
    ...commandSecrets(settings),
    ...keysIn(settings.baseUrl ?? ''),
  ]);
}

/** What the session command is given by name may be a secret that it repeats in its output. */
function commandSecrets({ session }: Redacted): readonly Secret[] {
  if (session?.mode !== 'command') return [];
  return session.named.map((name) => ({ kinds: ['none'], value: session.env[name] ?? '', placeholder: `$${name}` }));
}

/** A segment of the base URL's path that has letters and digits and is long, or the value of a matrix parameter, may be a key. */
function keysIn(baseUrl: string): readonly Secret[] {
  const path = /^https?:\/\/[^/]*\/(.*)$/.exec(baseUrl)?.[1] ?? '';
  return path
    .split(/[/;]/)
    .map((part) => (part.includes('=') ? part.slice(part.indexOf('=') + 1) : part.length < 16 ? '' : part))
    .filter((part) => /\d/.test(part) && /[a-z]/i.test(part))
    .map((value) => ({ kinds: ['none'], value, placeholder: '$WORDS_BASE_URL' }));
}

/** Errors about a proxy may repeat its address; the user of a proxy may be a token. */
function proxySecrets(): readonly Secret[] {
  const urls = PROXY_VARIABLES.map((name) => process.env[name] ?? '');
  return urls.flatMap((url) => {
    if (!URL.canParse(url)) return [];
    const { username, password } = new URL(url);
    return [username, password].map((value) => ({
      kinds: ['none'],
      value: decoded(value),
      placeholder: '$PROXY_PASSWORD',
    }));
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
