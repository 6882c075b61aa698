import { decodeFrom, encodeInto } from '../../protocol/codec.ts';
import { Reader } from '../../protocol/reader.ts';
import type { MessageInput, MessageSchema } from '../../protocol/schema.ts';
import type { GroupMetadataValue } from '../../protocol/schemas/records/group-metadata.ts';
import { groupMetadataKey, groupMetadataValue } from '../../protocol/schemas/records/group-metadata.ts';
import { offsetCommitKey, offsetCommitValue } from '../../protocol/schemas/records/offset-commit.ts';
import { Writer } from '../../protocol/writer.ts';
import type { GroupRecord } from './effects.ts';
import type { CommittedOffset, Group } from './group.ts';
import { metadataOf } from './group.ts';

/** Versions that Kafka 4.4 writes; every older one is read. */
const offsetValueVersion = 3;
const groupValueVersion = 3;
const keyVersionOffset = 1;
const keyVersionGroup = 2;

function withVersion<S extends MessageSchema>(
  version: number,
  schema: S,
  schemaVersion: number,
  value: MessageInput<S>,
): Buffer {
  const writer = new Writer();
  writer.int16(version);
  encodeInto(writer, schema, schemaVersion, value);
  return Buffer.concat(writer.finish());
}

/** The partition of an offset that was committed. */
export interface OffsetPlace {
  readonly groupId: string;
  readonly topic: string;
  readonly partition: number;
}

/** A committed offset as a record; a tombstone when there is no offset any more. */
export function offsetRecord(place: OffsetPlace, committed: Omit<CommittedOffset, 'recordOffset'> | null): GroupRecord {
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

/** A group's membership as a record; a tombstone for a group that was deleted. */
export function membershipRecord(group: Group, nowMs: number): GroupRecord {
  const key = withVersion(keyVersionGroup, groupMetadataKey, 0, { group: group.groupId });
  if (group.phase === 'Dead') return { key, value: null };
  const value = withVersion(groupValueVersion, groupMetadataValue, groupValueVersion, {
    protocolType: group.protocolType ?? '',
    generation: group.generationId,
    protocol: group.protocolName,
    leader: group.leaderId,
    currentStateTimestamp: nowMs,
    members: [...group.members.values()].map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      rebalanceTimeout: member.rebalanceTimeoutMs,
      sessionTimeout: member.sessionTimeoutMs,
      subscription: metadataOf(member, group.protocolName),
      assignment: member.assignment,
    })),
  });
  return { key, value };
}

/** What a record of `__consumer_offsets` says. */
export type ReadRecord =
  | {
      readonly kind: 'offset';
      readonly place: OffsetPlace;
      readonly committed: Omit<CommittedOffset, 'recordOffset'> | null;
    }
  | { readonly kind: 'membership'; readonly groupId: string; readonly value: GroupMetadataValue | null }
  | { readonly kind: 'unknown'; readonly keyVersion: number };

function readOffset(reader: Reader, value: Buffer | null): ReadRecord {
  const { group: groupId, topic, partition } = decodeFrom(reader, offsetCommitKey, 0);
  const place = { groupId, topic, partition };
  if (!value) return { kind: 'offset', place, committed: null };
  const valueReader = new Reader(value);
  const decoded = decodeFrom(valueReader, offsetCommitValue, valueReader.int16());
  const { offset, leaderEpoch, metadata, commitTimestamp: commitTimestampMs } = decoded;
  return { kind: 'offset', place, committed: { offset, leaderEpoch, metadata, commitTimestampMs } };
}

/**
 * Reads a record of `__consumer_offsets`. Key types of later protocols (KIP-848 and on) are 'unknown', to be passed over.
 * @throws DecodeError when the bytes are not what their version says
 */
export function readGroupRecord(key: Buffer, value: Buffer | null): ReadRecord {
  const reader = new Reader(key);
  const keyVersion = reader.int16();
  if (keyVersion === 0 || keyVersion === keyVersionOffset) return readOffset(reader, value);
  if (keyVersion !== keyVersionGroup) return { kind: 'unknown', keyVersion };
  const { group: groupId } = decodeFrom(reader, groupMetadataKey, 0);
  if (!value) return { kind: 'membership', groupId, value: null };
  const valueReader = new Reader(value);
  return { kind: 'membership', groupId, value: decodeFrom(valueReader, groupMetadataValue, valueReader.int16()) };
}
