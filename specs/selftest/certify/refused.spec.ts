import { expect, test } from '@playwright/test';
import type { Refusal } from '../../../helpers/reference/pipeline.ts';
import { startReference } from '../../../helpers/reference/server.ts';
import { defaultStages } from '../../../helpers/reference/stages.ts';
import { ACCOUNTS, API_KEY } from '../probes/support.ts';
import { certify } from '../support/certify.ts';
import { hostileTarget, textAnswer } from '../targets/hostile-target.ts';

// What the command says of an answer that refuses a request which ought to be granted.

for (const [status, header] of [
  [404, 'Age: 120'],
  [401, 'X-Cache: HIT'],
] as const)
  test(`a ${status} with "${header}" in place of the words is told as one from a cache`, async () => {
    await using server = await hostileTarget({
      words: textAnswer(status, 'application/json', '{"error":{"code":"x","message":"No."}}', header),
    });
    const { code, output } = await certify([], {
      WORDS_BASE_URL: server.baseUrl,
      WORDS_API_KEY: API_KEY,
      WORDS_AVATAR_ID: 'a',
      WORDS_VOICE_ID: 'v',
      WORDS_OUT: test.info().outputPath('out'),
    });
    expect(output).toContain(`${status} ("No."), from a cache (${header})`);
    expect(code).toBe(1);
  });

for (const [status, code] of [
  [403, 1],
  [429, 2],
] as const)
  test(`a target that answers ${status} to everything once it has refused three credentials: its message is told`, async () => {
    const banned: Refusal = {
      reason: 'rate-limit',
      status,
      code: 'rate_limit_exceeded',
      message: 'Too many failed attempts.',
      headers: { 'retry-after': '3600' },
    };
    let refused = 0;
    const server = await startReference({
      accounts: ACCOUNTS,
      stages: {
        access: async (request, tools) => {
          if (refused === 3) return { refused: banned };
          if (request.identity === null) refused++;
          return defaultStages.access(request, tools);
        },
      },
    });
    const run = await certify([], {
      WORDS_BASE_URL: server.baseUrl,
      WORDS_API_KEY: API_KEY,
      WORDS_COMPLETED_STREAM_ID: await server.addCompletedSession({ text: 'Seven, eight, nine.' }),
      WORDS_OUT: test.info().outputPath('out'),
    });
    expect(run.output).toContain(`answered ${status} ("Too many failed attempts.")`);
    expect(run.code).toBe(code);
    await server.close();
  });
