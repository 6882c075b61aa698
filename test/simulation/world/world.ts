import { ManualClock } from '../../../engine/base/testing/manual-clock.ts';
import { SeededRandom } from '../../../engine/base/testing/seeded-random.ts';
import { coordinatorPartition } from '../../../engine/broker/coordinator/coordinator-partition.ts';
import { offsetsTopicName } from '../../../engine/protocol/system-topics.ts';
import type { SimulationOptions } from '../options.ts';
import { Machine } from './machine.ts';
import { SimulatedNet } from './simulated-net.ts';
import type { Spoil, SpoilChances } from './spoiled-internal-log.ts';
import { Trace } from './trace.ts';

/** A broken invariant; the first one ends the run. */
export class Violation extends Error {
  readonly invariant: string;

  constructor(invariant: string, message: string) {
    super(`${invariant}: ${message}`);
    this.invariant = invariant;
  }
}

/** Virtual time between two looks at what a phase waits for, in ms. */
const lookEveryMs = 10;
/** Events at one instant of virtual time; more are a loop. */
const eventsAtOnceMax = 50_000;
/** Events after which the real event loop gets a turn, so that a test runner can breathe. */
const eventsPerTurn = 20_000;

/** Clock, net and machines of one run, all moved by one queue of events. */
export class World {
  readonly options: SimulationOptions;
  readonly clock = new ManualClock();
  readonly trace: Trace;
  readonly net: SimulatedNet;
  readonly machines: readonly Machine[];
  /** Chance for the parts of the world that have no source of their own. */
  readonly random: SeededRandom;
  violation: Violation | undefined;
  /** Logs that were compacted. */
  compactions = 0;
  events = 0;
  /** What was done to the logs of coordinators, by kind. */
  readonly spoiled = new Map<Spoil, number>();
  /** Until everything heals. */
  spoilChances: SpoilChances;
  #eventsAtOnce = 0;
  #lastDueMs = 0;

  constructor(options: SimulationOptions, print?: (line: string) => void) {
    this.options = options;
    this.spoilChances = options.spoilChances;
    this.trace = new Trace(() => this.clock.monotonic(), print);
    this.random = new SeededRandom(options.seed);
    this.net = new SimulatedNet(this.clock, new SeededRandom(options.seed * 13 + 5), options.net);
    this.machines = Array.from({ length: options.brokers }, (_, index) => new Machine(this, index + 1));
  }

  machine(id: number): Machine {
    const machine = this.machines[id - 1];
    if (!machine) throw new Error(`no machine ${id}`);
    return machine;
  }

  /** The broker that leads a group's partition by the newest committed metadata that any broker has; -1 for none. */
  coordinatorOf(group: string): number {
    const images = this.machines.flatMap(({ broker }) => broker?.inspect()?.image ?? []);
    const newest = images.reduce((best, image) => (image.offset > best.offset ? image : best), images[0]!);
    const partitions = newest?.topics.get(offsetsTopicName)?.partitions ?? [];
    return partitions[coordinatorPartition(group, partitions.length)]?.leader ?? -1;
  }

  /** Timers that set each other without a delay would hold virtual time still. */
  #countAtOnce(dueMs: number): void {
    this.#eventsAtOnce = dueMs === this.#lastDueMs ? this.#eventsAtOnce + 1 : 0;
    this.#lastDueMs = dueMs;
    if (this.#eventsAtOnce > eventsAtOnceMax)
      this.violate('progress', `more than ${eventsAtOnceMax} events at ${dueMs} ms`);
  }

  violate(invariant: string, message: string): void {
    this.trace.add('VIOLATION', `${invariant}: ${message}`);
    this.violation ??= new Violation(invariant, message);
  }

  /**
   * Lets virtual time pass until the condition holds or the time is over; false for the latter. The condition is looked at
   * every `lookEveryMs`. Throws the first violation.
   */
  async until(condition: () => boolean, timeoutMs: number): Promise<boolean> {
    const endMs = this.clock.monotonic() + timeoutMs;
    let lookAtMs = 0;
    for (;;) {
      // Promise callbacks first: they belong to what has happened already.
      await drained();
      if (this.violation) throw this.violation;
      if (this.clock.monotonic() >= lookAtMs) {
        if (condition()) return true;
        lookAtMs = this.clock.monotonic() + lookEveryMs;
      }
      const dueMs = this.clock.nextDueMs;
      if (dueMs === undefined || dueMs > endMs) {
        this.clock.advance(endMs - this.clock.monotonic());
        return condition();
      }
      this.clock.step();
      this.#countAtOnce(dueMs);
      if (++this.events % eventsPerTurn === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }
}

function drained(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
