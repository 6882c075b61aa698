import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import {
  consumerGroupDescribeRequest,
  consumerGroupDescribeResponse,
} from '../../../protocol/schemas/69-consumer-group-describe.ts';
import { features } from '../../controller/features/supported-features.ts';
import type { ConsumerMember } from '../../group/consumer/consumer-group.ts';
import { noAssignment } from '../../group/consumer/consumer-group.ts';
import type { ConsumerGroupView } from '../../group/group-view.ts';
import { operationsNotAsked } from '../../security/authorized-operations.ts';
import { defineHandler } from '../handler.ts';
import type { ClusterView } from '../metadata/cluster-view.ts';

/*
 * ConsumerGroupDescribe 0-1, groups of the consumer protocol (KIP-848).
 * - A group of another kind, or none, is GROUP_ID_NOT_FOUND. 1: which protocol each member speaks: 0 classic, 1 consumer.
 * - Assignments of topics that are gone are left out.
 * - DESCRIBE on each group, and on every topic that the answer names: else TOPIC_AUTHORIZATION_FAILED in place of the group.
 * - Authorized operations when asked for. UNSUPPORTED_VERSION where the feature group.version is 0.
 */

type Group = MessageInput<typeof consumerGroupDescribeResponse>['groups'][number];
type Member = Group['members'][number];

const memberTypes = { classic: 0, consumer: 1 } as const;

export const consumerGroupDescribeHandler = defineHandler(consumerGroupDescribeRequest, consumerGroupDescribeResponse, {
  needs: ['groups', 'metadata'],
  refuse: ({ groupIds }, code) => ({ groups: groupIds.map((groupId) => refused(groupId, code)) }),
  handle: ({ groupIds, includeAuthorizedOperations }, context, { groups, metadata }) => ({
    groups: groupIds.map((groupId) => {
      if (metadata().featureLevel(features.groupVersion.name) === 0)
        return refused(groupId, errorCode.UNSUPPORTED_VERSION);
      if (!context.authorize('describe', 'group', groupId))
        return refused(groupId, errorCode.GROUP_AUTHORIZATION_FAILED);
      if (groupId === '') return refused(groupId, errorCode.INVALID_GROUP_ID);
      const view = groups.describeConsumer(groupId);
      if (typeof view === 'number') return refused(groupId, view);
      if (!view) {
        const isOther = groups.isOtherKind(groupId);
        const text = isOther ? `Group ${groupId} is not a consumer group.` : `Group ${groupId} not found.`;
        return refused(groupId, errorCode.GROUP_ID_NOT_FOUND, text);
      }
      const described = describe(groupId, view, metadata());
      if (topicsIn(described).some((topic) => !context.authorize('describe', 'topic', topic)))
        return refused(groupId, errorCode.TOPIC_AUTHORIZATION_FAILED, hiddenTopics);
      const operations = includeAuthorizedOperations ? context.operationsOn('group', groupId) : operationsNotAsked;
      return { ...described, authorizedOperations: operations };
    }),
  }),
});

const hiddenTopics = 'The group has described topic(s) that the client is not authorized to describe.';

function refused(groupId: string, code: ErrorCode, errorMessage: string | null = null): Group {
  return {
    errorCode: code,
    errorMessage,
    groupId,
    groupState: '',
    groupEpoch: 0,
    assignmentEpoch: 0,
    assignorName: '',
    members: [],
  };
}

function describe(groupId: string, { group, state, assignorName }: ConsumerGroupView, view: ClusterView): Group {
  return {
    errorCode: errorCode.NONE,
    groupId,
    groupState: state,
    groupEpoch: group.epoch,
    assignmentEpoch: group.assignmentEpoch,
    assignorName,
    members: [...group.members.values()].map((member) =>
      describeMember(member, group.targets.get(member.memberId) ?? noAssignment, view),
    ),
  };
}

function describeMember(
  member: ConsumerMember,
  target: ReadonlyMap<string, ReadonlySet<number>>,
  view: ClusterView,
): Member {
  const owned = [...member.owned].map(([topicId, epochs]) => [topicId, epochs.keys()] as const);
  return {
    memberId: member.memberId,
    instanceId: member.instanceId,
    rackId: member.rackId,
    memberEpoch: member.epoch,
    clientId: member.clientId,
    clientHost: member.clientHost,
    subscribedTopicNames: member.topicNames,
    subscribedTopicRegex: member.topicRegex ?? '',
    assignment: { topicPartitions: named(owned, view) },
    targetAssignment: { topicPartitions: named(target, view) },
    memberType: member.classic ? memberTypes.classic : memberTypes.consumer,
  };
}

function named(assignment: Iterable<readonly [string, Iterable<number>]>, { topicsById }: ClusterView) {
  return [...assignment].flatMap(([topicId, partitions]) => {
    const topicName = topicsById.get(topicId)?.name;
    return topicName === undefined ? [] : [{ topicId, topicName, partitions: [...partitions].sort((a, b) => a - b) }];
  });
}

function topicsIn({ members }: Group): string[] {
  const parts = members.flatMap(({ assignment, targetAssignment }) => [assignment, targetAssignment]);
  const assigned = parts.flatMap(({ topicPartitions }) => topicPartitions.map(({ topicName }) => topicName));
  return [...new Set([...members.flatMap((member) => member.subscribedTopicNames), ...assigned])];
}
