import { isInternalTopic, isReservedTopicName, offsetsTopicName, transactionsTopicName } from '../../../protocol/system-topics.ts';
import { topicNameFault } from '../../controller/topics/topic-name.ts';

/** Whether a topic may bear the name, by the controller's own rule. */
export function isLegalTopicName(name: string): boolean {
  return topicNameFault(name) === undefined;
}

/** Whether a topic of that name may come into being because a client asked for it; of the cluster's own, those that this broker makes. */
export function isCreatableTopicName(name: string): boolean {
  if (isInternalTopic(name)) return name === offsetsTopicName || name === transactionsTopicName;
  return isLegalTopicName(name) && !isReservedTopicName(name);
}
