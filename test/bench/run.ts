import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../../scripts/build.ts';
import { whyNoApacheKafka } from '../kit/apache-kafka.ts';
import type { Contender } from './cluster-under-test.ts';
import { apacheKafka, millrace } from './cluster-under-test.ts';
import { measureEngine } from './engine-throughput.ts';
import { measureLatency } from './latency.ts';
import { residentMb } from './process-usage.ts';
import { measureProduce } from './produce-throughput.ts';
import { measureStartUp } from './start-up.ts';

/**
 * `npm run bench`: Millrace beside Apache Kafka, one after the other on the same machine with the same client, each measurement
 * several times; medians go into docs/benchmarks.md with `--write`. `--quick` makes one short round.
 */
const isQuick = process.argv.includes('--quick');
const rounds = isQuick ? 1 : 3;
const produceRecords = isQuick ? 50_000 : 300_000;
const latencySeconds = isQuick ? 3 : 10;
const engineRecords = isQuick ? 50_000 : 300_000;

type Row = Record<string, number>;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function measure(contender: Contender, round: number): Promise<Row> {
  const startUp = await measureStartUp(contender);
  const cluster = await contender.start();
  try {
    const produce = await measureProduce(cluster, `produce-${round}`, produceRecords);
    const seconds = latencySeconds;
    const calm = await measureLatency(cluster, { topic: `calm-${round}`, messagesPerSecond: 100, seconds });
    const latency = await measureLatency(cluster, { topic: `latency-${round}`, messagesPerSecond: 1000, seconds });
    const loadedMb = residentMb(cluster.pids);
    const engine = contender === millrace ? await measureEngine(cluster, engineRecords) : undefined;
    return {
      'start-up to first acknowledged produce, ms': startUp.firstProduceMs,
      'resident memory per broker after the start, MB (largest)': startUp.idleMb[0] ?? Number.NaN,
      'produce, MB/s': produce.mbPerSecond,
      'produce, records/s': produce.recordsPerSecond,
      'CPU of all brokers, us per record': produce.brokerCpuUsPerRecord,
      'end to end at 100 messages/s, p50 ms': calm.p50Ms,
      'end to end at 100 messages/s, p99 ms': calm.p99Ms,
      'end to end at 1,000 messages/s, p50 ms': latency.p50Ms,
      'end to end at 1,000 messages/s, p99 ms': latency.p99Ms,
      'resident memory per broker after the load, MB (largest)': loadedMb[0] ?? Number.NaN,
      ...(engine && {
        'engine receive, map, send: messages/s': engine.messagesPerSecond,
        'engine CPU, us per message': engine.engineCpuUsPerMessage,
      }),
    };
  } finally {
    await cluster.stop();
  }
}

function format(value: number): string {
  return Number.isNaN(value) ? '' : value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);
}

function table(results: ReadonlyMap<string, readonly Row[]>): string {
  const names = [...results.keys()];
  const measures = [...new Set([...results.values()].flatMap((rows) => rows.flatMap((row) => Object.keys(row))))];
  const cell = (name: string, measureName: string): string => {
    const values = (results.get(name) ?? []).map((row) => row[measureName] ?? Number.NaN);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return values.some(Number.isNaN) ? '–' : `${format(median(values))} (${format(low)}–${format(high)})`;
  };
  const lines = measures.map((name) => `| ${[name, ...names.map((contender) => cell(contender, name))].join(' | ')} |`);
  return [
    `| median (range) of ${rounds} | ${names.join(' | ')} |`,
    `|---${'|---'.repeat(names.length)}|`,
    ...lines,
  ].join('\n');
}

await build();
const reason = whyNoApacheKafka();
if (reason) console.log(`Apache Kafka is left out: ${reason}`);
const results = new Map<string, Row[]>();
for (let round = 0; round < rounds; round++) {
  for (const contender of reason ? [millrace] : [millrace, apacheKafka]) {
    const row = await measure(contender, round);
    results.set(contender.name, [...(results.get(contender.name) ?? []), row]);
    console.log(contender.name, row);
  }
}
const machine = `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.version}`;
const page = `# Benchmarks

Made by \`npm run bench -- --write\` on ${machine}.

Three brokers, replication 3, acks=all, 1 KiB values, min.insync.replicas 2, everything (brokers and client) on the same machine, Millrace and Apache Kafka
in turn in the same run. The client is \`@platformatic/kafka\` over TCP for both: 1000 records a send and four sends in flight for throughput, one record a
send for latency. MB are 10^6 bytes of values. Apache Kafka runs with 512 MB of heap and the serial collector; its start-up time includes formatting its folders.
Apache Kafka reads the next request of a connection when the one before is answered; at 1,000 requests a second with acks=all on one connection it falls behind, and what
is measured is the queue in front of it. At 100 a second neither has one.
The engine's figure is one \`millrace run\` process over WebSockets: JSON in, six mapped fields out.

${table(results)}
`;
console.log(`\n${page}`);
if (process.argv.includes('--write')) {
  const path = join(dirname(fileURLToPath(import.meta.url)), '../../docs/benchmarks.md');
  // Sections below are written by hand: what a change cost, before and after.
  const before = readFileSync(path, 'utf8');
  const sections = before.indexOf('\n## ');
  writeFileSync(path, sections < 0 ? page : page + before.slice(sections));
}
