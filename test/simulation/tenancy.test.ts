import { expect, it } from 'vitest';
import { describeOptions, optionsFor } from './options.ts';
import { runSimulation } from './run-simulation.ts';

/** Seeds of one run of the tests; more: `npm run sim -- --seed 1000 --runs 2000 --stewards 1`. */
const seedCount = 60;
const seedsPerTest = 20;
const tailLines = 60;

it.each(Array.from({ length: seedCount / seedsPerTest }, (_, index) => 20_001 + index * seedsPerTest))(
  `quotas and rules that come and go lose nothing and let nothing out, ${seedsPerTest} seeds from %i on`,
  async (first) => {
    for (let seed = first; seed < first + seedsPerTest; seed++) {
      const options = optionsFor(seed, { stewards: 1 });
      const { violation, acked, tail } = await runSimulation(options);
      if (violation)
        throw new Error(
          `seed ${seed}: ${violation.message}\n${tail(tailLines)}\noptions: ${describeOptions(options)}\nrepeat: npm run sim -- --seed ${seed} --stewards 1 --trace`,
          { cause: violation },
        );
      expect(acked, `records acknowledged with seed ${seed}`).toBeGreaterThan(0);
    }
  },
);
