import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startApacheKafka } from '../kit/apache-kafka.ts';

/** A cluster of three brokers that benchmarks run against. */
export interface ClusterUnderTest {
  readonly bootstrap: string;
  /** The brokers' processes. */
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

/** What is compared: a name for the tables, and how to start it. */
export interface Contender {
  readonly name: string;
  start(): Promise<ClusterUnderTest>;
}

const cli = join(dirname(fileURLToPath(import.meta.url)), '../../dist/engine/cli.js');

interface ReadyLine {
  readonly bootstrapServers: string;
  readonly brokers: readonly { readonly pid: number }[];
}

async function startMillrace(): Promise<ClusterUnderTest> {
  const data = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  const child = spawn(process.execPath, [cli, 'cluster', 'start', '--json', '--data', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
    rmSync(data, { recursive: true, force: true });
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const { bootstrapServers, brokers } = JSON.parse(line) as ReadyLine;
    return { bootstrap: bootstrapServers, pids: brokers.map((broker) => broker.pid), stop };
  }
  await exited;
  throw new Error('expected the cluster to print that it is ready, found that it ended');
}

/** The bundled cluster, from the bundles in dist/. */
export const millrace: Contender = { name: 'Millrace', start: startMillrace };

/** Apache Kafka 4.4.0 with three combined nodes, 512 MB of heap each. */
export const apacheKafka: Contender = { name: 'Apache Kafka 4.4.0', start: () => startApacheKafka({ nodes: 3 }) };
