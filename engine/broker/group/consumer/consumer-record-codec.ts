import { decodeFrom } from '../../../protocol/codec.ts';
import type { Reader } from '../../../protocol/reader.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../../../protocol/schema.ts';
import type { ConsumerGroupCurrentMemberAssignmentValue } from '../../../protocol/schemas/records/consumer-group-current-member-assignment.ts';
import {
  consumerGroupCurrentMemberAssignmentKey,
  consumerGroupCurrentMemberAssignmentValue,
} from '../../../protocol/schemas/records/consumer-group-current-member-assignment.ts';
import type { ConsumerGroupMemberMetadataValue } from '../../../protocol/schemas/records/consumer-group-member-metadata.ts';
import {
  consumerGroupMemberMetadataKey,
  consumerGroupMemberMetadataValue,
} from '../../../protocol/schemas/records/consumer-group-member-metadata.ts';
import {
  consumerGroupMetadataKey,
  consumerGroupMetadataValue,
} from '../../../protocol/schemas/records/consumer-group-metadata.ts';
import { consumerGroupPartitionMetadataKey } from '../../../protocol/schemas/records/consumer-group-partition-metadata.ts';
import {
  consumerGroupRegularExpressionKey,
  consumerGroupRegularExpressionValue,
} from '../../../protocol/schemas/records/consumer-group-regular-expression.ts';
import {
  consumerGroupTargetAssignmentMemberKey,
  consumerGroupTargetAssignmentMemberValue,
  consumerGroupTargetAssignmentMetadataKey,
  consumerGroupTargetAssignmentMetadataValue,
} from '../../../protocol/schemas/records/consumer-group-target-assignment.ts';
import type { KeyValue } from '../../coordinator/internal-log.ts';
import type { UnknownRecord } from '../../coordinator/state-machine.ts';
import { readValue, withVersion } from '../record-bytes.ts';
import type { Assignment, OwnedPartitions } from './consumer-group.ts';
import { memberStates } from './consumer-group.ts';
import type { ConsumerRecord, MemberHoldings, MemberTraits } from './consumer-record.ts';

/** Key types of the records of the consumer protocol: ConsumerGroupMetadata and so on. */
const keys = { epoch: 3, topics: 4, member: 5, targetEpoch: 6, target: 7, current: 8, regex: 16 } as const;

/** Version of every value that Kafka 4.4 writes for them. */
const valueVersion = 0;

/** A record in Kafka's own bytes; a tombstone for what is no more. */
export function encodeConsumerRecord(record: ConsumerRecord): KeyValue {
  return { key: keyOf(record), value: contentOf(record) };
}

function keyOf(record: ConsumerRecord): Buffer {
  const { groupId } = record;
  switch (record.kind) {
    case 'consumer-epoch':
      return withVersion(keys.epoch, consumerGroupMetadataKey, 0, { groupId });
    case 'consumer-topics':
      return withVersion(keys.topics, consumerGroupPartitionMetadataKey, 0, { groupId });
    case 'consumer-member':
      return withVersion(keys.member, consumerGroupMemberMetadataKey, 0, { groupId, memberId: record.memberId });
    case 'consumer-target-epoch':
      return withVersion(keys.targetEpoch, consumerGroupTargetAssignmentMetadataKey, 0, { groupId });
    case 'consumer-target':
      return withVersion(keys.target, consumerGroupTargetAssignmentMemberKey, 0, {
        groupId,
        memberId: record.memberId,
      });
    case 'consumer-current':
      return withVersion(keys.current, consumerGroupCurrentMemberAssignmentKey, 0, {
        groupId,
        memberId: record.memberId,
      });
    case 'consumer-regex':
      return withVersion(keys.regex, consumerGroupRegularExpressionKey, 0, {
        groupId,
        regularExpression: record.regex,
      });
  }
}

function contentOf(record: ConsumerRecord): Buffer | null {
  if (record.kind === 'consumer-topics' || record.value === null) return null;
  switch (record.kind) {
    case 'consumer-epoch':
      return withVersion(valueVersion, consumerGroupMetadataValue, valueVersion, record.value);
    case 'consumer-member':
      return withVersion(valueVersion, consumerGroupMemberMetadataValue, valueVersion, traitsToWire(record.value));
    case 'consumer-target-epoch': {
      const { assignmentEpoch, timestampMs: assignmentTimestamp } = record.value;
      const value = { assignmentEpoch, assignmentTimestamp };
      return withVersion(valueVersion, consumerGroupTargetAssignmentMetadataValue, valueVersion, value);
    }
    case 'consumer-target': {
      const topicPartitions = [...record.value].map(([topicId, partitions]) => ({
        topicId,
        partitions: [...partitions],
      }));
      return withVersion(valueVersion, consumerGroupTargetAssignmentMemberValue, valueVersion, { topicPartitions });
    }
    case 'consumer-current': {
      const { epoch, previousEpoch, state, owned, revoking } = record.value;
      return withVersion(valueVersion, consumerGroupCurrentMemberAssignmentValue, valueVersion, {
        memberEpoch: epoch,
        previousMemberEpoch: previousEpoch,
        state,
        assignedPartitions: ownedToWire(owned),
        partitionsPendingRevocation: ownedToWire(revoking),
      });
    }
    case 'consumer-regex': {
      const { topics, version, timestampMs: timestamp } = record.value;
      const value = { topics: [...topics], version, timestamp };
      return withVersion(valueVersion, consumerGroupRegularExpressionValue, valueVersion, value);
    }
  }
}

type Decoded = ConsumerRecord | UnknownRecord;

/**
 * Reads a record behind the version of its key; undefined when it is of another kind of group.
 * @throws DecodeError when the bytes are not what their version says
 */
export function decodeConsumerRecord(keyVersion: number, key: Reader, value: Buffer | null): Decoded | undefined {
  switch (keyVersion) {
    case keys.epoch:
      return decodeEpoch(key, value);
    case keys.topics:
      return { kind: 'consumer-topics', ...decodeFrom(key, consumerGroupPartitionMetadataKey, 0) };
    case keys.member:
      return decodeMember(key, value);
    case keys.targetEpoch:
      return decodeTargetEpoch(key, value);
    case keys.target:
      return decodeTarget(key, value);
    case keys.current:
      return decodeCurrent(key, value);
    case keys.regex:
      return decodeRegex(key, value);
    default:
      return undefined;
  }
}

function decodeEpoch(key: Reader, value: Buffer | null): Decoded {
  const { groupId } = decodeFrom(key, consumerGroupMetadataKey, 0);
  const record = { kind: 'consumer-epoch', groupId } as const;
  return decoded(value, consumerGroupMetadataValue, record, ({ epoch, metadataHash }) => ({
    epoch,
    metadataHash: Number(metadataHash),
  }));
}

function decodeMember(key: Reader, value: Buffer | null): Decoded {
  const named = { kind: 'consumer-member', ...decodeFrom(key, consumerGroupMemberMetadataKey, 0) } as const;
  return decoded(value, consumerGroupMemberMetadataValue, named, (read) => traitsFrom(named.memberId, read));
}

function decodeTargetEpoch(key: Reader, value: Buffer | null): Decoded {
  const { groupId } = decodeFrom(key, consumerGroupTargetAssignmentMetadataKey, 0);
  const record = { kind: 'consumer-target-epoch', groupId } as const;
  return decoded(value, consumerGroupTargetAssignmentMetadataValue, record, (read) => ({
    assignmentEpoch: read.assignmentEpoch,
    timestampMs: read.assignmentTimestamp,
  }));
}

function decodeTarget(key: Reader, value: Buffer | null): Decoded {
  const named = { kind: 'consumer-target', ...decodeFrom(key, consumerGroupTargetAssignmentMemberKey, 0) } as const;
  return decoded(value, consumerGroupTargetAssignmentMemberValue, named, ({ topicPartitions }) =>
    assignmentFrom(topicPartitions),
  );
}

function decodeCurrent(key: Reader, value: Buffer | null): Decoded {
  const named = { kind: 'consumer-current', ...decodeFrom(key, consumerGroupCurrentMemberAssignmentKey, 0) } as const;
  return decoded(value, consumerGroupCurrentMemberAssignmentValue, named, holdingsFrom);
}

function decodeRegex(key: Reader, value: Buffer | null): Decoded {
  const { groupId, regularExpression: regex } = decodeFrom(key, consumerGroupRegularExpressionKey, 0);
  const record = { kind: 'consumer-regex', groupId, regex } as const;
  return decoded(value, consumerGroupRegularExpressionValue, record, ({ topics, version, timestamp }) => ({
    topics: new Set(topics),
    version,
    timestampMs: timestamp,
  }));
}

/** A record with its value decoded, or null where it is a tombstone. */
function decoded<S extends MessageSchema, R, V>(
  value: Buffer | null,
  schema: S,
  record: R,
  from: (read: MessageOf<S>) => V,
): (R & { readonly value: V | null }) | UnknownRecord {
  if (!value) return { ...record, value: null };
  const read = readValue(value, schema);
  if ('kind' in read) return read;
  return { ...record, value: from(decodeFrom(read.reader, schema, read.version)) };
}

/** What is null is written as such: without the tag, Kafka would read a struct of defaults. */
function traitsToWire({ classic, ...traits }: MemberTraits): MessageInput<typeof consumerGroupMemberMetadataValue> {
  return {
    instanceId: traits.instanceId,
    rackId: traits.rackId,
    clientId: traits.clientId,
    clientHost: traits.clientHost,
    subscribedTopicNames: traits.topicNames,
    subscribedTopicRegex: traits.topicRegex ?? '',
    rebalanceTimeoutMs: traits.rebalanceTimeoutMs,
    serverAssignor: traits.serverAssignor,
    classicMemberMetadata: classic && {
      sessionTimeoutMs: classic.sessionTimeoutMs,
      supportedProtocols: classic.protocols,
    },
  };
}

function traitsFrom(memberId: string, read: ConsumerGroupMemberMetadataValue): MemberTraits {
  const { classicMemberMetadata: classic } = read;
  const isClassic = classic !== null && classic.supportedProtocols.length > 0;
  return {
    memberId,
    instanceId: read.instanceId,
    rackId: read.rackId,
    clientId: read.clientId,
    clientHost: read.clientHost,
    topicNames: [...new Set(read.subscribedTopicNames)].sort(),
    topicRegex: read.subscribedTopicRegex || null,
    rebalanceTimeoutMs: read.rebalanceTimeoutMs,
    serverAssignor: read.serverAssignor,
    classic: isClassic ? { sessionTimeoutMs: classic.sessionTimeoutMs, protocols: classic.supportedProtocols } : null,
  };
}

type WireOwned = ConsumerGroupCurrentMemberAssignmentValue['assignedPartitions'];

function ownedToWire(owned: OwnedPartitions): WireOwned {
  return [...owned].map(([topicId, epochs]) => ({
    topicId,
    partitions: [...epochs.keys()],
    assignmentEpochs: [...epochs.values()],
  }));
}

function holdingsFrom(read: ConsumerGroupCurrentMemberAssignmentValue): MemberHoldings {
  const { memberEpoch: epoch, previousMemberEpoch: previousEpoch } = read;
  const known = Object.values(memberStates).find((state) => state === read.state);
  return {
    epoch,
    previousEpoch,
    // A state that only a newer version knows: the member is reconciled from what it has.
    state: known ?? memberStates.unreleased,
    owned: ownedFrom(read.assignedPartitions, epoch),
    revoking: ownedFrom(read.partitionsPendingRevocation, epoch),
  };
}

/** Before 4.3 there were no epochs of partitions: the member's own stands for them. */
function ownedFrom(rows: WireOwned, memberEpoch: number): OwnedPartitions {
  return new Map(
    rows.map(({ topicId, partitions, assignmentEpochs }) => [
      topicId,
      new Map(partitions.map((partition, index) => [partition, assignmentEpochs?.[index] ?? memberEpoch])),
    ]),
  );
}

function assignmentFrom(
  rows: readonly { readonly topicId: string; readonly partitions: readonly number[] }[],
): Assignment {
  return new Map(rows.map(({ topicId, partitions }) => [topicId, new Set(partitions)]));
}
