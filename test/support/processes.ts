import { readdir, readFile } from 'node:fs/promises';

/** A process of this machine, as /proc tells it (Linux). */
export interface RunningProcess {
  readonly pid: number;
  /** Process group. */
  readonly group: number;
  readonly parent: number;
  /** The command line, its arguments joined by spaces. */
  readonly command: string;
}

/** All processes that run; dead ones that nobody has collected yet are left out. */
async function runningProcesses(): Promise<RunningProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => readProcess(Number(pid))));
  return found.filter((process) => process !== undefined);
}

/** Those that this process has started itself. */
export async function ownChildren(): Promise<RunningProcess[]> {
  return (await runningProcesses()).filter(({ parent }) => parent === process.pid);
}

/** Those of a process group. */
export async function groupMembers(group: number): Promise<RunningProcess[]> {
  return (await runningProcesses()).filter((process) => process.group === group);
}

async function readProcess(pid: number): Promise<RunningProcess | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    // "pid (name) state parent group …"; the name may hold anything.
    const [state, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return undefined;
    return {
      pid,
      parent: Number(parent),
      group: Number(group),
      command: command.replaceAll('\0', ' ').trim(),
    };
  } catch {
    // It ended while it was looked at.
    return undefined;
  }
}
