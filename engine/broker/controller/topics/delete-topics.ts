import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { MetadataRecord } from '../../../protocol/metadata-record.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type { DeleteTopicsRequest, deleteTopicsResponse } from '../../../protocol/schemas/20-delete-topics.ts';
import { zeroUuid } from '../../../protocol/uuid.ts';
import type { ControllerView, Plan } from '../controller-view.ts';
import type { TopicImage } from '../metadata-image.ts';
import { newRemoveTopic } from '../new-record.ts';

type Reply = MessageInput<typeof deleteTopicsResponse>;
type TopicReply = NonNullable<Reply['responses']>[number];

/** Deletes topics by name, or by id from version 6. */
export function planDeleteTopics(view: ControllerView, request: DeleteTopicsRequest): Plan<Reply> {
  const asked = [
    ...request.topicNames.map((name) => ({ name, topicId: zeroUuid })),
    ...request.topics.map(({ name, topicId }) => ({ name, topicId })),
  ];
  const deleted = new Set<TopicImage>();
  const responses = asked.map(({ name, topicId }) => deleteOne(view, name, topicId, deleted));
  const records: MetadataRecord[] = [...deleted].map((topic) => newRemoveTopic(topic.id));
  return { records, reply: { throttleTimeMs: 0, responses } };
}

function deleteOne(
  { image, settings }: ControllerView,
  name: string | null,
  topicId: string,
  deleted: Set<TopicImage>,
): TopicReply {
  const byId = topicId !== zeroUuid;
  const refuse = (code: ErrorCode, message: string): TopicReply => ({
    name,
    topicId,
    errorCode: code,
    errorMessage: message,
  });
  if (byId && name !== null)
    return refuse(errorCode.INVALID_REQUEST, 'You may not specify both topic name and topic id.');
  if (!byId && name === null) return refuse(errorCode.INVALID_REQUEST, 'Neither topic name nor id were specified.');
  const topic = byId ? image.topicsById.get(topicId) : image.topics.get(name ?? '');
  if (!topic && byId) return refuse(errorCode.UNKNOWN_TOPIC_ID, 'This server does not host this topic ID.');
  if (!topic) return refuse(errorCode.UNKNOWN_TOPIC_OR_PARTITION, 'This server does not host this topic-partition.');
  if (deleted.has(topic)) return refuse(errorCode.INVALID_REQUEST, 'Duplicate topic name or id.');
  if (!settings.deleteTopicEnable) return refuse(errorCode.TOPIC_DELETION_DISABLED, 'Topic deletion is disabled.');
  deleted.add(topic);
  return { name: topic.name, topicId: topic.id, errorCode: errorCode.NONE, errorMessage: null };
}
