import { COMMAND } from '../suite.ts';

/** Below the flags, in the help of the command line. */
export const AFTERWORD = `
Every flag of a setting has a variable, which may stand in the environment or in .env: --base-url is
WORDS_BASE_URL. A flag goes before the environment, the environment before .env. Give credentials as variables:
a flag shows in the list of processes.

From the environment too, as Node and curl know them: HTTP_PROXY, HTTPS_PROXY and NO_PROXY (also in .env), and
NODE_EXTRA_CA_CERTS, the file of a private certificate authority (not in .env: Node reads it when it starts).

Exit codes: 0 conformant, 1 non-conformant, 2 incomplete, 3 error (configuration or the suite itself).

Examples:
  ${COMMAND.replace(/ --$/, '')}
  WORDS_API_KEY=… ${COMMAND} --base-url https://api.example.com --avatar-id … --voice-id …
  ${COMMAND} --base-url https://api.example.com --session ids --completed-stream-id …
  ${COMMAND} --recording reports/out/recording.har --out reports/out/again
  ${COMMAND} --plan --json
`;
