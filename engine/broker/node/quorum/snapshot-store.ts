import type { Disk } from '../../../base/disk.ts';
import { MillraceError } from '../../../base/errors.ts';
import type { MetadataRecord } from '../../../protocol/metadata-record.ts';
import { ImageDelta } from '../../controller/image-delta.ts';
import { imageRecords } from '../../controller/image-records.ts';
import { MetadataImage } from '../../controller/metadata-image.ts';
import type { SnapshotId } from '../../raft/log-view.ts';
import type { Voter } from '../../raft/voter-sets.ts';
import {
  decodeMetadataBatches,
  encodeMetadataBatch,
  encodeSnapshotFooter,
  encodeSnapshotHeader,
  encodeVoters,
  voterSetsIn,
} from './metadata-batches.ts';

const filePattern = /^(\d{20})-(\d{10})\.checkpoint$/;
/** Records in one batch of a snapshot. */
const batchRecordsMax = 1_000;
/** The voters are said at the start of a snapshot, within this. */
const votersWithinBytes = 65_536;
/** Largest snapshot that is taken from a leader, in bytes. */
const snapshotBytesMax = 268_435_456;

/** Snapshots beside the metadata log: `<end offset>-<epoch>.checkpoint`, batches as in a log (KIP-630). The newest one counts. */
export class SnapshotStore {
  readonly #disk: Disk;
  readonly #folder: string;
  #draft: { readonly id: SnapshotId; readonly chunks: Buffer[]; sizeBytes: number } | undefined;
  #cached: { readonly path: string; readonly content: Buffer } | undefined;

  constructor(disk: Disk, folder: string) {
    this.#disk = disk;
    this.#folder = folder;
  }

  newest(): SnapshotId | undefined {
    return this.#ids().at(-1);
  }

  /** Writes what the image holds, and who votes where the log says so, durably. */
  save(image: MetadataImage, nowMs: number, voters?: readonly Voter[]): SnapshotId {
    const id = { offset: image.offset + 1, epoch: image.epoch };
    const chunks = [encodeSnapshotHeader(nowMs, nowMs)];
    let offset = 1;
    if (voters) {
      chunks.push(encodeVoters(voters, true, nowMs, offset));
      offset += 2;
    }
    let records: MetadataRecord[] = [];
    const flush = () => {
      if (records.length === 0) return;
      chunks.push(encodeMetadataBatch(records, nowMs, offset));
      offset += records.length;
      records = [];
    };
    for (const record of imageRecords(image)) {
      records.push(record);
      if (records.length >= batchRecordsMax) flush();
    }
    flush();
    chunks.push(encodeSnapshotFooter(nowMs, offset));
    this.#write(id, Buffer.concat(chunks));
    return id;
  }

  /** The image that a snapshot holds. */
  load(id: SnapshotId, clusterId: string): MetadataImage {
    const content = this.#content(id);
    if (!content) throw new MillraceError('SNAPSHOT_MISSING', `expected the snapshot ${this.#path(id)}, found none`);
    const delta = new ImageDelta(MetadataImage.empty(clusterId));
    for (const { records } of decodeMetadataBatches(content)) for (const record of records) delta.apply(record);
    return delta.build(id.offset - 1, id.epoch);
  }

  /** Who votes at the end of a snapshot; undefined where it does not say. */
  votersOf(id: SnapshotId): readonly Voter[] | undefined {
    const content = this.#content(id);
    return content && voterSetsIn(content.subarray(0, votersWithinBytes)).at(-1)?.voters;
  }

  /** The same of the snapshot that comes from the leader, of which `bytes` is the piece at `position`. */
  votersOfDraft(position: number, bytes: Buffer): readonly Voter[] | undefined {
    const first = position === 0 ? bytes : this.#draft?.chunks[0];
    return first && voterSetsIn(first.subarray(0, votersWithinBytes)).at(-1)?.voters;
  }

  /** A piece of a snapshot; undefined when it is gone. */
  read(id: SnapshotId, position: number, bytesMax: number): { bytes: Buffer; sizeBytes: number } | undefined {
    const content = this.#content(id);
    if (!content) return undefined;
    return { bytes: content.subarray(position, position + bytesMax), sizeBytes: content.length };
  }

  /** Collects a piece of a snapshot that comes from the leader; position 0 begins anew. */
  addToDraft(id: SnapshotId, position: number, bytes: Buffer): void {
    if (position === 0 || !this.#draft) this.#draft = { id, chunks: [], sizeBytes: 0 };
    const draft = this.#draft;
    if (draft.sizeBytes !== position || draft.sizeBytes + bytes.length > snapshotBytesMax)
      throw new MillraceError(
        'SNAPSHOT_DRAFT',
        `expected bytes from ${draft.sizeBytes} on, up to ${snapshotBytesMax}, found ${bytes.length} at ${position}`,
      );
    draft.chunks.push(Buffer.from(bytes));
    draft.sizeBytes += bytes.length;
  }

  /** Makes the collected pieces the newest snapshot. */
  finishDraft(id: SnapshotId): void {
    const chunks = this.#draft?.chunks ?? [];
    this.#draft = undefined;
    this.#write(id, Buffer.concat(chunks));
  }

  #write(id: SnapshotId, content: Buffer): void {
    this.#disk.writeFileAtomic(this.#path(id), content);
    this.#cached = undefined;
    for (const older of this.#ids()) if (older.offset < id.offset) this.#disk.remove(this.#path(older));
  }

  #content(id: SnapshotId): Buffer | undefined {
    const path = this.#path(id);
    if (this.#cached?.path === path) return this.#cached.content;
    const content = this.#disk.readFile(path);
    this.#cached = content && { path, content };
    return content;
  }

  #ids(): SnapshotId[] {
    return this.#disk.list(this.#folder).flatMap((name) => {
      const match = filePattern.exec(name);
      return match ? { offset: Number(match[1]), epoch: Number(match[2]) } : [];
    });
  }

  #path({ offset, epoch }: SnapshotId): string {
    return `${this.#folder}/${String(offset).padStart(20, '0')}-${String(epoch).padStart(10, '0')}.checkpoint`;
  }
}
