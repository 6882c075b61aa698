import { readFileSync } from 'node:fs';

/** Linux counts CPU time in ticks of 10 ms for every program that asks. */
const ticksPerSecond = 100;

/** CPU seconds, user and system, that the processes have used so far. Linux only. */
export function cpuSeconds(pids: readonly number[]): number {
  let ticks = 0;
  for (const pid of pids) {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / ticksPerSecond;
}

/** Resident memory of the processes, in MB (10^6 bytes), largest first. Linux only. */
export function residentMb(pids: readonly number[]): number[] {
  return pids
    .map((pid) => {
      const kb = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      return Math.round((Number(kb) * 1024) / 1e6);
    })
    .sort((a, b) => b - a);
}
