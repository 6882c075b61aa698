import type { ActivityCatalog } from '../activity-catalog.ts';
import type { Process } from '../document.ts';
import type { Found, Rule } from './rule.ts';

/** A rule about one process alone. What it finds keeps a process from running, so compiling asks it as well. */
export interface ProcessRule extends Rule {
  checkProcess(process: Process, catalog: ActivityCatalog): Iterable<Found>;
}

/** Makes a rule of a check of one process. */
export function processRule(code: string, checkProcess: ProcessRule['checkProcess']): ProcessRule {
  return {
    code,
    checkProcess,
    *check({ project, catalog }) {
      for (const process of Object.values(project.processes))
        for (const found of checkProcess(process, catalog)) yield { process: process.id, ...found };
    },
  };
}
