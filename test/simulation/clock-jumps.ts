import { SeededRandom } from '../../engine/base/testing/seeded-random.ts';
import type { World } from './world/world.ts';

/** How far a wall clock may be off after a jump, in ms: less than what brokers take from the times of records, and than tombstones stay. */
const offMsMax = 240_000;
const everyMs = 3_000;
/** Part of the runs that have them. */
const chance = 0.5;

/** Wall clocks of brokers that are set, forwards and backwards, while they run. */
export class ClockJumps {
  readonly #world: World;
  readonly #random: SeededRandom;
  #isOver = false;

  constructor(world: World) {
    this.#world = world;
    this.#random = new SeededRandom(world.options.seed * 1_999 + 43);
  }

  start(): void {
    if (this.#random.next() < chance) this.#next();
  }

  heal(): void {
    this.#isOver = true;
  }

  #next(): void {
    this.#world.clock.after(this.#random.next() * 2 * everyMs, () => {
      if (this.#isOver) return;
      const { machines, trace } = this.#world;
      const machine = machines[Math.floor(this.#random.next() * machines.length)]!;
      machine.skewMs = (this.#random.next() * 2 - 1) * offMsMax;
      trace.add(machine.name, `its clock is off by ${machine.skewMs.toFixed(0)} ms`);
      this.#next();
    });
  }
}
