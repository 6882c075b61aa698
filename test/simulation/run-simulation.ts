import { checkFinal } from './checkers/check-final.ts';
import { probeVaults } from './checkers/check-tenancy.ts';
import { Watch } from './checkers/watch.ts';
import { History } from './clients/history.ts';
import { KafkaClient } from './clients/kafka-client.ts';
import { TailReader } from './clients/tail-reader.ts';
import { Workload } from './clients/workload.ts';
import { ClockJumps } from './clock-jumps.ts';
import { Faults } from './faults.ts';
import type { SimulationOptions } from './options.ts';
import { LossBudget } from './world/loss-budget.ts';
import { Violation, World } from './world/world.ts';

/** Longest virtual time until a new cluster serves its first topic, in ms. */
const bootMsMax = 20_000;

export interface SimulationResult {
  readonly seed: number;
  readonly hash: string;
  readonly violation: Violation | undefined;
  readonly virtualMs: number;
  readonly events: number;
  readonly acked: number;
  readonly polled: number;
  /** Compacted topics that were read from zero to their end, and logs that were compacted. */
  readonly tables: number;
  readonly compactions: number;
  /** Transactions that were committed. */
  readonly committed: number;
  /** Faults thrown, and what was done to the logs of coordinators, by kind. */
  readonly faults: ReadonlyMap<string, number>;
  /** The end of the trace, for a report. */
  readonly tail: (lines: number) => string;
}

/** What a test may change in a run, to prove that checkers see it. */
export interface Sabotage {
  /** Called every now and then in the safety phase. */
  readonly during?: (world: World) => void;
  /** Called with the history before the checkers look at it. */
  readonly history?: (history: History) => void;
}

/**
 * One run: a cluster boots, clients work while faults are thrown (safety), everything heals and must come together
 * (liveness), then the whole history is judged. The same options give the same run, event by event.
 */
export async function runSimulation(
  options: SimulationOptions,
  { print, sabotage = {} }: { print?: ((line: string) => void) | undefined; sabotage?: Sabotage } = {},
): Promise<SimulationResult> {
  const world = new World(options, print);
  const history = new History();
  const workload = new Workload(world, history);
  const faults = new Faults(world, new LossBudget(world), workload.clientNames);
  let violation: Violation | undefined;
  world.net.onDelivery = (from, to, frame) => {
    world.trace.add('frame', `${from}>${to} ${frame.length} ${frame.length >= 8 ? frame.readInt32BE(4) : ''}`);
  };
  try {
    await phases(world, { history, workload, faults, sabotage });
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    violation = error;
  }
  workload.stop();
  return {
    seed: options.seed,
    hash: world.trace.hash,
    violation,
    virtualMs: world.clock.monotonic(),
    events: world.events,
    acked: history.sends.filter(({ ackedAtMs }) => ackedAtMs !== undefined).length,
    polled: history.polls.length,
    tables: workload.tables?.reads ?? 0,
    compactions: world.compactions,
    committed: workload.transactions?.history.attempts.filter(({ outcome }) => outcome === 'committed').length ?? 0,
    faults: new Map<string, number>([...faults.counts, ...world.spoiled]),
    tail: (lines) => world.trace.tail(lines),
  };
}

interface Cast {
  readonly history: History;
  readonly workload: Workload;
  readonly faults: Faults;
  readonly sabotage: Sabotage;
}

async function phases(world: World, { history, workload, faults, sabotage }: Cast): Promise<void> {
  const { options } = world;
  for (const machine of world.machines) machine.start();
  const watch = new Watch(world);
  watch.start();
  workload.createTopics();
  await expectWithin(world, 'the first topics', bootMsMax, () =>
    workload.hasTopics ? undefined : 'a topic has no leader',
  );
  workload.start();
  faults.start();
  const jumps = options.tableWriters > 0 ? new ClockJumps(world) : undefined;
  jumps?.start();
  const endMs = world.clock.monotonic() + options.safetyMs;
  await world.until(() => {
    sabotage.during?.(world);
    return world.clock.monotonic() >= endMs;
  }, options.safetyMs);
  faults.heal();
  jumps?.heal();
  workload.close();
  const { leftBehind } = faults;
  if (leftBehind) {
    const why = () => watch.unfinished(leftBehind) ?? workload.unfinished();
    await expectWithin(world, `convergence without ${leftBehind.name}`, options.convergeMsMax, why);
    faults.healLast();
  }
  await expectWithin(world, 'convergence', options.convergeMsMax, () => watch.unfinished() ?? workload.unfinished());
  await readEverything(world, history);
  await workload.tables?.readEverything((what, left) => expectWithin(world, what, options.convergeMsMax, left));
  await workload.transactions?.readEverything((what, left) => expectWithin(world, what, options.convergeMsMax, left));
  await probe(world, workload);
  sabotage.history?.(history);
  checkFinal(world, history, workload);
  if (world.violation) throw world.violation;
}

/** Tries what rules deny, of each broker. */
async function probe(world: World, { steward }: Workload): Promise<void> {
  if (!steward) return;
  let isDone = false;
  void probeVaults(world, steward, (...violation) => world.violate(...violation)).then(() => {
    isDone = true;
  });
  await expectWithin(world, 'answers about vaults', world.options.convergeMsMax, () => (isDone ? undefined : 'none'));
}

/** Waits until nothing is left, by the words of `left`, that keeps `what` away. */
async function expectWithin(
  world: World,
  what: string,
  timeoutMs: number,
  left: () => string | undefined,
): Promise<void> {
  const startMs = world.clock.monotonic();
  if (await world.until(() => left() === undefined, timeoutMs)) {
    world.trace.add('run', `${what} after ${(world.clock.monotonic() - startMs).toFixed(0)} ms`);
    return;
  }
  world.violate('availability', `expected ${what} within ${timeoutMs} ms of virtual time: ${left()}`);
  throw world.violation;
}

async function readEverything(world: World, history: History): Promise<void> {
  const client = new KafkaClient(world, 'final-reader', 999);
  const reader = new TailReader(client, history);
  for (const { name, partitions } of world.options.topics)
    for (let partition = 0; partition < partitions; partition++) {
      let isDone = false;
      const run = async (): Promise<void> => {
        while (!isDone && !client.isStopped) {
          const found = await reader.readAll(name, partition);
          if (!found) continue;
          history.finalReads.set(`${name}-${partition}`, found);
          isDone = true;
        }
      };
      void run();
      await expectWithin(world, `reading ${name}-${partition} from its start`, world.options.convergeMsMax, () =>
        isDone ? undefined : 'it ends nowhere',
      );
    }
  client.stop();
}
