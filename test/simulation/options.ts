import type { Random } from '../../engine/base/random.ts';
import { randomBelow } from '../../engine/base/random.ts';
import { SeededRandom } from '../../engine/base/testing/seeded-random.ts';
import type { NetOptions } from './world/simulated-net.ts';
import type { SpoilChances } from './world/spoiled-internal-log.ts';

/** Kinds of faults; each has a weight in a run, 0 when the run does without it. */
export const faultKinds = [
  'kill',
  'killController',
  'killLeader',
  'stop',
  'restartCluster',
  'killCluster',
  'pause',
  'isolate',
  'isolateOneWay',
  'cutLink',
  'cutClients',
  'slowLink',
  'reset',
  'slowDisk',
  'stall',
  'fullDisk',
  'brokenDisk',
  'fewFiles',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Disks fail more rarely than what is between them. */
const storageWeight = 0.4;

/** Choices that came later are drawn from a source of their own: an older seed keeps what it meant. */
const laterKinds: ReadonlySet<FaultKind> = new Set<FaultKind>(['stall']);
const storageKinds: ReadonlySet<FaultKind> = new Set<FaultKind>(['fullDisk', 'brokenDisk', 'fewFiles']);

export interface TopicPlan {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
}

/** Session of members of the consumer protocol, in ms. */
export const consumerSessionMs = 4_000;

/** All that a seed decides before a run begins. */
export interface SimulationOptions {
  readonly seed: number;
  readonly brokers: number;
  readonly net: NetOptions;
  /** How far the wall clock of each broker is off, in ms. */
  readonly skewMs: readonly number[];
  readonly topics: readonly TopicPlan[];
  readonly producers: readonly {
    readonly acks: -1 | 1;
    readonly isIdempotent: boolean;
    readonly inFlightMax: number;
  }[];
  /** Producers of the engine's own client, beside the others. A seed alone has none, so that older ones keep what they meant. */
  readonly engineProducers: number;
  /** Members of the engine's own consumer group. */
  readonly engineMembers: number;
  /** Clients that write transactions, with one who copies and one who reads what they commit. */
  readonly transactionalWriters: number;
  /** Members of a group of the consumer protocol (KIP-848). */
  readonly consumerMembers: number;
  /** Clients that write keys of their own to a compacted topic, with one who reads it from zero again and again. */
  readonly tableWriters: number;
  /** Settings of that topic. */
  readonly tableConfigs: Readonly<Record<string, string>>;
  /** Who sets quotas and rules while others work. A seed alone has nobody, so that older ones keep what they meant. */
  readonly stewards: number;
  readonly groupMembers: number;
  readonly tailReaders: number;
  /** Whether partitions and voters are moved during the run. */
  readonly hasMover: boolean;
  /** Whether an admin changes topics during the run. */
  readonly hasAdmin: boolean;
  /** Faults are thrown for this long, in virtual ms. */
  readonly safetyMs: number;
  /** After this long without faults everything must have come together, in virtual ms. */
  readonly convergeMsMax: number;
  /** Mean time between faults, in virtual ms. */
  readonly faultEveryMs: number;
  /** After the faults one broker stays like this until the others have come together without it (three brokers or more). */
  readonly leftBehind: 'nobody' | 'down' | 'isolated' | 'deaf' | 'mute' | 'paused';
  readonly faultWeights: Readonly<Record<FaultKind, number>>;
  readonly syncMsMax: number;
  /** Longest time that a broker's work between two looks at its clock takes, in ms. */
  readonly workMsMax: number;
  /** What happens to the logs of coordinators. */
  readonly spoilChances: SpoilChances;
  readonly settings: Readonly<Record<string, number>>;
}

/** What a seed alone does not have, so that older ones keep what they meant: how many of each. */
export const noExtras = {
  /** Stretches the safety phase; 1 leaves it. */
  scale: 1,
  /** Producers, and group members, of the engine's own client. */
  engines: 0,
  /** Writers of transactions. */
  transactions: 0,
  /** Members of a group of the consumer protocol. */
  consumers: 0,
  /** Writers of a compacted topic. */
  tables: 0,
  /** Who sets quotas and rules. */
  stewards: 0,
};
export type SimulationExtras = typeof noExtras;

/** The plan of a run. */
export function optionsFor(seed: number, extras: Partial<SimulationExtras> = {}): SimulationOptions {
  const { scale, engines, transactions, consumers, tables, stewards } = { ...noExtras, ...extras };
  const random = new SeededRandom(seed * 7_919 + 11);
  const among = <T>(...choices: T[]): T => choices[randomBelow(random, choices.length)] as T;
  const brokers = among(3, 3, 3, 3, 3, 3, 3, 5, 1);
  const delayMsMax = among(2, 5, 20, 80);
  const later = new SeededRandom(seed * 6_007 + 29);
  const weightFrom = (source: Random): number => (source.next() < 0.5 ? 0 : source.next());
  const weights = Object.fromEntries(
    faultKinds
      .filter((kind) => !laterKinds.has(kind) && !storageKinds.has(kind))
      .map((kind) => [kind, weightFrom(random)]),
  );
  for (const kind of laterKinds) weights[kind] = weightFrom(later);
  const storage = new SeededRandom(seed * 5_003 + 31);
  for (const kind of storageKinds) weights[kind] = weightFrom(storage) * storageWeight;
  const moves = new SeededRandom(seed * 2_003 + 41);
  const coordinators = new SeededRandom(seed * 3_001 + 37);
  const spoilFrom = (chanceMax: number): number => (coordinators.next() < 0.5 ? 0 : coordinators.next() * chanceMax);
  return {
    seed,
    brokers,
    net: { delayMsMin: 0.1, delayMsMax },
    skewMs: Array.from({ length: brokers }, () => among(0, 0, 0, 1, -1) * random.next() * 5_000),
    topics: topicsFor(random, brokers),
    producers: [
      { acks: -1, isIdempotent: true, inFlightMax: 5 },
      { acks: -1, isIdempotent: true, inFlightMax: 1 },
      { acks: -1, isIdempotent: false, inFlightMax: 1 },
      { acks: 1, isIdempotent: false, inFlightMax: 1 },
    ],
    engineProducers: engines,
    engineMembers: engines,
    transactionalWriters: transactions,
    consumerMembers: consumers,
    tableWriters: tables,
    tableConfigs: tableConfigsFrom(seed),
    stewards,
    groupMembers: among(1, 2, 3),
    tailReaders: among(1, 2),
    hasMover: brokers >= 3 && moves.next() < 0.4,
    hasAdmin: random.next() < 0.6,
    safetyMs: scale * among(6_000, 10_000, 15_000, 25_000),
    convergeMsMax: 60_000,
    faultEveryMs: among(400, 1_000, 2_500),
    leftBehind: among('nobody', 'nobody', 'down', 'isolated', 'deaf', 'mute', 'paused'),
    faultWeights: weights as Record<FaultKind, number>,
    syncMsMax: among(1, 5, 40),
    workMsMax: [0, 0, 0.02, 0.2][randomBelow(later, 4)] as number,
    spoilChances: { failedLoad: spoilFrom(0.8), futureRecord: spoilFrom(0.1), controlBatch: spoilFrom(0.1) },
    settings: {
      'replica.lag.time.max.ms': among(1_500, 3_000, 10_000),
      'replica.high.watermark.checkpoint.interval.ms': among(200, 5_000),
      'log.roll.ms': among(500, 5_000, 600_000),
      'metadata.log.max.record.bytes.between.snapshots': among(2_000, 8_000, 1_000_000),
      'metadata.log.segment.bytes': among(8_000, 100_000),
      'leader.imbalance.check.interval.seconds': among(2, 30),
      'log.cleaner.backoff.ms': [100, 500, 2_000][seed % 3] as number,
      'log.cleaner.io.buffer.size': 1_024,
      'offsets.topic.num.partitions': 2,
      'transaction.state.log.num.partitions': 2,
      ...(consumers ? { 'group.consumer.session.timeout.ms': consumerSessionMs } : {}),
      'auto.create.topics.enable': 0,
    },
  };
}

/**
 * Longer than a run: a replica that was away while its leader let go of a tombstone would have the value for ever, as in Kafka.
 */
const tombstonesStayMs = 600_000;

/** Segments and rests are short, so that compaction is under way at every moment. */
function tableConfigsFrom(seed: number): Record<string, string> {
  const random = new SeededRandom(seed * 2_003 + 41);
  const among = (...choices: number[]): string => String(choices[randomBelow(random, choices.length)]);
  return {
    'segment.ms': among(200, 1_000, 5_000),
    'min.cleanable.dirty.ratio': among(0, 0.1, 0.5),
    'delete.retention.ms': String(tombstonesStayMs),
    'min.compaction.lag.ms': among(0, 0, 500),
  };
}

function topicsFor(random: Random, brokers: number): TopicPlan[] {
  const replicationFactor = Math.min(3, brokers);
  const topics = [{ name: 'orders', partitions: 1 + randomBelow(random, 3), replicationFactor }];
  if (random.next() < 0.5) topics.push({ name: 'events', partitions: 1, replicationFactor });
  return topics;
}

/** One line for a report. */
export function describeOptions(options: SimulationOptions): string {
  const weights = Object.entries(options.faultWeights).filter(([, weight]) => weight > 0);
  return JSON.stringify({
    ...options,
    faultWeights: Object.fromEntries(weights.map(([kind, weight]) => [kind, Number(weight.toFixed(2))])),
    skewMs: options.skewMs.map(Math.round),
  });
}
