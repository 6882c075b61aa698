import { refused } from '../../../base/result.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import type { RecordError } from '../../log/log-refusal.ts';
import type { VerificationGuard } from '../../log/partition-log.ts';

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

/** How records are appended. */
export interface AppendOptions {
  /** 0 and 1: acknowledged when the leader's log has it. -1: when the in-sync set has it. */
  readonly acks: 0 | 1 | -1;
  /** `internal`: a coordinator of this broker, which may write control batches. */
  readonly origin: 'client' | 'internal';
  /** A client's records without compression, where they have been inflated already. */
  readonly inflated?: Buffer | undefined;
  /** For a client's batch that begins a transaction here: see `Partition.startVerification`. */
  readonly verification?: VerificationGuard | undefined;
  /** Of the transaction that a marker ends. */
  readonly transactionVersion?: number | undefined;
}

/** Why a partition takes no append. */
export interface AppendRefusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly recordErrors?: readonly RecordError[];
}

/** An append that was refused, as a Result. */
export function refuse(code: ErrorCode, message: string): { readonly ok: false; readonly error: AppendRefusal } {
  return refused({ code, message });
}
