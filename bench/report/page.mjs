// @ts-check
import { contestants as cpuContestants } from '../measures/cpu.mjs';
import { contestants as idleContestants } from '../measures/idle.mjs';
import { contestants as linkContestants } from '../measures/link.mjs';
import { measures } from '../measures.mjs';
import { markdownTable } from './format.mjs';
import { judge } from './targets.mjs';

/**
 * docs/performance.md and its charts.
 *
 * @param {import('./results.mjs').Results} results
 * @param {ReadonlyMap<string, string>} notes  of bench/notes.md
 * @returns {{ page: string, charts: Record<string, string> }}
 */
export function buildReport(results, notes) {
  /** @type {Record<string, string>} */
  const charts = {};
  const sections = measures.flatMap(({ name, section }) => {
    const kept = results[name];
    if (kept === undefined)
      return [`## ${name}\n\nNot measured yet: \`npm run bench -- ${name}\`.`];
    const { title, body, charts: drawn } = section(kept);
    Object.assign(charts, drawn);
    const note = notes.get(name);
    return [`## ${title}`, taken(name, kept), body, ...(note === undefined ? [] : [note])];
  });
  const parts = [
    '# Performance',
    '<!-- Written by `npm run bench`; the reasons are in bench/notes.md. -->',
    'framehub beside its peers: the same pictures, the same machine, in turns. A figure is what was measured: the median of all rounds, and in brackets the least and the most of them. Proportions are taken round by round, so that what disturbed the machine disturbed both; look at them rather than at milliseconds.',
    '## What was to be reached',
    targetTable(results),
    ...reasons(results, notes),
    '## The machine',
    machineTable(results),
    '## How to measure it again',
    howTo(),
    '## Who takes part',
    contestantList(),
    ...sections,
  ];
  return { page: `${parts.join('\n\n')}\n`, charts };
}

/** @param {import('./results.mjs').Results} results */
function targetTable(results) {
  const rows = judge(results).map(({ target, text, met }) => [
    target.figure,
    target.reach,
    text,
    met === undefined ? '' : met ? 'yes' : '**no**',
  ]);
  return markdownTable(['figure', 'to reach', 'measured', 'reached'], rows);
}

/**
 * @param {import('./results.mjs').Results} results
 * @param {ReadonlyMap<string, string>} notes
 */
function reasons(results, notes) {
  return judge(results).flatMap(({ target, met }) => {
    const note = notes.get(target.id);
    if (note !== undefined) return [`**${capital(target.figure)}:** ${note}`];
    return met === false
      ? [`**${capital(target.figure)}:** not reached; the reason is not known yet.`]
      : [];
  });
}

/** @param {string} text */
function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** @param {import('./results.mjs').Results} results */
function machineTable(results) {
  const [newest] = Object.values(results).sort((a, b) => b.at.localeCompare(a.at));
  return markdownTable(['', ''], Object.entries(newest?.machine ?? {}));
}

/** @param {string} name @param {import('./results.mjs').Kept} kept */
function taken(name, { at, repeat, quick, machine }) {
  const rounds = name === 'soak' ? '' : `, at most ${repeat} round${repeat === 1 ? '' : 's'}`;
  const short = quick ? ' **Taken with `--quick`: for trying it, not for quoting.**' : '';
  return `*\`npm run bench -- ${name}\`, ${at.slice(0, 10)}, framehub ${machine['framehub']}${rounds}.*${short}`;
}

function howTo() {
  return `On Debian or Ubuntu, as root if the slow link is to be measured too:

    sudo apt-get install gcc libc6-dev ffmpeg ustreamer motion python3-flask iproute2
    npm ci
    npm run bench                            # everything but the soak, about 40 minutes on 2 cores
    npm run bench -- cpu latency             # some of it
    npm run bench -- --quick                 # three minutes, to see that it works; writes no page
    npm run bench -- soak --minutes 60
    npm run bench -- --help

Every contestant gets the same 30 pictures in turn, 1280x720 and 45 KB ± 2, 30 a second. Those with a camera read them from a virtual one (\`test/support/virtual-camera\`), which writes the time into each picture as it hands it out (\`bench/stamped-vcam.c\`). The viewers are one C program (\`bench/load.c\`) that drops what it gets inside the kernel, so that they leave the processor to the server; CPU times are those of a server and all its child processes, to the nanosecond. Contestants take turns within each round, another one first each time, and those whose turn it is not are stopped. The figures themselves are in [performance/results.json](performance/results.json).`;
}

function contestantList() {
  const all = [...cpuContestants, ...linkContestants, ...idleContestants];
  const once = all.filter(({ id }, index) => all.findIndex((other) => other.id === id) === index);
  return once.map(({ name, what }) => `- **${name}**: ${what}`).join('\n');
}
