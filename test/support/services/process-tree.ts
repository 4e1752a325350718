import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Sends `signal` to a process and everything it started: Postgres answers from its children. */
export function signalTree(pid: number, signal: NodeJS.Signals): void {
  for (const member of [pid, ...descendants(pid)]) {
    try {
      process.kill(member, signal);
    } catch (error) {
      // Gone between being listed and being signalled.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

function descendants(root: number): readonly number[] {
  const pairs = parents();
  const found: number[] = [];
  for (let frontier = [root]; frontier.length > 0; ) {
    frontier = pairs.filter(([, parent]) => frontier.includes(parent)).map(([pid]) => pid);
    found.push(...frontier);
  }
  return found;
}

/** Every process with its parent. */
function parents(): ReadonlyArray<readonly [pid: number, parent: number]> {
  if (process.platform !== 'linux') {
    const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
    return lines.map((line) => {
      const [pid, parent] = line.trim().split(/\s+/);
      return [Number(pid), Number(parent)] as const;
    });
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), parentOf(name)] as const);
}

function parentOf(pid: string): number {
  try {
    // "pid (command) state parent …": the command may hold spaces and parentheses.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0; // ended meanwhile
  }
}
