import { COMMAND } from '../suite.ts';

const SHORT = COMMAND.replace(/ --$/, '');

/** Below the flags, in the help of the command line. */
export const AFTERWORD = `
Every setting is a variable (WORDS_BASE_URL), which may stand in .env, and a flag (--base-url); a flag goes first, then the
environment, then .env. "${COMMAND} settings" prints them all. Credentials: variables, or flags that name a file (--api-key
@key.txt) or standard input (--api-key -). HTTPS_PROXY, NO_PROXY and NODE_EXTRA_CA_CERTS work as in Node and curl.

Exit codes: 0 conformant, 1 non-conformant, 2 incomplete, 3 error (configuration or the suite itself).

Examples:
  ${SHORT}
  WORDS_API_KEY=… ${COMMAND} --base-url https://api.example.com --avatar-id … --voice-id …
  ${COMMAND} --base-url https://api.example.com --session ids --live-stream-id … --completed-stream-id …
  ${COMMAND} judge reports/out/recording.har
`;
