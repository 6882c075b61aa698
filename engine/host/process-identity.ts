import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Stands for a process that has ended but whose parent has not looked yet (a zombie). */
const endedToken = 'ended';

/**
 * Something that tells two processes with the same id apart: the kernel's start time of the process with the boot it
 * belongs to. Undefined where the system does not say (then the id alone counts).
 */
export function startTokenOf(pid: number): string | undefined {
  return process.platform === 'darwin' ? startTimeByPs(pid) : startTimeByProc(pid);
}

/** Where there is no /proc: to the second, which is enough to tell a later process from this one. */
function startTimeByPs(pid: number): string | undefined {
  try {
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return text.trim() || undefined;
  } catch {
    return undefined;
  }
}

function startTimeByProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Field 22 is the start time; counting begins after the command name, which may hold spaces and brackets.
    const startTime = fields[19];
    if (fields[0] === 'Z') return endedToken;
    return startTime === undefined ? undefined : `${boot}:${startTime}`;
  } catch {
    return undefined;
  }
}

/** Whether process `pid` runs and is the one that `startToken` was taken from (an empty token matches any). */
export function isRunning(pid: number, startToken = ''): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  if (startToken === '' && process.platform === 'darwin') return true;
  const now = startTokenOf(pid);
  if (now === endedToken) return false;
  return startToken === '' || now === undefined || now === startToken;
}
