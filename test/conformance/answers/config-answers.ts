import { apis } from '../../../engine/protocol/api-keys.ts';
import type { RawClient } from '../../kit/raw-client.ts';
import { until } from '../../kit/until.ts';

const kinds = { topic: 2, broker: 4, brokerLogger: 8, clientMetrics: 16, group: 32 } as const;

/** Codes and texts of requests about configs that have not to do with the names of settings. */
export async function configAnswers(client: RawClient): Promise<Record<string, unknown>> {
  const replace = async (resourceType: number, resourceName: string, configs: Record<string, string | null>) => {
    const rows = Object.entries(configs).map(([name, value]) => ({ name, value }));
    const resources = [{ resourceType, resourceName, configs: rows }];
    const { responses } = await client.call(apis.alterConfigs, 2, { resources, validateOnly: false });
    return responses[0]?.errorCode;
  };
  const own = async (name: string) => {
    const resources = [{ resourceType: kinds.topic, resourceName: name, configurationKeys: null }];
    const request = { resources, includeSynonyms: false, includeDocumentation: false };
    const { results } = await client.call(apis.describeConfigs, 4, request);
    return results[0]?.configs
      .filter(({ configSource }) => configSource === 1)
      .map((config) => `${config.name}=${config.value}`)
      .sort();
  };
  const log = async (broker: string, name: string, operation: number, value: string | null) => {
    const configs = [{ name, configOperation: operation, value }];
    const resources = [{ resourceType: kinds.brokerLogger, resourceName: broker, configs }];
    const { responses } = await client.call(apis.incrementalAlterConfigs, 1, { resources, validateOnly: false });
    return [responses[0]?.errorCode, responses[0]?.errorMessage];
  };
  const list = async (version: number, ...resourceTypes: number[]) => {
    const answer = await client.call(apis.listConfigResources, version, { resourceTypes });
    const shown = answer.configResources.filter(({ resourceName }) => !resourceName.startsWith('__'));
    return [answer.errorCode, shown.map((row) => `${row.resourceType} ${row.resourceName}`).sort()];
  };
  const topic = { name: 'replaced', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] };
  await client.call(apis.createTopics, 7, { topics: [topic], timeoutMs: 5_000, validateOnly: false });
  await until('the topic can be described', async () => (await own('replaced')) !== undefined);
  const replaced = [await replace(kinds.topic, 'replaced', { 'retention.ms': '7000', 'segment.bytes': '2000000' })];
  await until('its configs are known', async () => (await own('replaced'))?.length === 2);
  replaced.push(await replace(kinds.topic, 'replaced', { 'segment.bytes': '3000000' }));
  await until('they are replaced', async () => (await own('replaced'))?.length === 1);
  return {
    'replace configs': [replaced, await own('replaced')],
    'replace what cannot be': [
      await replace(kinds.topic, 'replaced', { 'segment.bytes': null }),
      await replace(kinds.topic, 'replaced', { 'segment.bytes': 'x' }),
      await replace(kinds.topic, 'replaced', { 'no.such': '1' }),
      await replace(kinds.topic, 'gone', {}),
      await replace(kinds.topic, '', {}),
      await replace(kinds.brokerLogger, '1', {}),
      await replace(7, 'x', {}),
    ],
    'levels of loggers': [
      await log('1', 'root', 0, 'INFO'),
      await log('2', 'root', 0, 'INFO'),
      await log('', 'root', 0, 'INFO'),
      await log('1', 'no.such', 0, 'INFO'),
      await log('1', 'root', 1, null),
      (await log('1', 'root', 2, 'INFO'))[0],
      (await log('1', 'root', 0, 'LOUD'))[0],
      (await log('1', 'root', 0, null))[0],
    ],
    'what has configs': [
      await list(1, kinds.broker),
      await list(1, kinds.brokerLogger),
      await list(1, kinds.clientMetrics),
      (await list(1, 99))[0],
      await list(0),
    ],
  };
}
