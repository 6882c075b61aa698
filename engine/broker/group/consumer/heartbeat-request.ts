import { errorCode } from '../../../protocol/error-codes.ts';
import type { ConsumerGroupHeartbeatRequest } from '../../../protocol/schemas/68-consumer-group-heartbeat.ts';
import { leavingEpoch, staticLeavingEpoch } from './consumer-group.ts';
import type { ConsumerGroupLimits } from './draft.ts';
import { Refusal } from './draft.ts';

/** A heartbeat with what is known of who sends it. */
export interface HeartbeatCommand {
  readonly request: ConsumerGroupHeartbeatRequest;
  readonly apiVersion: number;
  readonly clientId: string;
  readonly clientHost: string;
  /** The id that a member gets which brings none (version 0). */
  readonly newMemberId: string;
  readonly mayDescribe: (topic: string) => boolean;
}

/** First version in which members make their own ids. */
const ownIdMin = 1;

/** Why a heartbeat makes no sense, whatever the group; undefined when it does. */
export function refusalOfRequest(
  { request, apiVersion }: HeartbeatCommand,
  { assignors }: ConsumerGroupLimits,
): Refusal | undefined {
  const invalid = (message: string): Refusal => new Refusal(errorCode.INVALID_REQUEST, message);
  const { groupId, memberId, memberEpoch, instanceId, rackId, serverAssignor } = request;
  const needsId = apiVersion >= ownIdMin || memberEpoch > 0 || memberEpoch === leavingEpoch;
  if (needsId && isBlank(memberId)) return invalid("MemberId can't be empty.");
  if (isBlank(groupId)) return invalid("GroupId can't be empty.");
  if (isBlank(instanceId)) return invalid("InstanceId can't be empty.");
  if (isBlank(rackId)) return invalid("RackId can't be empty.");
  if (memberEpoch === 0) {
    if (request.rebalanceTimeoutMs === -1) return invalid('RebalanceTimeoutMs must be provided in first request.');
    if (request.topicPartitions?.length !== 0) return invalid('TopicPartitions must be empty when (re-)joining.');
    if (request.subscribedTopicNames === null && request.subscribedTopicRegex === null)
      return invalid('Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.');
  } else if (memberEpoch === staticLeavingEpoch) {
    if (instanceId === null) return invalid("InstanceId can't be null.");
  } else if (memberEpoch < leavingEpoch) return invalid('MemberEpoch is invalid.');
  const names = assignors.map(({ name }) => name);
  if (serverAssignor !== null && !names.includes(serverAssignor)) {
    const known = `Supported assignors: ${names.join(', ')}.`;
    return new Refusal(errorCode.UNSUPPORTED_ASSIGNOR, `ServerAssignor ${serverAssignor} is not supported. ${known}`);
  }
  return undefined;
}

function isBlank(text: string | null): boolean {
  return text !== null && text.trim() === '';
}
