import type { Disk, DiskFile } from '../../../base/disk.ts';
import * as layout from '../../../records/batch-layout.ts';
import type { LogConfig } from '../log-config.ts';
import type { FileOwner, OpenFiles } from '../open-files.ts';
import type { BatchVisitor, ScanResult } from './batch-scan.ts';
import { scanBatches } from './batch-scan.ts';
import type { SegmentSuffix } from './log-files.ts';
import { offsetFileName, segmentFileKinds } from './log-files.ts';
import { OffsetIndex } from './offset-index.ts';
import type { TimestampOffset } from './time-index.ts';
import { TimeIndex } from './time-index.ts';
import { TransactionIndex } from './transaction-index.ts';

/** Bytes read to find where a batch starts: an index interval and the headers around it. Shared, since reads are synchronous. */
const seekBytes = 8 * 1024;
const seekBuffer = Buffer.allocUnsafe(seekBytes);
const noBytes = Buffer.alloc(0);

export interface SegmentOptions {
  readonly disk: Disk;
  readonly folder: string;
  readonly baseOffset: number;
  /** Offset after the segment's last batch as far as it is known; the next segment's base for closed ones. */
  readonly endOffset: number;
  readonly config: Pick<LogConfig, 'segmentIndexBytes' | 'indexIntervalBytes'>;
  /** When the segment was made or loaded: its age when no batch has a timestamp. */
  readonly createdMs: number;
  /** Everything in the files is known to be on the disk: the log was closed in order. */
  readonly isSynced?: boolean;
  /** The segment takes appends: its file, opened to learn its length, stays open. */
  readonly isActive?: boolean;
  /** It has no index files: they are made by whoever scans it next. */
  readonly isUnindexed?: boolean;
  /** It has an index of aborted transactions. */
  readonly hasAborted?: boolean;
  /** Bounds how many files stay open; undefined: this one stays. */
  readonly files?: OpenFiles | undefined;
  /** What its file names end with while it is no part of the log yet. */
  readonly suffix?: SegmentSuffix;
}

/** Whole batches of a segment. */
export interface SegmentRead {
  readonly records: Buffer;
  /** Offset after the last batch of `records`. */
  readonly nextOffset: number;
}

/** Where a batch is. */
export interface BatchPlace {
  readonly position: number;
  readonly sizeBytes: number;
  readonly lastOffset: number;
}

/**
 * One `.log` file with its two indexes. Offsets ascend; the file holds whole batches only. The file is opened when it is
 * needed and stays open until `release`; indexes are read, and rebuilt when they cannot be right, on first use.
 */
export class Segment implements FileOwner {
  lastUse = 0;
  readonly baseOffset: number;
  readonly createdMs: number;
  /** Aborted transactions whose marker is in the segment. */
  readonly aborted: TransactionIndex;
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #config: SegmentOptions['config'];
  readonly #files: OpenFiles | undefined;
  readonly #suffix: SegmentSuffix;
  #file: DiskFile | undefined;
  #index: OffsetIndex;
  #timeIndex: TimeIndex;
  #hasSoundIndexes = false;
  #sizeBytes: number;
  #endOffset: number;
  #largest: TimestampOffset | undefined;
  #firstTimestampMs: number | undefined;
  #bytesSinceEntry = 0;
  /** Changes of the log file, and those that are known to be on the disk. */
  #changes: number;
  #syncedChanges = 0;
  /** Whether the indexes say all there is to say of a segment that takes no more batches. */
  #isFinished: boolean;

  private constructor(options: SegmentOptions, fresh: boolean) {
    const { disk, folder, baseOffset, config, createdMs, endOffset } = options;
    this.baseOffset = baseOffset;
    this.createdMs = createdMs;
    this.#disk = disk;
    this.#folder = folder;
    this.#config = config;
    this.#files = options.files;
    this.#suffix = options.suffix ?? '';
    this.#endOffset = endOffset;
    this.#changes = fresh || options.isSynced ? 0 : 1;
    this.#isFinished = fresh || options.isSynced === true;
    const indexes = options.isUnindexed ? 'absent' : fresh;
    this.#index = this.#newIndex(indexes);
    this.#timeIndex = this.#newTimeIndex(indexes);
    if (indexes) {
      this.#hasSoundIndexes = true;
      this.#largest = { timestampMs: -1, offset: baseOffset };
    }
    const aborted = options.hasAborted ? false : 'absent';
    this.aborted = new TransactionIndex({ disk, path: this.pathOf('txnindex'), fresh: fresh || aborted });
    this.#sizeBytes = fresh ? 0 : this.#open().size;
  }

  /** An empty segment whose file is made with its first batch. Files of an older one with this base offset must be gone, except for its indexes. */
  static begin(options: SegmentOptions): Segment {
    return new Segment(options, true);
  }

  /** The same, with its file, whose name says where the log goes on. */
  static create(options: SegmentOptions): Segment {
    const segment = Segment.begin(options);
    segment.#open();
    return segment;
  }

  /** Takes up the files of a segment that exists. Nothing but the length of the log file is looked at. */
  static load(options: SegmentOptions): Segment {
    const segment = new Segment(options, false);
    if (!options.isActive) segment.release();
    return segment;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get endOffset(): number {
    return this.#endOffset;
  }

  /** Whether an index has no room for another entry. */
  get isIndexFull(): boolean {
    this.#ensureIndexes();
    return this.#index.isFull || this.#timeIndex.isFull;
  }

  /** No index entry was ever due, so that there are no index files, and whoever loads the segment scans it as a whole. */
  get isUnindexed(): boolean {
    return this.#index.isUnborn;
  }

  /** Largest timestamp and the last offset of the batch that has it; -1 when no batch has one. */
  get largestTimestamp(): TimestampOffset {
    this.#ensureIndexes();
    this.#largest ??= this.#timeIndex.last; // a closed segment's last entry is its largest timestamp
    return this.#largest;
  }

  /** Largest timestamp of the first batch, from which `segment.ms` counts; -1 while there is none. */
  get firstTimestampMs(): number {
    if (this.#firstTimestampMs === undefined && this.#sizeBytes >= layout.batchHeaderBytes) {
      this.#open().read(seekBuffer, 0, layout.batchHeaderBytes, 0);
      this.#firstTimestampMs = layout.maxTimestampOf(seekBuffer, 0);
    }
    return this.#firstTimestampMs ?? -1;
  }

  /** Appends whole batches with one write and notes them in the indexes. Nothing has changed when the disk refuses. */
  append(records: Buffer): void {
    const position = this.#sizeBytes;
    this.#open().append([records]);
    this.#sizeBytes += records.length;
    this.#changes++;
    this.#isFinished = false;
    for (let at = 0; at < records.length; at += layout.sizeOf(records, at)) this.#note(records, at, position + at);
  }

  /** Kafka's rule: an entry for the first batch after more than `index.interval.bytes` of log, before that batch counts. */
  #note(buffer: Buffer, at: number, position: number): void {
    const lastOffset = layout.lastOffsetOf(buffer, at);
    // The time of a batch that compaction emptied is that of no record.
    const timestampMs = layout.recordCountOf(buffer, at) === 0 ? -1 : layout.maxTimestampOf(buffer, at);
    if (position === 0) this.#firstTimestampMs = timestampMs;
    if (timestampMs > this.#largest!.timestampMs) this.#largest = { timestampMs, offset: lastOffset };
    if (this.#bytesSinceEntry > this.#config.indexIntervalBytes) {
      this.#index.append(lastOffset, position);
      this.#timeIndex.append(this.#largest!.timestampMs, this.#largest!.offset);
      this.#bytesSinceEntry = 0;
    }
    this.#bytesSinceEntry += layout.sizeOf(buffer, at);
    this.#endOffset = lastOffset + 1;
  }

  /**
   * Whole batches from the one that holds `offset` (or follows it), up to `maxBytes` and only such that end before `before`.
   * With `atLeastOne` the first batch comes whole even when it is larger (KIP-74). undefined: no batch at or after `offset`.
   */
  read(offset: number, maxBytes: number, before: number, atLeastOne: boolean): SegmentRead | undefined {
    const place = this.find(offset);
    if (!place) return undefined;
    const wanted = atLeastOne ? Math.max(maxBytes, place.sizeBytes) : maxBytes;
    if (place.lastOffset >= before || wanted < place.sizeBytes) return { records: noBytes, nextOffset: offset };
    const buffer = Buffer.allocUnsafe(Math.min(wanted, this.#sizeBytes - place.position));
    const length = this.#open().read(buffer, 0, buffer.length, place.position);
    let end = 0;
    let nextOffset = offset;
    while (length - end >= layout.batchHeaderBytes) {
      const size = layout.sizeOf(buffer, end);
      const lastOffset = layout.lastOffsetOf(buffer, end);
      if (end + size > length || lastOffset >= before) break;
      end += size;
      nextOffset = lastOffset + 1;
    }
    return { records: buffer.subarray(0, end), nextOffset };
  }

  /** Reads into `target` from `position` on; returns how many bytes there were. */
  readAt(position: number, target: Buffer): number {
    return this.#open().read(target, 0, Math.min(target.length, this.#sizeBytes - position), position);
  }

  /** The first batch whose last offset is at or above `offset`. */
  find(offset: number): BatchPlace | undefined {
    this.#ensureIndexes();
    if (this.#sizeBytes === 0) return undefined;
    let position = this.#index.lookup(offset).position;
    const file = this.#open();
    while (position + layout.batchHeaderBytes <= this.#sizeBytes) {
      const length = file.read(seekBuffer, 0, Math.min(seekBytes, this.#sizeBytes - position), position);
      let at = 0;
      while (at + layout.batchHeaderBytes <= length) {
        const lastOffset = layout.lastOffsetOf(seekBuffer, at);
        const sizeBytes = layout.sizeOf(seekBuffer, at);
        if (lastOffset >= offset) return { position: position + at, sizeBytes, lastOffset };
        at += sizeBytes;
      }
      position += at;
    }
    return undefined;
  }

  /** A batch boundary at or a little before `position` bytes into the file. */
  boundaryBefore(position: number): number {
    this.#ensureIndexes();
    return this.#index.boundaryBefore(position);
  }

  /** The first batch with a timestamp at or above `timestampMs` that ends at or after `fromOffset`, as a whole. */
  findTimestamp(timestampMs: number, fromOffset: number): Buffer | undefined {
    this.#ensureIndexes();
    const start = Math.max(this.#timeIndex.lookup(timestampMs).offset, fromOffset);
    let found: Buffer | undefined;
    this.scan(this.find(start)?.position ?? this.#sizeBytes, false, (buffer, at) => {
      if (layout.maxTimestampOf(buffer, at) < timestampMs) return true;
      found = Buffer.from(buffer.subarray(at, at + layout.sizeOf(buffer, at)));
      return false;
    });
    return found;
  }

  /** Walks the batches from `position` (a batch boundary) to the end of the file. */
  scan(position: number, checked: boolean, visit: BatchVisitor): ScanResult {
    if (position >= this.#sizeBytes) return { endPosition: position, fault: undefined };
    return scanBatches(this.#open(), position, this.#sizeBytes, checked, visit);
  }

  /** Rebuilds the indexes from the batches, checking each one; `accepts` may stop at a batch that cannot be. Does not cut the file. */
  recover(accepts: BatchVisitor): ScanResult {
    this.#resetIndexes();
    return this.scan(0, true, (buffer, at, position) => {
      if (accepts(buffer, at, position) === false) return false;
      this.#note(buffer, at, position);
      return true;
    });
  }

  /** Checks what follows the last index entry: all that a clean shutdown leaves to look at. Does not cut the file. */
  checkTail(accepts: BatchVisitor): ScanResult {
    this.#ensureIndexes();
    this.#forgetTail();
    if (this.isUnindexed) this.#isFinished = this.#sizeBytes === 0;
    return this.scan(this.#index.last.position, true, (buffer, at, position) => {
      if (accepts(buffer, at, position) === false) return false;
      this.#note(buffer, at, position);
      return true;
    });
  }

  /** Cuts the file at a batch boundary. Durable at once: cut records must not come back after a crash. */
  cutTo(position: number): void {
    if (position >= this.#sizeBytes) return;
    this.#open().truncate(position);
    this.#changes++;
    this.#isFinished = false;
    this.syncNow();
    this.#sizeBytes = position;
    if (position === 0) this.#firstTimestampMs = undefined;
  }

  /** Drops every batch that holds or follows `offset`. */
  truncateTo(offset: number): void {
    const place = this.find(offset);
    if (place) this.cutTo(place.position);
    this.#index.truncateTo(offset);
    this.#timeIndex.truncateTo(offset);
    this.aborted.truncateTo(offset);
    this.#forgetTail();
    this.scan(this.#index.last.position, false, (buffer, at, position) => {
      this.#note(buffer, at, position);
      return true;
    });
  }

  #forgetTail(): void {
    this.#largest = this.#timeIndex.last;
    this.#bytesSinceEntry = 0;
    this.#endOffset = this.#index.entries ? this.#index.last.offset + 1 : this.baseOffset;
  }

  /** Waits until what has been appended is durable. */
  async sync(): Promise<void> {
    const changes = this.#changes;
    if (changes === this.#syncedChanges) return;
    const wasOpen = this.#file !== undefined;
    const synced = this.#open().sync();
    if (!wasOpen) this.abandon(); // closing waits for the sync that runs
    await synced;
    this.#syncedChanges = Math.max(this.#syncedChanges, changes);
  }

  /** The same, blocking. */
  syncNow(): void {
    if (this.#changes === this.#syncedChanges) return;
    this.#open().syncNow();
    this.#syncedChanges = this.#changes;
  }

  /** The segment takes no more batches: its time index gets its last entry, and both indexes are written and synced. */
  finish(): void {
    this.aborted.settle();
    if (this.#isFinished) return;
    this.#closeTimeIndex();
    this.#index.settle();
    this.#timeIndex.settle();
    this.#isFinished = true;
  }

  /** The same, without blocking, of a segment that nobody else uses yet; its records are synced as well. */
  async finishInBackground(): Promise<void> {
    await this.sync();
    this.aborted.settle();
    this.#closeTimeIndex();
    await this.#index.settleInBackground();
    await this.#timeIndex.settleInBackground();
    this.#isFinished = true;
  }

  #closeTimeIndex(): void {
    const largest = this.largestTimestamp;
    if (largest.timestampMs >= 0) this.#timeIndex.append(largest.timestampMs, largest.offset, true);
  }

  /** Closes the file and lets go of the indexes; the next call takes them up again. */
  release(): void {
    this.abandon();
    this.#index.unload();
    this.#timeIndex.unload();
    this.aborted.unload();
  }

  /** Closes the file and drops index entries that have not been written, as a crash would. */
  abandon(): void {
    this.#files?.closed(this);
    this.closeFile();
  }

  /** Closes the file only; the next call opens it again. */
  closeFile(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  /** Removes all files of the segment. */
  remove(): void {
    this.abandon();
    for (const kind of segmentFileKinds) this.#disk.remove(this.pathOf(kind));
  }

  pathOf(kind: 'log' | 'index' | 'timeindex' | 'txnindex'): string {
    return `${this.#folder}/${offsetFileName(this.baseOffset, kind)}${this.#suffix}`;
  }

  #open(): DiskFile {
    if (this.#file) {
      this.#files?.used(this);
      return this.#file;
    }
    this.#file = this.#disk.open(this.pathOf('log'));
    this.#files?.opened(this);
    return this.#file;
  }

  #ensureIndexes(): void {
    if (this.#hasSoundIndexes) return;
    const sound = this.#index.isPlausible(this.#sizeBytes) && this.#timeIndex.isPlausible(this.#endOffset);
    if (sound) this.#hasSoundIndexes = true;
    else this.#rebuildIndexes();
  }

  #rebuildIndexes(): void {
    const endOffset = this.#endOffset;
    this.#resetIndexes();
    this.scan(0, false, (buffer, at, position) => {
      this.#note(buffer, at, position);
      return true;
    });
    this.#endOffset = Math.max(endOffset, this.#endOffset);
    const largest = this.largestTimestamp;
    if (largest.timestampMs >= 0) this.#timeIndex.append(largest.timestampMs, largest.offset, true);
  }

  #resetIndexes(): void {
    this.#isFinished = this.#sizeBytes === 0;
    if (!this.#index.isUnborn || !this.#timeIndex.isUnborn) {
      this.#index = this.#newIndex(true);
      this.#timeIndex = this.#newTimeIndex(true);
    }
    this.#hasSoundIndexes = true;
    this.#largest = { timestampMs: -1, offset: this.baseOffset };
    this.#bytesSinceEntry = 0;
    this.#endOffset = this.baseOffset;
  }

  #newIndex(fresh: boolean | 'absent'): OffsetIndex {
    const options = { disk: this.#disk, path: this.pathOf('index'), bytesMax: this.#config.segmentIndexBytes, fresh };
    return new OffsetIndex(this.baseOffset, options);
  }

  #newTimeIndex(fresh: boolean | 'absent'): TimeIndex {
    const options = {
      disk: this.#disk,
      path: this.pathOf('timeindex'),
      bytesMax: this.#config.segmentIndexBytes,
      fresh,
    };
    return new TimeIndex(this.baseOffset, options);
  }
}
