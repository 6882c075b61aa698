import type { ErrorCode } from '../../protocol/error-codes.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import type { WritesUnderWay } from './writes-under-way.ts';

/**
 * Where a shard stands: its records are being read back; it serves; a record could not be read, so that it serves nobody in
 * this leader epoch; another broker leads.
 */
export type ShardPhase = 'loading' | 'active' | 'failed' | 'resigned';

/** One partition of a coordinator's topic that this broker leads, with the state that its records have built. */
export interface Shard<State> {
  readonly partition: number;
  /** Newest leader epoch in which this broker was told to lead. */
  leaderEpoch: number;
  phase: ShardPhase;
  state: State;
  readonly writes: WritesUnderWay;
}

/** What a request for a shard in this phase is answered with; undefined when it is served. */
export function refusalOf(phase: ShardPhase | undefined): ErrorCode | undefined {
  if (phase === 'active') return undefined;
  return phase === 'loading' ? errorCode.COORDINATOR_LOAD_IN_PROGRESS : errorCode.NOT_COORDINATOR;
}
