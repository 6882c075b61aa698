import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { MetadataRecord } from '../../../protocol/metadata-record.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type { AlterPartitionRequest, alterPartitionResponse } from '../../../protocol/schemas/56-alter-partition.ts';
import type { ControllerView, Plan } from '../controller-view.ts';
import type { MetadataImage } from '../metadata-image.ts';
import { changedPartition } from '../topics/changed-partition.ts';
import type { PartitionRegistration, TopicImage } from '../topics/topics-image.ts';
import { planPartitionChange } from './partition-change.ts';
import { partitionRules } from './partition-rules.ts';

type Asked = AlterPartitionRequest['topics'][number]['partitions'][number];
type Reply = MessageInput<typeof alterPartitionResponse>;
type PartitionReply = Reply['topics'][number]['partitions'][number];

interface Member {
  readonly brokerId: number;
  readonly brokerEpoch: number;
}

/** A leader asks to change in-sync sets (KIP-497); refused per partition when it is out of date or a member may not join. */
export function planAlterPartition(view: ControllerView, request: AlterPartitionRequest): Plan<Reply> {
  const broker = view.image.brokers.get(request.brokerId);
  if (broker?.epoch !== request.brokerEpoch)
    return { records: [], reply: { errorCode: errorCode.STALE_BROKER_EPOCH, topics: [] } };
  const records: MetadataRecord[] = [];
  const topics = request.topics.map(({ topicId, partitions }) => ({
    topicId,
    partitions: partitions.map((asked) => alterOne(view, request.brokerId, topicId, asked, records)),
  }));
  return { records, reply: { errorCode: errorCode.NONE, topics } };
}

function alterOne(
  view: ControllerView,
  brokerId: number,
  topicId: string,
  asked: Asked,
  records: MetadataRecord[],
): PartitionReply {
  const topic = view.image.topicsById.get(topicId);
  if (!topic) return refusedReply(asked, errorCode.UNKNOWN_TOPIC_ID);
  const partition = topic.partitions[asked.partitionIndex];
  if (!partition) return refusedReply(asked, errorCode.UNKNOWN_TOPIC_OR_PARTITION);
  const members = membersOf(asked);
  const code =
    staleness(partition, brokerId, asked) ??
    malformation(partition, members, asked) ??
    ineligibility(view.image, members);
  if (code !== undefined) return refusedReply(asked, code);
  return accept(view, topic, partition, asked, members, records);
}

function accept(
  view: ControllerView,
  topic: TopicImage,
  partition: PartitionRegistration,
  asked: Asked,
  members: readonly Member[],
  records: MetadataRecord[],
): PartitionReply {
  const targetIsr = members.map((member) => member.brokerId);
  const record = planPartitionChange({
    ...partitionRules(view, topic.name),
    topicId: topic.id,
    partitionId: asked.partitionIndex,
    partition,
    targetIsr,
    hasRecovered: asked.leaderRecoveryState === 0,
  });
  if (record) records.push(record);
  const next = record?.name === 'PartitionChangeRecord' ? changedPartition(partition, record.value) : partition;
  // The end of a reassignment may take the lead from who asks: the new metadata tells it all.
  if (next.leader !== partition.leader) return refusedReply(asked, errorCode.NEW_LEADER_ELECTED);
  return {
    partitionIndex: asked.partitionIndex,
    errorCode: errorCode.NONE,
    leaderId: next.leader,
    leaderEpoch: next.leaderEpoch,
    isr: [...next.isr],
    leaderRecoveryState: next.isRecovering ? 1 : 0,
    partitionEpoch: next.partitionEpoch,
  };
}

/** Version 3 names members with their epochs (KIP-903), older ones without: -1 is not checked. */
function membersOf(asked: Asked): readonly Member[] {
  if (asked.newIsrWithEpochs.length > 0) return asked.newIsrWithEpochs;
  return asked.newIsr.map((brokerId) => ({ brokerId, brokerEpoch: -1 }));
}

function staleness(partition: PartitionRegistration, brokerId: number, asked: Asked): ErrorCode | undefined {
  // The asker knows more than this controller: some other one must be active by now.
  if (asked.leaderEpoch > partition.leaderEpoch || asked.partitionEpoch > partition.partitionEpoch)
    return errorCode.NOT_CONTROLLER;
  if (asked.leaderEpoch < partition.leaderEpoch) return errorCode.FENCED_LEADER_EPOCH;
  if (brokerId !== partition.leader) return errorCode.INVALID_REQUEST;
  if (asked.partitionEpoch < partition.partitionEpoch) return errorCode.INVALID_UPDATE_VERSION;
  return undefined;
}

function malformation(
  partition: PartitionRegistration,
  members: readonly Member[],
  asked: Asked,
): ErrorCode | undefined {
  const ids = members.map((member) => member.brokerId);
  const isSubset = ids.every((id, index) => partition.replicas.includes(id) && ids.indexOf(id) === index);
  const wantsRecovering = asked.leaderRecoveryState === 1;
  const isContradiction = wantsRecovering && (ids.length > 1 || !partition.isRecovering);
  return isSubset && ids.includes(partition.leader) && !isContradiction ? undefined : errorCode.INVALID_REQUEST;
}

/** KIP-841 and KIP-903: no fenced broker, none on its way down, and none that has restarted since the leader looked. */
function ineligibility(image: MetadataImage, members: readonly Member[]): ErrorCode | undefined {
  const isEligible = ({ brokerId, brokerEpoch }: Member) =>
    image.isActive(brokerId) && (brokerEpoch === -1 || brokerEpoch === image.brokers.get(brokerId)?.epoch);
  return members.every(isEligible) ? undefined : errorCode.INELIGIBLE_REPLICA;
}

function refusedReply(asked: Asked, code: ErrorCode): PartitionReply {
  return {
    partitionIndex: asked.partitionIndex,
    errorCode: code,
    leaderId: -1,
    leaderEpoch: -1,
    isr: [],
    partitionEpoch: -1,
  };
}
