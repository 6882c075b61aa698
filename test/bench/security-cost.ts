import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '../../engine/broker/node/supervisor/start-cluster.ts';
import { KafkaAdmin } from '../../engine/kafka/admin.ts';
import type { KafkaConnectionSettings } from '../../engine/kafka/connection.ts';
import { KafkaProducer } from '../../engine/kafka/producer.ts';
import { makeCertificates } from '../../engine/kafka/testing/test-certificates.ts';
import { ClusterClient } from '../../engine/kafka/wire/cluster-client.ts';
import { apis } from '../../engine/protocol/api-keys.ts';
import { testConnection } from '../kit/kafka-connections.ts';
import { cpuSeconds } from './process-usage.ts';

/*
 * What security costs: CPU of three brokers per record of 1 KiB (acks=all, RF 3), without, with TLS, with SCRAM and ACLs, with all of them,
 * in turn: `node test/bench/security-cost.ts [records] [rounds] [ways]`. Brokers speak to each other as clients speak to them.
 */

const [recordsText = '150000', roundsText = '3', waysText = ''] = process.argv.slice(2);
const records = Number(recordsText);
const warmUpRecords = 30_000;
const valueBytes = 1_024;
const sendsInFlight = 4_000;
const user = { username: 'bench', password: 'bench-secret' };
const admin = { username: 'admin', password: 'admin-secret' };
const { ca, server } = makeCertificates();

interface Way {
  readonly name: string;
  readonly protocol: 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL';
}

const ways: readonly Way[] = [
  { name: 'without', protocol: 'PLAINTEXT' },
  { name: 'TLS', protocol: 'SSL' },
  { name: 'SCRAM and ACLs', protocol: 'SASL_PLAINTEXT' },
  { name: 'TLS, SCRAM and ACLs', protocol: 'SASL_SSL' },
];

function settingsOf({ protocol }: Way, folder: string): Record<string, string> {
  if (protocol === 'PLAINTEXT') return {};
  const keys = join(folder, 'keys.pem');
  writeFileSync(keys, `${server.key}${server.certificate}`);
  writeFileSync(join(folder, 'ca.pem'), ca);
  const tls = {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': keys,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': join(folder, 'ca.pem'),
  };
  const login = {
    'listener.name.plaintext.plain.sasl.jaas.config': `PlainLoginModule required user_admin="${admin.password}";`,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:admin',
  };
  return {
    'listener.security.protocol.map': `PLAINTEXT:${protocol}`,
    ...(protocol.endsWith('SSL') && tls),
    ...(protocol.startsWith('SASL') && login),
  };
}

/** Makes the topic, and lets the user of the bench write what begins with its name, among a hundred rules for others. */
async function prepare(settings: Partial<KafkaConnectionSettings> & { bootstrapServers: string }, hasRules: boolean) {
  const connection = testConnection(settings);
  const maker = new KafkaAdmin(connection);
  await maker.createTopic({ name: 'bench', partitions: 3 });
  await maker.close();
  if (!hasRules) return;
  const client = new ClusterClient(connection);
  const rule = (principal: string, resourceName: string, operation: number) => ({
    ...{ resourceType: 2, resourceName, resourcePatternType: 4, principal, host: '*', operation, permissionType: 3 },
  });
  const others = Array.from({ length: 100 }, (_, index) => rule(`User:other-${index}`, `other-${index}`, 4));
  const creations = [...others, rule(`User:${user.username}`, 'bench', 4), rule(`User:${user.username}`, 'bench', 8)];
  await client.requestAny(apis.createAcls, { creations });
  await client.close();
}

async function produce(producer: KafkaProducer, count: number): Promise<void> {
  const value = Buffer.alloc(valueBytes, 'x');
  let left = count;
  const worker = async () => {
    while (left-- > 0) await producer.send({ topic: 'bench', value });
  };
  await Promise.all(Array.from({ length: sendsInFlight }, worker));
}

async function measure(way: Way): Promise<{ readonly cpuUs: number; readonly mbPerSecond: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  const addScram = [{ name: user.username, password: user.password, mechanism: 'SCRAM-SHA-512' as const }];
  const settings = settingsOf(way, folder);
  const hasLogin = way.protocol.startsWith('SASL');
  const options = { brokers: 3, dataFolder: join(folder, 'cluster'), settings, ...(hasLogin && { addScram }) };
  const cluster = await startCluster(options);
  try {
    await cluster.ready();
    const { bootstrapServers, brokers } = cluster.status();
    const base = { bootstrapServers, ...(way.protocol.endsWith('SSL') && { tls: { ca } }) };
    await prepare(hasLogin ? { ...base, sasl: { mechanism: 'PLAIN', ...admin } } : base, hasLogin);
    const sasl = hasLogin ? { sasl: { mechanism: 'SCRAM-SHA-512', ...user } as const } : {};
    const producer = new KafkaProducer(testConnection({ ...base, ...sasl }));
    await produce(producer, warmUpRecords);
    const pids = brokers.flatMap(({ pid }) => pid ?? []);
    const before = cpuSeconds(pids);
    const started = performance.now();
    await produce(producer, records);
    const seconds = (performance.now() - started) / 1_000;
    const cpuUs = ((cpuSeconds(pids) - before) * 1e6) / records;
    await producer.close();
    return { cpuUs, mbPerSecond: (records * valueBytes) / 1e6 / seconds };
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const chosen = ways.filter(({ name }) => waysText === '' || waysText.split(',').includes(name));
for (let round = 1; round <= Number(roundsText); round++)
  for (const way of chosen) {
    const { cpuUs, mbPerSecond } = await measure(way);
    console.log(`${round}\t${way.name}\t${cpuUs.toFixed(2)} us\t${mbPerSecond.toFixed(1)} MB/s`);
  }
