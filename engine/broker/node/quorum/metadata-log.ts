import { assert } from '../../../base/assert.ts';
import type { Clock } from '../../../base/clock.ts';
import type { Disk } from '../../../base/disk.ts';
import type { Log } from '../../../base/log.ts';
import type { Result } from '../../../base/result.ts';
import { clusterMetadataTopicName } from '../../../protocol/system-topics.ts';
import type { LogConfig } from '../../log/log-config.ts';
import { defaultLogConfig } from '../../log/log-config.ts';
import type { AppendInfo, LogRefusal } from '../../log/partition-log.ts';
import { PartitionLog } from '../../log/partition-log.ts';
import type { LogView, SnapshotId } from '../../raft/log-view.ts';
import type { VoterSet } from '../../raft/voter-sets.ts';
import { outlineOf } from './metadata-batches.ts';

/** Folder of the metadata log, as Kafka names it. */
export const metadataLogName = `${clusterMetadataTopicName}-0`;

/** Bytes of the log that are looked through at a time. */
const scanBytesMax = 1_048_576;

export interface MetadataLogOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly log: Log;
  readonly folder: string;
  readonly segmentBytes: number;
}

/** The raft log on disk: a PartitionLog whose refusals are bugs, since raft has checked what comes in. */
export class MetadataLog {
  readonly #log: PartitionLog;

  constructor({ disk, clock, log, folder, segmentBytes }: MetadataLogOptions) {
    disk.makeFolder(folder);
    this.#log = PartitionLog.open({ disk, clock, log, folder, config: configOf(segmentBytes), cleanShutdown: false });
  }

  get endOffset(): number {
    return this.#log.endOffset;
  }

  get startOffset(): number {
    return this.#log.startOffset;
  }

  /** Brings log and newest snapshot into line after a start, makes everything durable, and tells raft the log's shape. */
  async recover(snapshot: SnapshotId | undefined): Promise<LogView> {
    const log = this.#log;
    if (snapshot && snapshot.offset > log.endOffset) log.truncateFullyAndStartAt(snapshot.offset);
    if (snapshot && snapshot.offset > log.startOffset) log.deleteRecordsBefore(snapshot.offset);
    assert(
      log.startOffset === (snapshot?.offset ?? 0),
      `the metadata log starts at ${log.startOffset}, its newest snapshot ends at ${snapshot?.offset}`,
    );
    await log.flush();
    const { startOffset, endOffset } = log;
    const later = log.epochs.filter(
      (entry) => entry.startOffset >= startOffset && entry.epoch > (snapshot?.epoch ?? -1),
    );
    const epochs = snapshot ? [{ epoch: snapshot.epoch, startOffset }, ...later] : later;
    return { startOffset, endOffset, durableOffset: endOffset, epochs, snapshot, truncations: 0 };
  }

  /** The sets of voters that the log says from its start on. */
  voterSets(): VoterSet[] {
    const sets: VoterSet[] = [];
    for (let offset = this.startOffset; offset < this.endOffset; ) {
      const bytes = this.read(offset, this.endOffset, scanBytesMax);
      const outline = outlineOf(bytes);
      if (!outline) break;
      sets.push(...outline.voterSets);
      offset = outline.endOffset;
    }
    return sets;
  }

  /** Appends a batch of this leader and returns the new end offset. */
  appendAsLeader(batch: Buffer, leaderEpoch: number): number {
    accepted(this.#log.appendAsLeader(batch, { leaderEpoch, origin: 'raft' }));
    return this.#log.endOffset;
  }

  appendAsFollower(batches: Buffer): void {
    accepted(this.#log.appendAsFollower(batches));
  }

  /** Batches from `offset` on that end below `before`; empty when there are none. */
  read(offset: number, before: number, maxBytes: number): Buffer {
    const read = this.#log.read(offset, { before, maxBytes, atLeastOneBatch: true });
    return read.ok ? read.value.records : Buffer.alloc(0);
  }

  truncateTo(offset: number): void {
    this.#log.truncateTo(offset);
    assert(this.#log.endOffset === offset, `truncation to ${offset} ended at ${this.#log.endOffset}`);
  }

  startAt(offset: number): void {
    this.#log.truncateFullyAndStartAt(offset);
  }

  trimTo(offset: number): void {
    this.#log.deleteRecordsBefore(offset);
  }

  flush(): Promise<void> {
    return this.#log.flush();
  }

  close(options: { readonly clean: boolean }): void {
    this.#log.close(options);
  }
}

/** Kafka's defaults for a topic, but the log is cut by snapshots only. */
function configOf(segmentBytes: number): LogConfig {
  return { ...defaultLogConfig, segmentBytes, maxMessageBytes: segmentBytes, retentionMs: -1, retentionBytes: -1 };
}

function accepted(result: Result<AppendInfo, LogRefusal>): void {
  assert(result.ok, `metadata batch was refused: ${result.ok ? '' : result.error.message}`);
}
