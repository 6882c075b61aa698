import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../base/testing/seeded-random.ts';
import { apis } from '../../protocol/api-keys.ts';
import { errorCode } from '../../protocol/error-codes.ts';
// Loaded before the tests: the producer imports it when it is first needed, which takes time that their clock does not know.
import '../../records/record-compress.ts';
import { partitionOfKey } from '../murmur2-partition.ts';
import { KafkaProducer } from '../producer.ts';
import type { ProducerSettings } from '../producer-settings.ts';
import { ScriptedCluster } from '../testing/scripted-cluster.ts';
import { ScriptedLogs } from '../testing/scripted-logs.ts';

function ground(brokers = 1, settings: Partial<ProducerSettings> = {}) {
  const cluster = new ScriptedCluster(brokers);
  const logs = new ScriptedLogs(cluster);
  const connection = cluster.connection();
  const producer = new KafkaProducer(connection, settings);
  const outcomes: string[] = [];
  const send = (
    topic: string,
    value: string,
    more: { partition?: number; key?: string; timestampMs?: number } = {},
  ) => {
    const at = outcomes.push('pending') - 1;
    const { key, ...rest } = more;
    producer.deliver(
      { topic, value: Buffer.from(value), key: key === undefined ? null : Buffer.from(key), ...rest },
      {
        sent: (partition, offset) => {
          outcomes[at] = `${partition}@${offset}`;
        },
        failed: (error) => {
          outcomes[at] = (error as unknown as { code: string }).code;
        },
      },
    );
  };
  const settled = () => cluster.until('all settled', () => producer.pendingRecords === 0);
  return { cluster, logs, producer, outcomes, send, settled };
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`);

describe('batches that a topic refuses', () => {
  it('splits a batch that is too large until its parts fit, in order', async () => {
    const { logs, send, settled, outcomes } = ground();
    logs.create('t', 1, 1_000);
    const values = numbers(100).map((value) => value.padEnd(90, '.'));
    for (const value of values) send('t', value);
    await settled();
    expect(logs.values('t')).toEqual(values);
    expect(outcomes).toEqual(values.map((_, index) => `0@${index}`));
  });

  it('fails only the record that is too large by itself', async () => {
    const { logs, send, settled, outcomes } = ground();
    logs.create('t', 1, 1_000);
    for (const value of ['a', 'b'.repeat(3_000), 'c', 'd']) send('t', value);
    await settled();
    expect(outcomes).toEqual(['0@0', 'KAFKA_MESSAGE_TOO_LARGE', '0@1', '0@2']);
    send('t', 'e');
    await settled();
    expect(logs.values('t')).toEqual(['a', 'c', 'd', 'e']);
  });

  it('sends large batches again some time after the topic takes them', async () => {
    const { cluster, logs, send, settled } = ground();
    const topic = logs.create('t', 1, 1_000);
    const sendAll = async (count: number) => {
      for (let index = 0; index < count; index++) send('t', '.'.repeat(90));
      await settled();
    };
    await sendAll(100);
    topic.maxMessageBytes = 1_000_000;
    for (let round = 0; round < 12; round++) await sendAll(400);
    const before = cluster.requests(apis.produce).length;
    await sendAll(400);
    expect(cluster.requests(apis.produce).length - before).toBeLessThan(10);
  });

  it('fails only the records that the broker names, each with its own words', async () => {
    const { cluster, logs, send, settled, outcomes } = ground();
    logs.create('t');
    const bad = { batchIndex: 1, batchIndexErrorMessage: 'this one' };
    let isFirst = true;
    cluster.on(apis.produce, ({ body }) => {
      if (!isFirst) return undefined;
      isFirst = false;
      const row = {
        index: 0,
        errorCode: errorCode.INVALID_TIMESTAMP,
        baseOffset: -1,
        recordErrors: [bad],
        errorMessage: null,
      };
      return { responses: body.topicData.map((topic) => ({ ...topic, partitionResponses: [row] })) };
    });
    for (const value of ['a', 'b', 'c']) send('t', value);
    await settled();
    expect(outcomes).toEqual(['0@0', 'KAFKA_INVALID_TIMESTAMP', '0@1']);
  });

  it('finds the one bad record where the broker does not say which', async () => {
    const { cluster, logs, send, settled, outcomes } = ground();
    logs.create('t');
    cluster.on(apis.produce, ({ body }) => {
      if (!body.topicData[0]!.partitionData[0]!.records!.includes('bad')) return undefined;
      const row = { index: 0, errorCode: errorCode.INVALID_RECORD, baseOffset: -1, errorMessage: null };
      return { responses: body.topicData.map((topic) => ({ ...topic, partitionResponses: [row] })) };
    });
    for (const value of [...numbers(9), 'bad', ...numbers(20)]) send('t', value);
    await settled();
    expect(logs.values('t')).toEqual([...numbers(9), ...numbers(20)]);
    expect(outcomes.filter((outcome) => outcome === 'KAFKA_INVALID_RECORD')).toHaveLength(1);
  });
});

describe('idempotence', () => {
  it('writes once what is sent again because its answer was lost', async () => {
    const { cluster, logs, send, settled } = ground();
    logs.create('t');
    let lost = 0;
    cluster.on(apis.produce, ({ broker, body }) => {
      if (lost++ > 2) return undefined;
      const { name, topicId, partitionData } = body.topicData[0]!;
      logs.produce(broker, name, topicId, 0, partitionData[0]!.records!);
      return 'close';
    });
    for (const value of ['a', 'b']) send('t', value);
    await cluster.run(50);
    for (const value of ['c', 'd']) send('t', value);
    await settled();
    expect(logs.values('t')).toEqual(['a', 'b', 'c', 'd']);
  });

  it.each([
    ['OUT_OF_ORDER_SEQUENCE_NUMBER', errorCode.OUT_OF_ORDER_SEQUENCE_NUMBER],
    ['UNKNOWN_PRODUCER_ID', errorCode.UNKNOWN_PRODUCER_ID],
    ['INVALID_PRODUCER_EPOCH', errorCode.INVALID_PRODUCER_EPOCH],
  ])('goes on under new numbers after %s, losing nothing', async (_, code) => {
    const { cluster, logs, send, settled } = ground();
    logs.create('t');
    send('t', 'a');
    await settled();
    let isFirst = true;
    cluster.on(apis.produce, ({ body }) => {
      if (!isFirst) return undefined;
      isFirst = false;
      const row = { index: 0, errorCode: code, baseOffset: -1, errorMessage: null };
      return { responses: body.topicData.map((topic) => ({ ...topic, partitionResponses: [row] })) };
    });
    for (const value of ['b', 'c']) send('t', value);
    await settled();
    send('t', 'd');
    await settled();
    expect(logs.values('t')).toEqual(['a', 'b', 'c', 'd']);
  });

  it.each([
    ['INVALID_REQUIRED_ACKS', 'a record that fails', 1],
    ['MESSAGE_TOO_LARGE', 'a single record that is too large by now', 1],
    ['INVALID_TIMESTAMP', 'records that are refused one by one', 3],
  ] as const)(
    'gives no numbers twice when %s meets a batch whose first answer was lost (%s)',
    async (code, _, count) => {
      const { cluster, logs, send, settled, outcomes } = ground();
      logs.create('t');
      let tries = 0;
      cluster.on(apis.produce, ({ broker, body }) => {
        const { name, topicId, partitionData } = body.topicData[0]!;
        if (++tries === 1) {
          logs.produce(broker, name, topicId, 0, partitionData[0]!.records!);
          return 'close';
        }
        if (tries > 2) return undefined;
        const row = { index: 0, errorCode: errorCode[code], baseOffset: -1, errorMessage: null };
        return { responses: [{ name, topicId, partitionResponses: [row] }] };
      });
      for (const value of numbers(count)) send('t', value);
      await settled();
      const next = numbers(count).map((value) => value.replace('v', 'next'));
      for (const value of next) send('t', value);
      await settled();
      expect(logs.values('t')).toEqual([...numbers(count), ...next]);
      expect(outcomes.slice(count)).toEqual(next.map((_, index) => `0@${count + index}`));
    },
  );

  it('writes once what a topic took whose limit was lowered before its answer, which was lost', async () => {
    const { cluster, logs, send, settled } = ground();
    logs.create('t');
    let isFirst = true;
    cluster.on(apis.produce, ({ broker, body }) => {
      if (!isFirst) return undefined;
      isFirst = false;
      const { name, topicId, partitionData } = body.topicData[0]!;
      logs.produce(broker, name, topicId, 0, partitionData[0]!.records!);
      logs.topics.get('t')!.maxMessageBytes = 400;
      return 'close';
    });
    const values = numbers(30).map((value) => value.padEnd(20, '.'));
    for (const value of values) send('t', value);
    await settled();
    send('t', 'next');
    await settled();
    expect(logs.values('t')).toEqual([...values, 'next']);
  });

  it.each(['with fewer partitions', 'as it was before'])(
    'writes once what is under way while a lagging broker tells of the topic %s',
    async (what) => {
      const { cluster, logs, send, settled } = ground();
      const before = logs.create('t', 1);
      send('t', 'a');
      await settled();
      const now = logs.create('t', 3);
      send('t', 'b', { partition: 2 });
      await settled();
      const told = { id: what === 'as it was before' ? before.id : now.id, partitions: 1 };
      let lagging = 1;
      cluster.on(apis.produce, ({ broker, body }) => {
        if (lagging <= 0) return undefined;
        const { name, topicId, partitionData } = body.topicData[0]!;
        logs.produce(broker, name, topicId, partitionData[0]!.index, partitionData[0]!.records!);
        return 'close';
      });
      cluster.on(apis.metadata, ({ body }) => {
        if (!body.topics?.length || lagging-- <= 0) return undefined;
        const partition = { errorCode: 0, partitionIndex: 0, leaderId: 1, leaderEpoch: 0, offlineReplicas: [] };
        const partitions = [{ ...partition, replicaNodes: [1], isrNodes: [1] }];
        const brokers = [{ nodeId: 1, host: 'broker-1', port: cluster.portOf(1) }];
        const topics = [{ errorCode: 0, name: 't', topicId: told.id, partitions }];
        return { throttleTimeMs: 0, brokers, clusterId: 'scripted', controllerId: 1, errorCode: 0, topics };
      });
      send('t', 'c', { key: keyOfPartition(2, 3) });
      await settled();
      expect(lagging).toBeLessThanOrEqual(0);
      expect([0, 1, 2].map((partition) => logs.values('t', partition))).toEqual([[], [], ['b', 'c']]);
    },
  );
});

/** A key that goes to this partition. */
function keyOfPartition(partition: number, count: number): string {
  for (let index = 0; ; index++)
    if (partitionOfKey(Buffer.from(`key${index}`), count) === partition) return `key${index}`;
}

describe('a topic that grows', () => {
  it('waits for a partition that a broker has not heard of yet, and not for ever', async () => {
    const { cluster, logs, send, settled, outcomes } = ground();
    const topic = logs.create('t', 1);
    send('t', 'a');
    await settled();
    send('t', 'b', { partition: 1 });
    await cluster.run(700);
    expect(outcomes).toEqual(['0@0', 'pending']);
    const asked = cluster.requests(apis.metadata).length;
    expect(asked).toBeLessThan(12);
    topic.partitions.push({ leader: 1, leaderEpoch: 0, records: [], producers: new Map() });
    await settled();
    send('t', 'c', { partition: 2 });
    await settled();
    expect(outcomes.slice(1)).toEqual(['1@0', 'KAFKA_UNKNOWN_PARTITION']);
  });
});

describe('the delivery time', () => {
  it('runs from the call of send for each record, also for those that wait behind others', async () => {
    const { cluster, logs, producer, send, outcomes } = ground(1, { deliveryWaitMsMax: 1_500 });
    logs.create('t');
    send('t', 'first');
    await cluster.until('the first is sent', () => producer.pendingRecords === 0);
    cluster.on(apis.produce, () => 'silence');
    for (let index = 1; index <= 5; index++) {
      send('t', `${index}`);
      await cluster.run(400);
    }
    // 2,000 ms after the first of them: those of the first 500 ms are over, the others are not.
    expect(outcomes).toEqual(['0@0', 'KAFKA_SEND_TIMEOUT', 'KAFKA_SEND_TIMEOUT', 'pending', 'pending', 'pending']);
    await cluster.run(1_500);
    expect(outcomes.slice(1)).toEqual(Array(5).fill('KAFKA_SEND_TIMEOUT'));
  });

  it('counts while no broker can be reached, and says why', async () => {
    const cluster = new ScriptedCluster(1);
    new ScriptedLogs(cluster).create('t');
    cluster.down(1);
    const producer = new KafkaProducer(cluster.connection(), { deliveryWaitMsMax: 3_000 });
    const failed = producer.send({ topic: 't', value: null }).catch((error) => error);
    await cluster.run(3_100);
    expect(await failed).toMatchObject({ code: 'KAFKA_SEND_TIMEOUT', retriable: true });
    expect((await failed).message).toContain('connect ECONNREFUSED');
  });
});

describe('leaders that move', () => {
  it('goes on within 1.5 s of the death of a leader whose successor stands after 0.5 s', async () => {
    const { cluster, logs, send, outcomes } = ground(3);
    logs.create('t');
    send('t', 'before');
    await cluster.run(100);
    cluster.down(1);
    send('t', 'after');
    await cluster.run(500);
    logs.move('t', 0, 2);
    await cluster.run(1_000);
    expect(outcomes).toEqual(['0@0', '0@1']);
  });

  it('hears of a successor that stands only after seconds within a third of one, time after time', async () => {
    const { cluster, logs, send, outcomes } = ground(3);
    logs.create('t');
    send('t', 'before');
    await cluster.run(100);
    const stand = async (dead: number, successor: number) => {
      cluster.down(dead);
      send('t', 'after');
      await cluster.run(2_600);
      logs.move('t', 0, successor);
      await cluster.run(330);
      cluster.up(dead);
      await cluster.run(4_000);
    };
    await stand(1, 2);
    await stand(2, 3);
    await stand(3, 1);
    expect(outcomes).toEqual(['0@0', '0@1', '0@2', '0@3']);
  });

  it('does not wait for a leader that was frozen and replaced', async () => {
    const { cluster, logs, send, outcomes } = ground(3);
    logs.create('t');
    send('t', 'before');
    await cluster.run(100);
    cluster.on(apis.produce, ({ broker }) => (broker === 1 ? 'silence' : undefined));
    for (const value of ['a', 'b']) send('t', value);
    await cluster.run(1_000);
    logs.move('t', 0, 3);
    await cluster.run(2_000);
    expect(outcomes).toEqual(['0@0', '0@1', '0@2']);
  });

  it("follows a broker's hint at once, without asking for metadata", async () => {
    const { cluster, logs, send, outcomes } = ground(2);
    const topic = logs.create('t');
    send('t', 'before');
    await cluster.run(100);
    const asked = cluster.requests(apis.metadata).length;
    logs.move('t', 0, 2);
    cluster.on(apis.produce, ({ broker, body }) => {
      if (broker === 2) return undefined;
      const currentLeader = { leaderId: 2, leaderEpoch: topic.partitions[0]!.leaderEpoch };
      const row = {
        index: 0,
        errorCode: errorCode.NOT_LEADER_OR_FOLLOWER,
        baseOffset: -1,
        errorMessage: null,
        currentLeader,
      };
      return {
        responses: body.topicData.map(({ name, topicId }) => ({ name, topicId, partitionResponses: [row] })),
        nodeEndpoints: [{ nodeId: 2, host: 'broker-2', port: cluster.portOf(2) }],
      };
    });
    send('t', 'after');
    await cluster.run(20);
    expect(outcomes).toEqual(['0@0', '0@1']);
    expect(cluster.requests(apis.metadata)).toHaveLength(asked);
  });
});

describe('a topic that is made anew', () => {
  it('35: places queued records on the partitions that there are now', async () => {
    const { cluster, logs, send, settled, outcomes } = ground();
    logs.create('t', 4);
    for (let index = 0; index < 8; index++) send('t', `old${index}`, { partition: index % 4 });
    await settled();
    logs.create('t', 1);
    for (let index = 0; index < 20; index++) {
      send('t', `new${index}`, { key: `key${index}` });
      await cluster.run(5);
    }
    send('t', 'nowhere', { partition: 3 });
    await settled();
    expect(logs.values('t').sort()).toEqual(
      numbers(20)
        .map((value) => value.replace('v', 'new'))
        .sort(),
    );
    expect(outcomes.at(-1)).toBe('KAFKA_UNKNOWN_PARTITION');
  });

  it('keeps the order of a key whose partition is gone while it is sent to', async () => {
    const { cluster, logs, send, settled } = ground(2);
    logs.create('t', 4);
    const key = keyOfPartition(3, 4);
    send('t', 'old', { key });
    await settled();
    let isFirst = true;
    cluster.on(apis.produce, () => {
      if (!isFirst) return undefined;
      isFirst = false;
      logs.create('t', 1);
      return 'silence';
    });
    for (let index = 0; index < 40; index++) {
      send('t', `new${index}`, { key });
      await cluster.run(200);
    }
    await settled();
    expect(logs.values('t')).toEqual(numbers(40).map((value) => value.replace('v', 'new')));
  });

  it('fails clearly when the topic stays away', async () => {
    const { cluster, logs, send, outcomes } = ground();
    logs.create('t', 2);
    send('t', 'a');
    await cluster.run(50);
    logs.topics.delete('t');
    send('t', 'b');
    send('other', 'c');
    await cluster.run(15_000);
    expect(outcomes.slice(1)).toEqual(['KAFKA_UNKNOWN_TOPIC', 'KAFKA_UNKNOWN_TOPIC']);
    send('t', 'd');
    await cluster.run(4_000);
    expect(outcomes.at(-1)).toBe('KAFKA_UNKNOWN_TOPIC');
  });
});

describe('many faults at once', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'loses, repeats and reorders nothing, seed %d',
    async (seed) => {
      const random = new SeededRandom(seed);
      const { cluster, logs, send, outcomes, settled } = ground(3, {
        batchRecordsMax: 4,
        compression: seed % 3 === 0 ? 'lz4' : 'none',
      });
      logs.create('t', 2, 400);
      let isCalm = false;
      cluster.on(apis.produce, ({ broker, body }) => {
        if (isCalm || random.next() < 0.6) return undefined;
        if (random.next() < 0.3) return 'close';
        if (random.next() < 0.1) return 'silence';
        for (const { name, topicId, partitionData } of body.topicData)
          for (const { index, records } of partitionData) logs.produce(broker, name, topicId, index, records!);
        return 'close';
      });
      const values = numbers(60);
      for (const [index, value] of values.entries()) {
        send('t', value, { partition: index % 2 });
        await cluster.run(random.next() * 20);
        if (random.next() < 0.1) logs.move('t', index % 2, 1 + Math.floor(random.next() * 3));
        if (random.next() < 0.05) cluster.drop(1 + Math.floor(random.next() * 3));
      }
      isCalm = true;
      await settled();
      expect(outcomes.filter((outcome) => !/^\d@\d+$/.test(outcome))).toEqual([]);
      for (const partition of [0, 1])
        expect(logs.values('t', partition)).toEqual(values.filter((_, index) => index % 2 === partition));
    },
  );
});

describe('brokers of Kafka 2.4', () => {
  it('get records by topic name, in the versions that they know', async () => {
    const { cluster, logs, send, settled, producer } = ground(2);
    const ranges: [{ readonly key: number }, number, number][] = [
      [apis.produce, 0, 8],
      [apis.metadata, 0, 9],
      [apis.initProducerId, 0, 2],
      [apis.apiVersions, 0, 3],
    ];
    for (const [{ key }, min, max] of ranges) cluster.versions.set(key, { min, max });
    logs.create('t', 2);
    for (let index = 0; index < 10; index++) send('t', `v${index}`, { partition: index % 2 });
    await settled();
    expect([...logs.values('t', 0), ...logs.values('t', 1)].sort()).toEqual(numbers(10));
    expect(cluster.requests(apis.produce).map(({ version }) => version)).toEqual([8, 8]);
    await producer.close();
  });
});
