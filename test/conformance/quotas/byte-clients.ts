import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { apis } from '../../../engine/protocol/api-keys.ts';
import { kafkaLibs } from '../../kit/apache-kafka.ts';
import { RawClient } from '../../kit/raw-client.ts';
import { until } from '../../kit/until.ts';

/** Bytes of a record's value; what the record costs besides is not counted, for anybody. */
export const valueBytes = 1_000;
/** A rate is taken over this time from the first byte on: between two bursts of Kafka's saw-tooth, which come every 11 to 12 s. */
const measuredMs = 30_000;

const tools = 'org.apache.kafka.tools';

/** A client that sends or takes as much as it may, and who it says it is. */
export interface ByteClient {
  readonly name: string;
  readonly clientId: string;
  readonly quota: 'producer_byte_rate' | 'consumer_byte_rate';
  /** Starts it; `read` tells how many bytes have passed. */
  start(ground: ClientGround): { readonly child: ChildProcess; read(): Promise<number> };
}

export interface ClientGround {
  readonly bootstrap: string;
  /** Where it writes, with one partition. */
  readonly topic: string;
  /** What it reads: a topic with more than it can take. */
  readonly stored: string;
  /** A file with lines of `valueBytes`, more than it can send. */
  readonly lines: string;
}

function java(className: string, args: readonly string[]): ChildProcess {
  return spawn('java', ['-Xmx128m', '-cp', `${kafkaLibs()}/*`, className, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** End of the one partition of a topic, in bytes of values. */
async function written({ bootstrap, topic }: ClientGround): Promise<number> {
  const client = new RawClient(bootstrap);
  try {
    const partitions = [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp: -1 }];
    const request = { replicaId: -1, isolationLevel: 0, topics: [{ name: topic, partitions }], timeoutMs: 1_000 };
    const { topics } = await client.call(apis.listOffsets, 7, request);
    return Number(topics[0]?.partitions[0]?.offset ?? 0) * valueBytes;
  } finally {
    client.close();
  }
}

/** Counts what a process prints. */
function counted(child: ChildProcess) {
  let bytes = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  return { child, read: async () => bytes };
}

/** librdkafka by kcat, and Kafka's own Java clients by its tools. */
export const byteClients: readonly ByteClient[] = [
  {
    name: 'librdkafka (kcat)',
    clientId: 'kcat-producer',
    quota: 'producer_byte_rate',
    start: (ground) => {
      const settings = ['acks=1', 'batch.size=16384', 'client.id=kcat-producer', 'message.timeout.ms=120000'];
      const args = ['-P', '-q', '-b', ground.bootstrap, '-t', ground.topic, '-p', '0', '-l', ground.lines];
      const child = spawn('kcat', [...args, ...settings.flatMap((setting) => ['-X', setting])], { stdio: 'ignore' });
      return { child, read: () => written(ground) };
    },
  },
  {
    name: 'Java (ProducerPerformance)',
    clientId: 'java-producer',
    quota: 'producer_byte_rate',
    start: (ground) => {
      const load = ['--topic', ground.topic, '--num-records', '1000000', '--record-size', String(valueBytes)];
      const props = [`bootstrap.servers=${ground.bootstrap}`, 'acks=1', 'batch.size=16384', 'client.id=java-producer'];
      const all = [...load, '--throughput', '-1', '--producer-props', ...props];
      return { child: java(`${tools}.ProducerPerformance`, all), read: () => written(ground) };
    },
  },
  {
    name: 'librdkafka (kcat)',
    clientId: 'kcat-consumer',
    quota: 'consumer_byte_rate',
    start: ({ bootstrap, stored }) => {
      const args = ['-C', '-q', '-u', '-b', bootstrap, '-t', stored, '-p', '0', '-o', 'beginning'];
      return counted(
        spawn('kcat', [...args, '-X', 'client.id=kcat-consumer'], { stdio: ['ignore', 'pipe', 'ignore'] }),
      );
    },
  },
  {
    name: 'Java (console consumer)',
    clientId: 'java-consumer',
    quota: 'consumer_byte_rate',
    start: ({ bootstrap, stored }) => {
      const from = ['--topic', stored, '--partition', '0', '--offset', 'earliest'];
      const args = ['--bootstrap-server', bootstrap, ...from, '--command-property', 'client.id=java-consumer'];
      return counted(java(`${tools}.consumer.ConsoleConsumer`, args));
    },
  },
];

/** Bytes a second of a client, from its first byte on. */
export async function bytesPerSecond(client: ByteClient, ground: ClientGround): Promise<number> {
  const { child, read } = client.start(ground);
  try {
    await until(`${client.name} begins with ${ground.topic}`, async () => (await read()) > 0, 60_000);
    const begun = performance.now();
    await new Promise<void>((done) => {
      setTimeout(() => done(), measuredMs);
    });
    return (await read()) / ((performance.now() - begun) / 1_000);
  } finally {
    child.kill('SIGKILL');
  }
}
