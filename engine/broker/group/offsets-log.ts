import type { ErrorCode } from '../../protocol/error-codes.ts';
import type { GroupRecord } from './effects.ts';

/** A record as it was read back from `__consumer_offsets`. */
export interface StoredRecord extends GroupRecord {
  readonly offset: number;
}

/** The outcome of an append: `errorCode` NONE once the records are committed, `baseOffset` of the first of them. */
export interface OffsetsAppend {
  readonly errorCode: ErrorCode;
  readonly baseOffset: number;
}

/** `__consumer_offsets`, as the coordinator sees it. The broker's node gives one that writes through the replica manager. */
export interface OffsetsLog {
  /** Number of partitions, or undefined while the topic does not exist. */
  partitionCount(): number | undefined;
  /** Appends records to a partition that this broker leads; resolves when all in-sync replicas have them or it failed. */
  append(partition: number, records: readonly GroupRecord[]): Promise<OffsetsAppend>;
  /** Reads a partition from its start to where it ended when this broker became its leader; waits until that end is committed. Rejects when the broker is no leader any more. */
  load(partition: number, each: (record: StoredRecord) => void): Promise<void>;
}

/** Java's String.hashCode, by which Kafka spreads groups over partitions. */
export function javaHash(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  return hash;
}

/** The partition of `__consumer_offsets` that holds a group: abs(hashCode) mod count, with abs(MIN_VALUE) = 0 as in Kafka. */
export function partitionForGroup(groupId: string, partitionCount: number): number {
  const hash = javaHash(groupId);
  return (hash === -(2 ** 31) ? 0 : Math.abs(hash)) % partitionCount;
}
