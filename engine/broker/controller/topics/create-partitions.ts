import type { Result } from '../../../base/result.ts';
import { ok, refused } from '../../../base/result.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { MetadataRecord } from '../../../protocol/metadata-record.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type {
  CreatePartitionsRequest,
  createPartitionsResponse,
} from '../../../protocol/schemas/37-create-partitions.ts';
import type { ControllerView, Plan } from '../controller-view.ts';
import { recordsPerCommandMax } from '../controller-view.ts';
import type { TopicImage } from '../metadata-image.ts';
import { newPartition } from '../new-record.ts';
import { assignmentFault } from './check-assignment.ts';
import { firstRegistration } from './new-partitions.ts';
import { placeReplicas } from './place-replicas.ts';
import type { TopicRefusal } from './topic-refusal.ts';

type Asked = CreatePartitionsRequest['topics'][number];
type Reply = MessageInput<typeof createPartitionsResponse>;

/** Adds partitions to topics; `count` is the number wanted in all. */
export function planCreatePartitions(view: ControllerView, request: CreatePartitionsRequest): Plan<Reply> {
  const records: MetadataRecord[] = [];
  const names = request.topics.map((topic) => topic.name);
  const results = request.topics.map((asked, index) => {
    const planned =
      names.indexOf(asked.name) === index
        ? planOne(view, asked)
        : refuse(errorCode.INVALID_REQUEST, 'Duplicate topic name.');
    if (!planned.ok) return { name: asked.name, errorCode: planned.error.code, errorMessage: planned.error.message };
    records.push(...planned.value);
    return { name: asked.name, errorCode: errorCode.NONE, errorMessage: null };
  });
  return { records: request.validateOnly ? [] : records, reply: { throttleTimeMs: 0, results } };
}

function planOne(view: ControllerView, asked: Asked): Result<MetadataRecord[], TopicRefusal> {
  const topic = view.image.topics.get(asked.name);
  if (!topic) return refuse(errorCode.UNKNOWN_TOPIC_OR_PARTITION, 'This server does not host this topic-partition.');
  const known = topic.partitions.length;
  if (asked.count === known) return refuse(errorCode.INVALID_PARTITIONS, `Topic already has ${known} partition(s).`);
  if (asked.count < known)
    return refuse(
      errorCode.INVALID_PARTITIONS,
      `The topic ${asked.name} currently has ${known} partition(s); ${asked.count} would not be an increase.`,
    );
  if (asked.count - known > recordsPerCommandMax)
    return refuse(errorCode.POLICY_VIOLATION, `Expected at most ${recordsPerCommandMax} new partitions per request.`);
  const assignments = asked.assignments ? byHand(view, topic, asked) : placed(view, topic, asked.count);
  if (!assignments.ok) return assignments;
  return ok(
    assignments.value.map((replicas, index) =>
      newPartition(topic.id, known + index, firstRegistration(view.image, replicas)),
    ),
  );
}

function byHand(view: ControllerView, topic: TopicImage, asked: Asked): Result<number[][], TopicRefusal> {
  const known = topic.partitions.length;
  const assignments = (asked.assignments ?? []).map((assignment) => assignment.brokerIds);
  const added = asked.count - known;
  if (assignments.length !== added)
    return refuse(
      errorCode.INVALID_REPLICA_ASSIGNMENT,
      `Attempted to add ${added} additional partition(s), but only ${assignments.length} assignment(s) were specified.`,
    );
  const factor = topic.partitions[0]?.replicas.length;
  for (const [index, replicas] of assignments.entries()) {
    const fault = assignmentFault(view.image, known + index, replicas, factor);
    if (fault) return refuse(errorCode.INVALID_REPLICA_ASSIGNMENT, fault);
  }
  return ok(assignments);
}

function placed(
  view: ControllerView,
  topic: TopicImage,
  count: number,
): Result<readonly (readonly number[])[], TopicRefusal> {
  const placement = placeReplicas(view.image, view.random, {
    partitionCount: count - topic.partitions.length,
    replicationFactor: topic.partitions[0]?.replicas.length ?? view.settings.defaultReplicationFactor,
  });
  return placement.ok ? placement : refuse(errorCode.INVALID_REPLICATION_FACTOR, placement.error);
}

function refuse(code: ErrorCode, message: string): Result<never, TopicRefusal> {
  return refused({ code, message });
}
