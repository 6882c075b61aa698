import { describe, expect, it } from 'vitest';
import { errorName } from '../../../protocol/error-codes.ts';
import type { CreateTopicsRequest } from '../../../protocol/schemas/19-create-topics.ts';
import { zeroUuid } from '../../../protocol/uuid.ts';
import { newTopic } from '../new-record.ts';
import { TestController } from '../testing/controller-fixture.ts';
import { planCreatePartitions } from './create-partitions.ts';
import { planCreateTopics } from './create-topics.ts';
import { planDeleteTopics } from './delete-topics.ts';

type Asked = Partial<CreateTopicsRequest['topics'][number]> & { readonly name: string };

function create(controller: TestController, asked: Asked | Asked[], validateOnly = false) {
  const topics = [asked].flat().map((topic) => ({
    numPartitions: topic.assignments ? -1 : 1,
    replicationFactor: topic.assignments ? -1 : 1,
    assignments: [],
    configs: [],
    ...topic,
  }));
  const reply = controller.run(planCreateTopics(controller.view, { topics, timeoutMs: 1_000, validateOnly }));
  return (reply.topics ?? []).map((topic) => [errorName(topic.errorCode), topic.errorMessage ?? null] as const);
}

describe('CreateTopics', () => {
  it('spreads leaders and replicas evenly over the active brokers', () => {
    const controller = new TestController().start(1, 2, 3);
    expect(create(controller, { name: 'orders', numPartitions: 9, replicationFactor: 3 })).toEqual([['NONE', null]]);
    const { partitions } = controller.image.topics.get('orders')!;
    const leads = (id: number) => partitions.filter((partition) => partition.leader === id).length;
    expect([leads(1), leads(2), leads(3)]).toEqual([3, 3, 3]);
    for (const { replicas, isr, leaderEpoch } of partitions) {
      expect([...replicas].sort()).toEqual([1, 2, 3]);
      expect(isr).toEqual(replicas);
      expect(leaderEpoch).toBe(0);
    }
    expect(new Set(partitions.map(({ replicas }) => replicas.join())).size).toBe(6);
  });

  it('uses the defaults for -1', () => {
    const controller = new TestController({ numPartitions: 4, defaultReplicationFactor: 2 }).start(1, 2);
    create(controller, { name: 'orders', numPartitions: -1, replicationFactor: -1 });
    expect(controller.image.topics.get('orders')?.partitions.map(({ replicas }) => replicas.length)).toEqual([
      2, 2, 2, 2,
    ]);
  });

  it('places a fenced broker last and out of the in-sync set', () => {
    const controller = new TestController().start(1, 2);
    controller.register(3);
    create(controller, { name: 'orders', numPartitions: 6, replicationFactor: 3 });
    for (const { replicas, isr } of controller.image.topics.get('orders')!.partitions) {
      expect(replicas[2]).toBe(3);
      expect(isr).toEqual(replicas.slice(0, 2));
    }
  });

  it.each<[Asked, string, string]>([
    [{ name: 'a b' }, 'INVALID_TOPIC_EXCEPTION', "Topic name is invalid: 'a b' contains"],
    [{ name: '..' }, 'INVALID_TOPIC_EXCEPTION', "'..' is not allowed"],
    [{ name: 'x'.repeat(250) }, 'INVALID_TOPIC_EXCEPTION', 'longer than the max allowed length 249'],
    [{ name: '__cluster_metadata' }, 'INVALID_REQUEST', 'Creation of internal topic __cluster_metadata is prohibited'],
    [{ name: '__Cluster_Metadata' }, 'INVALID_REQUEST', 'is prohibited'],
    [{ name: 'known' }, 'TOPIC_ALREADY_EXISTS', "Topic 'known' already exists."],
    [{ name: 'with.dot' }, 'INVALID_TOPIC_EXCEPTION', 'collides with existing topic: with_dot'],
    [{ name: 'x', replicationFactor: 0 }, 'INVALID_REPLICATION_FACTOR', 'larger than 0'],
    [{ name: 'x', replicationFactor: 3 }, 'INVALID_REPLICATION_FACTOR', 'only 2 broker(s) are registered'],
    [{ name: 'x', numPartitions: 0 }, 'INVALID_PARTITIONS', 'non-positive'],
    [{ name: 'x', numPartitions: 10_001 }, 'POLICY_VIOLATION', '10001'],
    [{ name: 'x', configs: [{ name: 'no.such', value: '1' }] }, 'INVALID_CONFIG', 'no.such'],
    [{ name: 'x', assignments: [{ partitionIndex: 0, brokerIds: [1, 9] }] }, 'INVALID_REPLICA_ASSIGNMENT', 'broker 9'],
    [{ name: 'x', assignments: [{ partitionIndex: 0, brokerIds: [1, 1] }] }, 'INVALID_REPLICA_ASSIGNMENT', 'more than'],
    [{ name: 'x', assignments: [{ partitionIndex: 1, brokerIds: [1] }] }, 'INVALID_REPLICA_ASSIGNMENT', '0-based'],
    [
      { name: 'x', numPartitions: 2, assignments: [{ partitionIndex: 0, brokerIds: [1] }] },
      'INVALID_REQUEST',
      'numPartitions was not set to -1',
    ],
  ])('refuses %j as %s', (asked, code, message) => {
    const controller = new TestController().start(1, 2);
    create(controller, [{ name: 'known' }, { name: 'with_dot' }]);
    const before = controller.image;
    const [result] = create(controller, asked);
    expect(result?.[0]).toBe(code);
    expect(result?.[1]).toContain(message);
    expect(controller.image.topics).toEqual(before.topics);
  });

  it('refuses each topic for itself, names twice in a request, and writes nothing when it only validates', () => {
    const controller = new TestController().start(1);
    const codes = create(controller, [{ name: 'a' }, { name: 'b!' }, { name: 'c' }, { name: 'c' }]).map(
      ([code]) => code,
    );
    expect(codes).toEqual(['NONE', 'INVALID_TOPIC_EXCEPTION', 'INVALID_REQUEST']);
    expect(create(controller, { name: 'd' }, true)).toEqual([['NONE', null]]);
    expect([...controller.image.topics.keys()]).toEqual(['a']);
  });

  it('takes replicas by hand', () => {
    const controller = new TestController().start(1, 2, 3);
    const assignments = [
      { partitionIndex: 1, brokerIds: [3, 1] },
      { partitionIndex: 0, brokerIds: [2, 3] },
    ];
    expect(create(controller, { name: 'orders', assignments })).toEqual([['NONE', null]]);
    expect(controller.partition('orders', 0)).toMatchObject({ replicas: [2, 3], leader: 2 });
    expect(controller.partition('orders', 1)).toMatchObject({ replicas: [3, 1], leader: 3 });
  });
});

describe('DeleteTopics', () => {
  it('deletes by name and by id, with the configs, and gives a new id to a topic of the same name', () => {
    const controller = new TestController().start(1);
    create(controller, [{ name: 'a', configs: [{ name: 'retention.ms', value: '5' }] }, { name: 'b' }]);
    const { id } = controller.image.topics.get('b')!;
    const aId = controller.image.topics.get('a')!.id;
    const reply = controller.run(
      planDeleteTopics(controller.view, {
        topics: [
          { name: 'a', topicId: zeroUuid },
          { name: null, topicId: id },
          { name: 'c', topicId: zeroUuid },
        ],
        topicNames: [],
        timeoutMs: 1,
      }),
    );
    expect(reply.responses?.map((one) => errorName(one.errorCode))).toEqual([
      'NONE',
      'NONE',
      'UNKNOWN_TOPIC_OR_PARTITION',
    ]);
    expect(controller.image.topics.size).toBe(0);
    expect(controller.image.configs('topic', 'a').size).toBe(0);
    create(controller, { name: 'a' });
    expect(controller.image.topics.get('a')?.id).not.toBe(aId);
  });

  const ask = (controller: TestController, ...topics: { name: string | null; topicId?: string }[]) => {
    const asked = topics.map((topic) => ({ topicId: zeroUuid, ...topic }));
    const plan = planDeleteTopics(controller.view, { topics: asked, topicNames: [], timeoutMs: 1 });
    return (controller.run(plan).responses ?? []).map((one) => [one.name, errorName(one.errorCode)]);
  };

  it('deletes nothing that is named twice, and answers it once', () => {
    const controller = new TestController().start(1);
    create(controller, [{ name: 'a' }, { name: 'b' }, { name: 'c' }]);
    const topicId = controller.image.topics.get('a')!.id;
    expect(ask(controller, { name: 'a' }, { name: 'a' }, { name: 'b' })).toEqual([
      ['a', 'INVALID_REQUEST'],
      ['b', 'NONE'],
    ]);
    expect(ask(controller, { name: null, topicId }, { name: null, topicId })).toEqual([[null, 'INVALID_REQUEST']]);
    expect(ask(controller, { name: 'a' }, { name: null, topicId }, { name: 'c' })).toEqual([
      ['a', 'INVALID_REQUEST'],
      ['c', 'NONE'],
    ]);
    expect(ask(controller, { name: 'gone' }, { name: 'gone' })).toEqual([['gone', 'INVALID_REQUEST']]);
    expect(ask(controller, { name: 'a', topicId }, { name: null })).toEqual([
      ['a', 'INVALID_REQUEST'],
      [null, 'INVALID_REQUEST'],
    ]);
    expect([...controller.image.topics.keys()]).toEqual(['a']);
  });

  it('finds no topic under the name of the quorum’s log, even where an older release has made one', () => {
    const controller = new TestController().start(1);
    const id = 'metadataAAAAAAAAAAAAAA';
    controller.run({ records: [newTopic('__cluster_metadata', id)], reply: undefined });
    expect(ask(controller, { name: '__cluster_metadata' })).toEqual([
      ['__cluster_metadata', 'UNKNOWN_TOPIC_OR_PARTITION'],
    ]);
    expect(ask(controller, { name: null, topicId: id })).toEqual([[null, 'UNKNOWN_TOPIC_ID']]);
    expect(controller.image.topics.size).toBe(1);
  });
});

describe('CreatePartitions', () => {
  const ask = (controller: TestController, count: number, assignments: { brokerIds: number[] }[] | null = null) => {
    const topics = [{ name: 'orders', count, assignments }];
    const plan = planCreatePartitions(controller.view, { topics, timeoutMs: 1, validateOnly: false });
    return controller.run(plan).results.map((one) => [errorName(one.errorCode), one.errorMessage]);
  };

  it('adds partitions with the replication factor of the topic', () => {
    const controller = new TestController().start(1, 2, 3);
    create(controller, { name: 'orders', numPartitions: 2, replicationFactor: 2 });
    expect(ask(controller, 5)).toEqual([['NONE', null]]);
    expect(controller.image.topics.get('orders')?.partitions.map(({ replicas }) => replicas.length)).toEqual([
      2, 2, 2, 2, 2,
    ]);
    expect(ask(controller, 6, [{ brokerIds: [3, 1] }])).toEqual([['NONE', null]]);
    expect(controller.partition('orders', 5).replicas).toEqual([3, 1]);
  });

  it('refuses fewer or as many, and a wrong number of assignments', () => {
    const controller = new TestController().start(1);
    create(controller, { name: 'orders', numPartitions: 3 });
    expect(ask(controller, 3)).toEqual([['INVALID_PARTITIONS', 'Topic already has 3 partition(s).']]);
    expect(ask(controller, 2)[0]?.[0]).toBe('INVALID_PARTITIONS');
    expect(ask(controller, 5, [{ brokerIds: [1] }])[0]?.[0]).toBe('INVALID_REPLICA_ASSIGNMENT');
  });

  it('adds nothing to a topic that is named twice', () => {
    const controller = new TestController().start(1);
    create(controller, [{ name: 'orders' }, { name: 'other' }]);
    const topics = [
      { name: 'orders', count: 3, assignments: null },
      { name: 'orders', count: 4, assignments: null },
      { name: 'other', count: 2, assignments: null },
    ];
    const plan = planCreatePartitions(controller.view, { topics, timeoutMs: 1, validateOnly: false });
    const results = controller.run(plan).results.map((one) => [one.name, errorName(one.errorCode)]);
    expect(new Map(results as [string, string][])).toEqual(
      new Map([
        ['orders', 'INVALID_REQUEST'],
        ['other', 'NONE'],
      ]),
    );
    expect(results).toHaveLength(2);
    expect(controller.image.topics.get('orders')?.partitions).toHaveLength(1);
  });
});
