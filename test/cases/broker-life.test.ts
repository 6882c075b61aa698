import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BundledCluster } from '../kit/bundled-cluster.ts';
import { startBundledCluster } from '../kit/bundled-cluster.ts';
import { millrace } from '../kit/millrace.ts';

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
});
