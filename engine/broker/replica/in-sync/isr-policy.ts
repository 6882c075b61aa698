import type { LeaderRole } from '../partition-state.ts';
import { isCaughtUp } from './follower-progress.ts';

/** A broker as the committed metadata knows it. */
export interface BrokerState {
  readonly epoch: number;
  /** Neither fenced nor in controlled shutdown. */
  readonly isEligible: boolean;
}

/**
 * The in-sync set with `followerId` added, or undefined when it stays as it is. The follower must have reached the high
 * watermark and the start of this leader epoch (else it may still hold another history, KIP-320), must be eligible
 * (KIP-841), and must be the incarnation that the metadata knows (KIP-903). One change at a time.
 */
export function planExpansion(
  role: LeaderRole,
  followerId: number,
  now: { readonly highWatermark: number; readonly broker: BrokerState | undefined },
): readonly number[] | undefined {
  if (role.pendingIsr || role.isr.includes(followerId)) return undefined;
  const progress = role.followers.get(followerId);
  if (!progress || !now.broker?.isEligible) return undefined;
  if (progress.brokerEpoch !== -1 && progress.brokerEpoch !== now.broker.epoch) return undefined;
  if (progress.endOffset < Math.max(now.highWatermark, role.epochStartOffset)) return undefined;
  return [...role.isr, followerId];
}

/** The in-sync set without the members that have lagged for longer than `lagTimeMaxMs`; undefined when none has. */
export function planShrink(
  role: LeaderRole,
  now: { readonly leaderEndOffset: number; readonly nowMs: number; readonly lagTimeMaxMs: number },
): readonly number[] | undefined {
  if (role.pendingIsr) return undefined;
  const inSync = role.isr.filter((id) => {
    const progress = role.followers.get(id);
    return progress === undefined || isCaughtUp(progress, now);
  });
  return inSync.length < role.isr.length ? inSync : undefined;
}
