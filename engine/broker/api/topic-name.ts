import { topicNameFault } from '../controller/topics/topic-name.ts';

/** Where consumer groups and their offsets are kept. */
export const offsetsTopicName = '__consumer_offsets';

/** Topics of the cluster itself; clients may read them but not create them by asking. */
const internalTopics = new Set([offsetsTopicName, '__transaction_state', '__share_group_state']);

export function isInternalTopic(name: string): boolean {
  return internalTopics.has(name);
}

/** Whether a topic may bear the name, by the controller's own rule. */
export function isLegalTopicName(name: string): boolean {
  return topicNameFault(name) === undefined;
}
