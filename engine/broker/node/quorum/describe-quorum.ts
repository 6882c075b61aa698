import { errorCode } from '../../../protocol/error-codes.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type { DescribeQuorumRequest, describeQuorumResponse } from '../../../protocol/schemas/55-describe-quorum.ts';
import { clusterMetadataTopicName } from '../../../protocol/system-topics.ts';
import { zeroUuid } from '../../../protocol/uuid.ts';
import type { MetadataImage } from '../../controller/metadata-image.ts';
import type { Leader, Progress, RaftState } from '../../raft/raft-state.ts';
import { isVoter, latestVoters } from '../../raft/voter-sets.ts';
import { controllerListenerName } from './metadata-batches.ts';

type Reply = MessageInput<typeof describeQuorumResponse>;
type Partition = Reply['topics'][number]['partitions'][number];

/** What describing the quorum needs: the leader's state, and how its monotonic time relates to that of the wall. */
export interface QuorumView {
  readonly raft: RaftState;
  readonly image: MetadataImage;
  readonly nowMs: number;
  readonly monotonicMs: number;
}

/** Answers DescribeQuorum as the leader. Other partitions than the metadata log are unknown. */
export function describeQuorum(view: QuorumView, leader: Leader, request: DescribeQuorumRequest): Reply {
  const topics = request.topics.map(({ topicName, partitions }) => ({
    topicName,
    partitions: partitions.map(({ partitionIndex }) =>
      topicName === clusterMetadataTopicName && partitionIndex === 0 ? describe(view, leader) : unknown(partitionIndex),
    ),
  }));
  const told = latestVoters(view.raft);
  const nodes = view.raft.settings.voters.flatMap((nodeId) => {
    const { host, port } = told?.find(({ id }) => id === nodeId) ?? view.image.brokers.get(nodeId) ?? {};
    return host && port ? { nodeId, listeners: [{ name: controllerListenerName, host, port }] } : [];
  });
  return { errorCode: errorCode.NONE, errorMessage: null, topics, nodes };
}

function describe({ raft, nowMs, monotonicMs }: QuorumView, leader: Leader): Partition {
  const wallTime = (ms: number) => (ms < 0 ? -1 : Math.round(nowMs - (monotonicMs - ms)));
  const directoryOf = (id: number) => latestVoters(raft)?.find((voter) => voter.id === id)?.directoryId || zeroUuid;
  const row = ([replicaId, progress]: [number, Progress]) => ({
    replicaId,
    replicaDirectoryId: directoryOf(replicaId),
    logEndOffset: progress.endOffset,
    lastFetchTimestamp: wallTime(progress.lastFetchMs),
    lastCaughtUpTimestamp: wallTime(progress.lastCaughtUpMs),
  });
  const own = {
    replicaId: raft.settings.nodeId,
    replicaDirectoryId: raft.settings.directoryId || zeroUuid,
    logEndOffset: raft.log.endOffset,
    lastFetchTimestamp: nowMs,
    lastCaughtUpTimestamp: nowMs,
  };
  return {
    partitionIndex: 0,
    errorCode: errorCode.NONE,
    errorMessage: null,
    leaderId: raft.leaderId,
    leaderEpoch: raft.epoch,
    highWatermark: raft.highWatermark,
    currentVoters: [...(isVoter(raft) ? [own] : []), ...[...leader.voters].map(row)],
    observers: [...(isVoter(raft) ? [] : [own]), ...[...leader.observers].map(row)],
  };
}

function unknown(partitionIndex: number): Partition {
  return {
    partitionIndex,
    errorCode: errorCode.UNKNOWN_TOPIC_OR_PARTITION,
    errorMessage: null,
    leaderId: -1,
    leaderEpoch: -1,
    highWatermark: -1,
    currentVoters: [],
    observers: [],
  };
}
