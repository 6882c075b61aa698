import { afterAll, it as baseIt, beforeAll, describe, expect } from 'vitest';
import { KafkaAdmin } from '../../engine/kafka/admin.ts';
import { KafkaConnection } from '../../engine/kafka/connection.ts';
import type { GroupListener, TakenRecord } from '../../engine/kafka/group-consumer.ts';
import { GroupConsumer } from '../../engine/kafka/group-consumer.ts';
import type { GroupSettings } from '../../engine/kafka/group-settings.ts';
import { KafkaProducer } from '../../engine/kafka/producer.ts';
import { testApacheKafka, whyNoApacheKafka } from '../kit/apache-kafka.ts';
import { startBundledCluster } from '../kit/bundled-cluster.ts';
import { ExactlyOnceWorker } from '../kit/exactly-once-worker.ts';
import { testConnection } from '../kit/kafka-connections.ts';
import { startKafkaRelay } from '../kit/kafka-relay.ts';
import { until } from '../kit/until.ts';

const config = {
  'group.consumer.heartbeat.interval.ms': '500',
  'group.consumer.min.heartbeat.interval.ms': '200',
};
const whyNotApache = whyNoApacheKafka();

/** A cluster that the tests run against, with short intervals. */
interface GroupCluster {
  readonly name: string;
  readonly whyNot: string | undefined;
  readonly transport: 'tcp' | 'websocket';
  start(): Promise<{ readonly bootstrap: string; stop(): Promise<void> }>;
}

const brokers = Number(process.env.MILLRACE_TEST_BROKERS ?? 3);
const startBundled = () => startBundledCluster(brokers, config);
const clusters: readonly GroupCluster[] = [
  { name: 'the bundled cluster over WebSocket', whyNot: undefined, transport: 'websocket', start: startBundled },
  { name: 'the bundled cluster over TCP', whyNot: undefined, transport: 'tcp', start: startBundled },
  {
    name: `Apache Kafka${whyNotApache ? ` (skipped: ${whyNotApache})` : ''}`,
    whyNot: whyNotApache,
    transport: 'tcp',
    start: () => testApacheKafka({ config: { ...config, 'group.consumer.regex.refresh.interval.ms': '10000' } }),
  },
];
let names = 0;

class Member {
  readonly seen: TakenRecord[] = [];
  readonly consumer: GroupConsumer;

  constructor(
    connection: KafkaConnection,
    groupId: string,
    topics: readonly string[],
    settings: Partial<GroupSettings> = {},
    listener: Partial<GroupListener> = {},
  ) {
    this.consumer = new GroupConsumer(
      connection,
      // Commits by timer never come: what is not repeated is owed to the commit before partitions are given up.
      { groupId, topics, groupProtocol: 'consumer', startAt: 'earliest', commitIntervalMs: 600_000, ...settings },
      { readable: () => this.#drain(), ...listener },
    );
  }

  get partitions(): number {
    return this.consumer.assignment.length;
  }

  #drain(): void {
    for (let taken = this.consumer.take(); taken; taken = this.consumer.take()) {
      this.seen.push(taken);
      taken.settle();
    }
  }
}

const idsOf = (members: readonly Member[]) =>
  new Set(members.flatMap(({ seen }) => seen.map(({ record }) => `${record.partition}:${record.offset}`)));

async function fill(connection: KafkaConnection, topic: string, count: number): Promise<void> {
  const producer = new KafkaProducer(connection);
  const send = (_: unknown, index: number) =>
    producer.send({ topic, key: Buffer.from(`key-${index % 50}`), value: Buffer.from(`value-${index}`) });
  await Promise.all(Array.from({ length: count }, send));
  await producer.close();
}

describe.each(clusters.map((cluster) => [cluster.name, cluster] as const))(
  'consumer groups (KIP-848) on %s',
  (_, cluster) => {
    let kafka: Awaited<ReturnType<GroupCluster['start']>>;
    let connection: KafkaConnection;
    let admin: KafkaAdmin;

    beforeAll(async () => {
      if (cluster.whyNot) return;
      kafka = await cluster.start();
      connection = testConnection({ transport: cluster.transport, bootstrapServers: kafka.bootstrap });
      admin = new KafkaAdmin(connection);
    });
    afterAll(async () => {
      await admin?.close();
      await kafka?.stop();
    });

    async function topicOf(
      partitions: number,
      name = `cg-${++names}-${Math.floor(performance.now())}`,
    ): Promise<string> {
      await admin.createTopic({ name, partitions });
      return name;
    }

    const it = baseIt.skipIf(cluster.whyNot);

    it.each(['uniform', 'range'])(
      'shares partitions with members that come and go, skipping nothing, %s',
      async (by) => {
        const topic = await topicOf(6);
        const first = new Member(connection, topic, [topic], { serverAssignor: by });
        await first.consumer.start();
        await fill(connection, topic, 2_000);
        await until('the first has all', () => first.seen.length >= 2_000);
        const second = new Member(connection, topic, [topic], { serverAssignor: by });
        await second.consumer.start();
        await until('both have three', () => first.partitions === 3 && second.partitions === 3);
        const described = await until('all is told', async () => {
          const group = await admin.describeGroup(topic);
          return new Set(group.partitions.map(({ member }) => member)).size === 2 ? group : undefined;
        });
        expect(described).toMatchObject({ state: 'Stable', protocolType: 'consumer', members: [{}, {}] });
        await fill(connection, topic, 2_000);
        await until('4000 in all', () => idsOf([first, second]).size === 4_000);
        await first.consumer.close();
        await until('the second has six', () => second.partitions === 6);
        await fill(connection, topic, 1_000);
        await until('5000 in all', () => idsOf([first, second]).size === 5_000);
        expect(first.seen.length + second.seen.length).toBe(5_000);
        await second.consumer.close();
        const { partitions } = await admin.describeGroup(topic);
        expect(partitions.reduce((sum, { committedOffset }) => sum + Number(committedOffset), 0)).toBe(5_000);
      },
    );

    it('waits for what is given up before another member reads it, and for what is restored before its own reading', async () => {
      const topic = await topicOf(2);
      const events: string[] = [];
      const note = (name: string): Partial<GroupListener> => ({
        assigned: async (partitions) => {
          events.push(`${name} restores ${partitions.length}`);
          await admin.describeTopic(topic);
          events.push(`${name} has restored`);
        },
        revoked: async (partitions) => {
          events.push(`${name} gives up ${partitions.length}`);
          await admin.describeTopic(topic);
          events.push(`${name} has given up`);
        },
      });
      await fill(connection, topic, 100);
      const first = new Member(connection, topic, [topic], {}, note('first'));
      await first.consumer.start();
      await until('two partitions', () => first.partitions === 2 && first.seen.length === 100);
      expect(events.at(-1)).toBe('first has restored');
      const second = new Member(connection, topic, [topic], {}, note('second'));
      await second.consumer.start();
      await until('one each', () => first.partitions === 1 && second.partitions === 1);
      expect(events.indexOf('first has given up')).toBeLessThan(events.indexOf('second restores 1'));
      expect(events.filter((event) => event === 'first gives up 1')).toHaveLength(1);
      await first.consumer.close();
      await second.consumer.close();
      expect(second.seen).toHaveLength(0);
    });

    it('reads topics that a pattern matches at the coordinator, later ones from their beginning', async () => {
      const prefix = `re-${Math.floor(performance.now())}`;
      const here = await topicOf(1, `${prefix}-a`);
      await topicOf(1, `not-${prefix}-b`);
      await fill(connection, here, 10);
      const quick = new KafkaConnection({ ...connection.settings, metadataMaxAgeMs: 300 }, connection.host);
      const member = new Member(quick, prefix, [], { topicPattern: new RegExp(`${prefix}-[a-z]`), startAt: 'latest' });
      await member.consumer.start();
      await until('one partition', () => member.partitions === 1);
      const later = await topicOf(1, `${prefix}-c`);
      await fill(connection, later, 10);
      await until('the later topic', () => member.seen.length === 10, 60_000);
      expect(new Set(member.seen.map(({ record }) => record.topic))).toEqual(new Set([later]));
      await member.consumer.close();
      const bad = new Member(connection, `${prefix}-bad`, [], { topicPattern: /(?=x)y/ });
      await expect(bad.consumer.start()).rejects.toMatchObject({ code: 'KAFKA_INVALID_REGULAR_EXPRESSION' });
    });

    it('goes on where it was after its connections broke, time after time', async () => {
      const topic = await topicOf(4);
      const relay = await startKafkaRelay();
      const relayed = testConnection({
        transport: 'websocket',
        bootstrapServers: kafka.bootstrap,
        webSocketUrl: relay.url,
        retryBackoffMs: 20,
      });
      const members = [new Member(relayed, topic, [topic]), new Member(relayed, topic, [topic])];
      for (const { consumer } of members) await consumer.start();
      for (let round = 1; round <= 5; round++) {
        const filled = fill(connection, topic, 200);
        relay.dropAll();
        await filled;
        await until(`${round * 200} records`, () => idsOf(members).size === round * 200);
      }
      await until('two each', () => members.every(({ partitions }) => partitions === 2));
      for (const { consumer } of members) await consumer.close();
      // A partition that was moved while a commit could not arrive is read again; nothing else is.
      expect(members.reduce((sum, { seen }) => sum + seen.length, 0)).toBeLessThan(1_200);
      await relay.stop();
    });

    it('keeps the partitions of a static member while it restarts, and refuses a second one with its id', async () => {
      const topic = await topicOf(4);
      const other = new Member(connection, topic, [topic]);
      const settings = { groupInstanceId: 'one' };
      const first = new Member(connection, topic, [topic], settings);
      await other.consumer.start();
      await first.consumer.start();
      await until('two each', () => first.partitions === 2 && other.partitions === 2);
      const twin = new Member(connection, topic, [topic], settings);
      await expect(twin.consumer.start()).rejects.toMatchObject({ code: 'KAFKA_UNRELEASED_INSTANCE_ID' });
      const before = first.consumer.assignment.map(({ partition }) => partition).sort();
      await first.consumer.close();
      const again = new Member(connection, topic, [topic], settings);
      await again.consumer.start();
      await until('two again', () => again.partitions === 2);
      expect(again.consumer.assignment.map(({ partition }) => partition).sort()).toEqual(before);
      expect(other.partitions).toBe(2);
      await again.consumer.close();
      await other.consumer.close();
    });

    it('shares a group with members of the classic protocol', async () => {
      const topic = await topicOf(4);
      const classic = new Member(connection, topic, [topic], { groupProtocol: 'classic', heartbeatIntervalMs: 300 });
      await classic.consumer.start();
      await fill(connection, topic, 500);
      await until('500', () => classic.seen.length === 500);
      const modern = new Member(connection, topic, [topic]);
      await modern.consumer.start();
      await until('two each', () => classic.partitions === 2 && modern.partitions === 2, 60_000);
      await fill(connection, topic, 500);
      await until('1000', () => idsOf([classic, modern]).size === 1_000);
      await classic.consumer.close();
      await until('all four', () => modern.partitions === 4, 60_000);
      await modern.consumer.close();
      expect(classic.seen.length + modern.seen.length).toBe(1_000);
    });

    it.each(['classic', 'consumer'] as const)(
      'carries each record over exactly once in transactions while members come and go, %s',
      async (groupProtocol) => {
        const [source, target] = [await topicOf(4), await topicOf(1)];
        const worker = async (id: string) => {
          const transactionalId = `${source}-${id}`;
          const started = new ExactlyOnceWorker(connection, { transactionalId, source, target, groupProtocol });
          await started.start();
          return started;
        };
        await fill(connection, source, 300);
        const first = await worker('a');
        const second = await worker('b');
        await fill(connection, source, 300);
        await first.stop();
        const third = await worker('c');
        await fill(connection, source, 300);
        const committed = async () => {
          const { partitions } = await admin.describeGroup(source);
          return partitions.reduce((sum, { committedOffset }) => sum + Number(committedOffset ?? 0), 0);
        };
        await until('all are committed', async () => (await committed()) === 900, 60_000);
        await second.stop();
        await third.stop();
        const judge = new Member(connection, `${target}-judge`, [target], { isolation: 'read_committed' });
        await judge.consumer.start();
        await until('all are carried over', () => judge.seen.length >= 900);
        const counts = Map.groupBy(judge.seen, ({ record }) => String(record.value));
        expect([...counts].filter(([, found]) => found.length !== 3)).toEqual([]);
        expect(counts.size).toBe(300);
        await judge.consumer.close();
      },
    );
  },
);
