import { expect, it } from 'vitest';
import { apis } from '../../../protocol/api-keys.ts';
import { MemoryCluster } from '../testing/memory-cluster.ts';

it('throttles clients as soon as a quota is committed, and lets them go when it is taken back', async () => {
  const cluster = new MemoryCluster([1], 7);
  cluster.start(1);
  await cluster.until(() => cluster.brokers.get(1)?.unreadyReason() === undefined);
  const entity = [{ entityType: 'user', entityName: null }];
  const alter = async (remove: boolean) => {
    const ops = [{ key: 'producer_byte_rate', value: 1, remove }];
    const { entries } = await cluster.request(1, apis.alterClientQuotas, {
      entries: [{ entity, ops }],
      validateOnly: false,
    });
    expect(entries).toMatchObject([{ errorCode: 0 }]);
  };
  const produce = async () => {
    const body = { transactionalId: null, acks: 1, timeoutMs: 1_000, topicData: [] };
    return (await cluster.request(1, apis.produce, body)).throttleTimeMs;
  };
  expect(await produce()).toBe(0);
  await alter(false);
  expect(await produce()).toBeGreaterThan(1_000);
  const { entries } = await cluster.request(1, apis.describeClientQuotas, { components: [], strict: false });
  expect(entries).toEqual([{ entity, values: [{ key: 'producer_byte_rate', value: 1 }] }]);
  await alter(true);
  expect(await produce()).toBe(0);
  await cluster.stop(1);
});
