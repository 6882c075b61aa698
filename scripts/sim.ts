import { parseArgs } from 'node:util';
import type { SimulationExtras } from '../test/simulation/options.ts';
import { describeOptions, noExtras, optionsFor } from '../test/simulation/options.ts';
import { runSimulation } from '../test/simulation/run-simulation.ts';

/**
 * `npm run sim -- --seed N [--runs K] [--trace]`: whole clusters under faults, one run per seed from N on; with `--NAME COUNT` for each of
 * `noExtras` (`--engines 2 --transactions 2 ...`) more clients and faults than a seed alone has.
 * A failing run prints its options and the end of its trace; exits with 1 then.
 */
const names = Object.keys(noExtras) as (keyof SimulationExtras)[];
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '1' },
    tail: { type: 'string', default: '120' },
    trace: { type: 'boolean', default: false },
    twice: { type: 'boolean', default: false },
    ...Object.fromEntries(names.map((name) => [name, { type: 'string', default: String(noExtras[name]) } as const])),
  },
});

process.on('unhandledRejection', (error) => {
  process.stderr.write(`a promise was rejected and nobody looked: ${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});

const given: Readonly<Record<string, unknown>> = values;
const extras: Partial<SimulationExtras> = Object.fromEntries(names.map((name) => [name, Number(given[name])]));
const repeated = names.map((name) => `--${name} ${extras[name]}`).join(' ');

let virtualMs = 0;
const failed: number[] = [];
const startedMs = performance.now();
const first = Number(values.seed);
for (let seed = first; seed < first + Number(values.runs); seed++) {
  const options = optionsFor(seed, extras);
  const print = values.trace ? (line: string) => process.stdout.write(`${line}\n`) : undefined;
  const began = performance.now();
  const result = await runSimulation(options, { print });
  const tookMs = performance.now() - began;
  virtualMs += result.virtualMs;
  const faults = [...result.faults].map(([kind, count]) => `${kind}:${count}`).join(' ');
  process.stdout.write(
    `seed ${seed} ${result.violation ? 'FAILED' : 'ok'} ${tookMs.toFixed(0)} ms, ${(result.virtualMs / 1_000).toFixed(1)} virtual s, ${result.events} events, acked ${result.acked}, polled ${result.polled}, transactions ${result.committed}, compactions ${result.compactions}, tables ${result.tables}, hash ${result.hash} ${faults}\n`,
  );
  if (values.twice) {
    const again = await runSimulation(options);
    if (again.hash !== result.hash) process.stdout.write(`seed ${seed} NOT REPEATABLE ${again.hash}\n`);
  }
  if (!result.violation) continue;
  failed.push(seed);
  process.stdout.write(
    `${result.tail(Number(values.tail))}\n${result.violation.message}\noptions: ${describeOptions(options)}\nrepeat: npm run sim -- --seed ${seed} ${repeated} --trace\n`,
  );
}
const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
process.stdout.write(
  `${values.runs} runs, ${(virtualMs / 3_600_000).toFixed(2)} virtual hours in ${seconds} s; failed: ${failed.join(' ') || 'none'}\n`,
);
if (failed.length > 0) process.exitCode = 1;
