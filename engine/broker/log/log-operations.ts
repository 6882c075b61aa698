import type { Clock } from '../../base/clock.ts';
import type { Disk } from '../../base/disk.ts';
import type { Log } from '../../base/log.ts';
import type { LogConfig } from './log-config.ts';
import type { OpenFiles } from './open-files.ts';

/** What a log is opened with. */
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

/** What an accepted append came to. */
export interface AppendInfo {
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** The broker's timestamp with message.timestamp.type=LogAppendTime; -1 otherwise. */
  readonly logAppendTimeMs: number;
  /** The producer sent a batch again that is in the log already; the offsets are those of the first time. */
  readonly duplicate: boolean;
  readonly sizeBytes: number;
}

/** Whole batches, in a buffer of their own. */
export interface LogRead {
  readonly records: Buffer;
  /** Offset after the last batch; the offset asked for when there is none. */
  readonly nextOffset: number;
}

export interface ReadOptions {
  readonly maxBytes: number;
  /** Only batches that end below this offset: the high watermark, or the end offset for followers. */
  readonly before: number;
  /** Return the first batch whole even when it is larger than `maxBytes` (KIP-74). */
  readonly atLeastOneBatch: boolean;
}
