import { decodeFrom } from '../../protocol/codec.ts';
import { Reader } from '../../protocol/reader.ts';
import type { GroupMetadataValue } from '../../protocol/schemas/records/group-metadata.ts';
import { groupMetadataKey, groupMetadataValue } from '../../protocol/schemas/records/group-metadata.ts';
import { offsetCommitKey, offsetCommitValue } from '../../protocol/schemas/records/offset-commit.ts';
import type { KeyValue } from '../coordinator/internal-log.ts';
import type { UnknownRecord } from '../coordinator/state-machine.ts';
import type { ConsumerRecord } from './consumer/consumer-record.ts';
import { decodeConsumerRecord, encodeConsumerRecord } from './consumer/consumer-record-codec.ts';
import { readValue, withVersion } from './record-bytes.ts';
import type { CommittedOffset, Membership } from './stored-group.ts';

/** Versions that Kafka 4.4 writes; every older one is read. */
const offsetValueVersion = 3;
const groupValueVersion = 3;
const keyVersionOffset = 1;
const keyVersionGroup = 2;

/** The partition of an offset that was committed. */
export interface OffsetPlace {
  readonly groupId: string;
  readonly topic: string;
  readonly partition: number;
}

/** A committed offset, or that there is none any more. */
export interface OffsetRecord {
  readonly kind: 'offset';
  readonly place: OffsetPlace;
  readonly committed: Omit<CommittedOffset, 'recordOffset'> | null;
}

/** A group's membership, or that the group was deleted. */
export interface MembershipRecord {
  readonly kind: 'membership';
  readonly groupId: string;
  readonly membership: Membership | null;
  /** Wall-clock time, milliseconds since 1970. */
  readonly writtenAtMs: number;
}

/** What a record of `__consumer_offsets` says. */
export type GroupRecord = OffsetRecord | MembershipRecord | ConsumerRecord;

/** A record in Kafka's own bytes; a tombstone for what is no more. */
export function encodeGroupRecord(record: GroupRecord): KeyValue {
  if (record.kind === 'offset') return encodeOffset(record);
  return record.kind === 'membership' ? encodeMembership(record) : encodeConsumerRecord(record);
}

function encodeOffset({ place, committed }: OffsetRecord): KeyValue {
  const { groupId: group, topic, partition } = place;
  const key = withVersion(keyVersionOffset, offsetCommitKey, 0, { group, topic, partition });
  if (!committed) return { key, value: null };
  const value = withVersion(offsetValueVersion, offsetCommitValue, offsetValueVersion, {
    offset: committed.offset,
    leaderEpoch: committed.leaderEpoch,
    metadata: committed.metadata,
    commitTimestamp: committed.commitTimestampMs,
  });
  return { key, value };
}

function encodeMembership({ groupId, membership, writtenAtMs }: MembershipRecord): KeyValue {
  const key = withVersion(keyVersionGroup, groupMetadataKey, 0, { group: groupId });
  if (!membership) return { key, value: null };
  const value = withVersion(groupValueVersion, groupMetadataValue, groupValueVersion, {
    protocolType: membership.protocolType ?? '',
    generation: membership.generationId,
    protocol: membership.protocolName,
    leader: membership.leaderId,
    currentStateTimestamp: writtenAtMs,
    members: membership.members.map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      rebalanceTimeout: member.rebalanceTimeoutMs,
      sessionTimeout: member.sessionTimeoutMs,
      subscription: member.subscription,
      assignment: member.assignment,
    })),
  });
  return { key, value };
}

/**
 * Reads a record of `__consumer_offsets`. What has a newer version than is known is 'unknown', to be passed over: key types of
 * later protocols, and values that a newer broker has written.
 * @throws DecodeError when the bytes are not what their version says
 */
export function decodeGroupRecord({ key, value }: KeyValue): GroupRecord | UnknownRecord {
  const reader = new Reader(key);
  const keyVersion = reader.int16();
  if (keyVersion === 0 || keyVersion === keyVersionOffset) return decodeOffset(reader, value);
  if (keyVersion === keyVersionGroup) return decodeMembership(reader, value);
  return decodeConsumerRecord(keyVersion, reader, value) ?? { kind: 'unknown', part: 'key', version: keyVersion };
}

function decodeOffset(reader: Reader, value: Buffer | null): OffsetRecord | UnknownRecord {
  const { group: groupId, topic, partition } = decodeFrom(reader, offsetCommitKey, 0);
  const place = { groupId, topic, partition };
  if (!value) return { kind: 'offset', place, committed: null };
  const read = readValue(value, offsetCommitValue);
  if ('kind' in read) return read;
  const {
    offset,
    leaderEpoch,
    metadata,
    commitTimestamp: commitTimestampMs,
  } = decodeFrom(read.reader, offsetCommitValue, read.version);
  return { kind: 'offset', place, committed: { offset, leaderEpoch, metadata, commitTimestampMs } };
}

function decodeMembership(reader: Reader, value: Buffer | null): MembershipRecord | UnknownRecord {
  const { group: groupId } = decodeFrom(reader, groupMetadataKey, 0);
  if (!value) return { kind: 'membership', groupId, membership: null, writtenAtMs: -1 };
  const read = readValue(value, groupMetadataValue);
  if ('kind' in read) return read;
  const decoded = decodeFrom(read.reader, groupMetadataValue, read.version);
  return {
    kind: 'membership',
    groupId,
    membership: membershipFrom(decoded),
    writtenAtMs: decoded.currentStateTimestamp,
  };
}

function membershipFrom({ generation, protocolType, protocol, leader, members }: GroupMetadataValue): Membership {
  return {
    generationId: generation,
    protocolType: protocolType || null,
    protocolName: protocol,
    leaderId: leader,
    members: members.map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      sessionTimeoutMs: member.sessionTimeout,
      rebalanceTimeoutMs: member.rebalanceTimeout === -1 ? member.sessionTimeout : member.rebalanceTimeout,
      subscription: member.subscription,
      assignment: member.assignment,
    })),
  };
}
