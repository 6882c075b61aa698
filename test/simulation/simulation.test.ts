import { describe, expect, it } from 'vitest';
import { describeOptions, optionsFor } from './options.ts';
import type { SimulationResult } from './run-simulation.ts';
import { runSimulation } from './run-simulation.ts';
import { pastFailures } from './seeds.ts';

/** Seeds of one run of the tests; more: `npm run sim -- --seed 1000 --runs 5000`. */
const seedCount = 240;
const seedsPerTest = 20;
const tailLines = 60;

async function expectKept(seed: number): Promise<SimulationResult> {
  const options = optionsFor(seed);
  const result = await runSimulation(options);
  if (result.violation)
    throw new Error(
      `seed ${seed}: ${result.violation.message}\n${result.tail(tailLines)}\noptions: ${describeOptions(options)}\nrepeat: npm run sim -- --seed ${seed} --trace`,
      { cause: result.violation },
    );
  return result;
}

describe('a whole cluster under faults', () => {
  it.each(pastFailures)('keeps its promises with seed $seed: $reason', async ({ seed }) => {
    await expectKept(seed);
  });

  it.each(Array.from({ length: seedCount / seedsPerTest }, (_, index) => 1 + index * seedsPerTest))(
    `keeps its promises with ${seedsPerTest} seeds from %i on`,
    async (first) => {
      for (let seed = first; seed < first + seedsPerTest; seed++) {
        const { acked, polled } = await expectKept(seed);
        expect(acked, `records acknowledged with seed ${seed}`).toBeGreaterThan(0);
        expect(polled, `records read with seed ${seed}`).toBeGreaterThan(0);
      }
    },
  );
});

it('is the same run, event by event, for the same seed', async () => {
  for (const seed of [1, 2, 3]) {
    const first = await expectKept(seed);
    const second = await expectKept(seed);
    expect(second.hash, `seed ${seed}`).toBe(first.hash);
    expect(second.events).toBe(first.events);
  }
  const one = await expectKept(4);
  const other = await expectKept(5);
  expect(one.hash).not.toBe(other.hash);
});
