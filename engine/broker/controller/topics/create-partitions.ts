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
import { isReservedTopicName } from '../../../protocol/system-topics.ts';
import type { MutationBudget } from '../../quota/controller-mutations.ts';
import { unlimitedBudget } from '../../quota/controller-mutations.ts';
import type { ControllerView, Plan } from '../controller-view.ts';
import { recordsPerCommandMax } from '../controller-view.ts';
import { newPartition } from '../new-record.ts';
import { repeatedIn } from '../repeated-names.ts';
import { assignmentFault } from './check-assignment.ts';
import { firstRegistration } from './new-partitions.ts';
import { placeReplicas } from './place-replicas.ts';
import { quotaRefusal } from './quota-refusal.ts';
import type { TopicRefusal } from './topic-refusal.ts';
import type { TopicImage } from './topics-image.ts';

type Asked = CreatePartitionsRequest['topics'][number];
type Reply = MessageInput<typeof createPartitionsResponse>;
type TopicReply = Reply['results'][number];

/** Adds partitions to topics; `count` is the number wanted in all. */
export function planCreatePartitions(
  view: ControllerView,
  request: CreatePartitionsRequest,
  budget: MutationBudget = unlimitedBudget,
): Plan<Reply> {
  const records: MetadataRecord[] = [];
  const repeated = repeatedIn(request.topics.map(({ name }) => name));
  const results: TopicReply[] = [...repeated].map((name) => ({
    name,
    errorCode: errorCode.INVALID_REQUEST,
    errorMessage: 'Duplicate topic name.',
  }));
  for (const asked of request.topics) {
    const { name } = asked;
    if (repeated.has(name)) continue;
    const planned = planOne(view, asked, records.length);
    // A record for each new partition.
    const fault = planned.ok ? (budget.take(planned.value.length) ? undefined : quotaRefusal) : planned.error;
    if (planned.ok && !fault) for (const record of planned.value) records.push(record);
    results.push({ name, errorCode: fault?.code ?? errorCode.NONE, errorMessage: fault?.message ?? null });
  }
  return { records: request.validateOnly ? [] : records, reply: { throttleTimeMs: budget.throttleTimeMs, results } };
}

function planOne(view: ControllerView, asked: Asked, plannedRecords: number): Result<MetadataRecord[], TopicRefusal> {
  const topic = view.image.topics.get(asked.name);
  if (!topic || isReservedTopicName(topic.name))
    return refuse(errorCode.UNKNOWN_TOPIC_OR_PARTITION, 'This server does not host this topic-partition.');
  const known = topic.partitions.length;
  if (asked.count === known) return refuse(errorCode.INVALID_PARTITIONS, `Topic already has ${known} partition(s).`);
  if (asked.count < known)
    return refuse(
      errorCode.INVALID_PARTITIONS,
      `The topic ${asked.name} currently has ${known} partition(s); ${asked.count} would not be an increase.`,
    );
  if (plannedRecords + asked.count - known > recordsPerCommandMax)
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
