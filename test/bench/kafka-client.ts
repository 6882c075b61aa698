import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Consumer, Producer } from '@platformatic/kafka';
import { KafkaAdmin } from '../../engine/kafka/admin.ts';
import { AssignedReader } from '../../engine/kafka/assigned-reader.ts';
import type { KafkaConnection } from '../../engine/kafka/connection.ts';
import { KafkaProducer } from '../../engine/kafka/producer.ts';
import { startBundledCluster } from '../kit/bundled-cluster.ts';
import { testConnection } from '../kit/kafka-connections.ts';

/*
 * The engine's Kafka client beside @platformatic/kafka, in turn in one process, and beside librdkafka (kcat, where it is installed), all
 * against one broker of ours: `node test/bench/kafka-client.ts [records] [rounds]`. Prints MB/s (values only) and CPU of the client per
 * record; kcat's includes its start and the reading or writing of lines.
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

/** Resolves to CPU seconds where another process did the work. */
type Way = (topic: string, records: number) => Promise<unknown>;

async function measured(records: number, run: () => Promise<unknown>): Promise<Figures> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  const elsewhere = await run();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const cpuUs = typeof elsewhere === 'number' ? elsewhere * 1e6 : user + system;
  return { mbPerSecond: (records * valueBytes) / 1e6 / seconds, cpuUsPerRecord: cpuUs / records };
}

/** CPU seconds of `kcat` with these arguments. */
async function kcat(bootstrap: string, line: string): Promise<number> {
  const script = `TIMEFORMAT='%U %S'; time kcat -q -b ${bootstrap} ${line}`;
  const child = spawn('bash', ['-c', script], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  const [code] = (await once(child, 'close')) as [number];
  const times = /([\d.]+) ([\d.]+)\s*$/.exec(said);
  if (code !== 0 || !times) throw new Error(`expected kcat to end well, found exit code ${code}: ${said}`);
  return Number(times[1]) + Number(times[2]);
}

function librdkafkaProduce(bootstrap: string, linesFile: string): Way {
  const batch = `-X linger.ms=5 -X batch.num.messages=${recordsPerSend} -X batch.size=2000000`;
  return (topic) => kcat(bootstrap, `-P -t ${topic} -X acks=all -X enable.idempotence=true ${batch} -l ${linesFile}`);
}

function librdkafkaConsume(bootstrap: string): Way {
  return (topic) => kcat(bootstrap, `-C -t ${topic} -o beginning -e -f ''`);
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
const hasKcat = spawnSync('kcat', ['-V']).status === 0;
if (!hasKcat) console.log('librdkafka is left out: no kcat');
const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
const linesFile = join(folder, 'lines');
writeFileSync(linesFile, `${value}\n`.repeat(records));
const produce: Record<string, Way> = {
  library: libraryProduce(cluster.bootstrap),
  tcp: ourProduce(tcp),
  websocket: ourProduce(webSocket),
};
const consume: Record<string, Way> = {
  library: libraryConsume(cluster.bootstrap),
  tcp: ourConsume(tcp),
  websocket: ourConsume(webSocket),
};
if (hasKcat) {
  produce.librdkafka = librdkafkaProduce(cluster.bootstrap, linesFile);
  consume.librdkafka = librdkafkaConsume(cluster.bootstrap);
}
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
  rmSync(folder, { recursive: true });
}
process.exit(0);
