import { describe, expect, it } from 'vitest';
import { errorCode } from '../../../protocol/error-codes.ts';
import { createTopicsHandler } from '../../api/handlers/19-create-topics.ts';
import { deleteTopicsHandler } from '../../api/handlers/20-delete-topics.ts';
import { describeConfigsHandler } from '../../api/handlers/32-describe-configs.ts';
import { createPartitionsHandler } from '../../api/handlers/37-create-partitions.ts';
import { incrementalAlterConfigsHandler } from '../../api/handlers/44-incremental-alter-configs.ts';
import { voteHandler } from '../../api/handlers/52-vote.ts';
import { describeQuorumHandler } from '../../api/handlers/55-describe-quorum.ts';
import { allocateProducerIdsHandler } from '../../api/handlers/67-allocate-producer-ids.ts';
import { QuorumCluster } from './testing/quorum-cluster.ts';

type Call = Parameters<QuorumCluster['call']>;

/** A cluster in service, the id of a broker that is not the controller, and a way to call handlers on it. */
async function started() {
  const cluster = new QuorumCluster(11, 3).start();
  await cluster.until('all brokers unfenced', 1_000, () =>
    cluster.running.every(({ image }) => [...image.brokers.values()].filter((broker) => !broker.fenced).length === 3),
  );
  const other = (cluster.controller!.nodeId % 3) + 1;
  const call = (handler: Call[1], version: number, request: unknown, id = other, isPeer = false) =>
    cluster.finish(cluster.call(id, handler, version, request as Call[3], isPeer));
  const create = (name: string, configs: { name: string; value: string }[] = []) =>
    call(createTopicsHandler, 7, {
      topics: [{ name, numPartitions: 2, replicationFactor: 3, assignments: [], configs }],
      timeoutMs: 5_000,
      validateOnly: false,
    });
  return { cluster, other, call, create };
}

const describeRequest = (resourceType: number, resourceName: string, keys: string[] | null) => ({
  resources: [{ resourceType, resourceName, configurationKeys: keys }],
  includeSynonyms: true,
  includeDocumentation: true,
});

describe('administration through a broker that is not the controller', () => {
  it('creates a topic that this broker knows when it answers', async () => {
    const { cluster, other, create } = await started();
    expect(await create('t')).toMatchObject({
      topics: [{ name: 't', errorCode: errorCode.NONE, numPartitions: 2, replicationFactor: 3 }],
    });
    expect(cluster.node(other).image.topics.get('t')?.partitions).toHaveLength(2);
  });

  it('deletes by name in old versions and adds partitions', async () => {
    const { cluster, other, call, create } = await started();
    await create('t');
    expect(
      await call(createPartitionsHandler, 0, {
        topics: [{ name: 't', count: 5, assignments: null }],
        timeoutMs: 1_000,
        validateOnly: false,
      }),
    ).toMatchObject({ results: [{ name: 't', errorCode: errorCode.NONE }] });
    await cluster.advance(20);
    expect(cluster.node(other).image.topics.get('t')?.partitions).toHaveLength(5);
    expect(await call(deleteTopicsHandler, 1, { topicNames: ['t', 'u'], timeoutMs: 1_000 })).toMatchObject({
      responses: [
        { name: 't', errorCode: errorCode.NONE },
        { name: 'u', errorCode: errorCode.UNKNOWN_TOPIC_OR_PARTITION },
      ],
    });
  });

  it('changes configs and describes them with their sources', async () => {
    const { cluster, other, call, create } = await started();
    await create('t', [{ name: 'retention.ms', value: '5000' }]);
    const alter = (resourceType: number, resourceName: string, name: string, value: string) =>
      call(incrementalAlterConfigsHandler, 1, {
        resources: [{ resourceType, resourceName, configs: [{ name, configOperation: 0, value }] }],
        validateOnly: false,
      });
    expect(await alter(4, '', 'log.segment.bytes', '2000000')).toMatchObject({ responses: [{ errorCode: 0 }] });
    expect(await alter(4, '', 'broker.id', '7')).toMatchObject({
      responses: [{ errorCode: errorCode.INVALID_REQUEST }],
    });
    await cluster.advance(20);
    const keys = ['retention.ms', 'segment.bytes', 'cleanup.policy'];
    const described = await call(describeConfigsHandler, 4, describeRequest(2, 't', keys));
    expect(described).toMatchObject({
      results: [
        {
          errorCode: errorCode.NONE,
          configs: [
            { name: 'cleanup.policy', value: 'delete', configSource: 5, configType: 7 },
            { name: 'retention.ms', value: '5000', configSource: 1, configType: 5 },
            { name: 'segment.bytes', value: '2000000', configSource: 3, configType: 3 },
          ],
        },
      ],
    });
    expect(await call(describeConfigsHandler, 1, describeRequest(4, '', null))).toMatchObject({
      results: [{ configs: [{ name: 'log.segment.bytes', value: '2000000' }] }],
    });
    const whole = (await call(describeConfigsHandler, 4, describeRequest(4, String(other), null))) as {
      results: { configs: unknown[] }[];
    };
    expect(whole.results[0]?.configs.length).toBeGreaterThan(20);
    expect(await call(describeConfigsHandler, 4, describeRequest(2, 'no', null))).toMatchObject({
      results: [{ errorCode: errorCode.UNKNOWN_TOPIC_OR_PARTITION }],
    });
    expect(await call(describeConfigsHandler, 4, describeRequest(4, '9', null))).toMatchObject({
      results: [{ errorCode: errorCode.INVALID_REQUEST }],
    });
  });

  it('describes the quorum as its leader sees it', async () => {
    const { cluster, call } = await started();
    await cluster.advance(1_000);
    const topics = [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }, { partitionIndex: 1 }] }];
    const reply = (await call(describeQuorumHandler, 2, { topics })) as {
      topics: { partitions: { leaderId: number; currentVoters: { logEndOffset: number }[] }[] }[];
      nodes: unknown[];
    };
    const [log, stranger] = reply.topics[0]!.partitions;
    expect(log).toMatchObject({ errorCode: errorCode.NONE, leaderId: cluster.controller!.nodeId });
    expect(new Set(log!.currentVoters.map((voter) => voter.logEndOffset)).size).toBe(1);
    expect(log!.currentVoters).toHaveLength(3);
    expect(stranger).toMatchObject({ errorCode: errorCode.UNKNOWN_TOPIC_OR_PARTITION });
    expect(reply.nodes).toHaveLength(3);
  });
});

describe('requests between brokers', () => {
  it('of another cluster are refused', async () => {
    const { call } = await started();
    const reply = await call(voteHandler, 2, { clusterId: 'another', topics: [] }, undefined, true);
    expect(reply).toMatchObject({ errorCode: errorCode.INCONSISTENT_CLUSTER_ID });
  });

  it('are answered with NOT_CONTROLLER by brokers that are not', async () => {
    const { cluster, other, call } = await started();
    const ask = (id: number) =>
      call(
        allocateProducerIdsHandler,
        0,
        { brokerId: other, brokerEpoch: cluster.machine(other).brokerEpoch },
        id,
        true,
      );
    expect(await ask(other)).toMatchObject({ errorCode: errorCode.NOT_CONTROLLER });
    expect(await ask(cluster.controller!.nodeId)).toMatchObject({ errorCode: errorCode.NONE, producerIdLen: 1_000 });
  });
});
