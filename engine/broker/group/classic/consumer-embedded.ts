import { decode, encodeToBuffer } from '../../../protocol/codec.ts';
import { DecodeError } from '../../../protocol/decode-error.ts';
import type { ConsumerProtocolSubscription } from '../../../protocol/schemas/records/consumer-protocol.ts';
import {
  consumerProtocolAssignment,
  consumerProtocolSubscription,
} from '../../../protocol/schemas/records/consumer-protocol.ts';

/** The protocol type of consumers among classic groups. */
export const consumerProtocolType = 'consumer';

const versionBytes = 2;

/** What a consumer put into a classic group's metadata; undefined when its bytes are not what they should be. */
export function readSubscription(metadata: Buffer): ConsumerProtocolSubscription | undefined {
  return orUndefined(() => {
    const version = versionIn(metadata, consumerProtocolSubscription.versions.max);
    return decode(consumerProtocolSubscription, version, metadata, versionBytes);
  });
}

/** Topic and partitions of an assignment; undefined when its bytes are not what they should be. No bytes: none. */
export function readAssignment(
  assignment: Buffer,
): readonly { readonly topic: string; readonly partitions: readonly number[] }[] | undefined {
  if (assignment.length === 0) return [];
  return orUndefined(() => {
    const version = versionIn(assignment, consumerProtocolAssignment.versions.max);
    return decode(consumerProtocolAssignment, version, assignment, versionBytes).assignedPartitions;
  });
}

/** An assignment as the consumer reads it that came with this metadata. */
export function writeAssignment(
  metadata: Buffer,
  assignedPartitions: readonly { readonly topic: string; readonly partitions: readonly number[] }[],
): Buffer {
  const version = versionIn(metadata, consumerProtocolAssignment.versions.max);
  const head = Buffer.alloc(versionBytes);
  head.writeInt16BE(version);
  return Buffer.concat([head, encodeToBuffer(consumerProtocolAssignment, version, { assignedPartitions })]);
}

/** A newer version is read as the newest that is known, as Kafka does: later ones only add. */
function versionIn(bytes: Buffer, max: number): number {
  if (bytes.length < versionBytes) throw new DecodeError('TRUNCATED', 'expected a version of two bytes', 0);
  const version = bytes.readInt16BE();
  if (version < 0) throw new DecodeError('INVALID_VALUE', `expected a version of 0 or more, found ${version}`, 0);
  return Math.min(version, max);
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
