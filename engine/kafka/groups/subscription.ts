import { decode, encodeToBuffer } from '../../protocol/codec.ts';
import { DecodeError } from '../../protocol/decode-error.ts';
import type { MessageSchema } from '../../protocol/schema.ts';
import {
  consumerProtocolAssignment,
  consumerProtocolSubscription,
} from '../../protocol/schemas/records/consumer-protocol.ts';

/** A partition of a topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** What a member tells the group's leader about itself (Kafka's ConsumerProtocolSubscription). */
export interface Subscription {
  readonly topics: readonly string[];
  /** Partitions that it reads and has not given up (KIP-429). */
  readonly owned: readonly TopicPartition[];
  /** Generation in which it got them; -1 when unknown. */
  readonly generation: number;
  readonly userData: Buffer | null;
}

/** Kafka's int16 version stands before the message. */
const versionBytes = 2;

export function encodeSubscription({ topics, owned, generation, userData }: Subscription): Buffer {
  const value = { topics: [...topics].sort(), userData, ownedPartitions: byTopic(owned), generationId: generation };
  return withVersion(3, encodeToBuffer(consumerProtocolSubscription, 3, value));
}

/** Reads a subscription of any version, also one newer than we know, as Kafka's own client does. */
export function decodeSubscription(bytes: Buffer): Subscription {
  const version = knownVersion(bytes, consumerProtocolSubscription);
  const { topics, userData, ownedPartitions, generationId } = decode(
    consumerProtocolSubscription,
    version,
    bytes,
    versionBytes,
  );
  return { topics, userData, owned: flat(ownedPartitions), generation: generationId };
}

export function encodeAssignment(partitions: readonly TopicPartition[], userData: Buffer | null = null): Buffer {
  const value = { assignedPartitions: byTopic(partitions), userData };
  return withVersion(3, encodeToBuffer(consumerProtocolAssignment, 3, value));
}

/** An assignment as a member gets it; no bytes at all stand for no partitions. */
export function decodeAssignment(bytes: Buffer): TopicPartition[] {
  if (bytes.length === 0) return [];
  const version = knownVersion(bytes, consumerProtocolAssignment);
  return flat(decode(consumerProtocolAssignment, version, bytes, versionBytes).assignedPartitions);
}

function withVersion(version: number, body: Buffer): Buffer {
  const head = Buffer.alloc(versionBytes);
  head.writeInt16BE(version);
  return Buffer.concat([head, body]);
}

function knownVersion(bytes: Buffer, schema: MessageSchema): number {
  if (bytes.length < versionBytes)
    throw new DecodeError('TRUNCATED', `expected the version of a ${schema.name}, found ${bytes.length} bytes`, 0);
  return Math.min(bytes.readInt16BE(0), schema.versions.max);
}

/** Grouped by topic, in the order of topics and partitions. */
export function byTopic(partitions: readonly TopicPartition[]): { topic: string; partitions: number[] }[] {
  const grouped = Map.groupBy(partitions, ({ topic }) => topic);
  return [...grouped.keys()].sort().map((topic) => ({
    topic,
    partitions: grouped
      .get(topic)!
      .map(({ partition }) => partition)
      .sort((a, b) => a - b),
  }));
}

function flat(topics: readonly { topic: string; partitions: readonly number[] }[]): TopicPartition[] {
  return topics.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));
}

/** A member whose words cannot be read gets nothing; it must not stop the others. */
export function subscriptionOf(metadata: Buffer): Subscription {
  try {
    return decodeSubscription(metadata);
  } catch (error) {
    if (error instanceof DecodeError) return { topics: [], owned: [], generation: -1, userData: null };
    throw error;
  }
}
