import type { Disk } from '../../../base/disk.ts';
import { readInt64, sequenceAfter, writeInt64 } from '../../../records/batch-layout.ts';
import { crc32c } from '../../../records/crc32c.ts';
import { offsetFileName } from '../segment/log-files.ts';
import type { ProducerEntry } from './producer-entry.ts';

/** Kafka's ProducerSnapshot, version 1: int16 version, uint32 CRC-32C of all that follows, int32 count, entries. */
const version = 1;
const crcFromByte = 6;
const headerBytes = 10;
const entryBytes = 46;

/** The bytes of a `.snapshot` file. As in Kafka only the last batch of each producer is kept. */
export function encodeSnapshot(entries: Iterable<ProducerEntry>): Buffer {
  const list = [...entries];
  const bytes = Buffer.alloc(headerBytes + list.length * entryBytes);
  bytes.writeInt16BE(version, 0);
  bytes.writeInt32BE(list.length, crcFromByte);
  list.forEach((entry, index) => {
    const at = headerBytes + index * entryBytes;
    const last = entry.batches.at(-1);
    writeInt64(bytes, entry.producerId, at);
    bytes.writeInt16BE(entry.epoch, at + 8);
    bytes.writeInt32BE(last ? last.lastSequence : -1, at + 10);
    writeInt64(bytes, last ? last.lastOffset : -1, at + 14);
    bytes.writeInt32BE(last ? last.lastOffset - last.baseOffset : 0, at + 22);
    writeInt64(bytes, entry.lastTimestampMs, at + 26);
    bytes.writeInt32BE(entry.coordinatorEpoch, at + 34);
    writeInt64(bytes, entry.currentTxnFirstOffset, at + 38);
  });
  bytes.writeUInt32BE(crc32c(bytes, crcFromByte), 2);
  return bytes;
}

/** The entries of a snapshot; undefined when version, checksum or length are wrong. */
export function decodeSnapshot(bytes: Buffer): ProducerEntry[] | undefined {
  if (bytes.length < headerBytes || bytes.readInt16BE(0) !== version) return undefined;
  if (crc32c(bytes, crcFromByte) !== bytes.readUInt32BE(2)) return undefined;
  const count = bytes.readInt32BE(crcFromByte);
  if (count < 0 || bytes.length !== headerBytes + count * entryBytes) return undefined;
  return Array.from({ length: count }, (_, index) => readEntry(bytes, headerBytes + index * entryBytes));
}

function readEntry(bytes: Buffer, at: number): ProducerEntry {
  const lastSequence = bytes.readInt32BE(at + 10);
  const lastOffset = readInt64(bytes, at + 14);
  const offsetDelta = bytes.readInt32BE(at + 22);
  const timestampMs = readInt64(bytes, at + 26);
  const baseSequence = sequenceBefore(lastSequence, offsetDelta);
  const last = { baseSequence, lastSequence, baseOffset: lastOffset - offsetDelta, lastOffset, timestampMs };
  return {
    producerId: readInt64(bytes, at),
    epoch: bytes.readInt16BE(at + 8),
    batches: lastSequence < 0 ? [] : [last],
    lastTimestampMs: timestampMs,
    coordinatorEpoch: bytes.readInt32BE(at + 34),
    currentTxnFirstOffset: readInt64(bytes, at + 38),
  };
}

function sequenceBefore(sequence: number, delta: number): number {
  return sequence >= delta ? sequence - delta : sequenceAfter(sequence, 0x80000000 - delta);
}

/** Offsets of the snapshot files in `names`, ascending. A snapshot at N covers all batches below N. */
export function snapshotOffsets(names: readonly string[]): number[] {
  return names
    .filter((name) => /^\d{20}\.snapshot$/.test(name))
    .map((name) => Number(name.slice(0, 20)))
    .sort((a, b) => a - b);
}

export function snapshotPath(folder: string, offset: number): string {
  return `${folder}/${offsetFileName(offset, 'snapshot')}`;
}

/** Writes the snapshot at `offset` as a whole. */
export function writeSnapshot(disk: Disk, folder: string, offset: number, entries: Iterable<ProducerEntry>): void {
  disk.writeFileAtomic(snapshotPath(folder, offset), encodeSnapshot(entries));
}
