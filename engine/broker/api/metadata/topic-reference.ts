import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { ClusterView, TopicView } from './cluster-view.ts';

/** The topic that a request names: by id in versions that have ids (KIP-516), else by name; with the error of a missing one. */
export function findTopic(
  view: ClusterView,
  { name, topicId }: { readonly name: string; readonly topicId: string },
  byId: boolean,
): { readonly topic: TopicView | undefined; readonly missing: ErrorCode } {
  return byId
    ? { topic: view.topicsById.get(topicId), missing: errorCode.UNKNOWN_TOPIC_ID }
    : { topic: view.topics.get(name), missing: errorCode.UNKNOWN_TOPIC_OR_PARTITION };
}
