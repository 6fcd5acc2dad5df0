// @ts-check
import { parseArgs } from 'node:util';

const flags = /** @type {const} */ ({
  quick: { type: 'boolean', default: false },
  repeat: { type: 'string' },
  minutes: { type: 'string', default: '60' },
  lowat: { type: 'string', default: '' },
  entry: { type: 'string' },
  out: { type: 'string' },
  report: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
});

const HELP = `npm run bench -- [options] [measure …]

  --quick          one short round, into a page of its own that is printed; not for quoting
  --repeat <n>     rounds of each measure (default 5)
  --minutes <n>    of the soak (default 60)
  --lowat <a,b>    for "link": more values of the socket option to compare, in bytes
  --entry <file>   another framehub, such as ../before/dist/cli.js
  --out <folder>   where the page and its figures go (default docs)
  --report         writes the page again from what was measured last

Measures:`;

/**
 * @typedef {object} Options
 * @property {readonly import('./measures.mjs').Measure[]} measures  in their order
 * @property {boolean} quick
 * @property {number} repeat
 * @property {number} minutes
 * @property {readonly string[]} lowat
 * @property {string | undefined} entry
 * @property {string | undefined} out
 * @property {boolean} reportOnly
 */

/**
 * What the command line asks for. Ends the process with what is wrong, or with the help.
 *
 * @param {readonly string[]} argv
 * @param {readonly import('./measures.mjs').Measure[]} all
 * @returns {Options}
 */
export function readOptions(argv, all) {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: flags,
      allowPositionals: true,
    });
    if (values.help) {
      console.log(
        `${HELP} ${all.map(({ name, byName }) => (byName ? `(${name})` : name)).join(', ')}`,
      );
      process.exit(0);
    }
    const unknown = positionals.filter((name) => !all.some((measure) => measure.name === name));
    if (unknown.length > 0) throw new Error(`There is no measure "${unknown.join('", "')}".`);
    return {
      measures: all.filter(({ name, byName }) =>
        positionals.length > 0 ? positionals.includes(name) : !byName,
      ),
      quick: values.quick,
      repeat: positive('repeat', values.repeat ?? (values.quick ? '1' : '5')),
      minutes: positive('minutes', values.minutes),
      lowat: values.lowat.split(',').filter(Boolean),
      entry: values.entry,
      out: values.out,
      reportOnly: values.report,
    };
  } catch (error) {
    console.error(`bench: ${error instanceof Error ? error.message : error}`);
    process.exit(2);
  }
}

/** @param {string} flag @param {string} text */
function positive(flag, text) {
  const value = Number(text);
  if (value > 0) return value;
  throw new Error(`--${flag}: expected a number above 0, got "${text}".`);
}
