import type { Result } from '../../base/result.ts';
import { ok } from '../../base/result.ts';
import type { Int64 } from '../../protocol/int64.ts';
import type { LeaderAppend } from './appending.ts';
import { appendAsFollower, appendAsLeader } from './appending.ts';
import type { InflationGate } from './checks/inflation-gate.ts';
import { emptyFacts } from './checks/validator.ts';
import { cleanableRangeOf, cleanLog } from './cleaning/clean.ts';
import type { CleanableRange } from './cleaning/cleanable-range.ts';
import type { CleaningResult, CleaningTools } from './cleaning/cleaning-tools.ts';
import { startAnew, truncateTo } from './cutting.ts';
import { Durability } from './durability.ts';
import type { EpochEnd, EpochStart } from './epoch-cache.ts';
import type { LoadedLog } from './loader.ts';
import { loadLog } from './loader.ts';
import type { LogConfig } from './log-config.ts';
import type { AppendInfo, LogRead, PartitionLogOptions, ReadOptions } from './log-operations.ts';
import type { LogErrorCode, LogRefusal } from './log-refusal.ts';
import { logError, refuse } from './log-refusal.ts';
import type { LogState } from './log-state.ts';
import type { ProducerState } from './producers/producer-state.ts';
import type { VerificationGuard } from './producers/verifications.ts';
import { deleteRecordsBefore, enforceRetention } from './retention-run.ts';
import type { AbortedTransaction } from './segment/transaction-index.ts';
import type { FoundTimestamp, TimestampedOffset } from './times/timestamp-lookup.ts';
import { findLargestTimestamp, findTimestamp } from './times/timestamp-lookup.ts';

export type {
  AbortedTransaction,
  AppendInfo,
  EpochEnd,
  EpochStart,
  LogErrorCode,
  LogRead,
  LogRefusal,
  PartitionLogOptions,
  ReadOptions,
  TimestampedOffset,
  VerificationGuard,
};

const noBytes = Buffer.alloc(0);

/**
 * The log of one partition, in Kafka's files. One owner, one thread; every call but `flush` is synchronous. The disk's
 * errors (MillraceError `DISK_*`) are thrown; after a failed append nothing has changed.
 */
export class PartitionLog {
  readonly folder: string;
  readonly #state: LogState;
  #isClosed = false;

  private constructor(options: PartitionLogOptions, loaded: LoadedLog) {
    this.folder = options.folder;
    const { segments, epochs, producers, startOffset, endOffset } = loaded;
    const recoveryPoint = options.cleanShutdown ? endOffset : Math.min(options.recoveryPoint ?? 0, endOffset);
    const durability = new Durability({ ...options, segments, epochs, producers }, recoveryPoint);
    const facts = emptyFacts();
    const { config } = options;
    const parts = { options, config, segments, epochs, producers, durability, facts };
    this.#state = {
      ...parts,
      startOffset,
      endOffset,
      isBeingCleaned: false,
      isRetentionDue: false,
      cleanedOffset: undefined,
    };
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
    return this.#state.startOffset;
  }

  /** Offset that the next record gets (LEO). */
  get endOffset(): number {
    return this.#state.endOffset;
  }

  /** Latest leader epoch; -1 when there is none. */
  get latestEpoch(): number {
    return this.#state.epochs.latest;
  }

  /** Leader epochs with their start offsets, oldest first. */
  get epochs(): readonly EpochStart[] {
    return this.#state.epochs.entries;
  }

  get sizeBytes(): number {
    return this.#state.segments.sizeBytes;
  }

  get segmentCount(): number {
    return this.#state.segments.all.length;
  }

  /** Offset below which everything has been synced; store it (recovery-point-offset-checkpoint) to shorten recovery after a crash. */
  get recoveryPoint(): number {
    return this.#state.durability.recoveryPoint;
  }

  get config(): LogConfig {
    return this.#state.config;
  }

  /** Idempotent producers that are remembered, for DescribeProducers. */
  get producers(): ProducerState['entries'] {
    return this.#state.producers.entries;
  }

  /**
   * Appends as the partition's leader: checks the batches, gives them offsets and `leaderEpoch` IN PLACE in `records`, and
   * writes them. A client's repeated batch is answered with its first offsets and not written.
   */
  appendAsLeader(records: Buffer, append: LeaderAppend): Result<AppendInfo, LogRefusal> {
    return appendAsLeader(this.#state, records, append);
  }

  /**
   * Appends a leader's batches as they are. Refused with OFFSET_OUT_OF_RANGE when they do not start at the end offset; a
   * compacted log may leave offsets out. An empty log also takes a first batch that begins below its start (the leader's
   * start offset may lie inside a batch).
   */
  appendAsFollower(records: Buffer): Result<AppendInfo, LogRefusal> {
    return appendAsFollower(this.#state, records);
  }

  /**
   * Reads whole batches from the one that holds `offset` on, from one segment. Nothing (and `nextOffset` = `offset`) when
   * there is none below `before`. Refused with OFFSET_OUT_OF_RANGE outside [startOffset, endOffset].
   */
  read(offset: number, options: ReadOptions): Result<LogRead, LogRefusal> {
    if (offset < this.#state.startOffset || offset > this.#state.endOffset)
      return refuse(
        logError.OFFSET_OUT_OF_RANGE,
        `offset ${offset} is not within ${this.#state.startOffset} and ${this.#state.endOffset}`,
      );
    if (offset >= options.before || offset === this.#state.endOffset)
      return ok({ records: noBytes, nextOffset: offset });
    return ok(this.#state.segments.read(offset, options) ?? { records: noBytes, nextOffset: offset });
  }

  /**
   * Offset below which the outcome of every transaction is known and committed; `highWatermark` where there is none open.
   * To be asked with high watermarks that do not go back, unless the log was cut.
   */
  lastStableOffset(highWatermark: number): number {
    return Math.max(this.#state.producers.lastStableOffset(highWatermark), this.#state.startOffset);
  }

  /** Aborted transactions with records from `from` on and below `before`, which is not above the last stable offset. */
  abortedTransactions(from: number, before: number): readonly AbortedTransaction[] {
    return this.#state.segments.abortedBetween(from, before);
  }

  /**
   * The transaction coordinator is going to be asked whether this partition is in a producer's transaction (KIP-890): the answer
   * counts only for appends with this guard, and only until a marker comes. undefined when the transaction is open here already.
   */
  startVerification(producerId: number, epoch: number, sequence: number): VerificationGuard | undefined {
    const { producers, options } = this.#state;
    if (producers.hasTransaction(producerId, epoch)) return undefined;
    return producers.verifications.begin(producerId, epoch, sequence, options.clock.now());
  }

  /** The first record below `before` with a timestamp of at least `timestampMs`, for ListOffsets. */
  offsetForTimestamp(timestampMs: Int64, before: number, gate: InflationGate): FoundTimestamp {
    const wanted = { timestampMs, fromOffset: this.#state.startOffset, before };
    return findTimestamp(this.#state.segments, wanted, { config: this.#state.config, gate });
  }

  /** The record with the largest timestamp (KIP-734), if it lies below `before`. */
  offsetOfLargestTimestamp(before: number, gate: InflationGate): FoundTimestamp {
    const range = { fromOffset: this.#state.startOffset, before };
    return findLargestTimestamp(this.#state.segments, range, { config: this.#state.config, gate });
  }

  /** The largest epoch at or below `epoch` and where it ends (KIP-101, KIP-279); -1 and -1 when the log cannot tell. */
  endOffsetForEpoch(epoch: number): EpochEnd {
    return this.#state.epochs.endOf(epoch, this.#state.endOffset);
  }

  /** Epoch of the record at `offset`; -1 when unknown. */
  epochAt(offset: number): number {
    return this.#state.epochs.at(offset);
  }

  /** A leader's epoch begins at `startOffset` (its end offset when it was elected). */
  assignEpoch(epoch: number, startOffset: number): void {
    this.#state.epochs.assign(epoch, startOffset);
  }

  /** Drops every batch that holds or follows `offset`; does nothing but to the epochs when the log ends before it. */
  truncateTo(offset: number): void {
    truncateTo(this.#state, offset);
  }

  /** Drops everything and starts anew at `offset`: a follower whose leader no longer has its records. */
  truncateFullyAndStartAt(offset: number): void {
    startAnew(this.#state, offset);
  }

  /** Moves the start offset up to `offset` (DeleteRecords, metadata snapshots) and removes segments wholly below it. */
  deleteRecordsBefore(offset: number): void {
    deleteRecordsBefore(this.#state, offset);
  }

  /**
   * Makes everything appended so far durable. Rejects with `DISK_SYNC_FAILED`, and from then on always: the system may have
   * dropped the bytes of a failed sync, so a later success would prove nothing.
   */
  flush(): Promise<void> {
    return this.#state.durability.flush(this.#state.endOffset);
  }

  /** Closes the files. With `clean`, all is synced and a producer snapshot written first, so that `cleanShutdown` may be said on opening. */
  close(options: { readonly clean: boolean }): void {
    if (this.#isClosed) return;
    const isSettled = options.clean && this.#state.durability.settle(this.#state.endOffset);
    this.#isClosed = true;
    this.#state.segments.removals++;
    for (const segment of this.#state.segments.all) {
      if (isSettled) segment.release();
      else segment.abandon();
    }
  }

  /** Closes the log and removes its folder. */
  remove(): void {
    this.close({ clean: false });
    this.#state.options.disk.remove(this.folder);
  }

  updateConfig(config: LogConfig): void {
    this.#state.config = config;
  }

  /**
   * Removes old segments by `retention.ms` and `retention.bytes` (and those below the start offset), never above
   * `highWatermark`; forgets expired producers. Returns how many segments went. Call it every few minutes.
   */
  enforceRetention(nowMs: number, highWatermark: number): number {
    return enforceRetention(this.#state, nowMs, highWatermark);
  }

  /** Up to where the log has been compacted; undefined when it never was. Goes back with a truncation. */
  get cleanedOffset(): number | undefined {
    return this.#state.cleanedOffset;
  }

  set cleanedOffset(offset: number | undefined) {
    this.#state.cleanedOffset = offset;
  }

  /**
   * What of the log can be compacted, and whether that is due.
   * @param stableOffset the last stable offset: nothing above it is compacted
   * @param checkpoint where the last compaction came to; undefined when there was none
   */
  cleanableRange(stableOffset: number, checkpoint: number | undefined): CleanableRange {
    return cleanableRangeOf(this.#state, stableOffset, checkpoint);
  }

  /**
   * Compacts what `cleanableRange` just named, in slices between which others have a turn; one compaction at a time. undefined
   * when the log was cut or closed meanwhile. Rejects with `LOG_DAMAGED` at a batch that cannot be read, and with what the disk
   * fails with; the log is as good as before.
   */
  clean(range: CleanableRange, tools: CleaningTools): Promise<CleaningResult | undefined> {
    return cleanLog(this.#state, range, tools);
  }

  /** Base offsets of the segments, for tools and tests. */
  get segmentBaseOffsets(): readonly number[] {
    return this.#state.segments.all.map(({ baseOffset }) => baseOffset);
  }
}
