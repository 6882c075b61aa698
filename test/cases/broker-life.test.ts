import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apis } from '../../engine/protocol/api-keys.ts';
import { errorCode } from '../../engine/protocol/error-codes.ts';
import type { BundledCluster } from '../kit/bundled-cluster.ts';
import { startBundledCluster } from '../kit/bundled-cluster.ts';
import { millrace } from '../kit/millrace.ts';
import { RawClient } from '../kit/raw-client.ts';

describe('cases of the running cluster', () => {
  let cluster: BundledCluster;
  beforeAll(async () => {
    cluster = await startBundledCluster(1);
  });
  afterAll(() => cluster.stop());

  it.each([['.'], ['..'], [''], [' '], ['a/b'], ['a,b'], ['caf\u00e9'], ['a b'], ['x'.repeat(250)]])(
    '40: the topic name %j is refused and nothing is made',
    async (name) => {
      const at = ['--cluster', cluster.bootstrap];
      const refused = await millrace(['topic', 'create', name, ...at]);
      expect(refused.code).not.toBe(0);
      expect(refused.error).toMatch(/topic/i);
      expect(JSON.parse((await millrace(['topic', 'list', '--json', ...at])).out)).toEqual([]);
    },
  );

  it('39: of two names that differ in a dot and an underscore the second is refused, and names the first', async () => {
    const at = ['--cluster', cluster.bootstrap];
    expect((await millrace(['topic', 'create', 'sales.north_sea', ...at])).code).toBe(0);
    const refused = await millrace(['topic', 'create', 'sales_north.sea', ...at]);
    expect(refused.code).not.toBe(0);
    expect(refused.error).toContain('sales.north_sea');
    const client = new RawClient(cluster.bootstrap);
    const { topics } = await client.call(apis.metadata, 8, { topics: [{ name: 'sales_north_sea' }] });
    client.close();
    expect(topics).toMatchObject([{ name: 'sales_north_sea', errorCode: errorCode.INVALID_TOPIC_EXCEPTION }]);
    await millrace(['topic', 'delete', 'sales.north_sea', ...at]);
  });

  it('the log of the quorum can be neither made, written nor deleted as a topic', async () => {
    const client = new RawClient(cluster.bootstrap);
    const { topics } = await client.call(apis.metadata, 8, { topics: [{ name: '__cluster_metadata' }] });
    expect(topics).toMatchObject([{ errorCode: errorCode.UNKNOWN_TOPIC_OR_PARTITION, partitions: [] }]);
    const deleted = await client.call(apis.deleteTopics, 5, { topicNames: ['__cluster_metadata'], timeoutMs: 5_000 });
    expect(deleted.responses).toMatchObject([{ errorCode: errorCode.UNKNOWN_TOPIC_OR_PARTITION }]);
    client.close();
    const created = await millrace(['topic', 'create', '__cluster_metadata', '--cluster', cluster.bootstrap]);
    expect(created.code).not.toBe(0);
  });
});
