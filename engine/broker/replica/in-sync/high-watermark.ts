import type { LeaderRole } from '../partition-state.ts';
import { hasEnoughInSync, isInMaximalIsr } from '../partition-state.ts';
import { isCaughtUp } from './follower-progress.ts';

export interface HighWatermarkInput {
  readonly role: LeaderRole;
  readonly current: number;
  readonly leaderEndOffset: number;
  readonly minInsyncReplicas: number;
  readonly nowMs: number;
  readonly lagTimeMaxMs: number;
  /** Whether a broker outside the in-sync set could be added to it now: known, unfenced, not shutting down. */
  readonly isEligible: (brokerId: number) => boolean;
}

/**
 * The leader's next high watermark: the lowest end offset acknowledged in this leader epoch by the committed and the
 * pending in-sync set, never less than before.
 *
 * - Below `min.insync.replicas` it stands still: a record is not committed while fewer hold it (KIP-966).
 * - A replica outside the sets that has been level within the lag time and may be added is waited for too; otherwise
 *   the watermark would run ahead of it and it could never join.
 * - A replica that cannot be added (fenced, shutting down) is not waited for (KAFKA-15021).
 */
export function nextHighWatermark(input: HighWatermarkInput): number {
  const { role, current, leaderEndOffset } = input;
  if (!hasEnoughInSync(role, input.minInsyncReplicas)) return current;
  let lowest = leaderEndOffset;
  for (const [id, progress] of role.followers) {
    if (progress.endOffset >= lowest) continue;
    if (isInMaximalIsr(role, id) || (isCaughtUp(progress, input) && input.isEligible(id))) lowest = progress.endOffset;
  }
  return Math.max(current, lowest);
}
