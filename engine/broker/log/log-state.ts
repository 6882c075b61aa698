import type { ChunkFacts } from './checks/validator.ts';
import type { Durability } from './durability.ts';
import type { EpochCache } from './epoch-cache.ts';
import type { LogConfig } from './log-config.ts';
import type { PartitionLogOptions } from './log-operations.ts';
import type { ProducerState } from './producers/producer-state.ts';
import type { SegmentChain } from './segment-chain.ts';

/**
 * All that a log is made of. One object per log, which `PartitionLog` owns; appending, cutting and retention change it, each
 * in a file of its own.
 */
export interface LogState {
  readonly options: PartitionLogOptions;
  readonly segments: SegmentChain;
  readonly epochs: EpochCache;
  readonly producers: ProducerState;
  readonly durability: Durability;
  /** What the chunk that is being appended holds. */
  readonly facts: ChunkFacts;
  config: LogConfig;
  startOffset: number;
  endOffset: number;
  /** Segments are being compacted: old ones go by age and size when that is done. */
  isBeingCleaned: boolean;
  /** That was asked for meanwhile: it comes before the next compaction. */
  isRetentionDue: boolean;
  /** Up to where the log has been compacted; undefined when it never was, or nobody knows. */
  cleanedOffset: number | undefined;
}
