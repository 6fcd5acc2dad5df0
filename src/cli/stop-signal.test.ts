import process from 'node:process';
import { expect, test } from 'vitest';
import { listenForStop } from './stop-signal.ts';

test('SIGTERM and SIGINT abort, and nothing listens afterwards', () => {
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    const before = process.listenerCount(name);
    const stop = listenForStop(process);
    expect(stop.signal.aborted).toBe(false);
    process.emit(name, name);
    expect(stop.signal.aborted).toBe(true);
    stop.dispose();
    expect(process.listenerCount(name)).toBe(before);
  }
});
