import { expect, test } from 'vitest';
import { apis } from '../../protocol/api-keys.ts';
import { MemoryCluster } from './testing/memory-cluster.ts';

test('a broker that starts again refuses nobody whom the rules allow, however early the request comes', async () => {
  const cluster = new MemoryCluster([1], 1, {
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  });
  cluster.start(1);
  await cluster.until(() => cluster.brokers.get(1)?.unreadyReason() === undefined);
  const created = { name: 't', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] };
  await cluster.requestAsBroker(1, apis.createTopics, { topics: [created], timeoutMs: 5_000 });
  const who = { principal: 'User:ANONYMOUS', host: '*', operation: 8, permissionType: 3 };
  const creations = [{ resourceType: 2, resourceName: 't', resourcePatternType: 3, ...who }];
  await cluster.requestAsBroker(1, apis.createAcls, { creations });
  await cluster.stop(1);
  cluster.start(1);
  const { topics } = await cluster.request(1, apis.listOffsets, {
    replicaId: -1,
    isolationLevel: 0,
    topics: [{ name: 't', partitions: [{ partitionIndex: 0, timestamp: -1 }] }],
    timeoutMs: 1_000,
  });
  expect(topics[0]?.partitions[0]?.errorCode).toBe(0);
  await cluster.stop(1);
});
