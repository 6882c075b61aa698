import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SeededRandom } from '../../../engine/base/testing/seeded-random.ts';
import { pickFreePorts } from '../../../engine/broker/node/supervisor/free-ports.ts';
import { KafkaAdmin } from '../../../engine/kafka/admin.ts';
import { ClusterClient } from '../../../engine/kafka/wire/cluster-client.ts';
import { apis } from '../../../engine/protocol/api-keys.ts';
import { startBundledCluster } from '../../kit/bundled-cluster.ts';
import { testConnection } from '../../kit/kafka-connections.ts';
import { until } from '../../kit/until.ts';
import { HostileClient } from './hostile-client.ts';
import { fuzzedApis, hostileFrame } from './hostile-frames.ts';

/*
 * Sends spoilt requests of every API to a broker, half over TCP and half over WebSockets, and looks at what that does to it:
 * `npm run fuzz -- [frames] [first] [seed]`. Anybody may read and write the topic `orders` and the groups, and nothing else: what a client may
 * do leaves something behind. Prints memory before and after; ends with 1 where the broker died, does not serve any more or met a bug.
 */

const [frames = 1_000_000, first = 0, seed = 1] = process.argv.slice(2).map(Number);
const clientsAtATime = 128;
/** A heap of V8 grows for a minute under any load before it is as large as it gets. */
const warmUpFrames = 60_000;
const sampleFrames = 100_000;
const restMs = 3_000;
const restMsMax = 60_000;
const admin = { username: 'admin', password: 'admin-secret' };

const [insidePort = 0] = await pickFreePorts('127.0.0.1', 1);
const cluster = await startBundledCluster(1, {
  listeners: `PLAINTEXT://127.0.0.1:0,INSIDE://127.0.0.1:${insidePort}`,
  'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,INSIDE:SASL_PLAINTEXT',
  'listener.name.inside.plain.sasl.jaas.config': `PlainLoginModule required user_admin="${admin.password}";`,
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:admin',
});
const port = Number(cluster.bootstrap.split(':')[1]);
const pid = () => cluster.handle.status().brokers[0]?.pid ?? 0;
const firstPid = pid();

function residentMb(): number {
  const [, pages = '0'] = readFileSync(`/proc/${pid()}/statm`, 'utf8').split(' ');
  return (Number(pages) * 4_096) / 1e6;
}

/** Makes the topic, and says what everybody may do. */
async function prepare(): Promise<void> {
  const connection = testConnection({
    bootstrapServers: `127.0.0.1:${insidePort}`,
    sasl: { mechanism: 'PLAIN', ...admin },
  });
  const maker = new KafkaAdmin(connection);
  await maker.createTopic({ name: 'orders', partitions: 3 });
  await maker.close();
  const client = new ClusterClient(connection);
  const [read, write, describe] = [3, 4, 8];
  const rights: readonly (readonly [number, string, number])[] = [
    ...[read, write, describe].map((operation) => [2, 'orders', operation] as const),
    ...[read, describe].flatMap((operation) => ['orders', 'a'].map((group) => [3, group, operation] as const)),
  ];
  await client.requestAny(apis.createAcls, {
    creations: rights.map(([resourceType, resourceName, operation]) => ({
      resourceType,
      resourceName,
      resourcePatternType: 3,
      principal: 'User:*',
      host: '*',
      operation,
      permissionType: 3,
    })),
  });
  await client.close();
}

/** Sends the frames from `from` on, many clients at a time; counts what they came to. */
async function send(from: number, count: number): Promise<Record<string, number>> {
  const outcomes: Record<string, number> = { answered: 0, closed: 0, silent: 0 };
  let next = from;
  const worker = async (index: number): Promise<void> => {
    const client = new HostileClient(port, index % 2 === 1);
    while (next < from + count) {
      const at = next++;
      const outcome = await client.send(hostileFrame(at, new SeededRandom(seed * 7_919 + at)));
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    client.close();
  };
  await Promise.all(Array.from({ length: clientsAtATime }, (_, index) => worker(index)));
  return outcomes;
}

const textAt = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();

/** All connections are gone, and the broker has answered a while since. */
async function rest(): Promise<void> {
  await until(
    'the connections are gone',
    async () => /^millrace_connections [01]$/m.test(await textAt('/metrics')),
    restMsMax,
  );
  const restedAt = performance.now() + restMs;
  await until('the broker has rested', async () => (await textAt('/readyz')) !== '' && performance.now() > restedAt);
}

try {
  await prepare();
  await send(0, warmUpFrames);
  await rest();
  const beforeMb = residentMb();
  const started = performance.now();
  const outcomes: Record<string, number> = {};
  const samplesMb: number[] = [];
  for (let sent = 0; sent < frames; sent += sampleFrames) {
    const part = await send(first + sent, Math.min(sampleFrames, frames - sent));
    for (const [outcome, count] of Object.entries(part)) outcomes[outcome] = (outcomes[outcome] ?? 0) + count;
    samplesMb.push(Math.round(residentMb()));
  }
  const seconds = (performance.now() - started) / 1_000;
  await rest();
  const afterMb = residentMb();
  const metrics = await textAt('/metrics');
  const ready = await fetch(`http://127.0.0.1:${port}/readyz`);
  const log = readFileSync(join(cluster.dataFolder, 'broker-1.log'), 'utf8');
  const bugs = log.split('\n').filter((line) => line.includes('a handler failed'));
  const turnedAway = metrics.split('\n').filter((line) => line.startsWith('millrace_connections_turned_away_total{'));
  const isGood = pid() === firstPid && ready.status === 200 && bugs.length === 0;
  console.log(
    JSON.stringify({
      frames,
      first,
      seed,
      apis: fuzzedApis.length,
      seconds,
      outcomes,
      beforeMb,
      samplesMb,
      afterMb,
      isGood,
    }),
  );
  console.log(turnedAway.join('\n'));
  for (const bug of bugs.slice(0, 20)) console.log(bug);
  process.exitCode = isGood ? 0 : 1;
} finally {
  await cluster.stop();
}
