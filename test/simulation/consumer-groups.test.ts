import { expect, it } from 'vitest';
import { describeOptions, optionsFor } from './options.ts';
import { runSimulation } from './run-simulation.ts';

/** Seeds of one run of the tests; more: `npm run sim -- --seed 1000 --runs 2000 --consumers 3`. */
const seedCount = 20;
const seedsPerTest = 10;
const tailLines = 60;

it.each(Array.from({ length: seedCount / seedsPerTest }, (_, index) => 20_001 + index * seedsPerTest))(
  `a group of the consumer protocol never has two owners of a partition, and its commits never go back, ${seedsPerTest} seeds from %i on`,
  async (first) => {
    for (let seed = first; seed < first + seedsPerTest; seed++) {
      const options = optionsFor(seed, { consumers: 3 });
      const { violation, acked, tail } = await runSimulation(options);
      if (violation)
        throw new Error(
          `seed ${seed}: ${violation.message}\n${tail(tailLines)}\noptions: ${describeOptions(options)}\nrepeat: npm run sim -- --seed ${seed} --consumers 3 --trace`,
          { cause: violation },
        );
      expect(acked, `records acknowledged with seed ${seed}`).toBeGreaterThan(0);
    }
  },
);
