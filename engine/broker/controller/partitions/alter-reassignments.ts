import type { Result } from '../../../base/result.ts';
import { ok, refused } from '../../../base/result.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { MetadataRecord } from '../../../protocol/metadata-record.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type {
  AlterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
} from '../../../protocol/schemas/45-alter-partition-reassignments.ts';
import type { ControllerView, Plan } from '../controller-view.ts';
import { recordsPerCommandMax } from '../controller-view.ts';
import { replicasFault } from '../topics/check-assignment.ts';
import type { PartitionRegistration, TopicImage } from '../topics/topics-image.ts';
import { planPartitionChange } from './partition-change.ts';
import { partitionRules } from './partition-rules.ts';
import { isReassigning, reassignmentTo, reverted } from './reassignment.ts';

type Reply = MessageInput<typeof alterPartitionReassignmentsResponse>;
type Asked = AlterPartitionReassignmentsRequest['topics'][number]['partitions'][number];

interface Refusal {
  readonly code: ErrorCode;
  readonly message: string | null;
}

/**
 * Moves partitions to other replicas (KIP-455), or calls a move off where the replicas are null. New replicas join at once and
 * fetch; when all of them are in sync, those that are to go leave. What only reorders replicas is done in one step.
 */
export function planAlterReassignments(view: ControllerView, request: AlterPartitionReassignmentsRequest): Plan<Reply> {
  const records: MetadataRecord[] = [];
  const { allowReplicationFactorChange } = request;
  const responses = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((asked) => {
      const planned = planOne(view, name, asked, allowReplicationFactorChange, records.length);
      if (planned.ok && planned.value) records.push(planned.value);
      const { code, message } = planned.ok ? { code: errorCode.NONE, message: null } : planned.error;
      return { partitionIndex: asked.partitionIndex, errorCode: code, errorMessage: message };
    }),
  }));
  return {
    records,
    reply: { allowReplicationFactorChange, errorCode: errorCode.NONE, errorMessage: null, responses },
  };
}

function planOne(
  view: ControllerView,
  name: string,
  asked: Asked,
  mayChangeFactor: boolean,
  plannedRecords: number,
): Result<MetadataRecord | undefined, Refusal> {
  const topic = view.image.topics.get(name);
  if (!topic) return refuse(errorCode.UNKNOWN_TOPIC_OR_PARTITION, `Unable to find a topic named ${name}.`);
  const partition = topic.partitions[asked.partitionIndex];
  if (!partition)
    return refuse(errorCode.UNKNOWN_TOPIC_OR_PARTITION, `Unable to find partition ${name}:${asked.partitionIndex}.`);
  if (plannedRecords >= recordsPerCommandMax)
    return refuse(errorCode.POLICY_VIOLATION, `Expected at most ${recordsPerCommandMax} reassignments per request.`);
  const { partitionIndex, replicas } = asked;
  if (replicas === null) return cancel(view, topic, partition, partitionIndex);
  const fault = replicasFault(view.image, replicas);
  if (fault) return refuse(errorCode.INVALID_REPLICA_ASSIGNMENT, fault);
  const factor = partition.replicas.length - partition.removingReplicas.length;
  if (!mayChangeFactor && factor !== replicas.length)
    return refuse(
      errorCode.INVALID_REPLICATION_FACTOR,
      `The replication factor is changed from ${factor} to ${replicas.length}`,
    );
  const record = planPartitionChange({
    ...partitionRules(view, name),
    // Whoever is out of sync does not come to lead because replicas move.
    allowUnclean: false,
    topicId: topic.id,
    partitionId: partitionIndex,
    partition,
    reassignment: reassignmentTo(partition.replicas, replicas),
  });
  return ok(record);
}

function cancel(
  view: ControllerView,
  topic: TopicImage,
  partition: PartitionRegistration,
  partitionId: number,
): Result<MetadataRecord | undefined, Refusal> {
  if (!isReassigning(partition))
    return refuse(errorCode.NO_REASSIGNMENT_IN_PROGRESS, 'No partition reassignment is in progress.');
  const { replicas, isr, isUnclean } = reverted(partition);
  const rules = partitionRules(view, topic.name);
  if (isUnclean && !rules.allowUnclean)
    return refuse(
      errorCode.INVALID_REPLICA_ASSIGNMENT,
      `Unable to revert partition assignment for ${topic.name}:${partitionId} because it would require an unclean leader election.`,
    );
  const record = planPartitionChange({
    ...rules,
    topicId: topic.id,
    partitionId,
    partition,
    targetIsr: isr,
    reassignment: { replicas, addingReplicas: [], removingReplicas: [] },
  });
  return ok(record);
}

function refuse(code: ErrorCode, message: string | null): Result<never, Refusal> {
  return refused({ code, message });
}
