import { apis } from '../api-keys.ts';
import { clientApis } from '../client-apis.ts';
import { metadataRecords } from '../metadata-record.ts';
import type { MessageSchema } from '../schema.ts';
import {
  consumerGroupCurrentMemberAssignmentKey,
  consumerGroupCurrentMemberAssignmentValue,
} from '../schemas/records/consumer-group-current-member-assignment.ts';
import {
  consumerGroupMemberMetadataKey,
  consumerGroupMemberMetadataValue,
} from '../schemas/records/consumer-group-member-metadata.ts';
import { consumerGroupMetadataKey, consumerGroupMetadataValue } from '../schemas/records/consumer-group-metadata.ts';
import {
  consumerGroupPartitionMetadataKey,
  consumerGroupPartitionMetadataValue,
} from '../schemas/records/consumer-group-partition-metadata.ts';
import {
  consumerGroupRegularExpressionKey,
  consumerGroupRegularExpressionValue,
} from '../schemas/records/consumer-group-regular-expression.ts';
import {
  consumerGroupTargetAssignmentMemberKey,
  consumerGroupTargetAssignmentMemberValue,
  consumerGroupTargetAssignmentMetadataKey,
  consumerGroupTargetAssignmentMetadataValue,
} from '../schemas/records/consumer-group-target-assignment.ts';
import { consumerProtocolAssignment, consumerProtocolSubscription } from '../schemas/records/consumer-protocol.ts';
import { defaultPrincipalData } from '../schemas/records/default-principal-data.ts';
import { groupMetadataKey, groupMetadataValue } from '../schemas/records/group-metadata.ts';
import { kRaftVersionRecord } from '../schemas/records/kraft-version-record.ts';
import { leaderChangeMessage } from '../schemas/records/leader-change-message.ts';
import { legacyOffsetCommitKey, legacyOffsetCommitValue } from '../schemas/records/legacy-offset-commit.ts';
import { offsetCommitKey, offsetCommitValue } from '../schemas/records/offset-commit.ts';
import { producerSnapshot } from '../schemas/records/producer-snapshot.ts';
import { quorumStateData } from '../schemas/records/quorum-state-data.ts';
import { snapshotFooterRecord } from '../schemas/records/snapshot-footer-record.ts';
import { snapshotHeaderRecord } from '../schemas/records/snapshot-header-record.ts';
import { transactionLogKey, transactionLogValue } from '../schemas/records/transaction-log.ts';
import { votersRecord } from '../schemas/records/voters-record.ts';

/** Every schema of this folder, for tests that must hold for all of them. */
export const allSchemas: readonly MessageSchema[] = [
  ...Object.values(apis).flatMap((api): MessageSchema[] => [api.request, api.response]),
  ...Object.values(clientApis).flatMap((api): MessageSchema[] => [api.request, api.response]),
  ...Object.values(metadataRecords),
  consumerGroupCurrentMemberAssignmentKey,
  consumerGroupCurrentMemberAssignmentValue,
  consumerGroupMemberMetadataKey,
  consumerGroupMemberMetadataValue,
  consumerGroupMetadataKey,
  consumerGroupMetadataValue,
  consumerGroupPartitionMetadataKey,
  consumerGroupPartitionMetadataValue,
  consumerGroupRegularExpressionKey,
  consumerGroupRegularExpressionValue,
  consumerGroupTargetAssignmentMemberKey,
  consumerGroupTargetAssignmentMemberValue,
  consumerGroupTargetAssignmentMetadataKey,
  consumerGroupTargetAssignmentMetadataValue,
  consumerProtocolAssignment,
  consumerProtocolSubscription,
  defaultPrincipalData,
  groupMetadataKey,
  groupMetadataValue,
  kRaftVersionRecord,
  leaderChangeMessage,
  legacyOffsetCommitKey,
  legacyOffsetCommitValue,
  offsetCommitKey,
  offsetCommitValue,
  producerSnapshot,
  quorumStateData,
  snapshotFooterRecord,
  snapshotHeaderRecord,
  transactionLogKey,
  transactionLogValue,
  votersRecord,
];

/** Each schema with each of its versions. */
export function schemaVersions(): { schema: MessageSchema; version: number }[] {
  return allSchemas.flatMap((schema) => {
    const count = schema.versions.max - schema.versions.min + 1;
    return Array.from({ length: count }, (_, index) => ({ schema, version: schema.versions.min + index }));
  });
}
