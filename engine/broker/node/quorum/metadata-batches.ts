import { encodeToBuffer } from '../../../protocol/codec.ts';
import type { MetadataRecord } from '../../../protocol/metadata-record.ts';
import { decodeMetadataRecord, encodeMetadataRecord } from '../../../protocol/metadata-record.ts';
import { leaderChangeMessage } from '../../../protocol/schemas/records/leader-change-message.ts';
import { snapshotFooterRecord } from '../../../protocol/schemas/records/snapshot-footer-record.ts';
import { snapshotHeaderRecord } from '../../../protocol/schemas/records/snapshot-header-record.ts';
import { zeroUuid } from '../../../protocol/uuid.ts';
import type { LogRecord } from '../../../records/record-batch.ts';
import { batchesOf, decodeRecords, encodeBatch, readBatchHeader } from '../../../records/record-batch.ts';
import type { EpochStart } from '../../raft/log-view.ts';

/** Types of control records in the raft log. */
const controlTypes = { leaderChange: 2, snapshotHeader: 3, snapshotFooter: 4 } as const;

/** Where a batch lies and what it holds; control batches hold no metadata. */
export interface MetadataBatch {
  readonly lastOffset: number;
  readonly epoch: number;
  readonly sizeBytes: number;
  readonly records: readonly MetadataRecord[];
}

/** One batch of metadata records: read by everybody as a whole or not at all. */
export function encodeMetadataBatch(records: readonly MetadataRecord[], timestampMs: number, baseOffset = 0): Buffer {
  return encodeBatch({
    baseTimestamp: timestampMs,
    baseOffset,
    records: records.map(({ name, version, value }) => ({
      key: null,
      value: encodeMetadataRecord(name, version, value),
    })),
  });
}

/** The first record of a leader's epoch (KIP-595). */
export function encodeLeaderChange(
  change: { readonly leaderId: number; readonly voters: readonly number[]; readonly granting: readonly number[] },
  timestampMs: number,
): Buffer {
  const toVoter = (voterId: number) => ({ voterId, voterDirectoryId: zeroUuid });
  const value = encodeToBuffer(leaderChangeMessage, 0, {
    version: 0,
    leaderId: change.leaderId,
    voters: change.voters.map(toVoter),
    grantingVoters: change.granting.map(toVoter),
  });
  return encodeControl(controlTypes.leaderChange, value, timestampMs, 0);
}

export function encodeSnapshotHeader(lastContainedLogTimestamp: number, timestampMs: number): Buffer {
  const value = encodeToBuffer(snapshotHeaderRecord, 0, { version: 0, lastContainedLogTimestamp });
  return encodeControl(controlTypes.snapshotHeader, value, timestampMs, 0);
}

export function encodeSnapshotFooter(timestampMs: number, baseOffset: number): Buffer {
  const value = encodeToBuffer(snapshotFooterRecord, 0, { version: 0 });
  return encodeControl(controlTypes.snapshotFooter, value, timestampMs, baseOffset);
}

function encodeControl(type: number, value: Buffer, timestampMs: number, baseOffset: number): Buffer {
  const key = Buffer.alloc(4);
  key.writeInt16BE(type, 2);
  return encodeBatch({ baseTimestamp: timestampMs, baseOffset, isControl: true, records: [{ key, value }] });
}

/** The batches in a piece of the log or of a snapshot, decoded. A partial one at the end is left out. */
export function* decodeMetadataBatches(bytes: Buffer): Generator<MetadataBatch> {
  for (const batch of batchesOf(bytes)) {
    const { lastOffset, partitionLeaderEpoch, sizeBytes, isControl } = readBatchHeader(batch);
    const records = isControl ? [] : decodeRecords(batch).map(decodeOne);
    yield { lastOffset, epoch: partitionLeaderEpoch, sizeBytes, records };
  }
}

function decodeOne({ offset, value }: LogRecord): MetadataRecord {
  if (value === null) throw new RangeError(`metadata record at offset ${offset} has no value`);
  return decodeMetadataRecord(value);
}

/** What raft needs to know of fetched batches: their range, and where epochs begin. Undefined when there is no whole one. */
export function outlineOf(bytes: Buffer) {
  const epochs: EpochStart[] = [];
  let baseOffset = -1;
  let endOffset = -1;
  let sizeBytes = 0;
  for (const batch of batchesOf(bytes)) {
    const header = readBatchHeader(batch);
    if (baseOffset < 0) baseOffset = header.baseOffset;
    if (header.partitionLeaderEpoch !== epochs.at(-1)?.epoch)
      epochs.push({ epoch: header.partitionLeaderEpoch, startOffset: header.baseOffset });
    endOffset = header.lastOffset + 1;
    sizeBytes += header.sizeBytes;
  }
  return baseOffset < 0 ? undefined : { baseOffset, endOffset, epochs, payload: bytes.subarray(0, sizeBytes) };
}
