import { decode, encodeToBuffer } from '../../../protocol/codec.ts';
import type { MetadataRecord } from '../../../protocol/metadata-record.ts';
import { decodeMetadataRecord, encodeMetadataRecord } from '../../../protocol/metadata-record.ts';
import { kRaftVersionRecord } from '../../../protocol/schemas/records/kraft-version-record.ts';
import { leaderChangeMessage } from '../../../protocol/schemas/records/leader-change-message.ts';
import { snapshotFooterRecord } from '../../../protocol/schemas/records/snapshot-footer-record.ts';
import { snapshotHeaderRecord } from '../../../protocol/schemas/records/snapshot-header-record.ts';
import { votersRecord } from '../../../protocol/schemas/records/voters-record.ts';
import { zeroUuid } from '../../../protocol/uuid.ts';
import type { LogRecord } from '../../../records/record-batch.ts';
import { batchesOf, decodeRecords, encodeBatch, readBatchHeader } from '../../../records/record-batch.ts';
import { features } from '../../controller/features/supported-features.ts';
import { newFeatureLevel } from '../../controller/new-record.ts';
import type { EpochStart } from '../../raft/log-view.ts';
import type { Voter, VoterSet } from '../../raft/voter-sets.ts';

/** Types of control records in the raft log. */
const controlTypes = { leaderChange: 2, snapshotHeader: 3, snapshotFooter: 4, kraftVersion: 5, voters: 6 } as const;
/** kraft.version of a log that says who votes (KIP-853). */
const dynamicKraftVersion = 1;
/** The listener's name of a voter's endpoint. */
export const controllerListenerName = 'CONTROLLER';

/** Where a batch lies and what it holds. Of control batches only the version of raft is metadata: a feature's level. */
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

/** The voters from here on, behind the version of raft where nothing in the log said one before. */
export function encodeVoters(voters: readonly Voter[], isFirst: boolean, timestampMs: number, baseOffset = 0): Buffer {
  const version = encodeToBuffer(kRaftVersionRecord, 0, { version: 0, kRaftVersion: dynamicKraftVersion });
  const set = encodeToBuffer(votersRecord, 0, {
    version: 0,
    voters: voters.map(({ id, directoryId, host, port }) => ({
      voterId: id,
      voterDirectoryId: directoryId || zeroUuid,
      endpoints: [{ name: controllerListenerName, host, port }],
      kRaftVersionFeature: { minSupportedVersion: 0, maxSupportedVersion: dynamicKraftVersion },
    })),
  });
  const first = isFirst ? [controlRecord(controlTypes.kraftVersion, version)] : [];
  const records = [...first, controlRecord(controlTypes.voters, set)];
  return encodeBatch({ baseTimestamp: timestampMs, baseOffset, isControl: true, records });
}

function encodeControl(type: number, value: Buffer, timestampMs: number, baseOffset: number): Buffer {
  return encodeBatch({
    baseTimestamp: timestampMs,
    baseOffset,
    isControl: true,
    records: [controlRecord(type, value)],
  });
}

function controlRecord(type: number, value: Buffer) {
  const key = Buffer.alloc(4);
  key.writeInt16BE(type, 2);
  return { key, value };
}

/** What a control batch says of the version of raft: the feature of that name has no record of its own (KAFKA-18979). */
function featuresIn(batch: Buffer): MetadataRecord[] {
  return controlRecordsOf(batch, controlTypes.kraftVersion).map(({ value }) =>
    newFeatureLevel(features.kraftVersion.name, decode(kRaftVersionRecord, 0, value).kRaftVersion),
  );
}

/** The sets of voters in a piece of the log or of a snapshot. */
export function voterSetsIn(bytes: Buffer): VoterSet[] {
  return [...batchesOf(bytes)].filter((batch) => readBatchHeader(batch).isControl).flatMap(votersIn);
}

function votersIn(batch: Buffer): VoterSet[] {
  return controlRecordsOf(batch, controlTypes.voters).map(({ offset, value }) => ({
    offset,
    voters: decode(votersRecord, 0, value).voters.map(({ voterId, voterDirectoryId, endpoints }) => ({
      id: voterId,
      directoryId: voterDirectoryId === zeroUuid ? '' : voterDirectoryId,
      host: endpoints[0]?.host ?? '',
      port: endpoints[0]?.port ?? 0,
    })),
  }));
}

function controlRecordsOf(batch: Buffer, type: number): { offset: number; value: Buffer }[] {
  return decodeRecords(batch).flatMap(({ offset, key, value }) =>
    key && value && key.length >= 4 && key.readInt16BE(2) === type ? { offset, value } : [],
  );
}

/** The batches in a piece of the log or of a snapshot, decoded. A partial one at the end is left out. */
export function* decodeMetadataBatches(bytes: Buffer): Generator<MetadataBatch> {
  for (const batch of batchesOf(bytes)) {
    const { lastOffset, partitionLeaderEpoch, sizeBytes, isControl } = readBatchHeader(batch);
    const records = isControl ? featuresIn(batch) : decodeRecords(batch).map(decodeOne);
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
  const voterSets: VoterSet[] = [];
  let baseOffset = -1;
  let endOffset = -1;
  let sizeBytes = 0;
  for (const batch of batchesOf(bytes)) {
    const header = readBatchHeader(batch);
    if (baseOffset < 0) baseOffset = header.baseOffset;
    if (header.partitionLeaderEpoch !== epochs.at(-1)?.epoch)
      epochs.push({ epoch: header.partitionLeaderEpoch, startOffset: header.baseOffset });
    if (header.isControl) voterSets.push(...votersIn(batch));
    endOffset = header.lastOffset + 1;
    sizeBytes += header.sizeBytes;
  }
  return baseOffset < 0
    ? undefined
    : { baseOffset, endOffset, epochs, voterSets, payload: bytes.subarray(0, sizeBytes) };
}
