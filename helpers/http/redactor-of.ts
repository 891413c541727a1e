import { Redactor } from '../recording/redact.ts';
import type { Secret } from '../recording/secret-forms.ts';
import type { Settings } from '../settings/settings.ts';
import { credentialsOf } from './credentials.ts';

/** Replaces all that a run with these settings must not write down. */
export function redactorOf(settings: Pick<Settings, 'apiKey' | 'bearerToken' | 'otherApiKey'>): Redactor {
  return new Redactor([...credentialsOf(settings).secrets, ...proxySecrets()]);
}

/** Errors about a proxy may repeat its address; the user of a proxy may be a token. */
function proxySecrets(): readonly Secret[] {
  const urls = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'].map((name) => process.env[name] ?? '');
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
