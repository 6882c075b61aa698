import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '../../engine/broker/node/supervisor/start-cluster.ts';
import { apis } from '../../engine/protocol/api-keys.ts';
import { errorCode, errorName } from '../../engine/protocol/error-codes.ts';
import type { MetadataResponse } from '../../engine/protocol/schemas/03-metadata.ts';
import { startApacheKafka, whyNoApacheKafka } from '../kit/apache-kafka.ts';
import { RawClient } from '../kit/raw-client.ts';
import { until } from '../kit/until.ts';
import type { ClusterUnderTest } from './cluster-under-test.ts';
import { cpuSeconds, residentMb } from './process-usage.ts';

/** What is created: `topics` of `partitions` with three replicas, `topicsPerRequest` in each CreateTopics request. */
export interface TopicCreation {
  readonly topics: number;
  readonly partitions: number;
  readonly topicsPerRequest: number;
}

export interface TopicCreationFigures {
  /** From the first request to the last answer. */
  readonly answeredMs: number;
  /** Until Metadata of every broker shows every partition with a leader and three replicas in sync. */
  readonly knownMs: number;
  /** Until every leader answers ListOffsets for every partition that it leads: the logs are there. */
  readonly servedMs: number;
  /** Topics that were answered with an error, by its name. */
  readonly refused: Readonly<Record<string, number>>;
  /** CPU of all brokers for all of it, in seconds. */
  readonly cpuSeconds: number;
  /** Resident memory of each broker before and after, in MB, largest first. */
  readonly residentMbBefore: readonly number[];
  readonly residentMb: readonly number[];
}

const createVersion = 7;
const metadataVersion = 12;
const listOffsetsVersion = 7;
const requestTimeoutMs = 14_000;
const latest = -1;
/** The whole is given up after this long. */
const creationMsMax = 120_000;
const topicsPerQuestion = 500;

/** Creates topics as fast as they are answered and waits until they are there. */
export async function measureTopicCreation(
  cluster: ClusterUnderTest,
  creation: TopicCreation,
): Promise<TopicCreationFigures> {
  const clients = cluster.bootstrap.split(',').map((address) => new RawClient(address));
  const names = namesOf(creation);
  const residentMbBefore = residentMb(cluster.pids);
  const cpuBefore = cpuSeconds(cluster.pids);
  const started = performance.now();
  try {
    const refused = await createAll(clients[0] as RawClient, names, creation);
    const answeredMs = performance.now() - started;
    await Promise.all(clients.map((client) => untilKnown(client, names, creation.partitions)));
    const knownMs = performance.now() - started;
    await untilServed(clients, names);
    const servedMs = performance.now() - started;
    const cpu = cpuSeconds(cluster.pids) - cpuBefore;
    return {
      answeredMs,
      knownMs,
      servedMs,
      refused,
      cpuSeconds: cpu,
      residentMbBefore,
      residentMb: residentMb(cluster.pids),
    };
  } finally {
    for (const client of clients) client.close();
  }
}

function namesOf({ topics }: TopicCreation): string[] {
  return Array.from({ length: topics }, (_, index) => `many-${index}`);
}

async function createAll(
  client: RawClient,
  names: readonly string[],
  { partitions, topicsPerRequest }: TopicCreation,
): Promise<Record<string, number>> {
  const refused: Record<string, number> = {};
  for (const some of inPieces(names, topicsPerRequest)) {
    const topics = some.map((name) => ({
      name,
      numPartitions: partitions,
      replicationFactor: 3,
      assignments: [],
      configs: [],
    }));
    const answer = await client.call(apis.createTopics, createVersion, { topics, timeoutMs: requestTimeoutMs });
    for (const { errorCode: code } of answer.topics) {
      if (code === errorCode.NONE) continue;
      const name = errorName(code) ?? String(code);
      refused[name] = (refused[name] ?? 0) + 1;
    }
  }
  return refused;
}

type TopicRow = MetadataResponse['topics'][number];

/** Asks again for those that are not complete yet. */
async function untilKnown(client: RawClient, names: readonly string[], partitions: number): Promise<void> {
  let missing = names;
  await until(
    `every topic has its ${partitions} partitions in sync`,
    async () => {
      const left: string[] = [];
      for (const some of inPieces(missing, topicsPerQuestion)) {
        const rows = await metadataOf(client, some);
        const complete = new Set(rows.filter((row) => isComplete(row, partitions)).map(({ name }) => name));
        left.push(...some.filter((name) => !complete.has(name)));
      }
      missing = left;
      return missing.length === 0;
    },
    creationMsMax,
  );
}

function isComplete({ partitions }: TopicRow, count: number): boolean {
  return partitions.length === count && partitions.every((row) => row.leaderId >= 0 && row.isrNodes.length === 3);
}

async function metadataOf(client: RawClient, names: readonly string[]): Promise<readonly TopicRow[]> {
  const topics = names.map((name) => ({ name, topicId: 'AAAAAAAAAAAAAAAAAAAAAA' }));
  return (await client.call(apis.metadata, metadataVersion, { topics, allowAutoTopicCreation: false })).topics;
}

/** Asks every leader for the end of what it leads until all of them answer. */
async function untilServed(clients: readonly RawClient[], names: readonly string[]): Promise<void> {
  const leads = new Map<number, Map<string, number[]>>();
  const known = await clients[0]?.call(apis.metadata, metadataVersion, { topics: null, allowAutoTopicCreation: false });
  const wanted = new Set(names);
  for (const topic of known?.topics ?? []) {
    if (!wanted.has(topic.name ?? '')) continue;
    for (const { leaderId, partitionIndex } of topic.partitions) {
      const led = leads.get(leaderId) ?? new Map<string, number[]>();
      leads.set(leaderId, led);
      led.set(topic.name ?? '', [...(led.get(topic.name ?? '') ?? []), partitionIndex]);
    }
  }
  const ids = (known?.brokers ?? []).map(({ nodeId }) => nodeId).sort((a, b) => a - b);
  await Promise.all(ids.map((id, at) => untilServedBy(clients[at] as RawClient, leads.get(id) ?? new Map())));
}

async function untilServedBy(client: RawClient, led: ReadonlyMap<string, readonly number[]>): Promise<void> {
  const waiting = new Map(led);
  await until(
    'leaders answer for what they lead',
    async () => {
      for (const some of inPieces([...waiting], topicsPerQuestion)) {
        const topics = some.map(([name, indexes]) => ({
          name,
          partitions: indexes.map((partitionIndex) => ({ partitionIndex, timestamp: latest })),
        }));
        const answer = await client.call(apis.listOffsets, listOffsetsVersion, {
          replicaId: -1,
          isolationLevel: 0,
          topics,
        });
        for (const topic of answer.topics)
          if (topic.partitions.every((row) => row.errorCode === errorCode.NONE)) waiting.delete(topic.name);
      }
      return waiting.size === 0;
    },
    creationMsMax,
  );
}

function inPieces<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size));
}

/** A cluster of ours from the sources, on a folder that outlives it. */
async function startOn(dataFolder: string): Promise<ClusterUnderTest> {
  const handle = await startCluster({ brokers: 3, dataFolder });
  await handle.ready();
  const { bootstrapServers, brokers } = handle.status();
  return { bootstrap: bootstrapServers, pids: brokers.map(({ pid }) => pid ?? -1), stop: () => handle.stop() };
}

async function timed<T>(what: () => Promise<T>): Promise<{ readonly ms: number; readonly value: T }> {
  const started = performance.now();
  const value = await what();
  return { ms: Math.round(performance.now() - started), value };
}

/** Stops a cluster of ours in order, starts it again on its folder, and waits until all is known and served. */
async function measureRestart(cluster: ClusterUnderTest, folder: string, creation: TopicCreation) {
  const stopped = await timed(() => cluster.stop());
  const started = await timed(() => startOn(folder));
  const known = await timed(() => untilThere(started.value, creation));
  const figures = {
    stopMs: stopped.ms,
    startMs: started.ms,
    startAndServedMs: started.ms + known.ms,
    cpuSeconds: cpuSeconds(started.value.pids),
    residentMb: residentMb(started.value.pids),
  };
  const last = await timed(() => started.value.stop());
  return { ...figures, secondStopMs: last.ms };
}

async function untilThere(cluster: ClusterUnderTest, creation: TopicCreation): Promise<void> {
  const clients = cluster.bootstrap.split(',').map((address) => new RawClient(address));
  const names = namesOf(creation);
  try {
    await Promise.all(clients.map((client) => untilKnown(client, names, creation.partitions)));
    await untilServed(clients, names);
  } finally {
    for (const client of clients) client.close();
  }
}

async function measureOurs(creation: TopicCreation): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'topic-creation-'));
  try {
    const cluster = await startOn(folder);
    console.log('Millrace', await measureTopicCreation(cluster, creation));
    console.log('Millrace, restart', await measureRestart(cluster, folder, creation));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureApacheKafka(creation: TopicCreation): Promise<void> {
  const cluster = await startApacheKafka({ nodes: 3 });
  try {
    console.log('Apache Kafka', await measureTopicCreation(cluster, creation));
  } finally {
    await cluster.stop();
  }
}

/** `node test/bench/topic-creation.ts [topics] [--ours]`: one run of each, Millrace first. */
async function main(): Promise<void> {
  const creation = { topics: Number(process.argv[2] ?? 2_000), partitions: 3, topicsPerRequest: 100 };
  const withKafka = !process.argv.includes('--ours');
  console.log(creation, 'load average', loadavg());
  await measureOurs(creation);
  const reason = whyNoApacheKafka();
  if (reason) console.log(`Apache Kafka is left out: ${reason}`);
  else if (withKafka) await measureApacheKafka(creation);
  console.log('load average', loadavg());
}

await main();
