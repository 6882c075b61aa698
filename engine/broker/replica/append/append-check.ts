import { errorCode } from '../../../protocol/error-codes.ts';
import type { DiskState } from '../disk-state.ts';
import type { LeaderRole } from '../partition-state.ts';
import type { AppendRefusal } from './append-reply.ts';

/** What is looked at of a partition before it takes an append. */
export interface AppendPlace {
  readonly key: string;
  readonly diskState: DiskState;
  readonly minInsyncReplicas: number;
  readonly hasEnoughInSync: boolean;
  /** No more appends may wait for their replicas. */
  readonly waits: { readonly isFull: boolean };
}

/** Why a leader takes no append with these acks, whatever is in it. */
export function refuseBeforeAppend(place: AppendPlace, role: LeaderRole, acks: number): AppendRefusal | undefined {
  const { key, diskState } = place;
  if (!diskState.isWritable)
    return { code: errorCode.KAFKA_STORAGE_ERROR, message: `${key} cannot be written: ${diskState.reason}` };
  if (acks !== -1) return undefined;
  const code = errorCode.NOT_ENOUGH_REPLICAS;
  if (!place.hasEnoughInSync) {
    const expected = `expected ${place.minInsyncReplicas} in-sync replicas of ${key}`;
    return { code, message: `${expected}, found ${role.isr.length}` };
  }
  if (!place.waits.isFull) return undefined;
  return { code, message: `too many appends to ${key} wait for their replicas` };
}
