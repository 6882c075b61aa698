import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { MetadataRecord } from '../../../protocol/metadata-record.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type { DeleteTopicsRequest, deleteTopicsResponse } from '../../../protocol/schemas/20-delete-topics.ts';
import { isReservedTopicName } from '../../../protocol/system-topics.ts';
import { zeroUuid } from '../../../protocol/uuid.ts';
import type { MutationBudget } from '../../quota/controller-mutations.ts';
import { unlimitedBudget } from '../../quota/controller-mutations.ts';
import type { ControllerView, Plan } from '../controller-view.ts';
import { newRemoveTopic } from '../new-record.ts';
import { repeatedIn } from '../repeated-names.ts';
import { quotaRefusal } from './quota-refusal.ts';
import type { TopicImage } from './topics-image.ts';

type Reply = MessageInput<typeof deleteTopicsResponse>;
type TopicReply = NonNullable<Reply['responses']>[number];

/** How a request names a topic: by one of the two. */
interface Reference {
  readonly name: string | null;
  readonly topicId: string;
}

/** Deletes topics by name, or by id from version 6. What is named twice is not deleted at all. */
export function planDeleteTopics(
  view: ControllerView,
  request: DeleteTopicsRequest,
  budget: MutationBudget = unlimitedBudget,
): Plan<Reply> {
  const references: readonly Reference[] = [
    ...request.topicNames.map((name) => ({ name, topicId: zeroUuid })),
    ...request.topics,
  ];
  const { topics } = view.image;
  const names = references.flatMap(({ name }) => name ?? []);
  const ids = references.flatMap(({ topicId }) => (topicId === zeroUuid ? [] : topicId));
  const repeated = repeatedIn([...names, ...ids]);
  const askedNames = new Set(names);
  const askedIds = new Set(ids);
  const deleted: TopicImage[] = [];
  const answered = new Set<string>();
  const responses: TopicReply[] = [];
  for (const { name, topicId } of references) {
    const fault = referenceFault(name, topicId);
    if (fault !== undefined) {
      responses.push(refusedReply(name, topicId, errorCode.INVALID_REQUEST, fault));
      continue;
    }
    const key = name ?? topicId;
    if (answered.has(key)) continue;
    answered.add(key);
    const topic = deletable(name === null ? view.image.topicsById.get(topicId) : topics.get(name));
    const refuse = (message: string, id = topicId) =>
      responses.push(refusedReply(name, id, errorCode.INVALID_REQUEST, message));
    if (repeated.has(key)) refuse(name === null ? 'Duplicate topic id.' : 'Duplicate topic name.');
    else if (topic && name !== null && askedIds.has(topic.id))
      refuse('The provided topic name maps to an ID that was already supplied.', topic.id);
    // Its row is that of the name.
    else if (topic && name === null && askedNames.has(topic.name)) continue;
    else responses.push(deleteOne(view, { name, topicId }, topic, deleted, budget));
  }
  const records: MetadataRecord[] = deleted.map((topic) => newRemoveTopic(topic.id));
  return { records, reply: { throttleTimeMs: budget.throttleTimeMs, responses } };
}

function referenceFault(name: string | null, topicId: string): string | undefined {
  if (topicId !== zeroUuid && name !== null) return 'You may not specify both topic name and topic id.';
  if (topicId === zeroUuid && name === null) return 'Neither topic name nor id were specified.';
  return undefined;
}

/** No topic is found under a reserved name, even if an older release has made one. */
function deletable(topic: TopicImage | undefined): TopicImage | undefined {
  return topic && isReservedTopicName(topic.name) ? undefined : topic;
}

function deleteOne(
  { settings }: ControllerView,
  { name, topicId }: Reference,
  topic: TopicImage | undefined,
  deleted: TopicImage[],
  budget: MutationBudget,
): TopicReply {
  if (!topic) {
    const [code, message] =
      name === null
        ? ([errorCode.UNKNOWN_TOPIC_ID, 'This server does not host this topic ID.'] as const)
        : ([errorCode.UNKNOWN_TOPIC_OR_PARTITION, 'This server does not host this topic-partition.'] as const);
    return refusedReply(name, topicId, code, message);
  }
  if (!settings.deleteTopicEnable)
    return refusedReply(name, topicId, errorCode.TOPIC_DELETION_DISABLED, 'Topic deletion is disabled.');
  if (!budget.take(topic.partitions.length))
    return refusedReply(name, topicId, quotaRefusal.code, quotaRefusal.message);
  deleted.push(topic);
  return { name: topic.name, topicId: topic.id, errorCode: errorCode.NONE, errorMessage: null };
}

function refusedReply(name: string | null, topicId: string, code: ErrorCode, errorMessage: string | null): TopicReply {
  return { name, topicId, errorCode: code, errorMessage };
}
