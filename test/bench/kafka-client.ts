import { Consumer, Producer } from '@platformatic/kafka';
import { KafkaAdmin } from '../../engine/kafka/admin.ts';
import { AssignedReader } from '../../engine/kafka/assigned-reader.ts';
import type { KafkaConnection } from '../../engine/kafka/connection.ts';
import { KafkaProducer } from '../../engine/kafka/producer.ts';
import { startBundledCluster } from '../kit/bundled-cluster.ts';
import { testConnection } from '../kit/kafka-connections.ts';

/*
 * The engine's Kafka client beside @platformatic/kafka, both against one broker of ours, in turn in one process:
 * `node test/bench/kafka-client.ts [records] [rounds]`. Prints MB/s (values only) and CPU of the client per record.
 */

const valueBytes = 1024;
const partitions = 3;
const recordsPerSend = 1000;
const sendsInFlight = 4;
const value = Buffer.alloc(valueBytes, 'x');

interface Figures {
  readonly mbPerSecond: number;
  readonly cpuUsPerRecord: number;
}

type Way = (topic: string, records: number) => Promise<void>;

async function measured(records: number, run: () => Promise<void>): Promise<Figures> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await run();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { mbPerSecond: (records * valueBytes) / 1e6 / seconds, cpuUsPerRecord: (user + system) / records };
}

function libraryProduce(bootstrap: string): Way {
  return async (topic, records) => {
    const producer = new Producer({ clientId: 'library', bootstrapBrokers: bootstrap.split(','), retries: 5 });
    let left = records / recordsPerSend;
    let turn = 0;
    const send = () => {
      const partition = turn++ % partitions;
      return producer.send({
        acks: -1,
        messages: Array.from({ length: recordsPerSend }, () => ({ topic, value, partition })),
      });
    };
    const loop = async () => {
      while (left-- > 0) await send();
    };
    await Promise.all(Array.from({ length: sendsInFlight }, loop));
    await producer.close();
  };
}

function ourProduce(connection: KafkaConnection): Way {
  return async (topic, records) => {
    const producer = new KafkaProducer(connection, {
      batchRecordsMax: recordsPerSend,
      batchBytesMax: 2 * 1024 * 1024,
      bufferRecordsMax: recordsPerSend * sendsInFlight,
    });
    const listener = {
      sent: () => {},
      failed: (error: Error) => {
        throw error;
      },
    };
    for (let index = 0; index < records; index++) {
      const full = producer.ready();
      if (full) await full;
      producer.deliver({ topic, value, partition: Math.floor(index / recordsPerSend) % partitions }, listener);
    }
    await producer.close();
  };
}

function libraryConsume(bootstrap: string): Way {
  return async (topic, records) => {
    const consumer = new Consumer({
      clientId: 'library',
      groupId: `g-${topic}-${performance.now()}`,
      bootstrapBrokers: bootstrap.split(','),
    });
    const stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: false, maxWaitTime: 500 });
    let seen = 0;
    await new Promise<void>((resolve, reject) => {
      stream.on('error', reject);
      stream.on('data', () => {
        if (++seen === records) resolve();
      });
    });
    await consumer.close(true);
  };
}

function ourConsume(connection: KafkaConnection): Way {
  return (topic, records) =>
    new Promise<void>((resolve, reject) => {
      let seen = 0;
      let bytes = 0;
      const reader = new AssignedReader(
        connection,
        { topic, partitions: undefined, from: { kind: 'earliest' } },
        () => {
          for (let record = reader.next(); record; record = reader.next()) {
            bytes += record.value?.length ?? 0;
            if (++seen < records) continue;
            if (bytes !== records * valueBytes)
              reject(new Error(`expected ${records * valueBytes} bytes, found ${bytes}`));
            void reader.close().then(resolve, reject);
            return;
          }
        },
      );
      reader.start().catch(reject);
    });
}

const best = (all: readonly Figures[]) => ({
  mbPerSecond: Math.max(...all.map(({ mbPerSecond }) => mbPerSecond)),
  cpuUsPerRecord: Math.min(...all.map(({ cpuUsPerRecord }) => cpuUsPerRecord)),
});

const records = Number(process.argv[2] ?? 200_000);
const rounds = Number(process.argv[3] ?? 3);
const cluster = await startBundledCluster(1);
const tcp = testConnection({ transport: 'tcp', bootstrapServers: cluster.bootstrap });
const webSocket = testConnection({ transport: 'websocket', bootstrapServers: cluster.bootstrap });
const admin = new KafkaAdmin(tcp);
const produce = { library: libraryProduce(cluster.bootstrap), tcp: ourProduce(tcp), websocket: ourProduce(webSocket) };
const consume = { library: libraryConsume(cluster.bootstrap), tcp: ourConsume(tcp), websocket: ourConsume(webSocket) };
const figures = new Map<string, Figures[]>();
try {
  for (let round = 0; round <= rounds; round++) {
    const topic = `bench-${round}`;
    for (const [name, way] of Object.entries(produce)) {
      await admin.createTopic({ name: `${topic}-${name}`, partitions });
      const found = await measured(records, () => way(`${topic}-${name}`, records));
      // The first round warms up.
      if (round > 0) figures.set(`produce ${name}`, [...(figures.get(`produce ${name}`) ?? []), found]);
    }
    for (const [name, way] of Object.entries(consume)) {
      const found = await measured(records, () => way(`${topic}-tcp`, records));
      if (round > 0) figures.set(`consume ${name}`, [...(figures.get(`consume ${name}`) ?? []), found]);
    }
    for (const name of Object.keys(produce)) await admin.deleteTopic(`${topic}-${name}`);
  }
  for (const [name, all] of figures) {
    const { mbPerSecond, cpuUsPerRecord } = best(all);
    console.log(
      `${name.padEnd(20)} ${mbPerSecond.toFixed(0).padStart(6)} MB/s ${cpuUsPerRecord.toFixed(2).padStart(7)} us/record`,
    );
  }
} finally {
  await admin.close();
  await cluster.stop();
}
process.exit(0);
