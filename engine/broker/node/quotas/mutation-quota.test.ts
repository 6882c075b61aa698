import { expect, it } from 'vitest';
import { apis } from '../../../protocol/api-keys.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import { MemoryCluster } from '../testing/memory-cluster.ts';

const ids = [1, 2, 3];

it('charges a client on the controller for the partitions it asks for, whichever broker it asks', async () => {
  const cluster = new MemoryCluster(ids, 11);
  for (const id of ids) cluster.start(id);
  await cluster.until(() => ids.every((id) => cluster.brokers.get(id)?.unreadyReason() === undefined));
  const entity = [{ entityType: 'user', entityName: 'ANONYMOUS' }];
  const ops = [{ key: 'controller_mutation_rate', value: 1, remove: false }];
  await cluster.request(1, apis.alterClientQuotas, { entries: [{ entity, ops }], validateOnly: false });
  const create = async (id: number, name: string, numPartitions: number) => {
    const topics = [{ name, numPartitions, replicationFactor: 1, assignments: [], configs: [] }];
    const answer = await cluster.request(id, apis.createTopics, { topics, timeoutMs: 10_000 });
    return { code: answer.topics[0]?.errorCode, throttleTimeMs: answer.throttleTimeMs };
  };
  expect(await create(2, 'large', 40)).toEqual({ code: errorCode.NONE, throttleTimeMs: 0 });
  for (const id of ids) {
    const refused = await create(id, 'next', 1);
    expect(refused.code).toBe(errorCode.THROTTLING_QUOTA_EXCEEDED);
    expect(refused.throttleTimeMs).toBeGreaterThan(20_000);
  }
  const asked = await cluster.request(3, apis.metadata, { topics: [{ name: 'by-itself' }] });
  expect(asked.throttleTimeMs).toBeGreaterThan(20_000);
  expect(asked.topics[0]?.errorCode).not.toBe(errorCode.THROTTLING_QUOTA_EXCEEDED);
  for (const id of ids) await cluster.stop(id);
});
