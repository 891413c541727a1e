import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { newChallenge, readChallenge, writeChallenge } from '../../../helpers/evidence/challenge.ts';
import { splitScript, withChallenge } from '../../../helpers/probes/script.ts';
import { runSessionCommand } from '../../../helpers/probes/session-command.ts';
import { tokenize } from '../../../helpers/reference/tokens.ts';

test('challenges differ, hold no word twice, and know when they were issued', () => {
  const now = new Date('2026-11-25T10:00:00Z');
  const challenges = Array.from({ length: 50 }, () => newChallenge(now));
  expect(new Set(challenges.map(({ words }) => words.join(' '))).size).toBe(50);
  for (const { words, issuedAt } of challenges) {
    expect(new Set(words).size).toBe(8);
    expect(issuedAt).toBe('2026-11-25T10:00:00.000Z');
    expect(tokenize(words.join(' '))).toEqual(words);
  }
});

test('a challenge is read as it was written, and never overwritten', () => {
  const folder = mkdtempSync(join(tmpdir(), 'words-challenge-'));
  try {
    const path = join(folder, 'challenge.json');
    const challenge = newChallenge();
    writeChallenge(path, challenge);
    expect(readChallenge(path)).toEqual(challenge);
    expect(() => writeChallenge(path, newChallenge())).toThrow(/EEXIST/);
    writeFileSync(path, JSON.stringify({ ...challenge, words: ['one'] }));
    expect(() => readChallenge(path)).toThrow(/challenge\.json is wrong at \/words/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the words are spoken last, in a sentence of their own', () => {
  expect(withChallenge('Hello, Ada. ', 'amber river')).toBe('Hello, Ada. amber river.');
  expect(splitScript(withChallenge('Hello, Ada.', 'amber river'))).toEqual(['Hello, Ada. ', 'amber river.']);
  expect(withChallenge('Hello.', undefined)).toBe('Hello.');
});

test('a session command finds the words in its environment', async () => {
  const command = `printf '{"stream_id":"s","script":"%s"}' "$WORDS_CHALLENGE"`;
  const challenge = 'amber river';
  expect(await runSessionCommand(command, new AbortController().signal, { env: {}, challenge })).toEqual({
    streamId: 's',
    script: challenge,
  });
});
