// @ts-check
import { measureCold } from './measures/cold.mjs';
import { measureCpu } from './measures/cpu.mjs';
import { measureIdle } from './measures/idle.mjs';
import { measureLatency } from './measures/latency.mjs';
import { measureLink } from './measures/link.mjs';
import { measureMemory } from './measures/memory.mjs';
import { measureParser } from './measures/parser.mjs';
import { measureSoak } from './measures/soak.mjs';
import { measureVariants } from './measures/variants.mjs';
import { coldSection } from './report/sections/cold.mjs';
import { cpuSection } from './report/sections/cpu.mjs';
import { idleSection } from './report/sections/idle.mjs';
import { latencySection } from './report/sections/latency.mjs';
import { linkSection } from './report/sections/link.mjs';
import { memorySection } from './report/sections/memory.mjs';
import { parserSection } from './report/sections/parser.mjs';
import { soakSection } from './report/sections/soak.mjs';
import { variantsSection } from './report/sections/variants.mjs';

/**
 * @typedef {object} Measure
 * @property {string} name       as it is asked for on the command line
 * @property {boolean} [byName]  runs only when it is asked for
 * @property {(bench: import('./context.mjs').Bench) => Promise<import('./context.mjs').Measured>} run
 * @property {(measured: import('./report/results.mjs').Kept) => import('./report/section.mjs').Section} section
 */

/** Every measure there is, in the order of the report. @type {readonly Measure[]} */
export const measures = [
  { name: 'cpu', run: measureCpu, section: cpuSection },
  { name: 'latency', run: measureLatency, section: latencySection },
  { name: 'link', run: measureLink, section: linkSection },
  { name: 'memory', run: measureMemory, section: memorySection },
  { name: 'cold', run: measureCold, section: coldSection },
  { name: 'idle', run: measureIdle, section: idleSection },
  { name: 'variants', run: measureVariants, section: variantsSection },
  { name: 'parser', run: measureParser, section: parserSection },
  { name: 'soak', byName: true, run: measureSoak, section: soakSection },
];
