import { afterEach, describe, expect, it } from 'vitest';
import { createFramehub, type Framehub } from '../src/index.ts';

let framehub: Framehub | undefined;
afterEach(() => framehub?.close());

describe('a snapshot in the library', () => {
  it('is given up when its signal aborts, and then nobody reads the camera', async () => {
    framehub = await createFramehub({ cameras: { in: 'push:' } });
    const abort = new AbortController();
    const waiting = framehub.snapshot('in', { signal: abort.signal });
    expect(framehub.cameras()[0]?.readers).toBe(1);
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'SNAPSHOT_UNAVAILABLE' });
    const late = framehub.snapshot('in', { signal: abort.signal });
    await expect(late).rejects.toMatchObject({ code: 'SNAPSHOT_UNAVAILABLE' });
    expect(framehub.cameras()[0]?.readers).toBe(0);
  });
});
