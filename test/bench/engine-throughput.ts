import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Admin, ListOffsetTimestamps, Producer } from '@platformatic/kafka';
import { until } from '../kit/until.ts';
import type { ClusterUnderTest } from './cluster-under-test.ts';
import { cpuSeconds } from './process-usage.ts';
import { sampleMapping, sampleRecord } from './sample-record.ts';
import { createTopic } from './topics.ts';

/** Batches stay below the default message.max.bytes. */
const recordsPerSend = 500;
const partitions = 3;
const cli = join(dirname(fileURLToPath(import.meta.url)), '../../dist/engine/cli.js');

export interface EngineFigures {
  readonly messagesPerSecond: number;
  readonly engineCpuUsPerMessage: number;
}

function writeProject(folder: string, { input, output, delivery = 'at-least-once' }: EngineRun): void {
  const files = {
    'millrace.json': { format: 1, name: 'bench', version: '1.0.0' },
    'resources/cluster.kafka.json': {
      format: 1,
      type: 'kafka.connection',
      name: 'Cluster',
      config: { cluster: 'bundled' },
    },
    'processes/map.process.json': {
      format: 1,
      name: 'map',
      activities: {
        receive: {
          type: 'kafka.receive-message',
          name: 'Receive',
          config: {
            connection: 'cluster',
            topics: [input],
            groupId: `bench-${output}`,
            startFrom: 'earliest',
            flowLimit: 2000,
            recordsPerFetchMax: 5000,
            delivery,
          },
          input: {},
        },
        send: {
          type: 'kafka.send-message',
          name: 'Send',
          config: { connection: 'cluster', topic: output, acks: 'all' },
          input: { value: sampleMapping },
        },
      },
      transitions: [{ id: 'receive-send', from: 'receive', to: 'send', kind: 'success' }],
    },
  };
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
  }
}

async function fill(cluster: ClusterUnderTest, topic: string, records: number): Promise<void> {
  const producer = new Producer({ clientId: 'bench', bootstrapBrokers: cluster.bootstrap.split(','), retries: 5 });
  try {
    for (let id = 0; id < records; id += recordsPerSend) {
      const partition = (id / recordsPerSend) % partitions;
      await producer.send({
        acks: -1,
        messages: Array.from({ length: recordsPerSend }, (_, index) => ({
          topic,
          partition,
          value: sampleRecord(id + index),
        })),
      });
    }
  } finally {
    await producer.close();
  }
}

async function endOffsets(admin: Admin, topic: string): Promise<number> {
  const asked = Array.from({ length: partitions }, (_, partitionIndex) => ({
    partitionIndex,
    timestamp: ListOffsetTimestamps.LATEST,
  }));
  const [row] = await admin.listOffsets({ topics: [{ name: topic, partitions: asked }] });
  return (row?.partitions ?? []).reduce((sum, partition) => sum + Number(partition.offset), 0);
}

/** Three partitions of JSON records of 1 KiB for `runEngine` to read. */
export async function fillInput(cluster: ClusterUnderTest, input: string, records: number): Promise<void> {
  await createTopic(cluster.bootstrap, input, partitions);
  await fill(cluster, input, records);
}

/** What one run of the engine reads, writes to, and is. */
export interface EngineRun {
  readonly input: string;
  readonly output: string;
  /** Records that the input holds. */
  readonly records: number;
  /** The command line of the tree that is measured: that of this one if left out. */
  readonly cli?: string;
  readonly nodeOptions?: readonly string[];
  /** `at-least-once` if left out. */
  readonly delivery?: 'at-least-once' | 'exactly-once';
}

/**
 * One `millrace run` process that receives JSON records of 1 KiB, maps six fields and sends them with acks=all, both topics with
 * replication 3 on the bundled cluster over WebSockets. Timed from the first tenth to the last record.
 */
export async function runEngine(cluster: ClusterUnderTest, run: EngineRun): Promise<EngineFigures> {
  const { output, records } = run;
  await createTopic(cluster.bootstrap, output, partitions);
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-project-'));
  writeProject(folder, run);
  const command = [...(run.nodeOptions ?? []), run.cli ?? cli, 'run', folder, '--cluster', cluster.bootstrap];
  const engine = spawn(process.execPath, command, { stdio: ['ignore', 'ignore', 'inherit'] });
  const exited = new Promise<void>((resolve) => engine.once('exit', () => resolve()));
  const pids = [engine.pid ?? -1];
  const admin = new Admin({ clientId: 'bench', bootstrapBrokers: cluster.bootstrap.split(',') });
  try {
    const first = await until('the engine has sent a tenth', async () => {
      const sent = await endOffsets(admin, output);
      return sent < records / 10 ? undefined : { sent, atMs: performance.now(), cpu: cpuSeconds(pids) };
    });
    await until('the engine has sent everything', async () => (await endOffsets(admin, output)) >= records, 120_000);
    const seconds = (performance.now() - first.atMs) / 1000;
    const messages = records - first.sent;
    return {
      messagesPerSecond: messages / seconds,
      engineCpuUsPerMessage: ((cpuSeconds(pids) - first.cpu) * 1e6) / messages,
    };
  } finally {
    engine.kill('SIGTERM');
    await exited;
    await admin.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `runEngine` on topics of its own. */
export async function measureEngine(cluster: ClusterUnderTest, records: number): Promise<EngineFigures> {
  await fillInput(cluster, 'bench-in', records);
  return runEngine(cluster, { input: 'bench-in', output: 'bench-out', records });
}
