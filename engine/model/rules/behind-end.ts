import { constructOf } from '../activity-catalog.ts';
import type { Rule } from './rule.ts';
import { nameOf } from './rule.ts';

/** Exit and Return end the process, so that nothing behind them runs; what takes their own failure does. */
export const behindEnd: Rule = {
  code: 'BEHIND_END',
  *check({ project, catalog }) {
    for (const process of Object.values(project.processes))
      for (const { id, from, to, kind } of process.transitions) {
        const construct = constructOf(catalog.get(process.activities[from]?.type ?? ''));
        if ((construct !== 'exit' && construct !== 'return') || kind === 'error') continue;
        yield {
          process: process.id,
          transition: id,
          severity: 'warning',
          message: `${nameOf(process, from)} ends the process, so the transition to ${nameOf(process, to)} is never taken`,
          fix: 'Delete the transition.',
        };
      }
  },
};
