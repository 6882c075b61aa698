import type { ErrorCode } from '../../protocol/error-codes.ts';
import type { RecordError } from '../log/log-refusal.ts';

/** Who leads a partition as far as the answering broker knows; -1 unknown (KIP-951). */
export interface LeaderHint {
  readonly leaderId: number;
  readonly leaderEpoch: number;
}

export const noLeaderHint: LeaderHint = { leaderId: -1, leaderEpoch: -1 };

/** The outcome of an append for one partition. Offsets are -1 with an error. */
export interface AppendReply {
  readonly errorCode: ErrorCode;
  readonly message?: string;
  /** Offset of the first record; the original one for a repeated batch of an idempotent producer. */
  readonly baseOffset: number;
  /** Milliseconds since 1970 where the topic stamps append time, else -1. */
  readonly logAppendTimeMs: number;
  readonly logStartOffset: number;
  readonly currentLeader: LeaderHint;
  /** The records at fault (KIP-467). */
  readonly recordErrors?: readonly RecordError[] | undefined;
}

/** A refusal: nothing was appended, or it is not known to be committed. */
export function refusedAppend(errorCode: ErrorCode, message: string, currentLeader = noLeaderHint): AppendReply {
  return { errorCode, message, baseOffset: -1, logAppendTimeMs: -1, logStartOffset: -1, currentLeader };
}
