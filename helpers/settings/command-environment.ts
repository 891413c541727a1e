import type { Environment } from './environment.ts';
import { isOptionName, isSecret } from './options.ts';

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
