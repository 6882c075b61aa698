import { beforeAll, expect, it } from 'vitest';
import { apis } from '../../../../protocol/api-keys.ts';
import { encodeBatch } from '../../../../records/record-batch.ts';
import { MemoryCluster } from '../../testing/memory-cluster.ts';

let cluster: MemoryCluster;

/** Value of a series as it is printed: `name{label="value"}`. */
function value(series: string, text = cluster.brokers.get(1)?.metricsText() ?? ''): number | undefined {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

beforeAll(async () => {
  cluster = new MemoryCluster([1], 3);
  cluster.start(1);
  await cluster.until(() => cluster.brokers.get(1)?.unreadyReason() === undefined);
  const topic = { name: 'orders', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] };
  await cluster.request(1, apis.createTopics, { topics: [topic], timeoutMs: 5_000, validateOnly: false });
  await cluster.until(() => value('kafka_server_replicamanager_leadercount') === 1);
});

it('shows what goes through topics, requests with quantiles, replicas and the controller', async () => {
  const records = encodeBatch({
    records: ['a', 'b', 'c'].map((text) => ({ key: null, value: Buffer.from(text) })),
    baseTimestamp: 1,
    baseOffset: 0,
    partitionLeaderEpoch: 0,
  });
  const sizeBytes = records.length;
  const topicId = cluster.brokers.get(1)?.inspect()?.image.topics.get('orders')?.id ?? '';
  const { responses } = await cluster.request(1, apis.produce, {
    transactionalId: null,
    acks: -1,
    timeoutMs: 1_000,
    topicData: [{ name: 'orders', topicId, partitionData: [{ index: 0, records }] }],
  });
  expect(responses[0]?.partitionResponses[0]?.errorCode).toBe(0);
  const ofTopic = (name: string) => value(`kafka_server_brokertopicmetrics_${name}_total{topic="orders"}`);
  expect([ofTopic('messagesin'), ofTopic('bytesin'), ofTopic('totalproducerequests')]).toEqual([3, sizeBytes, 1]);
  expect(value('kafka_server_brokertopicmetrics_messagesin_total')).toBe(3);
  expect(value('kafka_network_requestmetrics_totaltimems_count{request="Produce"}')).toBe(1);
  expect(value('kafka_network_requestmetrics_totaltimems{request="Produce",quantile="0.99"}')).toBeGreaterThanOrEqual(
    0,
  );
  expect(
    value(`kafka_network_requestmetrics_requests_total{request="Produce",version="${apis.produce.versionMax}"}`),
  ).toBe(1);
  expect(value('kafka_controller_kafkacontroller_activecontrollercount')).toBe(1);
  expect(value('kafka_controller_kafkacontroller_globaltopiccount')).toBe(1);
  expect(value('kafka_controller_kafkacontroller_activebrokercount')).toBe(1);
  expect(value('kafka_server_kafkaserver_brokerstate')).toBe(3);
  expect(value('kafka_server_replicamanager_underreplicatedpartitions')).toBe(0);
  expect(value('kafka_log_log_logendoffset{topic="orders",partition="0"}')).toBe(3);
  expect(value('kafka_cluster_partition_insyncreplicascount{topic="orders",partition="0"}')).toBe(1);
});

async function fetchOrders(): Promise<void> {
  const topicId = cluster.brokers.get(1)?.inspect()?.image.topics.get('orders')?.id ?? '';
  const partition = {
    partition: 0,
    currentLeaderEpoch: -1,
    fetchOffset: 0,
    logStartOffset: -1,
    partitionMaxBytes: 1_000_000,
  };
  await cluster.request(1, apis.fetch, {
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 1_000_000,
    isolationLevel: 0,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [{ topic: 'orders', topicId, partitions: [partition] }],
    forgottenTopicsData: [],
    rackId: '',
  });
}

it('counts what consumers take, and how far groups are behind', async () => {
  await fetchOrders();
  expect(value('kafka_server_brokertopicmetrics_bytesout_total{topic="orders"}')).toBeGreaterThan(0);
  expect(value('kafka_network_requestmetrics_totaltimems_count{request="FetchConsumer"}')).toBe(1);
  const topicId = cluster.brokers.get(1)?.inspect()?.image.topics.get('orders')?.id ?? '';
  const partitions = [{ partitionIndex: 0, committedOffset: 1, committedMetadata: null }];
  const commit = () =>
    cluster.request(1, apis.offsetCommit, { groupId: 'readers', topics: [{ name: 'orders', topicId, partitions }] });
  await cluster.request(1, apis.findCoordinator, { key: '', keyType: 0, coordinatorKeys: ['readers'] });
  let code: number | undefined = -1;
  for (let tries = 0; tries < 100 && code !== 0; tries++) code = (await commit()).topics[0]?.partitions[0]?.errorCode;
  expect(value('kafka_consumergroup_current_offset{consumergroup="readers",topic="orders",partition="0"}')).toBe(1);
  expect(value('kafka_consumergroup_lag{consumergroup="readers",topic="orders",partition="0"}')).toBe(2);
  expect(value('kafka_coordinator_group_groupmetadatamanager_numgroups')).toBe(1);
});

it('shows who uses a quota, by its share', async () => {
  const entity = [{ entityType: 'client-id', entityName: 'test' }];
  const ops = [{ key: 'consumer_byte_rate', value: 1_000_000, remove: false }];
  await cluster.request(1, apis.alterClientQuotas, { entries: [{ entity, ops }], validateOnly: false });
  await fetchOrders();
  expect(value('kafka_server_quota_byte_rate{resource="Fetch",user="",clientId="test"}')).toBeGreaterThan(0);
});
