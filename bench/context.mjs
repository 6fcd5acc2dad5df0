// @ts-check
/**
 * @typedef {object} Bench  what every measure is given
 * @property {string} entry        the built command, `dist/cli.js`
 * @property {string} folder       of this run; removed at its end
 * @property {import('./system/pictures.mjs').Pictures} pictures
 * @property {import('./system/programs.mjs').Programs} programs
 * @property {import('./system/cleanup.mjs').Cleanup} cleanup
 * @property {AbortSignal} signal  aborted when somebody ends the run
 * @property {number} repeat       rounds of each measure
 * @property {boolean} quick
 * @property {number} minutes      of the soak
 * @property {readonly string[]} lowat  more values of the socket option, for `link`
 * @property {(text: string) => void} say  progress, for whoever waits
 */

/**
 * @typedef {object} Place  where a contestant runs
 * @property {string} host         the address it listens on
 * @property {string} [netns]      the network namespace it runs in
 * @property {Readonly<Record<string, string>>} [env]  more of its environment
 */

/**
 * @typedef {object} Target  where viewers find it
 * @property {number} port
 * @property {string} path
 */

/**
 * @typedef {object} Contestant
 * @property {string} id
 * @property {string} name         in tables and charts
 * @property {string} what         it is made of, for the report
 * @property {(bench: Bench, place: Place) => Promise<import('./system/server.mjs').Server & Target>} start
 *   resolves when it answers
 */

/**
 * @typedef {object} Series
 * @property {string} contestant
 * @property {string} what
 * @property {[x: number, y: number][]} points
 */

/**
 * @typedef {object} Measured  what a measure found
 * @property {import('./report/figures.mjs').Figure[]} figures
 * @property {Series[]} [series]   of a measure that watches something over time
 * @property {string[]} remarks    what a reader of the figures must know, found during the run
 */

export {};
