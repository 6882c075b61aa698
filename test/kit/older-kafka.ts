import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pickFreePorts } from '../../engine/broker/node/supervisor/free-ports.ts';
import type { ApacheKafka } from './apache-kafka.ts';
import { accepts, kraftProperties } from './apache-kafka.ts';
import { until } from './until.ts';

const startMsMax = 240_000;
/** Before this version a broker needs ZooKeeper, whose classes are among its jars. */
const kraftSince = [3, 3] as const;

/** The folder with the jars of an older Apache Kafka; the first call for a version fetches them through Maven. */
function libsOf(version: string): string {
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), `millrace/kafka-${version}`);
  if (existsSync(folder)) return folder;
  const pom = join(import.meta.dirname, '../conformance/brokers/pom.xml');
  mkdirSync(dirname(folder), { recursive: true });
  const partial = mkdtempSync(`${folder}-`);
  const args = ['-q', '-f', pom, `-Dkafka.version=${version}`, 'dependency:copy-dependencies'];
  execFileSync('mvn', [...args, `-DoutputDirectory=${partial}`], { stdio: 'pipe' });
  renameSync(partial, folder);
  return folder;
}

function isKraft(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > kraftSince[0] || (major === kraftSince[0] && minor >= kraftSince[1]);
}

function text(properties: Readonly<Record<string, string | number>>): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** Starts one broker of an older Apache Kafka on a free loopback port, before 3.3 with a ZooKeeper of its own. */
export async function startOlderKafka(version: string): Promise<ApacheKafka> {
  const libs = libsOf(version);
  const folder = mkdtempSync(join(tmpdir(), `apache-kafka-${version}-`));
  const [port = 0, otherPort = 0] = await pickFreePorts('127.0.0.1', 2);
  const java = (heapMb: number) => [`-Xms${heapMb}m`, `-Xmx${heapMb}m`, '-XX:+UseSerialGC', '-cp', `${libs}/*`];
  const pids: number[] = [];
  const ends: (() => Promise<void>)[] = [];
  const run = (name: string, heapMb: number, className: string, config: string) => {
    const file = join(folder, `${name}.properties`);
    writeFileSync(file, config);
    const log = openSync(join(folder, `${name}.log`), 'w');
    const child = spawn('java', [...java(heapMb), className, file], { stdio: ['ignore', log, log] });
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    pids.push(child.pid ?? -1);
    ends.unshift(async () => {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await exited;
    });
    return file;
  };
  const stop = async () => {
    for (const end of ends) await end();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    if (isKraft(version)) {
      const config = kraftProperties(1, [port], [otherPort], folder, {});
      const file = join(folder, 'format.properties');
      writeFileSync(file, config);
      const format = ['kafka.tools.StorageTool', 'format', '-t', 'MkU3OEVBNTcwNTJENDM2Qg', '-c', file];
      const formatted = spawnSync('java', [...java(128), ...format], { encoding: 'utf8' });
      if (formatted.status !== 0) throw new Error(`format of ${version}: ${formatted.stdout}${formatted.stderr}`);
      run('broker', 400, 'kafka.Kafka', config);
    } else {
      const zookeeper = { dataDir: join(folder, 'zookeeper'), clientPort: otherPort, 'admin.enableServer': 'false' };
      run('zookeeper', 128, 'org.apache.zookeeper.server.quorum.QuorumPeerMain', text(zookeeper));
      await until(`ZooKeeper listens on ${otherPort}`, () => accepts(otherPort), startMsMax);
      const config = {
        'broker.id': 1,
        'zookeeper.connect': `127.0.0.1:${otherPort}`,
        listeners: `PLAINTEXT://127.0.0.1:${port}`,
        'log.dirs': join(folder, 'logs'),
        'num.partitions': 3,
        'offsets.topic.replication.factor': 1,
        'offsets.topic.num.partitions': 8,
        'transaction.state.log.replication.factor': 1,
        'transaction.state.log.min.isr': 1,
        'transaction.state.log.num.partitions': 8,
        'group.initial.rebalance.delay.ms': 0,
      };
      run('broker', 400, 'kafka.Kafka', text(config));
    }
    await until(`Apache Kafka ${version} listens on ${port}`, () => accepts(port), startMsMax);
  } catch (error) {
    await stop();
    throw error;
  }
  return { bootstrap: `127.0.0.1:${port}`, pids, folder, stop };
}
