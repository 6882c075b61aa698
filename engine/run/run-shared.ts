import type { Random } from '../base/random.ts';
import type { SpawnJob } from './construct-asks.ts';
import type { Locks } from './locks.ts';
import type { ProcessCounters } from './process-counters.ts';

/** What the processes of one run share. */
export interface RunShared {
  readonly random: Random;
  readonly locks: Locks;
  readonly spawn: SpawnJob;
  /** Counts of a process of the run; asserts that there is one. */
  readonly countersOf: (process: string) => ProcessCounters;
}
