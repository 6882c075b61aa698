import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '../../engine/broker/node/supervisor/start-cluster.ts';
import { apis } from '../../engine/protocol/api-keys.ts';
import { errorCode, errorName } from '../../engine/protocol/error-codes.ts';
import type { MetadataResponse } from '../../engine/protocol/schemas/03-metadata.ts';
import { encodeBatch } from '../../engine/records/record-batch.ts';
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
  /** For one record to every partition after that, acknowledged by all replicas: the first write makes what a partition needs. */
  readonly writtenMs: number;
  /** Topics that were answered with an error, by its name. */
  readonly refused: Readonly<Record<string, number>>;
  /** Partitions whose first write was answered with an error, by its name: REQUEST_TIMED_OUT where replicas came late. */
  readonly unwritten: Readonly<Record<string, number>>;
  /** CPU of all brokers until all was served, and for the writes, in seconds. */
  readonly cpuSeconds: number;
  readonly cpuSecondsOfWrites: number;
  /** Resident memory of each broker in MB, largest first: before, with empty topics, with a record in each partition. */
  readonly residentMb: readonly (readonly number[])[];
}

const createVersion = 7;
const metadataVersion = 12;
const listOffsetsVersion = 7;
const requestTimeoutMs = 14_000;
const latest = -1;
/** The whole is given up after this long. */
const creationMsMax = 120_000;
const topicsPerQuestion = 500;
const produceVersion = 11;
const topicsPerWrite = 100;

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
    console.log('answered after', Math.round(answeredMs), 'ms');
    await Promise.all(clients.map((client) => untilKnown(client, names, creation.partitions)));
    const knownMs = performance.now() - started;
    console.log('known after', Math.round(knownMs), 'ms');
    const leaders = await leadersOf(clients[0] as RawClient, names);
    await untilServed(clients, leaders);
    const servedMs = performance.now() - started;
    console.log('served after', Math.round(servedMs), 'ms');
    const cpu = cpuSeconds(cluster.pids) - cpuBefore;
    const emptyMb = residentMb(cluster.pids);
    const written = await timed(() => writeToAll(clients, leaders));
    return {
      answeredMs: Math.round(answeredMs),
      knownMs: Math.round(knownMs),
      servedMs: Math.round(servedMs),
      writtenMs: written.ms,
      refused,
      unwritten: written.value,
      cpuSeconds: cpu,
      cpuSecondsOfWrites: cpuSeconds(cluster.pids) - cpuBefore - cpu,
      residentMb: [residentMbBefore, emptyMb, residentMb(cluster.pids)],
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
      if (code !== errorCode.NONE) countError(refused, code);
    }
  }
  return refused;
}

function countError(counts: Record<string, number>, code: number): void {
  const name = errorName(code) ?? String(code);
  counts[name] = (counts[name] ?? 0) + 1;
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

/** Topics and their partitions by the broker that leads them, brokers in the order of their ids. */
type Leaders = readonly ReadonlyMap<string, readonly number[]>[];

async function leadersOf(client: RawClient, names: readonly string[]): Promise<Leaders> {
  const known = await client.call(apis.metadata, metadataVersion, { topics: null, allowAutoTopicCreation: false });
  const ids = known.brokers.map(({ nodeId }) => nodeId).sort((a, b) => a - b);
  const leaders = ids.map(() => new Map<string, number[]>());
  const wanted = new Set<string | null>(names);
  for (const { name, partitions } of known.topics) {
    if (name === null || !wanted.has(name)) continue;
    for (const { leaderId, partitionIndex } of partitions) {
      const led = leaders[ids.indexOf(leaderId)];
      led?.set(name, [...(led.get(name) ?? []), partitionIndex]);
    }
  }
  return leaders;
}

/** Asks every leader for the end of what it leads until all of them answer. */
async function untilServed(clients: readonly RawClient[], leaders: Leaders): Promise<void> {
  await Promise.all(leaders.map((led, at) => untilServedBy(clients[at] as RawClient, led)));
}

/** One record to every partition, acknowledged by all replicas. */
async function writeToAll(clients: readonly RawClient[], leaders: Leaders): Promise<Record<string, number>> {
  const unwritten: Record<string, number> = {};
  await Promise.all(
    leaders.map(async (led, at) => {
      for (const some of inPieces([...led], topicsPerWrite)) {
        const topicData = some.map(([name, indexes]) => ({ name, partitionData: indexes.map(oneRecord) }));
        const request = { transactionalId: null, acks: -1, timeoutMs: requestTimeoutMs, topicData };
        const answer = await (clients[at] as RawClient).call(apis.produce, produceVersion, request);
        for (const row of answer.responses.flatMap(({ partitionResponses }) => partitionResponses))
          if (row.errorCode !== errorCode.NONE) countError(unwritten, row.errorCode);
      }
    }),
  );
  return unwritten;
}

function oneRecord(index: number) {
  const records = [{ key: null, value: Buffer.from('a record') }];
  return { index, records: encodeBatch({ records, baseTimestamp: Date.now() }) };
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
    await untilServed(clients, await leadersOf(clients[0] as RawClient, names));
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

/** `node test/bench/topic-creation.ts [topics] [--millrace | --kafka]`: one run of each, or of one. */
async function main(): Promise<void> {
  const creation = { topics: Number(process.argv[2] ?? 2_000), partitions: 3, topicsPerRequest: 100 };
  const reason = process.argv.includes('--millrace') ? 'not asked for' : whyNoApacheKafka();
  console.log(creation, 'load average', loadavg());
  if (!process.argv.includes('--kafka')) await measureOurs(creation);
  if (reason) console.log(`Apache Kafka is left out: ${reason}`);
  else await measureApacheKafka(creation);
  console.log('load average', loadavg());
}

await main();
