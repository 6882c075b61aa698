import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apis } from '../../../engine/protocol/api-keys.ts';
import { startApacheKafka } from '../../kit/apache-kafka.ts';
import { startBundledCluster } from '../../kit/bundled-cluster.ts';
import { RawClient } from '../../kit/raw-client.ts';
import { byteClients, bytesPerSecond, valueBytes } from './byte-clients.ts';
import { connectionsPerSecond, requestsPerSecond, topicsPerSecond } from './request-clients.ts';

/*
 * `npm run conformance:quotas`: what clients reach under each kind of quota, on one broker of ours and on Apache Kafka 4.4.0, at the same
 * time. Prints a table, and ends with 1 where a rate of bytes is further than 5 % from Kafka's. Needs kcat and Java.
 */

const byteRate = 200_000;
const mutationRate = 2;
const connectionRate = 5;
const requestPercentage = 0.2;
const seconds = 15;
const deviationMax = 0.05;
const storedRecords = 20_000;

interface Row {
  readonly quota: string;
  readonly client: string;
  readonly configured: string;
  readonly ours: number;
  readonly kafka: number;
  readonly isCompared: boolean;
}

async function setQuota(bootstrap: string, entityType: string, entityName: string, key: string, value: number | null) {
  const client = new RawClient(bootstrap);
  const ops = [{ key, value: value ?? 0, remove: value === null }];
  const entries = [{ entity: [{ entityType, entityName }], ops }];
  const { entries: rows } = await client.call(apis.alterClientQuotas, 1, { entries, validateOnly: false });
  client.close();
  if (rows[0]?.errorCode !== 0) throw new Error(`expected the quota ${key} to be set, found ${rows[0]?.errorMessage}`);
}

async function createTopics(bootstrap: string, names: readonly string[]): Promise<void> {
  const client = new RawClient(bootstrap);
  const topics = names.map((name) => ({
    name,
    numPartitions: 1,
    replicationFactor: 1,
    assignments: [],
    configs: [],
  }));
  await client.call(apis.createTopics, 7, { topics, timeoutMs: 10_000, validateOnly: false });
  client.close();
}

/** Bytes of all clients on one cluster, at once: each has a quota of its own. */
async function byteRates(bootstrap: string, lines: string): Promise<number[]> {
  const topicOf = (clientId: string) => `of-${clientId}`;
  await createTopics(bootstrap, ['stored', ...byteClients.map(({ clientId }) => topicOf(clientId))]);
  const args = ['-P', '-b', bootstrap, '-t', 'stored', '-p', '0', '-l', lines, '-X', 'batch.size=16384'];
  execFileSync('kcat', [...args, '-X', 'acks=1'], { stdio: 'ignore' });
  for (const { clientId, quota } of byteClients) await setQuota(bootstrap, 'client-id', clientId, quota, byteRate);
  return Promise.all(
    byteClients.map((client) =>
      bytesPerSecond(client, { bootstrap, topic: topicOf(client.clientId), stored: 'stored', lines }),
    ),
  );
}

/** One kind of quota after the other, as its clients share the client id or the address. */
async function otherRates(bootstrap: string): Promise<number[]> {
  await setQuota(bootstrap, 'client-id', 'raw', 'controller_mutation_rate', mutationRate);
  const topics = await topicsPerSecond(bootstrap, seconds);
  await setQuota(bootstrap, 'client-id', 'raw', 'controller_mutation_rate', null);
  await setQuota(bootstrap, 'client-id', 'raw', 'request_percentage', requestPercentage);
  const requests = await requestsPerSecond(bootstrap, seconds);
  await setQuota(bootstrap, 'client-id', 'raw', 'request_percentage', null);
  await setQuota(bootstrap, 'ip', '127.0.0.1', 'connection_creation_rate', connectionRate);
  const connections = await connectionsPerSecond(bootstrap, seconds);
  return [topics, requests, connections];
}

const shown = (value: number) => (value >= 1_000 ? Math.round(value).toLocaleString('en') : value.toFixed(2));
const deviation = ({ ours, kafka }: Row) => ours / kafka - 1;

function print(rows: readonly Row[]): void {
  const lines = rows.map((row) => {
    const difference = `${(deviation(row) * 100).toFixed(1)} %`;
    return `| ${row.quota} | ${row.client} | ${row.configured} | ${shown(row.ours)} | ${shown(row.kafka)} | ${difference} |`;
  });
  const head = '| quota | client | set to | ours | Apache Kafka 4.4.0 | difference |\n|---|---|---|---|---|---|';
  process.stdout.write(`${head}\n${lines.join('\n')}\n`);
}

const folder = mkdtempSync(join(tmpdir(), 'quotas-'));
const lines = join(folder, 'lines');
writeFileSync(lines, `${'x'.repeat(valueBytes)}\n`.repeat(storedRecords));
const [ours, kafka] = await Promise.all([startBundledCluster(1), startApacheKafka({ heapMb: 256 })]);
try {
  const both = async (measure: (bootstrap: string) => Promise<number[]>) =>
    Promise.all([measure(ours.bootstrap), measure(kafka.bootstrap)]);
  const [ourBytes, kafkaBytes] = await both((bootstrap) => byteRates(bootstrap, lines));
  const [ourOthers, kafkaOthers] = await both(otherRates);
  const others = [
    ['controller_mutation_rate', 'one who creates topics', `${mutationRate} a second`],
    ['request_percentage', 'one who asks for metadata', `${requestPercentage} %: requests a second`],
    ['connection_creation_rate', 'eight who connect', `${connectionRate} a second`],
  ] as const;
  const rows: Row[] = [
    ...byteClients.map(({ quota, name }, index) => ({
      quota,
      client: name,
      configured: `${shown(byteRate)} B/s`,
      ours: ourBytes[index] ?? 0,
      kafka: kafkaBytes[index] ?? 0,
      isCompared: true,
    })),
    ...others.map(([quota, client, configured], index) => ({
      quota,
      client,
      configured,
      ours: ourOthers[index] ?? 0,
      kafka: kafkaOthers[index] ?? 0,
      isCompared: quota !== 'request_percentage',
    })),
  ];
  print(rows);
  if (rows.some((row) => row.isCompared && Math.abs(deviation(row)) > deviationMax)) process.exitCode = 1;
} finally {
  await Promise.all([ours.stop(), kafka.stop()]);
  rmSync(folder, { recursive: true, force: true });
}
