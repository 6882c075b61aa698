import type { Clock } from '../../../base/clock.ts';
import type { Disk } from '../../../base/disk.ts';
import { messageOf } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import type { Random } from '../../../base/random.ts';
import { InflationGate } from '../../log/checks/inflation-gate.ts';
import type { CleanerSettings } from '../../log/cleaning/cleaner-settings.ts';
import { defaultCleanerSettings } from '../../log/cleaning/cleaner-settings.ts';
import { LogCleaner } from '../../log/cleaning/log-cleaner.ts';
import { OpenFiles } from '../../log/open-files.ts';
import { PartitionLog } from '../../log/partition-log.ts';
import { DiskState } from '../disk-state.ts';
import { Partition } from '../partition.ts';
import type { PartitionAssignment } from '../partition-assignment.ts';
import { partitionKey } from '../partition-assignment.ts';
import type { PartitionHost } from '../partition-host.ts';
import {
  cleanedOffsetFileName,
  highWatermarkFileName,
  OffsetCheckpoint,
  recoveryPointFileName,
} from './offset-checkpoint.ts';
import { PartitionFolders } from './partition-folders.ts';
import { PartitionTable } from './partition-table.ts';

/** Names of strays in one line of the log. */
const strayNamesMax = 10;

export interface HostedPartitionsOptions {
  readonly disk: Disk;
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly cleanShutdown: boolean;
  /** Bounds open files, and says whether the disk can be written; own ones when absent. */
  readonly files?: OpenFiles;
  readonly diskState?: DiskState;
  /** How compacted logs are compacted, as it is now; Kafka's defaults when absent. */
  readonly cleanerSettings?: () => CleanerSettings;
}

/** Logs that are flushed at the same time when all are closed. */
const closedAtOnceMax = 32;

/**
 * The replicas on this broker's disk: opens, closes and removes them, and keeps the checkpoints.
 *
 * Nothing is removed before `metadataIsComplete`: while a broker that starts replays old metadata it passes through states
 * in which partitions of today do not exist yet, or have another topic id.
 */
export class HostedPartitions {
  readonly table = new PartitionTable();
  readonly diskState: DiskState;
  /** Compacts the logs of compacted topics. */
  readonly cleaner: LogCleaner;
  readonly #options: HostedPartitionsOptions;
  readonly #files: OpenFiles;
  readonly #folders: PartitionFolders;
  readonly #highWatermarks: OffsetCheckpoint;
  readonly #recoveryPoints: OffsetCheckpoint;
  /** What the checkpoints say of partitions that are not open yet. */
  readonly #checkpointed = new Map<string, { highWatermark: number; recoveryPoint: number }>();
  /** Closed without being settled since the start: to be recovered like after a crash. */
  readonly #unsettled = new Set<string>();
  #mayRemove = false;
  /** The files of the checkpoints name partitions that must be forgotten. */
  #mustWriteCheckpoints = false;

  constructor(options: HostedPartitionsOptions) {
    const { dataFolder } = options;
    this.#files = options.files ?? new OpenFiles(options.disk.descriptorsMax);
    const bounded = this.#files.over(options.disk);
    this.diskState = options.diskState ?? new DiskState({ ...options, disk: bounded });
    const disk = this.diskState.withReserve(bounded, (path) => !/\.(log|cleaned)$/.test(path));
    this.#options = { ...options, disk };
    this.#folders = new PartitionFolders(this.#options);
    this.#highWatermarks = new OffsetCheckpoint(disk, `${dataFolder}/${highWatermarkFileName}`);
    this.#recoveryPoints = new OffsetCheckpoint(disk, `${dataFolder}/${recoveryPointFileName}`);
    const { clock, random, log, cleanerSettings = () => defaultCleanerSettings } = options;
    this.cleaner = new LogCleaner({
      clock,
      random,
      log,
      settings: cleanerSettings,
      inflations: new InflationGate(clock),
      checkpoint: new OffsetCheckpoint(disk, `${dataFolder}/${cleanedOffsetFileName}`),
      isWritable: () => this.diskState.isWritable,
      onDiskFailure: (error) => this.diskState.failed(error),
    });
  }

  /** Files that logs keep open now. */
  get openFiles(): number {
    return this.#files.count;
  }

  /** Folders that the metadata does not know, set aside and kept. */
  get strayCount(): number {
    return this.#folders.strayCount;
  }

  /** Reads the checkpoints; what is left of deleted partitions goes some time from now. */
  start(): void {
    this.#options.disk.makeFolder(this.#options.dataFolder);
    this.diskState.start();
    this.#folders.start();
    this.cleaner.start();
    const checkpointOf = (topic: string, partition: number) => {
      const key = partitionKey(topic, partition);
      const known = this.#checkpointed.get(key) ?? { highWatermark: 0, recoveryPoint: 0 };
      this.#checkpointed.set(key, known);
      return known;
    };
    for (const { topic, partition, offset } of this.#highWatermarks.read())
      checkpointOf(topic, partition).highWatermark = offset;
    for (const { topic, partition, offset } of this.#recoveryPoints.read())
      checkpointOf(topic, partition).recoveryPoint = offset;
  }

  /** Whether the assigned partition can be opened now: not when its folder holds another topic id and may not go yet. */
  canOpen({ topic, partition, topicId }: PartitionAssignment): boolean {
    if (this.#mayRemove) return true;
    const found = this.#folders.topicIdOf(topic, partition);
    return found === undefined || found === topicId;
  }

  open(host: PartitionHost, assignment: PartitionAssignment): Partition {
    const { topic, partition, topicId, config } = assignment;
    const { clock, log } = this.#options;
    const key = partitionKey(topic, partition);
    const cleanShutdown = this.#options.cleanShutdown && !this.#unsettled.has(key);
    if (this.#checkpointed.has(key) && this.#folders.topicIdOf(topic, partition) !== topicId) this.#forget(key);
    const { folder, disk } = this.#folders.prepare(topic, partition, topicId);
    const { highWatermark, recoveryPoint } = this.#checkpointed.get(key) ?? { highWatermark: 0, recoveryPoint: 0 };
    const files = this.#files;
    const onFailure = (error: unknown) => this.diskState.failed(error);
    const storage = PartitionLog.open({
      disk,
      clock,
      log,
      folder,
      config,
      cleanShutdown,
      recoveryPoint,
      files,
      onFailure,
    });
    const opened = new Partition(host, assignment, storage, highWatermark);
    this.table.add(opened);
    this.cleaner.add({ topic, partition, log: storage, stableOffset: () => opened.lastStableOffset });
    return opened;
  }

  /** Closes a partition that is no longer hosted here; its data goes after `file.delete.delay.ms`, once the metadata is complete. */
  remove(partition: Partition): void {
    this.table.delete(partition);
    this.cleaner.delete(partition.topic, partition.partition);
    partition.retire();
    this.#unsettled.add(partition.key);
    if (!this.#mayRemove) return;
    this.#folders.discard(partition.topic, partition.partition, partition.log.config.fileDeleteDelayMs);
    this.#forget(partition.key);
    this.#unsettled.delete(partition.key);
  }

  /** Offsets of an earlier partition of this name must not be believed of the next one. */
  #forget(key: string): void {
    if (this.#checkpointed.delete(key)) this.#mustWriteCheckpoints = true;
  }

  /**
   * To be called after partitions were opened or removed, before anything is appended: what was forgotten must not come back
   * after a crash. Once for all of them, as the checkpoints are written as a whole.
   */
  assigned(): void {
    if (!this.#mustWriteCheckpoints) return;
    this.#mustWriteCheckpoints = false;
    this.#writeCheckpoints();
  }

  /**
   * From now on data may be removed when a topic is deleted. Folders that `isAssignedHere` does not know are set aside at
   * once, and kept: a quorum that lost its log, or was given an older one, knows nothing of topics that have records.
   * Folders without an id stay as they are.
   */
  metadataIsComplete(isAssignedHere: (topicId: string, partition: number) => boolean): void {
    this.#mayRemove = true;
    const aside: string[] = [];
    for (const { topic, partition, topicId } of this.#folders.list()) {
      if (topicId === undefined || isAssignedHere(topicId, partition) || this.table.byName(topic, partition)) continue;
      try {
        aside.push(this.#folders.setAside(topic, partition));
        this.#forget(partitionKey(topic, partition));
      } catch (error) {
        this.#options.log.error('cannot set a folder aside', { topic, partition, reason: messageOf(error) });
      }
    }
    this.assigned();
    if (aside.length === 0) return;
    this.#options.log.warn('found partitions that the metadata does not know; set aside and kept', {
      count: aside.length,
      folders: aside.slice(0, strayNamesMax),
      dataFolder: this.#options.dataFolder,
    });
  }

  /** Writes high watermarks and recovery points down, durable on return. */
  #writeCheckpoints(): void {
    const { highWatermarks, recoveryPoints } = this.#checkpoints();
    try {
      this.#highWatermarks.write(highWatermarks);
      this.#recoveryPoints.write(recoveryPoints);
    } catch (error) {
      this.#checkpointFailed(error);
    }
  }

  /** The same in the background: what is written may be some time old when it is there. Never rejects. */
  async writeCheckpointsInBackground(): Promise<void> {
    const { highWatermarks, recoveryPoints } = this.#checkpoints();
    try {
      await this.#highWatermarks.writeInBackground(highWatermarks);
      await this.#recoveryPoints.writeInBackground(recoveryPoints);
    } catch (error) {
      this.#checkpointFailed(error);
    }
  }

  #checkpointFailed(error: unknown): void {
    if (this.diskState.failed(error)) return;
    this.#options.log.error('cannot write the checkpoints', { reason: messageOf(error) });
  }

  /** What the checkpoints have to say; entries of partitions that are not open stay as they are. No entry means 0 and 0. */
  #checkpoints() {
    for (const { key, highWatermark, log } of this.table) {
      const { recoveryPoint } = log;
      if (highWatermark > 0 || recoveryPoint > 0) this.#checkpointed.set(key, { highWatermark, recoveryPoint });
      else this.#checkpointed.delete(key);
    }
    const offsets = Array.from(this.#checkpointed, ([key, known]) => {
      const dash = key.lastIndexOf('-');
      return { topic: key.slice(0, dash), partition: Number(key.slice(dash + 1)), ...known };
    });
    return {
      highWatermarks: offsets.map((entry) => ({ ...entry, offset: entry.highWatermark })),
      recoveryPoints: offsets.map((entry) => ({ ...entry, offset: entry.recoveryPoint })),
    };
  }

  /** Nothing is removed from now on. */
  halt(): void {
    this.cleaner.stop();
    this.#folders.stop();
    this.diskState.stop();
  }

  /**
   * Flushes and closes every log, a few at a time; `onProgress` hears how many are left. Rejects with the first failure, when
   * all others are closed.
   */
  async close(onProgress: (left: number) => void = () => {}): Promise<void> {
    const waiting = [...this.table];
    const failures: unknown[] = [];
    let left = waiting.length;
    const closeAll = async (): Promise<void> => {
      for (let next = waiting.pop(); next; next = waiting.pop()) {
        try {
          await next.close();
        } catch (error) {
          failures.push(error);
        }
        onProgress(--left);
      }
    };
    await Promise.all(Array.from({ length: closedAtOnceMax }, closeAll));
    await this.#folders.settled(onProgress);
    this.#writeCheckpoints();
    if (failures.length > 0) throw failures[0];
  }
}
