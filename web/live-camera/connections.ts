import type { ServerAddress } from './address.ts';
import type { Clock } from './clock.ts';
import { Connection } from './connection.ts';
import type { Watcher } from './feed.ts';

/** The connections of a page: one per server and token, for as long as someone watches. */
export class Connections {
  readonly #open = new Map<string, Connection>();

  watch(
    address: ServerAddress,
    camera: string,
    watcher: Watcher,
  ): { clock: Clock; leave: () => void } {
    const key = `${address.token} ${address.base}`;
    const connection = this.#open.get(key) ?? new Connection(address);
    this.#open.set(key, connection);
    const leave = connection.watch(camera, watcher);
    return {
      clock: connection.clock,
      leave: () => {
        leave();
        if (connection.idle && this.#open.get(key) === connection) this.#open.delete(key);
      },
    };
  }
}
