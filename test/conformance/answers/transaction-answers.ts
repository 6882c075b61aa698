import { apis } from '../../../engine/protocol/api-keys.ts';
import { encodeBatch } from '../../../engine/records/record-batch.ts';
import type { RawClient } from '../../kit/raw-client.ts';
import { until } from '../../kit/until.ts';

const topic = 'transacted';
const busy = 51;

interface Producer {
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** Codes of requests of transactions, right and wrong ones, in both versions of the protocol. */
export async function transactionAnswers(client: RawClient): Promise<Record<string, unknown>> {
  const topics = [{ name: topic, numPartitions: 2, replicationFactor: 1, assignments: [], configs: [] }];
  await client.call(apis.createTopics, 7, { topics, timeoutMs: 5_000, validateOnly: false });
  const find = async (keyType: number, key: string) =>
    (await client.call(apis.findCoordinator, 3, { key, keyType })).errorCode === 0;
  await until('coordinators', async () => (await find(1, 'a')) && (await find(0, 'g')));

  /** Repeats what the coordinator cannot do yet: it loads, or ends the transaction before. */
  const settled = async <Answer>(ask: () => Promise<Answer>, codeOf: (answer: Answer) => number | undefined) => {
    let answer = await ask();
    await until('a settled answer', async () => {
      if (![14, 15, 16, busy].includes(codeOf(answer) ?? 0)) return true;
      answer = await ask();
      return false;
    });
    return answer;
  };
  const init = (transactionalId: string, more: Partial<Producer> & { timeoutMs?: number } = {}, version = 5) => {
    const { timeoutMs = 60_000, producerId = -1, producerEpoch = -1 } = more;
    const body = { transactionalId, transactionTimeoutMs: timeoutMs, producerId, producerEpoch };
    return settled(
      () => client.call(apis.initProducerId, version, body),
      ({ errorCode }) => errorCode,
    );
  };
  const add = async (id: string, { producerId, producerEpoch }: Producer, name = topic, version = 3) => {
    const body = {
      v3AndBelowTransactionalId: id,
      v3AndBelowProducerId: producerId,
      v3AndBelowProducerEpoch: producerEpoch,
      v3AndBelowTopics: [{ name, partitions: [0, 7] }],
    };
    const answer = await client.call(apis.addPartitionsToTxn, version, body);
    // In an order of its own: by what was found wrong.
    return answer.resultsByTopicV3AndBelow
      .flatMap((row) => row.resultsByPartition.map((each) => each.partitionErrorCode))
      .sort((a, b) => a - b);
  };
  const addOne = async (id: string, { producerId, producerEpoch }: Producer, version = 3) => {
    const body = {
      v3AndBelowTransactionalId: id,
      v3AndBelowProducerId: producerId,
      v3AndBelowProducerEpoch: producerEpoch,
      v3AndBelowTopics: [{ name: topic, partitions: [0] }],
    };
    const answer = await settled(
      () => client.call(apis.addPartitionsToTxn, version, body),
      (each) => each.resultsByTopicV3AndBelow[0]?.resultsByPartition[0]?.partitionErrorCode,
    );
    return answer.resultsByTopicV3AndBelow[0]?.resultsByPartition[0]?.partitionErrorCode;
  };
  const produce = async (
    version: number,
    id: string,
    { producerId, producerEpoch }: Producer,
    baseSequence: number,
  ) => {
    const records = () =>
      encodeBatch({
        records: [{ key: null, value: Buffer.from('v') }],
        baseTimestamp: 1_700_000_000_000,
        producerId,
        producerEpoch,
        baseSequence,
        isTransactional: true,
      });
    const { topics: known } = await client.call(apis.metadata, 12, { topics: [{ name: topic }] });
    const answer = await settled(
      () => {
        const topicData = [
          { name: topic, topicId: known[0]?.topicId ?? '', partitionData: [{ index: 0, records: records() }] },
        ];
        return client.call(apis.produce, version, { transactionalId: id, acks: -1, timeoutMs: 5_000, topicData });
      },
      ({ responses }) => responses[0]?.partitionResponses[0]?.errorCode,
    );
    return answer.responses[0]?.partitionResponses[0]?.errorCode;
  };
  const end = async (version: number, id: string, { producerId, producerEpoch }: Producer, committed: boolean) =>
    (
      await settled(
        () => client.call(apis.endTxn, version, { transactionalId: id, producerId, producerEpoch, committed }),
        ({ errorCode }) => errorCode,
      )
    ).errorCode;
  const commit = async (
    version: number,
    id: string,
    { producerId, producerEpoch }: Producer,
    more: {
      groupId?: string;
      generationIdOrMemberEpoch?: number;
      memberId?: string;
      name?: string;
      partition?: number;
    } = {},
  ) => {
    const { groupId = 'g', name = topic, partition = 0, ...member } = more;
    const partitions = [{ partitionIndex: partition, committedOffset: 3, committedMetadata: null }];
    const body = { transactionalId: id, groupId, producerId, producerEpoch, ...member, topics: [{ name, partitions }] };
    const answer = await settled(
      () => client.call(apis.txnOffsetCommit, version, body),
      (each) => each.topics[0]?.partitions[0]?.errorCode,
    );
    return answer.topics[0]?.partitions[0]?.errorCode;
  };
  const offset = async (requireStable: boolean) => {
    const body = { groupId: 'g', topics: [{ name: topic, partitionIndexes: [0] }], requireStable };
    const row = (await client.call(apis.offsetFetch, 7, body)).topics[0]?.partitions[0];
    return [row?.errorCode, Number(row?.committedOffset)];
  };

  const nobody = { producerId: 999_999, producerEpoch: 0 };
  const codeOf = ({ errorCode }: { readonly errorCode: number }) => errorCode;
  const answers: Record<string, unknown> = {
    'wrong times': [codeOf(await init('a', { timeoutMs: 0 })), codeOf(await init('a', { timeoutMs: 900_001 }))],
    'no name': codeOf(await init('')),
    'an id without an epoch': codeOf(await init('a', { producerId: 5 })),
    'what nobody knows': [
      await add('unknown', nobody),
      await addOne('unknown', nobody),
      await end(3, 'unknown', nobody, true),
      await end(5, 'unknown', nobody, false),
    ],
    'going on as somebody unknown': codeOf(await init('new', nobody)),
  };

  const first = await init('a');
  const old = { ...first, producerEpoch: first.producerEpoch - 1 };
  const other = { ...first, producerId: first.producerId + 1 };
  answers['epochs of a start'] = [first.errorCode, (await init('a')).producerEpoch - first.producerEpoch];
  const one = await init('a');
  Object.assign(answers, {
    'nothing to end': [await end(3, 'a', one, true), await end(3, 'a', one, false)],
    'the wrong producer': [await addOne('a', old), await addOne('a', old, 1), await addOne('a', other)],
    'wrong ends': [await end(3, 'a', old, true), await end(1, 'a', old, true), await end(3, 'a', other, true)],
    'a partition that is not': await add('a', one),
    'a topic that is not': await add('a', one, 'nowhere'),
    'not added': [await produce(11, 'a', one, 0), await produce(10, 'a', one, 0)],
    added: [await addOne('a', one), await produce(11, 'a', one, 0), await produce(11, 'a', one, 0)],
    'an older epoch': await produce(11, 'a', old, 1),
    'a gap': await produce(11, 'a', one, 9),
    'offsets not added': [await commit(3, 'a', one), await commit(4, 'a', one)],
  });
  const added = await client.call(apis.addOffsetsToTxn, 3, { transactionalId: 'a', groupId: 'g', ...one });
  Object.assign(answers, {
    'offsets added': [added.errorCode, await commit(3, 'a', one)],
    'offsets of nowhere': [
      await commit(3, 'a', one, { name: 'nowhere' }),
      await commit(3, 'a', one, { partition: 7 }),
      await commit(3, 'a', one, { groupId: '' }),
    ],
    'offsets of an outdated member': [
      await commit(3, 'a', one, { generationIdOrMemberEpoch: 4, memberId: 'm' }),
      await commit(3, 'a', one, { generationIdOrMemberEpoch: -1, memberId: 'm' }),
    ],
    'offsets while it is open': [await offset(false), await offset(true)],
    'the end': [await end(3, 'a', one, true), await end(3, 'a', one, true), await end(3, 'a', one, false)],
  });
  await until('stable offsets', async () => (await offset(true))[0] === 0);
  answers['offsets after it'] = await offset(true);

  const two = await init('b');
  Object.assign(answers, {
    'nothing to commit in version 2': await end(5, 'b', two, true),
    'written and ended in version 2': [
      await produce(12, 'b', two, 0),
      await commit(5, 'b', two),
      await end(5, 'b', two, true),
    ],
    'the same end again': [await end(5, 'b', two, true), await end(5, 'b', two, false)],
    'late records': await produce(12, 'b', two, 1),
    'the next epoch': await produce(12, 'b', { ...two, producerEpoch: two.producerEpoch + 1 }, 0),
    'an epoch to come': await produce(12, 'b', { ...two, producerEpoch: two.producerEpoch + 5 }, 0),
    'a stranger': await produce(12, 'b', nobody, 0),
    'a stranger’s offsets': await commit(5, 'b', nobody),
  });
  const described = await client.call(apis.describeTransactions, 0, { transactionalIds: ['a', 'b', 'none'] });
  answers.described = described.transactionStates.map((row) => [
    row.errorCode,
    row.transactionState,
    row.transactionTimeoutMs,
    row.topics.map((each) => [each.topic, each.partitions]),
  ]);
  const all = { stateFilters: [], producerIdFilters: [], durationFilter: -1, transactionalIdPattern: null };
  const list = async (filter: object) => {
    const answer = await client.call(apis.listTransactions, 2, { ...all, ...filter });
    return [
      answer.errorCode,
      answer.transactionStates.map((row) => row.transactionalId).sort(),
      answer.unknownStateFilters,
    ];
  };
  answers.listed = [
    await list({}),
    await list({ stateFilters: ['Ongoing', 'Nonsense'] }),
    await list({ producerIdFilters: [two.producerId] }),
    await list({ durationFilter: 0 }),
    await list({ durationFilter: 3_600_000 }),
    await list({ transactionalIdPattern: 'a|new' }),
    await list({ transactionalIdPattern: '(' }),
  ];
  const asked = [{ name: topic, partitionIndexes: [0, 7] }];
  const producers = await client.call(apis.describeProducers, 0, {
    topics: [...asked, { name: 'nowhere', partitionIndexes: [0] }],
  });
  answers.producers = producers.topics.map((row) => row.partitions.map(codeOf));
  const marker = { ...nobody, transactionResult: true, coordinatorEpoch: 0, transactionVersion: 0 };
  const written = await client.call(apis.writeTxnMarkers, 2, {
    markers: [
      {
        ...marker,
        topics: [
          { name: topic, partitionIndexes: [1, 7] },
          { name: 'nowhere', partitionIndexes: [0] },
        ],
      },
    ],
  });
  answers.markers = written.markers.map((row) => row.topics.flatMap((each) => each.partitions.map(codeOf)).sort());
  return answers;
}
