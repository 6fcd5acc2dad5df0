import { describe, expect, it } from 'vitest';
import type { PlayerStatus } from './status.ts';
import { durationText, spokenWords, wordsFor } from './words.ts';

const now = 1_700_000_000_000;
const stalled: PlayerStatus = {
  state: 'stalled',
  since: now - 3_000,
  reason: 'The source sends nothing.',
  code: 'CAMERA_STALLED',
};
const retrying: PlayerStatus = {
  state: 'retrying',
  since: now - 9_000,
  reason: '10.0.0.5 refused the connection.',
  code: 'SOURCE_REFUSED',
  help: 'Check that the camera is on.',
  attempt: 3,
  nextAttemptAt: now + 2_400,
};
const live: PlayerStatus = { state: 'live', since: now - 60_000, reason: '' };

describe('the state in words', () => {
  it('says live and how old the picture is', () => {
    expect(wordsFor(live, now, now - 210)).toMatchObject({ title: 'live · 0.2 s', tone: 'live' });
  });

  it('turns amber when the picture is older than two seconds', () => {
    expect(wordsFor(live, now, now - 2_400)).toMatchObject({ title: 'live · 2.4 s', tone: 'late' });
  });

  it('does not call a picture live that is older than ten seconds', () => {
    expect(wordsFor(live, now, now - 75_000).title).toBe('picture is 1 min old');
  });

  it('says live alone where the age is not known', () => {
    expect(wordsFor(live, now)).toMatchObject({ title: 'live', tone: 'live' });
  });

  it('counts the seconds without a picture from the last picture', () => {
    expect(wordsFor(stalled, now, now - 12_300)).toMatchObject({
      title: 'no picture for 12 s',
      detail: 'The source sends nothing.',
      tone: 'bad',
    });
    expect(wordsFor(stalled, now).title).toBe('no picture for 3 s');
  });

  it('counts down to the next attempt, with reason and help', () => {
    expect(wordsFor(retrying, now)).toEqual({
      title: 'trying again in 3 s',
      detail: '10.0.0.5 refused the connection.',
      help: 'Check that the camera is on.',
      tone: 'bad',
    });
    expect(wordsFor(retrying, now + 9_000).title).toBe('trying again…');
  });

  it('shows a camera that nobody watched yet as starting, and a stopped one as off', () => {
    const off = { state: 'off', since: now, reason: 'Stopped by an admin.' } as const;
    expect(wordsFor({ ...off, stopped: false }, now).title).toBe('starting…');
    expect(wordsFor({ ...off, stopped: true }, now)).toMatchObject({
      title: 'off',
      detail: 'Stopped by an admin.',
    });
  });

  it('tells a removed camera from one that never was', () => {
    expect(wordsFor({ state: 'gone', reason: '', known: true }, now).title).toBe('camera removed');
    expect(wordsFor({ state: 'gone', reason: '', known: false }, now).title).toBe('no such camera');
  });

  it('is spoken without anything that counts, so that it is said once', () => {
    expect(spokenWords(retrying)).toBe('trying again: 10.0.0.5 refused the connection.');
    expect(spokenWords(stalled)).toBe('no picture: The source sends nothing.');
    expect(spokenWords(live)).toBe('live');
  });
});

it('durations are short: tenths, seconds, minutes, hours, days', () => {
  const texts = [-5, 40, 9_940, 9_960, 59_400, 59_600, 3_599_000, 86_400_000, 4e8].map((ms) =>
    durationText(ms),
  );
  expect(texts).toEqual([
    '0.0 s',
    '0.0 s',
    '9.9 s',
    '10 s',
    '59 s',
    '1 min',
    '1 h',
    '24 h',
    '5 days',
  ]);
});
