import type { PlayerStatus } from './status.ts';

/** A picture older than this is shown as late, ms. */
const LATE_AFTER = 2_000;
/** A picture older than this is no longer called live, ms. */
const OLD_AFTER = 10_000;

export type Tone = 'live' | 'late' | 'busy' | 'bad' | 'quiet';

/** A status for people. `title` may count seconds and is renewed; the rest stands. */
export interface Words {
  readonly title: string;
  readonly detail: string;
  readonly help: string;
  readonly tone: Tone;
}

/**
 * @param now the server's clock, ms since the epoch
 * @param pictureAt when the newest picture was captured, on the same clock, if there was one
 */
export function wordsFor(status: PlayerStatus, now: number, pictureAt?: number): Words {
  switch (status.state) {
    case 'live':
      return liveWords(pictureAt === undefined ? undefined : now - pictureAt);
    case 'starting':
      return words('starting…', 'busy');
    case 'off':
      return status.stopped ? words('off', 'quiet', status.reason) : words('starting…', 'busy');
    case 'stalled': {
      const silence = durationText(Math.max(0, now - (pictureAt ?? status.since)), true);
      return words(`no picture for ${silence}`, 'bad', status.reason);
    }
    case 'retrying': {
      const wait = Math.ceil((status.nextAttemptAt - now) / 1000);
      const title =
        wait > 0 ? `trying again in ${durationText(wait * 1000, true)}` : 'trying again…';
      return words(title, 'bad', status.reason, status.help);
    }
    case 'paused':
      return words('paused', 'quiet');
    case 'connecting':
      return words('connecting…', 'busy');
    case 'away':
      return words('Server away, reconnecting…', 'bad', status.reason);
    case 'refused':
      return words('not allowed', 'bad', status.reason);
    case 'gone':
      return words(status.known ? 'camera removed' : 'no such camera', 'quiet', status.reason);
  }
}

/** The same without anything that counts, for a screen reader to say once per change. */
export function spokenWords(status: PlayerStatus): string {
  const still: Partial<Record<PlayerStatus['state'], string>> = {
    stalled: 'no picture',
    retrying: 'trying again',
  };
  const { title, detail } = wordsFor(status, 0);
  return [still[status.state] ?? title, detail].filter(Boolean).join(': ');
}

/** @param ms a duration; @param whole leaves out tenths of seconds */
export function durationText(ms: number, whole = false): string {
  const seconds = ms / 1000;
  if (!whole && seconds < 9.95) return `${Math.max(0, seconds).toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 3570) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} days`;
}

function liveWords(age: number | undefined): Words {
  if (age === undefined) return words('live', 'live');
  if (age > OLD_AFTER) return words(`picture is ${durationText(age)} old`, 'late');
  return words(`live · ${durationText(age)}`, age > LATE_AFTER ? 'late' : 'live');
}

function words(title: string, tone: Tone, detail = '', help = ''): Words {
  return { title, detail, help, tone };
}
