import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import type { Disk } from '../../base/disk.ts';
import type { Log } from '../../base/log.ts';
import type { Result } from '../../base/result.ts';
import { ok, refused } from '../../base/result.ts';
import type { Int64 } from '../../protocol/int64.ts';
import * as layout from '../../records/batch-layout.ts';
import type { EpochCache, EpochEnd, EpochStart } from './epoch-cache.ts';
import type { InflationGate } from './inflation-gate.ts';
import type { LoadedLog } from './loader.ts';
import { loadLog } from './loader.ts';
import type { LogConfig } from './log-config.ts';
import { segmentOffsets } from './log-files.ts';
import type { AppendInfo, LogRead, ReadOptions } from './log-operations.ts';
import type { LogErrorCode, LogRefusal } from './log-refusal.ts';
import { logError, refuse } from './log-refusal.ts';
import type { OpenFiles } from './open-files.ts';
import { loadProducers } from './producer-loader.ts';
import { snapshotOffsets, snapshotPath, writeSnapshot } from './producer-snapshot.ts';
import type { ProducerState } from './producer-state.ts';
import type { RetainedSegment } from './retention.ts';
import { deletableSegments } from './retention.ts';
import { Segment } from './segment.ts';
import type { Segments } from './segments.ts';
import { mustRoll } from './segments.ts';
import { removeStartOffset, writeStartOffset } from './start-offset-file.ts';
import type { FoundTimestamp, TimestampedOffset } from './timestamp-lookup.ts';
import { findLargestTimestamp, findTimestamp } from './timestamp-lookup.ts';
import type { AppendOrigin, ChunkFacts } from './validator.ts';
import { checkChunk, emptyFacts } from './validator.ts';

export type { AppendInfo, EpochEnd, EpochStart, LogErrorCode, LogRead, LogRefusal, ReadOptions, TimestampedOffset };

export interface PartitionLogOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly log: Log;
  /** The partition's folder; its last part is `<topic>-<partition>`. */
  readonly folder: string;
  readonly config: LogConfig;
  /** Whether the previous owner closed the log with `clean`. */
  readonly cleanShutdown: boolean;
  /** Offset below which everything is known to be on the disk (`recoveryPoint` of an earlier run); 0 looks at all after a crash. */
  readonly recoveryPoint?: number;
  /** Bounds the files that all logs keep open; undefined: this log's active one stays open. */
  readonly files?: OpenFiles;
  /** Hears of a sync in the background that failed. */
  readonly onFailure?: (error: unknown) => void;
}

const noBytes = Buffer.alloc(0);

/**
 * The log of one partition, in Kafka's files. One owner, one thread; every call but `flush` is synchronous. The disk's
 * errors (MillraceError `DISK_*`) are thrown; after a failed append nothing has changed.
 */
export class PartitionLog {
  readonly folder: string;
  readonly #disk: Disk;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #files: OpenFiles | undefined;
  readonly #onFailure: (error: unknown) => void;
  readonly #segments: Segments;
  readonly #epochs: EpochCache;
  readonly #producers: ProducerState;
  readonly #facts: ChunkFacts = emptyFacts();
  #config: LogConfig;
  #startOffset: number;
  #endOffset: number;
  #highWatermark: number;
  #recoveryPoint: number;
  /** Counts cuts, so that a flush that was under way does not vouch for bytes that were cut and written anew. */
  #cuts = 0;
  #syncFailure: unknown;
  #isClosed = false;

  private constructor(options: PartitionLogOptions, loaded: LoadedLog) {
    this.folder = options.folder;
    this.#disk = options.disk;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#files = options.files;
    this.#onFailure = options.onFailure ?? (() => {});
    this.#config = options.config;
    this.#segments = loaded.segments;
    this.#epochs = loaded.epochs;
    this.#producers = loaded.producers;
    this.#startOffset = loaded.startOffset;
    this.#endOffset = loaded.endOffset;
    this.#highWatermark = loaded.startOffset;
    this.#recoveryPoint = options.cleanShutdown
      ? loaded.endOffset
      : Math.min(options.recoveryPoint ?? 0, loaded.endOffset);
  }

  /** Opens the log in `folder`, repairing what a crash left; makes an empty one when there is none. */
  static open(options: PartitionLogOptions): PartitionLog {
    const { disk, folder, config, cleanShutdown, recoveryPoint = 0, clock, log, files } = options;
    const loaded = loadLog({ disk, folder, config, cleanShutdown, recoveryPoint, nowMs: clock.now(), files });
    if (loaded.damage) log.warn('cut a damaged log', { folder, endOffset: loaded.endOffset, ...loaded.damage });
    return new PartitionLog(options, loaded);
  }

  /** Offset of the first record that may be read. */
  get startOffset(): number {
    return this.#startOffset;
  }

  /** Offset that the next record gets (LEO). */
  get endOffset(): number {
    return this.#endOffset;
  }

  /** Latest leader epoch; -1 when there is none. */
  get latestEpoch(): number {
    return this.#epochs.latest;
  }

  /** Leader epochs with their start offsets, oldest first. */
  get epochs(): readonly EpochStart[] {
    return this.#epochs.entries;
  }

  get sizeBytes(): number {
    return this.#segments.sizeBytes;
  }

  get segmentCount(): number {
    return this.#segments.all.length;
  }

  get highWatermark(): number {
    return this.#highWatermark;
  }

  /** Offset below which everything has been synced; store it (recovery-point-offset-checkpoint) to shorten recovery after a crash. */
  get recoveryPoint(): number {
    return this.#recoveryPoint;
  }

  get config(): LogConfig {
    return this.#config;
  }

  /** Idempotent producers that are remembered, for DescribeProducers. */
  get producers(): ProducerState['entries'] {
    return this.#producers.entries;
  }

  /**
   * Appends as the partition's leader: checks the batches, gives them offsets and `leaderEpoch` IN PLACE in `records`, and
   * writes them. A client's repeated batch is answered with its first offsets and not written.
   */
  appendAsLeader(
    records: Buffer,
    options: {
      readonly leaderEpoch: number;
      readonly origin: Exclude<AppendOrigin, 'replica'>;
      /** The records of a client's compressed batch, where they have been inflated already (`prepareBatch`). */
      readonly inflated?: Buffer | undefined;
    },
  ): Result<AppendInfo, LogRefusal> {
    const nowMs = this.#clock.now();
    const refusal =
      checkChunk(records, options.origin, this.#config, nowMs, this.#facts, options.inflated) ??
      this.#checkChunkSize(records);
    if (refusal) return refused(refusal);
    if (options.origin === 'client') {
      const verdict = this.#producers.check(records, 0);
      if (verdict.kind === 'refuse') return refused(verdict.refusal);
      if (verdict.kind === 'duplicate') {
        const { baseOffset, lastOffset, timestampMs } = verdict.batch;
        const logAppendTimeMs = this.#config.isLogAppendTime ? timestampMs : -1;
        return ok({ firstOffset: baseOffset, lastOffset, logAppendTimeMs, duplicate: true, sizeBytes: 0 });
      }
    }
    const stampTime = this.#config.isLogAppendTime && options.origin === 'client';
    this.#stamp(records, options.leaderEpoch, stampTime ? nowMs : -1);
    return ok(this.#write(records, nowMs, stampTime ? nowMs : -1));
  }

  /**
   * Appends a leader's batches as they are. Refused with OFFSET_OUT_OF_RANGE when they do not start at the end offset; a
   * compacted log may leave offsets out. An empty log also takes a first batch that begins below its start (the leader's
   * start offset may lie inside a batch).
   */
  appendAsFollower(records: Buffer): Result<AppendInfo, LogRefusal> {
    const nowMs = this.#clock.now();
    const refusal = checkChunk(records, 'replica', this.#config, nowMs, this.#facts);
    if (refusal) return refused(refusal);
    const { firstOffset } = this.#facts;
    const startOffset = this.#startOffset;
    const isEmpty = this.#segments.sizeBytes === 0;
    if (isEmpty && firstOffset < this.#endOffset && layout.lastOffsetOf(records, 0) >= this.#endOffset)
      this.truncateFullyAndStartAt(firstOffset);
    if (firstOffset !== this.#endOffset && !(this.#config.isCompacted && firstOffset > this.#endOffset))
      return refuse(
        logError.OFFSET_OUT_OF_RANGE,
        `expected batches from offset ${this.#endOffset} on, found ${firstOffset}`,
      );
    const info = this.#write(records, nowMs, -1);
    this.deleteRecordsBefore(startOffset);
    return ok(info);
  }

  #checkChunkSize(records: Buffer): LogRefusal | undefined {
    if (records.length <= this.#config.segmentBytes) return undefined;
    const message = `${records.length} bytes do not fit a segment of ${this.#config.segmentBytes}`;
    return { code: logError.RECORD_LIST_TOO_LARGE, message };
  }

  #stamp(records: Buffer, leaderEpoch: number, appendTimeMs: number): void {
    let offset = this.#endOffset;
    this.#facts.firstOffset = offset;
    for (let at = 0; at < records.length; at += layout.sizeOf(records, at)) {
      layout.stampBatch(records, at, offset, leaderEpoch);
      if (appendTimeMs >= 0) layout.stampAppendTime(records, at, appendTimeMs);
      offset += layout.lastOffsetDeltaOf(records, at) + 1;
    }
    this.#facts.lastOffset = offset - 1;
    if (appendTimeMs >= 0) this.#facts.maxTimestampMs = appendTimeMs;
  }

  /** Writes checked and stamped batches, in one go, and takes note of their epochs and producers. */
  #write(records: Buffer, nowMs: number, logAppendTimeMs: number): AppendInfo {
    const { firstOffset, lastOffset, maxTimestampMs } = this.#facts;
    const sizeBytes = records.length;
    if (mustRoll(this.#segments.active, this.#config, { sizeBytes, lastOffset, maxTimestampMs, nowMs })) this.#roll();
    this.#segments.active.append(records);
    for (let at = 0; at < sizeBytes; at += layout.sizeOf(records, at)) {
      this.#epochs.assign(layout.leaderEpochOf(records, at), layout.baseOffsetOf(records, at));
      this.#producers.apply(records, at);
    }
    this.#endOffset = lastOffset + 1;
    return { firstOffset, lastOffset, logAppendTimeMs, duplicate: false, sizeBytes };
  }

  /** Begins a new segment at the end offset. The old one is synced in the background; a snapshot of the producers starts the new one. */
  #roll(): void {
    this.#segments.active.finish();
    this.#epochs.save();
    writeSnapshot(this.#disk, this.folder, this.#endOffset, this.#producers.entries.values());
    const isEmpty = this.#segments.active.baseOffset === this.#endOffset;
    if (isEmpty) this.#segments.replaceAll(() => this.#newSegment());
    else this.#segments.add(this.#newSegment());
    this.flush().catch((error: unknown) => {
      this.#log.error('could not sync a closed segment', { folder: this.folder, error });
      this.#onFailure(error);
    });
  }

  #newSegment(): Segment {
    return Segment.create({
      disk: this.#disk,
      folder: this.folder,
      baseOffset: this.#endOffset,
      endOffset: this.#endOffset,
      config: this.#config,
      createdMs: this.#clock.now(),
      files: this.#files,
    });
  }

  /**
   * Reads whole batches from the one that holds `offset` on, from one segment. Nothing (and `nextOffset` = `offset`) when
   * there is none below `before`. Refused with OFFSET_OUT_OF_RANGE outside [startOffset, endOffset].
   */
  read(offset: number, options: ReadOptions): Result<LogRead, LogRefusal> {
    if (offset < this.#startOffset || offset > this.#endOffset)
      return refuse(
        logError.OFFSET_OUT_OF_RANGE,
        `offset ${offset} is not within ${this.#startOffset} and ${this.#endOffset}`,
      );
    if (offset >= options.before || offset === this.#endOffset) return ok({ records: noBytes, nextOffset: offset });
    for (let index = this.#segments.indexOf(offset); index < this.#segments.all.length; index++) {
      const segment = this.#segments.all[index]!;
      const read = segment.read(offset, options.maxBytes, options.before, options.atLeastOneBatch);
      if (segment !== this.#segments.active) this.#segments.touch(segment);
      if (read) return ok(read);
    }
    return ok({ records: noBytes, nextOffset: offset });
  }

  /** The first record below `before` with a timestamp of at least `timestampMs`, for ListOffsets. */
  offsetForTimestamp(timestampMs: Int64, before: number, gate: InflationGate): FoundTimestamp {
    const wanted = { timestampMs, fromOffset: this.#startOffset, before };
    return findTimestamp(this.#segments, wanted, { config: this.#config, gate });
  }

  /** The record with the largest timestamp (KIP-734), if it lies below `before`. */
  offsetOfLargestTimestamp(before: number, gate: InflationGate): FoundTimestamp {
    const range = { fromOffset: this.#startOffset, before };
    return findLargestTimestamp(this.#segments, range, { config: this.#config, gate });
  }

  /** The largest epoch at or below `epoch` and where it ends (KIP-101, KIP-279); -1 and -1 when the log cannot tell. */
  endOffsetForEpoch(epoch: number): EpochEnd {
    return this.#epochs.endOf(epoch, this.#endOffset);
  }

  /** Epoch of the record at `offset`; -1 when unknown. */
  epochAt(offset: number): number {
    return this.#epochs.at(offset);
  }

  /** A leader's epoch begins at `startOffset` (its end offset when it was elected). */
  assignEpoch(epoch: number, startOffset: number): void {
    this.#epochs.assign(epoch, startOffset);
  }

  /** Drops every batch that holds or follows `offset`; does nothing but to the epochs when the log ends before it. */
  truncateTo(offset: number): void {
    assert(offset >= 0, `truncate to ${offset}`);
    if (offset < this.#segments.first.baseOffset) {
      this.truncateFullyAndStartAt(offset);
      return;
    }
    this.#epochs.truncateFromEnd(offset);
    if (offset < this.#endOffset) this.#cut(offset);
    this.#epochs.save();
  }

  #cut(offset: number): void {
    this.#cuts++;
    const index = this.#segments.indexOf(offset);
    this.#segments.removeAfter(index);
    this.#segments.active.truncateTo(offset);
    // A batch that straddles `offset` goes as a whole, and then the log ends earlier; a compacted log may end in a gap.
    const { baseOffset, endOffset } = this.#segments.active;
    this.#endOffset = this.#config.isCompacted ? offset : Math.min(offset, Math.max(endOffset, baseOffset));
    if (this.#endOffset < this.#startOffset) {
      this.truncateFullyAndStartAt(this.#endOffset);
      return;
    }
    this.#highWatermark = Math.min(this.#highWatermark, this.#endOffset);
    this.#recoveryPoint = Math.min(this.#recoveryPoint, this.#endOffset);
    this.#epochs.truncateFromEnd(this.#endOffset);
    loadProducers(this.#disk, this.folder, this.#segments, this.#endOffset, this.#producers);
  }

  /** Drops everything and starts anew at `offset`: a follower whose leader no longer has its records. */
  truncateFullyAndStartAt(offset: number): void {
    this.#cuts++;
    this.#endOffset = offset;
    this.#startOffset = offset;
    this.#highWatermark = offset;
    this.#recoveryPoint = offset;
    this.#segments.replaceAll(() => this.#newSegment());
    for (const snapshot of snapshotOffsets(this.#disk.list(this.folder)))
      this.#disk.remove(snapshotPath(this.folder, snapshot));
    removeStartOffset(this.#disk, this.folder);
    this.#epochs.clear();
    this.#epochs.save();
    this.#producers.reset(offset);
  }

  /** Moves the start offset up to `offset` (DeleteRecords, metadata snapshots) and removes segments wholly below it. */
  deleteRecordsBefore(offset: number): void {
    if (offset <= this.#startOffset) return;
    assert(offset <= this.#endOffset, `start offset ${offset} is not above the end offset ${this.#endOffset}`);
    this.#startOffset = offset;
    writeStartOffset(this.#disk, this.folder, offset);
    this.#removeOld(
      deletableSegments(
        this.#retained(),
        { ...this.#config, isDeleted: false },
        this.#retentionPoint(Number.MAX_SAFE_INTEGER),
      ),
    );
  }

  /** Moves the high watermark, never back; only bookkeeping. */
  setHighWatermark(offset: number): void {
    this.#highWatermark = Math.max(this.#highWatermark, Math.min(offset, this.#endOffset));
  }

  /**
   * Makes everything appended so far durable. Rejects with `DISK_SYNC_FAILED`, and from then on always: the system may have
   * dropped the bytes of a failed sync, so a later success would prove nothing.
   */
  async flush(): Promise<void> {
    if (this.#syncFailure !== undefined) throw this.#syncFailure;
    const endOffset = this.#endOffset;
    const cuts = this.#cuts;
    if (!this.#isSmall) this.#epochs.save(endOffset);
    const { all, active } = this.#segments;
    const unsynced = all.filter((segment, at) => segment === active || this.#segments.endOf(at) > this.#recoveryPoint);
    try {
      await Promise.all(unsynced.map((segment) => segment.sync()));
    } catch (error) {
      this.#syncFailure = error;
      throw error;
    }
    if (cuts === this.#cuts) this.#recoveryPoint = Math.max(this.#recoveryPoint, endOffset);
  }

  /** Closes the files. With `clean`, all is synced and a producer snapshot written first, so that `cleanShutdown` may be said on opening. */
  close(options: { readonly clean: boolean }): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const isSettled = options.clean && this.#settle();
    for (const segment of this.#segments.all) {
      if (isSettled) segment.release();
      else segment.abandon();
    }
  }

  /**
   * The log is one segment of a few batches, with no file beside it: its indexes, epochs and producers are found by the scan
   * of the next start, which costs less than three files that have to be synced. Thousands of partitions may be like that.
   */
  get #isSmall(): boolean {
    const { all, active } = this.#segments;
    return all.length === 1 && active.isUnindexed && !this.#epochs.isSaved;
  }

  /**
   * Only what has changed is written: a broker of thousands of partitions stops as fast as the few that were written to.
   * False when what is in memory beside the records need not be kept.
   */
  #settle(): boolean {
    const { all, active } = this.#segments;
    for (const segment of all) segment.syncNow();
    if (this.#isSmall) return false;
    active.finish();
    this.#epochs.save(this.#endOffset);
    const isEmpty = this.#producers.entries.size === 0 && this.#segments.sizeBytes === 0;
    if (isEmpty || snapshotOffsets(this.#disk.list(this.folder)).includes(this.#endOffset)) return true;
    writeSnapshot(this.#disk, this.folder, this.#endOffset, this.#producers.entries.values());
    return true;
  }

  /** Closes the log and removes its folder. */
  remove(): void {
    this.close({ clean: false });
    this.#disk.remove(this.folder);
  }

  updateConfig(config: LogConfig): void {
    this.#config = config;
  }

  /**
   * Removes old segments by `retention.ms` and `retention.bytes` (and those below the start offset), never above
   * `highWatermark`; forgets expired producers. Returns how many segments went. Call it every few minutes.
   */
  enforceRetention(nowMs: number, highWatermark: number): number {
    this.#producers.expire(nowMs - this.#config.producerExpirationMs);
    const count = deletableSegments(this.#retained(), this.#config, this.#retentionPoint(highWatermark, nowMs));
    if (count === this.#segments.all.length) this.#roll(); // the active segment too: the log goes on in an empty one
    this.#removeOld(count);
    return count;
  }

  /** Timestamps are looked up only for the segments that retention asks about: the oldest ones. */
  #retained(): RetainedSegment[] {
    const { all, active } = this.#segments;
    return all.map((segment, index) => ({
      sizeBytes: segment.sizeBytes,
      endOffset: this.#segments.endOf(index),
      largestTimestampMs: () => {
        const { timestampMs } = segment.largestTimestamp;
        if (segment !== active) this.#segments.touch(segment);
        return timestampMs >= 0 ? timestampMs : segment.createdMs;
      },
    }));
  }

  #retentionPoint(highWatermark: number, nowMs = 0) {
    return { nowMs, highWatermark, startOffset: this.#startOffset };
  }

  #removeOld(count: number): void {
    if (count === 0) return;
    this.#segments.removeFirst(Math.min(count, this.#segments.all.length - 1));
    const first = this.#segments.first.baseOffset;
    this.#startOffset = Math.max(this.#startOffset, first);
    this.#highWatermark = Math.max(this.#highWatermark, this.#startOffset);
    this.#epochs.truncateFromStart(this.#startOffset);
    this.#epochs.save();
    for (const snapshot of snapshotOffsets(this.#disk.list(this.folder))) {
      if (snapshot < first) this.#disk.remove(snapshotPath(this.folder, snapshot));
    }
  }

  /** Base offsets of the segments, for tools and tests. */
  get segmentBaseOffsets(): readonly number[] {
    return segmentOffsets(this.#disk.list(this.folder));
  }
}
