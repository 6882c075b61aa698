import { beforeAll, describe, expect, it } from 'vitest';
import { apis } from '../../protocol/api-keys.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { MemoryCluster } from './testing/memory-cluster.ts';

const kinds = { topic: 2, broker: 4, brokerLogger: 8, clientMetrics: 16, group: 32 } as const;
let cluster: MemoryCluster;

beforeAll(async () => {
  cluster = new MemoryCluster([1], 17);
  cluster.start(1);
  await cluster.until(() => cluster.brokers.get(1)?.unreadyReason() === undefined);
  await cluster.request(1, apis.metadata, { topics: [{ name: 'orders' }] });
});

async function describeConfigs(...resources: readonly (readonly [keyof typeof kinds, string])[]) {
  const asked = resources.map(([kind, resourceName]) => ({
    resourceType: kinds[kind],
    resourceName,
    configurationKeys: null,
  }));
  const request = { resources: asked, includeSynonyms: true, includeDocumentation: false };
  return (await cluster.request(1, apis.describeConfigs, request)).results;
}

async function configOf(kind: keyof typeof kinds, resource: string, name: string) {
  return (await describeConfigs([kind, resource]))[0]?.configs.find((config) => config.name === name);
}

async function alter(
  kind: keyof typeof kinds,
  resourceName: string,
  name: string,
  value: string | null,
  operation = 0,
) {
  const configs = [{ name, configOperation: operation, value }];
  const resources = [{ resourceType: kinds[kind], resourceName, configs }];
  const request = { resources, validateOnly: false };
  const { responses } = await cluster.request(1, apis.incrementalAlterConfigs, request);
  return [responses[0]?.errorCode, responses[0]?.errorMessage];
}

describe('a broker', () => {
  it.each([
    ['node.id', '1', 3],
    ['broker.id', '1', 3],
    ['listeners', 'PLAINTEXT://memory:9001', 7],
    ['advertised.listeners', 'PLAINTEXT://memory:9001', 7],
    ['process.roles', 'broker,controller', 7],
    ['log.dirs', '/data', 7],
    ['controller.quorum.voters', '1@memory:9001', 7],
  ])('says that its %s is %s, from its file and read only', async (name, value, configType) => {
    expect(await configOf('broker', '1', name)).toMatchObject({ value, configType, configSource: 4, readOnly: true });
  });

  it.each([
    ['log.retention.hours', '168', 3, true],
    ['log.retention.ms', null, 5, false],
    ['log.roll.ms', null, 5, false],
    ['broker.rack', null, 2, true],
    ['num.io.threads', '1', 3, false],
    ['num.network.threads', '1', 3, false],
    ['log.cleaner.backoff.ms', '15000', 5, false],
    ['auto.leader.rebalance.enable', 'true', 1, true],
    ['create.topic.policy.class.name', null, 8, true],
    ['offsets.topic.replication.factor', '1', 4, true],
    ['connections.max.idle.ms', '600000', 5, true],
  ])('has the default %s of %s, with the type and the access of Kafka', async (name, value, configType, readOnly) => {
    expect(await configOf('broker', '1', name)).toMatchObject({ value, configType, configSource: 5, readOnly });
  });

  it('takes and shows what Kafka changes while it runs, for itself and for all', async () => {
    expect(await alter('broker', '', 'log.cleaner.threads', '3')).toEqual([0, null]);
    expect(await configOf('broker', '1', 'log.cleaner.threads')).toMatchObject({ value: '3', configSource: 3 });
    expect(await alter('broker', '1', 'log.cleaner.threads', '2')).toEqual([0, null]);
    expect(await configOf('broker', '1', 'log.cleaner.threads')).toMatchObject({
      value: '2',
      configSource: 2,
      synonyms: [{ value: '2' }, { value: '3' }, { value: '1' }],
    });
    const [all] = await describeConfigs(['broker', '']);
    expect(all?.configs.map(({ name }) => name)).toEqual(['log.cleaner.threads']);
  });

  it.each([
    ['max.connections', '77'],
    ['producer.id.expiration.ms', '3600000'],
  ])('takes %s while it runs', async (name, value) => {
    expect(await alter('broker', '', name, value)).toEqual([0, null]);
    expect(await configOf('broker', '1', name)).toMatchObject({ value, configSource: 3, readOnly: false });
    expect(await alter('broker', '', name, '0')).toEqual([errorCode.INVALID_REQUEST, expect.stringContaining(name)]);
    expect(await alter('broker', '', name, null, 1)).toEqual([0, null]);
  });

  it.each([
    ['9', 'log.retention.ms', '1', errorCode.INVALID_REQUEST, /Unexpected broker id 9/],
    ['one', 'log.retention.ms', '1', errorCode.INVALID_REQUEST, /Node id must be an integer/],
    ['1', 'node.id', '2', errorCode.INVALID_REQUEST, /dynamically: \[node.id\]/],
    ['', 'num.partitions', '2', errorCode.INVALID_REQUEST, /dynamically: \[num.partitions\]/],
    ['1', 'log.retention.hours', '2', errorCode.INVALID_REQUEST, /dynamically: \[log.retention.hours\]/],
    ['1', 'num.io.threads', '0', errorCode.INVALID_REQUEST, /num.io.threads: Value must be at least 1/],
    ['', 'log.retention.ms', 'x', errorCode.INVALID_REQUEST, /of type long/],
    ['1', 'min.insync.replicas', '2', errorCode.INVALID_CONFIG, /while ELR is enabled/],
    ['1', 'no.such.setting', '2', errorCode.INVALID_REQUEST, /Unknown config name: no.such.setting/],
  ])('refuses for broker %j %s=%s', async (id, name, value, code, message) => {
    expect(await alter('broker', id, name, value)).toEqual([code, expect.stringMatching(message)]);
  });

  it('lets go of settings that it does not know', async () => {
    expect(await alter('broker', '1', 'no.such.setting', null, 1)).toEqual([0, null]);
  });
});

describe('a topic', () => {
  it('has a value without a synonym where the broker’s setting has none', async () => {
    expect(await configOf('topic', 'orders', 'retention.ms')).toMatchObject({
      value: '604800000',
      configSource: 5,
      synonyms: [],
    });
    expect(await configOf('topic', 'orders', 'remote.storage.enable')).toMatchObject({ value: 'false', synonyms: [] });
    expect(await configOf('topic', 'orders', 'retention.bytes')).toMatchObject({
      synonyms: [{ name: 'log.retention.bytes', value: '-1', source: 5 }],
    });
  });

  it.each(['a b', ''])('cannot be named %j', async (name) => {
    expect((await describeConfigs(['topic', name]))[0]?.errorCode).toBe(errorCode.INVALID_TOPIC_EXCEPTION);
  });
});

describe('loggers of a broker', () => {
  const levelOf = async (name: string) => (await configOf('brokerLogger', '1', name))?.value;

  it('are changed while it runs, and follow the root where they have no level of their own', async () => {
    expect(await configOf('brokerLogger', '1', 'millrace.quorum')).toMatchObject({
      value: 'INFO',
      configSource: 6,
      configType: 0,
      synonyms: [],
    });
    expect(await alter('brokerLogger', '1', 'root', 'DEBUG')).toEqual([0, null]);
    expect(await levelOf('millrace.quorum')).toBe('DEBUG');
    expect(await alter('brokerLogger', '1', 'millrace.quorum', 'ERROR')).toEqual([0, null]);
    expect(await levelOf('millrace.quorum')).toBe('ERROR');
    expect(await alter('brokerLogger', '1', 'millrace.quorum', null, 1)).toEqual([0, null]);
    expect(await levelOf('millrace.quorum')).toBe('DEBUG');
  });

  it.each([
    ['2', 'root', 'INFO', 0, errorCode.INVALID_REQUEST, /Unexpected node id. Expected 1/],
    ['1', 'kafka.x', 'INFO', 0, errorCode.INVALID_CONFIG, /Logger kafka.x does not exist!/],
    ['1', 'root', 'LOUD', 0, errorCode.INVALID_CONFIG, /Valid log levels are TRACE/],
    ['1', 'root', null, 1, errorCode.INVALID_REQUEST, /Removing the log level of the root logger is not allowed/],
    ['1', 'root', 'INFO', 2, errorCode.INVALID_REQUEST, /APPEND operation is not allowed/],
  ])('are refused for broker %s: %s=%s, operation %i', async (id, name, value, operation, code, message) => {
    expect(await alter('brokerLogger', id, name, value, operation)).toEqual([code, expect.stringMatching(message)]);
  });
});

describe('configs that are replaced as a whole', () => {
  const replace = async (resourceType: number, resourceName: string, configs: Record<string, string | null>) => {
    const rows = Object.entries(configs).map(([name, value]) => ({ name, value }));
    const resources = [{ resourceType, resourceName, configs: rows }];
    const { responses } = await cluster.request(1, apis.alterConfigs, { resources, validateOnly: false });
    return responses[0]?.errorCode;
  };
  const own = async () => {
    const [topic] = await describeConfigs(['topic', 'orders']);
    return topic?.configs.filter(({ configSource }) => configSource === 1).map(({ name, value }) => `${name}=${value}`);
  };

  it('lose what is not named, or stay as they are', async () => {
    expect(await replace(kinds.topic, 'orders', { 'retention.ms': '5000', 'segment.bytes': '2000000' })).toBe(0);
    expect(await own()).toEqual(['retention.ms=5000', 'segment.bytes=2000000']);
    expect(await replace(kinds.topic, 'orders', { 'segment.bytes': '3000000' })).toBe(0);
    expect(await own()).toEqual(['segment.bytes=3000000']);
    expect(await replace(kinds.topic, 'orders', { 'segment.bytes': 'x' })).toBe(errorCode.INVALID_CONFIG);
    expect(await replace(kinds.topic, 'orders', { 'segment.bytes': null })).toBe(errorCode.INVALID_REQUEST);
    expect(await replace(kinds.topic, 'no-such', {})).toBe(errorCode.UNKNOWN_TOPIC_OR_PARTITION);
    expect(await own()).toEqual(['segment.bytes=3000000']);
    expect(await replace(kinds.topic, 'orders', {})).toBe(0);
    expect(await own()).toEqual([]);
  });
});

it('lists what may have configs, by kind', async () => {
  const list = (resourceTypes: number[]) => cluster.request(1, apis.listConfigResources, { resourceTypes });
  const { configResources } = await list([]);
  expect(configResources).toEqual(
    expect.arrayContaining([
      { resourceType: kinds.topic, resourceName: 'orders' },
      { resourceType: kinds.broker, resourceName: '1' },
      { resourceType: kinds.brokerLogger, resourceName: '1' },
    ]),
  );
  expect((await list([kinds.broker])).configResources).toEqual([{ resourceType: kinds.broker, resourceName: '1' }]);
  expect((await list([99])).errorCode).toBe(errorCode.UNSUPPORTED_VERSION);
});

it('has no configs of client metrics, and names none', async () => {
  expect(await describeConfigs(['clientMetrics', 'x'])).toMatchObject([{ errorCode: 0, configs: [] }]);
  expect(await describeConfigs(['clientMetrics', ''])).toMatchObject([{ errorCode: errorCode.INVALID_REQUEST }]);
});

it('has configs of groups, there or not, within the bounds of the broker', async () => {
  const set = async (name: string, value: string, group = 'x') => (await alter('group', group, name, value))[0];
  const shown = async () => (await describeConfigs(['group', 'x']))[0]?.configs.map(({ name, value }) => [name, value]);
  expect(await describeConfigs(['group', ''])).toMatchObject([{ errorCode: errorCode.INVALID_REQUEST }]);
  expect(await shown()).toEqual([
    ['consumer.session.timeout.ms', '45000'],
    ['consumer.heartbeat.interval.ms', '5000'],
  ]);
  expect(await set('consumer.session.timeout.ms', '50000')).toBe(0);
  expect(await set('consumer.session.timeout.ms', '44999')).toBe(errorCode.INVALID_CONFIG);
  expect(await set('consumer.heartbeat.interval.ms', '15001')).toBe(errorCode.INVALID_CONFIG);
  expect(await set('consumer.heartbeat.interval.ms', 'soon')).toBe(errorCode.INVALID_CONFIG);
  expect(await set('session.timeout.ms', '50000')).toBe(errorCode.INVALID_CONFIG);
  expect(await set('consumer.session.timeout.ms', '50000', '')).toBe(errorCode.INVALID_REQUEST);
  expect((await shown())?.[0]).toEqual(['consumer.session.timeout.ms', '50000']);
});
