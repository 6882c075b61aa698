import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { KafkaAdmin } from '../../engine/kafka/admin.ts';
import { KafkaProducer } from '../../engine/kafka/producer.ts';
import { testConnection } from '../kit/kafka-connections.ts';
import { millrace } from './cluster-under-test.ts';
import { cpuSeconds, residentMb } from './process-usage.ts';

/*
 * How soon a run reads Kafka: `node test/bench/first-record.ts [rounds]`, after `npm run build`. From the start of `millrace run` (a
 * ReceiveMessage of a group that is new, and a Log) until its log shows the record that waits in the topic. Linux only.
 */

const cli = join(import.meta.dirname, '../../dist/engine/cli.js');
const waitMsMax = 20_000;
const shown = 'the first record';

interface Figures {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly residentMb: number;
}

function writeProject(folder: string, groupId: string): void {
  const activities = {
    receive: {
      type: 'kafka.receive-message',
      name: 'Receive',
      config: { connection: 'cluster', topics: ['in'], groupId, startFrom: 'earliest' },
      input: {},
    },
    log: { type: 'general.log', name: 'Log', config: {}, input: { message: `'${shown}'` } },
  };
  const transitions = [{ id: 'receive-log', from: 'receive', to: 'log', kind: 'success' }];
  const files = {
    'millrace.json': { format: 1, name: 'bench', version: '1.0.0' },
    'resources/cluster.kafka.json': {
      format: 1,
      type: 'kafka.connection',
      name: 'Cluster',
      config: { cluster: 'bundled' },
    },
    'processes/read.process.json': { format: 1, name: 'read', activities, transitions },
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `${JSON.stringify(content, null, 2)}\n`);
  }
}

async function run(folder: string, cluster: string): Promise<Figures> {
  const started = performance.now();
  const child = spawn(process.execPath, [cli, 'run', folder, '--cluster', cluster], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  try {
    await new Promise<void>((resolve, reject) => {
      const hear = (chunk: Buffer) => {
        said += chunk;
        if (said.includes(shown)) resolve();
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.once('exit', () => reject(new Error(`expected "${shown}", found that it ended: ${said}`)));
      setTimeout(() => reject(new Error(`expected "${shown}", found: ${said}`)), waitMsMax).unref();
    });
    const pids = [child.pid ?? -1];
    const wallMs = performance.now() - started;
    return { wallMs, cpuMs: cpuSeconds(pids) * 1_000, residentMb: residentMb(pids)[0]! };
  } finally {
    child.kill('SIGKILL');
  }
}

const rounds = Number(process.argv[2] ?? 7);
const cluster = await millrace.start();
const folder = mkdtempSync(join(tmpdir(), 'millrace-first-record-'));
try {
  const connection = testConnection({ bootstrapServers: cluster.bootstrap });
  const admin = new KafkaAdmin(connection);
  await admin.createTopic({ name: 'in', partitions: 3 });
  await admin.close();
  const producer = new KafkaProducer(connection);
  await producer.send({ topic: 'in', value: Buffer.from('{"a":1}') });
  await producer.close();
  const found: Figures[] = [];
  for (let round = 0; round < rounds; round++) {
    writeProject(folder, `group-${round}`);
    found.push(await run(folder, cluster.bootstrap));
  }
  for (const [name, of] of [
    ['from start to the first record, ms', ({ wallMs }: Figures) => wallMs],
    ['CPU until then, ms', ({ cpuMs }: Figures) => cpuMs],
    ['resident, MB', ({ residentMb: mb }: Figures) => mb],
  ] as const) {
    const sorted = found.map(of).sort((a, b) => a - b);
    const [least, median, most] = [sorted[0]!, sorted[Math.floor(sorted.length / 2)]!, sorted.at(-1)!].map(Math.round);
    console.log(`${name}: ${median} (${least}-${most})`);
  }
} finally {
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}
