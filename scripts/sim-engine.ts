import { parseArgs } from 'node:util';
import { simulateJob } from '../test/simulation/engine/simulate-job.ts';

/**
 * `npm run sim:engine -- --seed N [--runs K]`: jobs of random processes with every construct, faults and kills, one for each seed from N on.
 * A seed that fails says what is broken; exits with 1 then.
 */
const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, runs: { type: 'string', default: '1000' } },
});

const totals = { events: 0, kills: 0, executions: 0, well: 0 };
const constructs = new Map<string, number>();
const failed: number[] = [];
const startedMs = performance.now();
const first = Number(values.seed);
for (let seed = first; seed < first + Number(values.runs); seed++) {
  try {
    const job = simulateJob(seed);
    totals.events += job.events;
    totals.kills += job.kills;
    totals.executions += job.executions;
    totals.well += job.isOk ? 1 : 0;
    for (const [kind, count] of job.constructs) constructs.set(kind, (constructs.get(kind) ?? 0) + count);
  } catch (error) {
    failed.push(seed);
    process.stdout.write(`seed ${seed} FAILED ${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
  }
}
const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
const kinds = [...constructs].sort(([, a], [, b]) => b - a).map(([kind, count]) => `${kind} ${count}`);
process.stdout.write(
  `${values.runs} jobs in ${seconds} s: ${totals.events} events, ${totals.executions} executions, ${totals.kills} kills, ${totals.well} ended well\n${kinds.join(', ')}\nfailed: ${failed.join(' ') || 'none'}\n`,
);
if (failed.length > 0) process.exitCode = 1;
