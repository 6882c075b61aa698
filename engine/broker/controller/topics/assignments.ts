import type { Result } from '../../../base/result.ts';
import { ok, refused } from '../../../base/result.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { CreateTopicsRequest } from '../../../protocol/schemas/19-create-topics.ts';
import type { ControllerView } from '../controller-view.ts';
import { recordsPerCommandMax } from '../controller-view.ts';
import { assignmentFault } from './check-assignment.ts';
import { placeReplicas } from './place-replicas.ts';
import type { TopicRefusal } from './topic-refusal.ts';

type Asked = CreateTopicsRequest['topics'][number];
type Assignments = Result<readonly (readonly number[])[], TopicRefusal>;

/** Replicas of every partition of a new topic: as named by hand, or placed. */
export function planAssignments(view: ControllerView, asked: Asked): Assignments {
  return asked.assignments.length > 0 ? byHand(view, asked) : placed(view, asked);
}

function byHand({ image }: ControllerView, asked: Asked): Assignments {
  const manual = 'A manual partition assignment was specified, but';
  if (asked.replicationFactor !== -1)
    return refuse(errorCode.INVALID_REQUEST, `${manual} replication factor was not set to -1.`);
  if (asked.numPartitions !== -1)
    return refuse(errorCode.INVALID_REQUEST, `${manual} numPartitions was not set to -1.`);
  const byPartition = new Map<number, readonly number[]>();
  for (const { partitionIndex, brokerIds } of asked.assignments) {
    if (byPartition.has(partitionIndex))
      return refuseAssignment(`Found multiple manual partition assignments for partition ${partitionIndex}`);
    const factor = asked.assignments[0]?.brokerIds.length;
    const fault = assignmentFault(image, partitionIndex, brokerIds, factor);
    if (fault) return refuseAssignment(fault);
    byPartition.set(partitionIndex, brokerIds);
  }
  const inOrder = Array.from({ length: byPartition.size }, (_, index) => byPartition.get(index));
  if (!inOrder.every((replicas) => replicas !== undefined))
    return refuseAssignment('partitions should be a consecutive 0-based integer sequence');
  return ok(inOrder);
}

function placed(view: ControllerView, asked: Asked): Assignments {
  const { numPartitions, replicationFactor } = asked;
  if (replicationFactor === 0 || replicationFactor < -1)
    return refuse(
      errorCode.INVALID_REPLICATION_FACTOR,
      'Replication factor must be larger than 0, or -1 to use the default value.',
    );
  if (numPartitions === 0 || numPartitions < -1)
    return refuse(errorCode.INVALID_PARTITIONS, 'Number of partitions was set to an invalid non-positive value.');
  const partitionCount = numPartitions === -1 ? view.settings.numPartitions : numPartitions;
  if (partitionCount > recordsPerCommandMax)
    return refuse(
      errorCode.POLICY_VIOLATION,
      `Excessively large number of partitions per request: ${partitionCount}, the most is ${recordsPerCommandMax}.`,
    );
  const placement = placeReplicas(view.image, view.random, {
    partitionCount,
    replicationFactor: replicationFactor === -1 ? view.settings.defaultReplicationFactor : replicationFactor,
  });
  return placement.ok ? placement : refuse(errorCode.INVALID_REPLICATION_FACTOR, placement.error);
}

function refuseAssignment(message: string): Assignments {
  return refuse(errorCode.INVALID_REPLICA_ASSIGNMENT, message);
}

function refuse(code: ErrorCode, message: string): Assignments {
  return refused({ code, message });
}
