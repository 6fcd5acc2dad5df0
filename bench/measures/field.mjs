// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Contestants that all run, of which only one at a time uses the machine: the others are stopped
 * where they are.
 */
export class Field {
  /** @type {Map<import('../context.mjs').Contestant, import('../system/server.mjs').Server & import('../context.mjs').Target>} */
  #servers = new Map();
  /** @type {import('../context.mjs').Bench} */
  #bench;

  /** @param {import('../context.mjs').Bench} bench */
  constructor(bench) {
    this.#bench = bench;
  }

  get contestants() {
    return [...this.#servers.keys()];
  }

  /**
   * Starts the contestant and lets it settle, with `warmUp`.
   *
   * @param {import('../context.mjs').Contestant} contestant
   * @param {(server: import('../system/server.mjs').Server & import('../context.mjs').Target) => Promise<unknown>} warmUp
   */
  async enter(contestant, warmUp) {
    const server = await contestant.start(this.#bench, { host: '127.0.0.1' });
    await warmUp(server);
    await sleep(300);
    await server.pause();
    this.#servers.set(contestant, server);
  }

  /**
   * The contestant alone on the machine, while `measure` runs.
   *
   * @template T
   * @param {import('../context.mjs').Contestant} contestant
   * @param {(server: import('../system/server.mjs').Server & import('../context.mjs').Target) => Promise<T>} measure
   * @returns {Promise<T>}
   */
  async alone(contestant, measure) {
    const server = this.#servers.get(contestant);
    if (server === undefined) throw new Error(`${contestant.name} does not run.`);
    await server.resume();
    const result = await measure(server);
    // Until it has seen that its viewers left; or it would find them gone while it is measured next.
    await sleep(200);
    await server.pause();
    return result;
  }

  /**
   * All at the same time, for what takes long and measures nothing.
   *
   * @param {(server: import('../system/server.mjs').Server & import('../context.mjs').Target) => Promise<unknown>} use
   */
  async together(use) {
    const servers = [...this.#servers.values()];
    await Promise.all(servers.map((server) => server.resume()));
    await Promise.all(servers.map(use));
    await sleep(300);
    await Promise.all(servers.map((server) => server.pause()));
  }

  async close() {
    await Promise.all([...this.#servers.values()].map((server) => server.stop()));
    this.#servers.clear();
  }
}
