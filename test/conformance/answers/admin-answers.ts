import { apis } from '../../../engine/protocol/api-keys.ts';
import { metadataTopicId, zeroUuid } from '../../../engine/protocol/uuid.ts';
import type { RawClient } from '../../kit/raw-client.ts';
import { until } from '../../kit/until.ts';

const topicKind = 2;
const brokerKind = 4;
const reserved = '__cluster_metadata';

type Alteration = readonly [kind: number, resource: string, ...configs: (readonly [string, number, string | null])[]];

/** Codes of administrative requests, by what was asked. */
export async function adminAnswers(client: RawClient): Promise<Record<string, unknown>> {
  const create = async (...names: readonly string[]) => {
    const topics = names.map((name) => ({
      name,
      numPartitions: 1,
      replicationFactor: 1,
      assignments: [],
      configs: [],
    }));
    const request = { topics, timeoutMs: 5_000, validateOnly: false };
    return codesOf((await client.call(apis.createTopics, 7, request)).topics);
  };
  const remove = async (...topics: readonly { name: string | null; topicId?: string }[]) => {
    const asked = topics.map((topic) => ({ topicId: zeroUuid, ...topic }));
    return codesOf((await client.call(apis.deleteTopics, 6, { topics: asked, timeoutMs: 5_000 })).responses);
  };
  const grow = async (...topics: readonly (readonly [string, number])[]) => {
    const asked = topics.map(([name, count]) => ({ name, count, assignments: null }));
    const request = { topics: asked, timeoutMs: 5_000, validateOnly: true };
    return codesOf((await client.call(apis.createPartitions, 3, request)).results);
  };
  const find = async (version: number, ...topics: readonly { name: string | null; topicId?: string }[]) => {
    const asked = topics.map((topic) => ({ topicId: zeroUuid, ...topic }));
    const answer = await client.call(apis.metadata, version, { topics: asked, allowAutoTopicCreation: true });
    return codesOf(answer.topics);
  };
  const alter = async (...resources: readonly Alteration[]) => {
    const asked = resources.map(([resourceType, resourceName, ...configs]) => ({
      resourceType,
      resourceName,
      configs: configs.map(([name, configOperation, value]) => ({ name, configOperation, value })),
    }));
    const { responses } = await client.call(apis.incrementalAlterConfigs, 1, { resources: asked, validateOnly: true });
    return responses.map(({ errorCode }) => errorCode);
  };
  const describe = async (resourceType: number, resourceName: string) => {
    const resources = [{ resourceType, resourceName, configurationKeys: null }];
    const request = { resources, includeSynonyms: false, includeDocumentation: false };
    return (await client.call(apis.describeConfigs, 4, request)).results[0]?.errorCode;
  };

  const answers: Record<string, unknown> = {
    'create the name of the quorum’s log': await create(reserved),
    'find it': [await find(12, { name: reserved }), await find(8, { name: reserved })],
    'delete it': await remove({ name: reserved }),
    'delete it by id': await remove({ name: null, topicId: metadataTopicId }),
    'grow it': await grow([reserved, 5]),
    'describe and alter it': [
      await describe(topicKind, reserved),
      await alter([topicKind, reserved, ['retention.ms', 0, '5']]),
    ],
    'create twice': await create('twice', 'twice', 'once', 'other'),
  };
  await until('the topics are known', async () => (await find(12, { name: 'once' }, { name: 'other' })).every(isKnown));
  const { topics } = await client.call(apis.metadata, 12, { topics: [{ topicId: zeroUuid, name: 'once' }] });
  const topicId = topics[0]?.topicId ?? zeroUuid;
  const retention = ['retention.ms', 0, '100000'] as const;
  return {
    ...answers,
    'grow twice': await grow(['once', 3], ['once', 4], ['other', 2]),
    'alter twice': await alter(
      [topicKind, 'once', retention],
      [topicKind, 'once', retention],
      [topicKind, 'other', retention],
    ),
    'find twice': await find(12, { name: 'once' }, { name: 'once' }, { name: 'gone-a b' }, { name: 'gone-a b' }),
    'find by id': [
      await find(10, { name: null, topicId }),
      await find(12, { name: null, topicId }),
      await find(12, { name: null, topicId: 'BBBBBBBBBBBBBBBBBBBBBA' }),
    ],
    'find neither by name nor by id': [
      await find(10, { name: null }),
      await find(11, { name: null }),
      await find(13, { name: null }),
    ],
    'delete twice': [
      await remove({ name: 'once' }, { name: 'once' }),
      await remove({ name: null, topicId }, { name: null, topicId }),
      await remove({ name: 'once' }, { name: null, topicId }),
      await remove({ name: 'gone' }, { name: 'gone' }),
      await remove({ name: 'once', topicId }, { name: null }),
    ],
    'describe odd resources': await inOrder(
      [
        [topicKind, 'a b'],
        [topicKind, ''],
        [topicKind, 'gone'],
        [brokerKind, '9'],
        [32, 'g'],
        [32, ''],
        [16, 'm'],
        [16, ''],
        [8, '1'],
        [8, ''],
        [7, 'x'],
        [0, ''],
      ] as const,
      ([kind, name]) => describe(kind, name),
    ),
    'alter odd resources': await inOrder(
      [
        [topicKind, 'a b'],
        [topicKind, ''],
        [brokerKind, '9'],
        [brokerKind, 'one'],
        [3, ''],
        [7, 'x'],
      ] as const,
      ([kind, name]) => alter([kind, name, retention]),
    ),
    'values of a topic': await inOrder(topicValues, ([name, value]) => alter([topicKind, 'other', [name, 0, value]])),
    'values of a broker': await inOrder(brokerValues, ([id, name, value]) => alter([brokerKind, id, [name, 0, value]])),
  };
}

const topicValues = [
  ['remote.storage.enable', 'true'],
  ['remote.storage.enable', 'false'],
  ['leader.replication.throttled.replicas', 'abc'],
  ['leader.replication.throttled.replicas', '*'],
  ['leader.replication.throttled.replicas', '*,0:1'],
  ['follower.replication.throttled.replicas', '0:1, 1:2'],
  ['follower.replication.throttled.replicas', '0:1,0:1'],
  ['retention.ms', '9223372036854775807'],
  ['retention.ms', '9223372036854775808'],
  ['retention.bytes', '-9223372036854775808'],
  ['retention.bytes', '-9223372036854775809'],
  ['cleanup.policy', 'delete,delete'],
  ['cleanup.policy', ''],
  ['min.cleanable.dirty.ratio', 'Infinity'],
  ['min.cleanable.dirty.ratio', '1e-1'],
  ['max.decompressed.message.bytes', '0'],
  ['max.decompressed.message.bytes', '2147483640'],
  ['remote.copy.lag.bytes', '-2'],
  ['remote.copy.lag.ms', '-1'],
  ['errors.deadletterqueue.group.enable', 'true'],
  ['max.message.bytes', '+5'],
  ['compression.type', 'none'],
] as const;

const brokerValues = [
  ['1', 'node.id', '2'],
  ['', 'node.id', '2'],
  ['1', 'advertised.listeners', 'PLAINTEXT://h:1'],
  ['1', 'broker.rack', 'r'],
  ['1', 'num.partitions', '2'],
  ['1', 'log.retention.hours', '5'],
  ['1', 'log.retention.ms', '5'],
  ['', 'log.retention.ms', 'x'],
  ['1', 'log.cleaner.threads', '2'],
  ['', 'log.cleaner.threads', '2'],
  ['1', 'log.cleaner.backoff.ms', '-5'],
  ['1', 'log.cleaner.enable', 'false'],
  ['1', 'num.io.threads', '0'],
  ['1', 'min.insync.replicas', '2'],
  ['', 'min.insync.replicas', '2'],
] as const;

async function inOrder<Item, Answer>(items: readonly Item[], ask: (item: Item) => Promise<Answer>) {
  const answers: (readonly [Item, Answer])[] = [];
  for (const item of items) answers.push([item, await ask(item)]);
  return answers;
}

interface CodedRow {
  readonly name: string | null;
  readonly errorCode: number;
}

/** Names with their codes, in an order of our own: Kafka answers in that of its hash tables. */
function codesOf(rows: readonly CodedRow[]): readonly (readonly [string | null, number])[] {
  return rows.map(({ name, errorCode }) => [name, errorCode] as const).sort((a, b) => (String(a) < String(b) ? -1 : 1));
}

function isKnown([, code]: readonly [string | null, number]): boolean {
  return code === 0;
}
