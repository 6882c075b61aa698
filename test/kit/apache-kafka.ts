import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pickFreePorts } from '../../engine/broker/node/supervisor/free-ports.ts';
import { until } from './until.ts';

const version = '4.4.0';
const startMsMax = 90_000;

function works(command: string, argument: string): boolean {
  return spawnSync(command, [argument], { stdio: 'ignore' }).status === 0;
}

/** Why Apache Kafka cannot run on this machine, or undefined when it can (its jars may still have to be fetched). */
export function whyNoApacheKafka(): string | undefined {
  if (!works('java', '-version')) return 'no Java on this machine';
  if (!existsSync(libsFolder()) && !works('mvn', '--version')) return 'no Maven on this machine to fetch the jars with';
  return undefined;
}

function libsFolder(): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return process.env.MILLRACE_KAFKA_LIBS ?? join(cache, `millrace/kafka-${version}`);
}

/** The folder with Apache Kafka's jars; the first call on a machine fetches them through Maven (about 55 MB). */
export function kafkaLibs(): string {
  const folder = libsFolder();
  if (existsSync(folder)) return folder;
  const pom = join(dirname(fileURLToPath(import.meta.url)), '../conformance/java/pom.xml');
  mkdirSync(dirname(folder), { recursive: true });
  const partial = mkdtempSync(`${folder}-`);
  execFileSync('mvn', ['-q', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${partial}`], {
    stdio: 'pipe',
  });
  renameSync(partial, folder);
  return folder;
}

/** Runs a class of Kafka's jars to its end and returns what it printed. Throws with its output when it fails. */
export function runKafkaClass(className: string, args: readonly string[], timeoutMs = 60_000): string {
  const result = spawnSync('java', ['-Xmx256m', '-cp', `${kafkaLibs()}/*`, className, ...args], {
    encoding: 'utf8',
    timeout: timeoutMs,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.status !== 0) {
    throw new Error(`${className} ended with ${result.status ?? result.signal}:\n${result.stdout}\n${result.stderr}`);
  }
  return result.stdout;
}

export interface ApacheKafka {
  /** `127.0.0.1:port` of every node, with commas. */
  readonly bootstrap: string;
  readonly pids: readonly number[];
  /** Where the nodes keep their files, `node-1` and so on; empty where the Kafka is not the test's own. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** What a test wants of its Apache Kafka beside the plain listener; one node only. */
export interface ApacheKafkaOptions {
  readonly nodes?: number;
  readonly heapMb?: number;
  /** More listeners by name: their ports on loopback and their security protocols. */
  readonly listeners?: Readonly<Record<string, number>>;
  readonly protocols?: Readonly<Record<string, string>>;
  readonly config?: Readonly<Record<string, string>>;
  /** Levels of features other than the newest, as `--feature` of StorageTool takes them: `transaction.version=1`. */
  readonly features?: readonly string[];
  /** Users to make, as `--add-scram` of StorageTool takes them. */
  readonly scram?: readonly string[];
}

/** The configuration of one combined KRaft node. */
export function kraftProperties(
  id: number,
  ports: readonly number[],
  controllerPorts: readonly number[],
  folder: string,
  { listeners = {}, protocols = {}, config = {} }: ApacheKafkaOptions,
): string {
  const more = Object.entries(listeners)
    .map(([name, port]) => `,${name}://127.0.0.1:${port}`)
    .join('');
  const secured = Object.entries(protocols)
    .map(([name, protocol]) => `,${name}:${protocol}`)
    .join('');
  const replicas = Math.min(3, ports.length);
  const voters = controllerPorts.map((port, index) => `${index + 1}@127.0.0.1:${port}`).join(',');
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.voters': voters,
    listeners: `PLAINTEXT://127.0.0.1:${ports[id - 1]},CONTROLLER://127.0.0.1:${controllerPorts[id - 1]}${more}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${ports[id - 1]}${more}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': `PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT${secured}`,
    'log.dirs': join(folder, `node-${id}`),
    'num.partitions': 3,
    'default.replication.factor': replicas,
    'min.insync.replicas': Math.max(1, replicas - 1),
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': 8,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': Math.max(1, replicas - 1),
    'group.initial.rebalance.delay.ms': 0,
    'controller.quorum.election.timeout.ms': 3000,
    'controller.quorum.fetch.timeout.ms': 5000,
    ...config,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

function startNode(
  id: number,
  folder: string,
  clusterId: string,
  config: string,
  { heapMb = 512, scram = [], features = [] }: ApacheKafkaOptions,
): ChildProcess {
  const file = join(folder, `node-${id}.properties`);
  writeFileSync(file, config);
  runKafkaClass('kafka.tools.StorageTool', [
    'format',
    '-t',
    clusterId,
    '-c',
    file,
    ...features.flatMap((feature) => ['--feature', feature]),
    ...scram.flatMap((user) => ['--add-scram', user]),
  ]);
  const log = openSync(join(folder, `node-${id}.log`), 'w');
  const java = [`-Xms${heapMb}m`, `-Xmx${heapMb}m`, '-XX:+UseSerialGC', '-cp', `${kafkaLibs()}/*`];
  return spawn('java', [...java, 'kafka.Kafka', file], { stdio: ['ignore', log, log] });
}

/** Whether something listens on a loopback port. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Starts a real Apache Kafka of `nodes` combined nodes on free loopback ports, data in a temporary folder. */
export async function startApacheKafka(options: ApacheKafkaOptions = {}): Promise<ApacheKafka> {
  const { nodes = 1 } = options;
  const folder = mkdtempSync(join(tmpdir(), 'apache-kafka-'));
  const ports = await pickFreePorts('127.0.0.1', nodes * 2);
  const clientPorts = ports.slice(0, nodes);
  const clusterId = runKafkaClass('kafka.tools.StorageTool', ['random-uuid']).trim();
  const children = clientPorts.map((_, index) =>
    startNode(
      index + 1,
      folder,
      clusterId,
      kraftProperties(index + 1, clientPorts, ports.slice(nodes), folder, options),
      options,
    ),
  );
  const stop = async (): Promise<void> => {
    const exits = children.map((child) => new Promise<void>((resolve) => child.once('exit', () => resolve())));
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(
      children.map((child, index) => (child.exitCode === null && child.signalCode === null ? exits[index] : undefined)),
    );
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    for (const port of clientPorts) await until(`Apache Kafka listens on ${port}`, () => accepts(port), startMsMax);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    bootstrap: clientPorts.map((port) => `127.0.0.1:${port}`).join(','),
    pids: children.map((child) => child.pid ?? -1),
    folder,
    stop,
  };
}

/** The Kafka at `MILLRACE_TEST_KAFKA` (`host:port`), where that is set, else one of its own for the test. */
export async function testApacheKafka(options: ApacheKafkaOptions = {}): Promise<ApacheKafka> {
  const bootstrap = process.env.MILLRACE_TEST_KAFKA;
  return bootstrap ? { bootstrap, pids: [], folder: '', stop: async () => {} } : startApacheKafka(options);
}
