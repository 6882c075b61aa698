import { afterEach, describe, expect, it } from 'vitest';
import { apis } from '../../protocol/api-keys.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { encodeBatch } from '../../records/record-batch.ts';
import { MemoryCluster } from './testing/memory-cluster.ts';

const seed = 41;
const id = 'till';
let cluster: MemoryCluster;

/** Brokers with a topic of one partition, and who coordinates `id`. */
async function bench(brokers: readonly number[], settings: Readonly<Record<string, string>> = {}) {
  cluster = new MemoryCluster(brokers, seed, settings);
  for (const broker of brokers) cluster.start(broker);
  await cluster.until(() => brokers.every((broker) => cluster.brokers.get(broker)?.unreadyReason() === undefined));
  const topics = [{ name: 'orders', numPartitions: 1, replicationFactor: -1, assignments: [], configs: [] }];
  await cluster.requestAsBroker(1, apis.createTopics, { topics, timeoutMs: 5_000 });
  await coordinatorOf(1, id);
  await coordinatorOf(0, 'g');
}

afterEach(async () => {
  for (const broker of [...cluster.brokers.keys()]) await cluster.stop(broker);
});

/** The broker that coordinates; any living one is asked. */
async function coordinatorOf(keyType: number, key: string): Promise<number> {
  for (let tries = 0; tries < 300; tries++) {
    const any = [...cluster.brokers.keys()][tries % cluster.brokers.size] as number;
    const found = await cluster.request(any, apis.findCoordinator, { key, keyType }, 3).catch(() => undefined);
    if (found?.errorCode === errorCode.NONE && cluster.brokers.has(found.nodeId)) return found.nodeId;
  }
  throw new Error(`expected a coordinator of ${key}`);
}

async function leaderOf(topic: string): Promise<number> {
  const any = [...cluster.brokers.keys()][0] as number;
  const { topics } = await cluster.request(any, apis.metadata, { topics: [{ name: topic }] });
  return topics[0]?.partitions[0]?.leaderId ?? -1;
}

/** Repeats what is busy for a moment. */
async function patient<Answer>(ask: () => Promise<Answer>, codeOf: (answer: Answer) => number): Promise<Answer> {
  const passing: readonly number[] = [
    errorCode.CONCURRENT_TRANSACTIONS,
    errorCode.NOT_COORDINATOR,
    errorCode.COORDINATOR_LOAD_IN_PROGRESS,
    errorCode.COORDINATOR_NOT_AVAILABLE,
    errorCode.NOT_ENOUGH_REPLICAS,
    errorCode.NOT_LEADER_OR_FOLLOWER,
  ];
  for (let tries = 0; ; tries++) {
    const answer = await ask();
    if (!passing.includes(codeOf(answer)) || tries === 200) return answer;
  }
}

async function init(expected: { producerId?: number; producerEpoch?: number } = {}, timeoutMs = 30_000) {
  const body = { transactionalId: id, transactionTimeoutMs: timeoutMs, ...expected };
  return patient(
    async () => cluster.request(await coordinatorOf(1, id), apis.initProducerId, body),
    (answer) => answer.errorCode,
  );
}

interface Producer {
  readonly producerId: number;
  readonly producerEpoch: number;
}

async function produce(version: number, producer: Producer, baseSequence: number, value = 'v') {
  const records = () =>
    encodeBatch({
      records: [{ key: null, value: Buffer.from(value) }],
      baseTimestamp: cluster.clock.now(),
      ...producer,
      baseSequence,
      isTransactional: true,
    });
  const answer = await patient(
    async () => {
      const partitionData = [{ index: 0, records: records() }];
      const body = { transactionalId: id, acks: -1, timeoutMs: 5_000, topicData: [{ name: 'orders', partitionData }] };
      return cluster.request(await leaderOf('orders'), apis.produce, body, version);
    },
    ({ responses }) => responses[0]?.partitionResponses[0]?.errorCode ?? -1,
  );
  return answer.responses[0]?.partitionResponses[0]?.errorCode;
}

async function addPartition({ producerId, producerEpoch }: Producer, topic = 'orders') {
  const body = {
    v3AndBelowTransactionalId: id,
    v3AndBelowProducerId: producerId,
    v3AndBelowProducerEpoch: producerEpoch,
    v3AndBelowTopics: [{ name: topic, partitions: [0] }],
  };
  const answer = await cluster.request(await coordinatorOf(1, id), apis.addPartitionsToTxn, body, 3);
  return answer.resultsByTopicV3AndBelow[0]?.resultsByPartition[0]?.partitionErrorCode;
}

async function end(version: number, producer: Producer, committed: boolean) {
  return patient(
    async () =>
      cluster.request(
        await coordinatorOf(1, id),
        apis.endTxn,
        { transactionalId: id, ...producer, committed },
        version,
      ),
    (answer) => answer.errorCode,
  );
}

async function commitOffset(version: number, producer: Producer, committedOffset: number) {
  const partitions = [{ partitionIndex: 0, committedOffset, committedMetadata: null }];
  const body = { transactionalId: id, groupId: 'g', ...producer, topics: [{ name: 'orders', partitions }] };
  const answer = await patient(
    async () => cluster.request(await coordinatorOf(0, 'g'), apis.txnOffsetCommit, body, version),
    ({ topics }) => topics[0]?.partitions[0]?.errorCode ?? -1,
  );
  return answer.topics[0]?.partitions[0]?.errorCode;
}

async function fetchOffset(requireStable: boolean) {
  const body = { groupId: 'g', topics: [{ name: 'orders', partitionIndexes: [0] }], requireStable };
  const { topics } = await patient(
    async () => cluster.request(await coordinatorOf(0, 'g'), apis.offsetFetch, body, 7),
    (answer) => answer.errorCode,
  );
  const { committedOffset, errorCode: code } = topics[0]?.partitions[0] ?? { committedOffset: -2, errorCode: -1 };
  return code === errorCode.NONE ? committedOffset : code;
}

/** Offsets up to which the partition is committed, and up to which its transactions are decided. */
async function bounds() {
  const partitions = [{ partition: 0, fetchOffset: 0, currentLeaderEpoch: -1, partitionMaxBytes: 10_000 }];
  const topics = [{ topic: 'orders', partitions }];
  const body = { maxWaitMs: 0, minBytes: 0, maxBytes: 10_000, isolationLevel: 1, topics, forgottenTopicsData: [] };
  const { responses } = await cluster.request(await leaderOf('orders'), apis.fetch, body, 12);
  const row = responses[0]?.partitions[0];
  return [row?.highWatermark, row?.lastStableOffset];
}

async function untilDecided(): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const [highWatermark, lastStableOffset] = await bounds();
    if (highWatermark === lastStableOffset && highWatermark !== undefined && highWatermark > 0) return;
  }
  throw new Error(`expected an end of what is open, found ${await bounds()}`);
}

describe('transactions of one broker', () => {
  it('of version 1: partitions are added first, offsets count with the commit', async () => {
    await bench([1]);
    const producer = await init();
    expect(await produce(11, producer, 0)).toBe(errorCode.TRANSACTION_ABORTABLE);
    expect(await produce(10, producer, 0)).toBe(errorCode.INVALID_TXN_STATE);
    expect(await addPartition(producer, 'nowhere')).toBe(errorCode.UNKNOWN_TOPIC_OR_PARTITION);
    expect(await addPartition(producer, '__consumer_offsets')).toBe(errorCode.TOPIC_AUTHORIZATION_FAILED);
    expect(await addPartition(producer)).toBe(errorCode.NONE);
    expect(await produce(11, producer, 0)).toBe(errorCode.NONE);
    expect(await bounds()).toEqual([1, 0]);
    expect(await commitOffset(3, producer, 5)).toBe(errorCode.INVALID_TXN_STATE);
    const added = await cluster.request(1, apis.addOffsetsToTxn, { transactionalId: id, groupId: 'g', ...producer });
    expect(added.errorCode).toBe(errorCode.NONE);
    expect(await commitOffset(3, producer, 5)).toBe(errorCode.NONE);
    expect([await fetchOffset(false), await fetchOffset(true)]).toEqual([-1, errorCode.UNSTABLE_OFFSET_COMMIT]);
    expect((await end(3, producer, true)).errorCode).toBe(errorCode.NONE);
    await untilDecided();
    expect([await fetchOffset(false), await fetchOffset(true)]).toEqual([5, 5]);
  });

  it('of version 2: what is written adds its partition, and each end names the next epoch', async () => {
    await bench([1]);
    const first = await init();
    expect(await produce(12, first, 0)).toBe(errorCode.NONE);
    expect(await commitOffset(5, first, 7)).toBe(errorCode.NONE);
    const second = await end(5, first, false);
    expect(second).toMatchObject({ producerId: first.producerId, producerEpoch: first.producerEpoch + 1 });
    expect(await produce(12, first, 1)).toBe(errorCode.INVALID_PRODUCER_EPOCH);
    expect(await produce(12, second, 0)).toBe(errorCode.NONE);
    expect(await commitOffset(5, second, 9)).toBe(errorCode.NONE);
    expect((await end(5, second, true)).errorCode).toBe(errorCode.NONE);
    await untilDecided();
    expect(await fetchOffset(true)).toBe(9);
    expect((await end(5, second, true)).errorCode).toBe(errorCode.NONE); // its answer was lost
  });

  it('fences the producer before, and aborts what it left open', async () => {
    await bench([1]);
    const zombie = await init();
    expect(await produce(12, zombie, 0)).toBe(errorCode.NONE);
    const heir = await init();
    expect(heir.producerId).toBe(zombie.producerId);
    expect(heir.producerEpoch).toBeGreaterThan(zombie.producerEpoch);
    await untilDecided();
    expect(await produce(12, zombie, 1)).toBe(errorCode.INVALID_PRODUCER_EPOCH);
    expect((await end(5, zombie, true)).errorCode).toBe(errorCode.PRODUCER_FENCED);
    expect(await init({ producerId: zombie.producerId, producerEpoch: zombie.producerEpoch })).toMatchObject({
      errorCode: errorCode.PRODUCER_FENCED,
    });
  });

  it('aborts what takes too long, and refuses too long a time', async () => {
    await bench([1], { 'transaction.max.timeout.ms': '10000' });
    expect((await init({}, 10_001)).errorCode).toBe(errorCode.INVALID_TRANSACTION_TIMEOUT);
    const slow = await init({}, 1_000);
    expect(await produce(12, slow, 0)).toBe(errorCode.NONE);
    await cluster.until(() => false).catch(() => {}); // its time goes by
    await untilDecided();
    expect((await end(5, slow, true)).errorCode).toBe(errorCode.INVALID_TXN_STATE);
    expect(await produce(12, slow, 1)).toBe(errorCode.INVALID_PRODUCER_EPOCH);
  });

  it('are described and listed by state, producer, time and name', async () => {
    await bench([1]);
    const producer = await init();
    expect(await produce(12, producer, 0)).toBe(errorCode.NONE);
    const { transactionStates } = await cluster.request(1, apis.describeTransactions, { transactionalIds: [id, 'no'] });
    expect(transactionStates).toMatchObject([
      {
        errorCode: 0,
        transactionState: 'Ongoing',
        ...numbersOf(producer),
        topics: [{ topic: 'orders', partitions: [0] }],
      },
      { errorCode: errorCode.TRANSACTIONAL_ID_NOT_FOUND, transactionalId: 'no', topics: [] },
    ]);
    const all = { stateFilters: [], producerIdFilters: [], durationFilter: -1, transactionalIdPattern: null };
    const listed = async (filter: object) => {
      const answer = await cluster.request(1, apis.listTransactions, { ...all, ...filter });
      return [answer.errorCode, answer.transactionStates.length, answer.unknownStateFilters];
    };
    expect(await listed({})).toEqual([0, 1, []]);
    expect(await listed({ stateFilters: ['Ongoing', 'Odd'] })).toEqual([0, 1, ['Odd']]);
    expect(await listed({ stateFilters: ['Empty'] })).toEqual([0, 0, []]);
    expect(await listed({ producerIdFilters: [producer.producerId + 1] })).toEqual([0, 0, []]);
    expect(await listed({ durationFilter: 3_600_000 })).toEqual([0, 0, []]);
    expect(await listed({ transactionalIdPattern: 'ti.*' })).toEqual([0, 1, []]);
    expect(await listed({ transactionalIdPattern: 'i' })).toEqual([0, 0, []]);
    expect(await listed({ transactionalIdPattern: '(' })).toEqual([errorCode.INVALID_REGULAR_EXPRESSION, 0, []]);
    const topics = [{ name: 'orders', partitionIndexes: [0, 8] }];
    const described = await cluster.request(1, apis.describeProducers, { topics });
    expect(described.topics[0]?.partitions).toMatchObject([
      {
        errorCode: 0,
        activeProducers: [{ ...numbersOf(producer), lastSequence: 0, coordinatorEpoch: -1, currentTxnStartOffset: 0 }],
      },
      { errorCode: errorCode.UNKNOWN_TOPIC_OR_PARTITION, activeProducers: [] },
    ]);
  });
});

function numbersOf({ producerId, producerEpoch }: Producer) {
  return { producerId, producerEpoch };
}

describe('transactions of three brokers', () => {
  it('end at a successor as their dead coordinator decided, and its offsets with them', async () => {
    await bench([1, 2, 3]);
    const producer = await init();
    expect(await produce(12, producer, 0)).toBe(errorCode.NONE);
    expect(await commitOffset(5, producer, 3)).toBe(errorCode.NONE);
    const next = await end(5, producer, true);
    expect(next.errorCode).toBe(errorCode.NONE);
    const dead = await coordinatorOf(1, id);
    cluster.crash(dead);
    await cluster.until(() =>
      [...cluster.brokers.values()].some((broker) => broker.inspect()?.image.brokers.get(dead)?.fenced === true),
    );
    await untilDecided();
    expect(await fetchOffset(true)).toBe(3);
    expect(await produce(12, next, 0)).toBe(errorCode.NONE);
    expect((await end(5, next, true)).errorCode).toBe(errorCode.NONE);
  });
});
