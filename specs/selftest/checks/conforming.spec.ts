import { expect, test } from '@playwright/test';
import { blocked, broken, judged, runOf } from '../support/runs.ts';

test('a conforming run breaks nothing, leaves nothing unverified, and is conformant', () => {
  const recording = runOf();
  expect(broken(recording)).toEqual([]);
  expect(blocked(recording)).toEqual([]);
  const { verdict, requirements } = judged(recording);
  expect(verdict).toBe('conformant');
  for (const { id, outcome, observations } of requirements) {
    expect(outcome, id).toBe('pass');
    expect(observations, id).toBeGreaterThan(0);
  }
});

test('judging the same recording twice gives the same assessment', () => {
  const recording = runOf();
  expect(JSON.stringify(judged(recording))).toBe(JSON.stringify(judged(recording)));
});
