import { expect, test } from '@playwright/test';
import type { TimedWord } from '../../../helpers/reference/pipeline.ts';
import type { ServerClock } from '../../../helpers/reference/session.ts';
import { RunningSession, type SpeakingSettings } from '../../../helpers/reference/session.ts';
import type { SessionJournal } from '../../../helpers/reference/store.ts';
import { speak } from '../../../helpers/reference/voice.ts';

/** Time moves when a test says so; an alarm may go off late. */
class TestClock implements ServerClock {
  time = 1000;
  #alarm: { readonly time: number; readonly callback: () => void } | undefined;

  now(): number {
    return this.time;
  }

  at(time: number, callback: () => void): () => void {
    const alarm = { time, callback };
    this.#alarm = alarm;
    return () => {
      if (this.#alarm === alarm) this.#alarm = undefined;
    };
  }

  get nextAlarm(): number | undefined {
    return this.#alarm?.time;
  }

  /** Lets alarms go off, each so much after its time, until `time`. */
  runTo(time: number, lateness = 0): void {
    while (this.#alarm && this.#alarm.time + lateness <= time) {
      this.time = Math.max(this.time, this.#alarm.time + lateness);
      const { callback } = this.#alarm;
      this.#alarm = undefined;
      callback();
    }
    this.time = Math.max(this.time, time);
  }
}

class TestJournal implements SessionJournal {
  readonly lines: unknown[] = [];
  full = false;

  words(words: readonly TimedWord[]): void {
    if (this.full) throw new Error('ENOSPC');
    this.lines.push(...words);
  }

  end(_status: string, reason: string): void {
    if (this.full) throw new Error('ENOSPC');
    this.lines.push(reason);
  }
}

const TEXT = 'Hello, world! One two three.';

function start(
  type: 'tts' | 'text_stream',
  text: string,
  overrides: Partial<SpeakingSettings> = {},
): { session: RunningSession; clock: TestClock; journal: TestJournal } {
  const clock = new TestClock();
  const journal = new TestJournal();
  const settings = {
    speed: 1,
    startDelaySeconds: 1,
    idleSeconds: 30,
    maxSessionSeconds: 3600,
    voice: speak,
    clock,
    ...overrides,
  };
  const origin = { id: 's', account: 'demo', type, createdAt: '2026-01-01T00:00:00Z' };
  return { session: new RunningSession(origin, text, settings, journal), clock, journal };
}

test('is pending, then streaming, then completed', () => {
  const { session, clock, journal } = start('tts', TEXT);
  expect(session.status).toBe('pending');
  clock.runTo(1001);
  expect(session.status).toBe('streaming');
  expect(session.words).toEqual([]);
  clock.runTo(1100);
  expect(session.status).toBe('completed');
  expect(session.endReason).toBe('completed');
  expect(session.words).toEqual(speak(TEXT, 0).words);
  expect(journal.lines).toEqual([...speak(TEXT, 0).words, 'completed']);
  expect(clock.nextAlarm).toBeUndefined();
});

for (const speed of [1, 8, 60])
  test(`at ${speed}× each word comes when it has been spoken, not before`, () => {
    const { session, clock } = start('tts', TEXT, { speed });
    for (const [index, word] of speak(TEXT, 0).words.entries()) {
      clock.runTo(1001 + (word.end - 0.002) / speed);
      expect(session.words).toHaveLength(index);
      clock.runTo(1001 + (word.end + 0.002) / speed);
      expect(session.words).toHaveLength(index + 1);
    }
  });

test('late alarms do not add up: what is due is spoken at once, and the session ends no later for it', () => {
  const { session, clock } = start('tts', TEXT.repeat(40), { speed: 60 });
  const { words, until } = speak(TEXT.repeat(40), 0);
  const end = 1001 + until / 60;
  clock.runTo(end - 0.05, 0.05);
  const due = words.filter(({ end: spoken }) => 1001 + spoken / 60 <= clock.now() - 0.05);
  expect(session.words.length).toBeGreaterThanOrEqual(due.length);
  clock.runTo(end + 0.1, 0.05);
  expect(session.status).toBe('completed');
  expect(session.words).toEqual(words);
});

test('a session without text is empty and completes', () => {
  const { session, clock } = start('tts', '');
  clock.runTo(1010);
  expect(session.status).toBe('completed');
  expect(session.words).toEqual([]);
});

test('appended text is spoken after what was there, a half word only with its other half', () => {
  const { session, clock } = start('text_stream', 'Hello, wor');
  clock.runTo(1002);
  expect(session.words.map(({ word }) => word)).toEqual(['Hello', ',']);
  session.append('ld! And', false);
  expect(session.bufferedBytes).toBe(Buffer.byteLength('world!And'));
  clock.runTo(1010);
  expect(session.words.map(({ word }) => word)).toEqual(['Hello', ',', 'world', '!']);
  session.append('', true);
  clock.runTo(1020);
  expect(session.words.map(({ word }) => word)).toEqual(['Hello', ',', 'world', '!', 'And']);
  expect(session.status).toBe('completed');
  expect(session.bufferedBytes).toBe(0);
});

test('text that comes to a silent voice is spoken from then on, not in the past', () => {
  const { session, clock } = start('text_stream', 'Hello. ');
  clock.runTo(1011);
  session.append('Again. ', true);
  clock.runTo(1020);
  expect(session.words[2]?.start).toBe(10.05);
});

test('an idle session ends, and what was held back is spoken first', () => {
  const { session, clock, journal } = start('text_stream', 'Hello wor', { idleSeconds: 5 });
  const spoken = 1001 + speak('Hello ', 0).until;
  clock.runTo(spoken + 4.99);
  expect(session.status).toBe('streaming');
  clock.runTo(spoken + 10);
  expect(session.endReason).toBe('idle_timeout');
  expect(session.words.map(({ word }) => word)).toEqual(['Hello', 'wor']);
  expect(journal.lines.at(-1)).toBe('idle_timeout');
});

test('new text starts the idle time again', () => {
  const { session, clock } = start('text_stream', '', { idleSeconds: 5 });
  clock.runTo(1005);
  session.append('Hello. ', false);
  clock.runTo(1009);
  expect(session.status).toBe('streaming');
  clock.runTo(1012);
  expect(session.endReason).toBe('idle_timeout');
});

test('a session ends at its longest length, with what was spoken by then', () => {
  const { session, clock } = start('tts', TEXT.repeat(100), { maxSessionSeconds: 3, speed: 2 });
  clock.runTo(1100);
  expect(session.endReason).toBe('max_duration');
  expect(session.words).toEqual(speak(TEXT.repeat(100), 0).words.filter(({ end }) => end <= 3));
});

test('an interrupted session keeps what was spoken', () => {
  const { session, clock } = start('tts', TEXT);
  clock.runTo(1002);
  const spoken = [...session.words];
  session.interrupt('interrupted');
  clock.runTo(1100);
  expect(session.words).toEqual(spoken);
  expect(spoken.length).toBeGreaterThan(0);
  expect(session.endReason).toBe('interrupted');
  expect(session.upcoming).toBeNull();
});

test('a voice that fails ends the session in error', () => {
  const { session, clock, journal } = start('tts', TEXT, {
    voice: () => {
      throw new Error('out of breath');
    },
  });
  expect(session.status).toBe('error');
  expect(session.errorMessage).toBe('out of breath');
  expect(journal.lines).toEqual(['voice_failed']);
  expect(clock.nextAlarm).toBeUndefined();
});

test('a word that cannot be stored is shown to no one, and ends the session in error', () => {
  const failures: unknown[] = [];
  const { session, clock, journal } = start('tts', TEXT, { onError: (error) => failures.push(error) });
  clock.runTo(1002);
  const spoken = session.words.length;
  journal.full = true;
  clock.runTo(1100);
  expect(session.words).toHaveLength(spoken);
  expect(session.status).toBe('error');
  expect(session.endReason).toBe('storage_failed');
  expect(failures).toHaveLength(2);
});

test('a change is announced once for each word and for the end', async () => {
  const { session, clock } = start('tts', 'Hello, world!');
  let announced = 0;
  const watching = (async () => {
    while (!session.ended) {
      await session.changed;
      announced += 1;
    }
  })();
  while (clock.nextAlarm !== undefined) {
    clock.runTo(clock.nextAlarm);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await watching;
  expect(announced).toBe(5);
});
