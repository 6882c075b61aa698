import type { ErrorCode } from '../../../protocol/error-codes.ts';

/** Why one topic of a request was refused. */
export interface TopicRefusal {
  readonly code: ErrorCode;
  readonly message: string | null;
}
